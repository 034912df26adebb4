//! Deprecating and revoking versions, and undoing either.
//!
//! A deprecated version is still served; a revoked one only if its organization allows it.

use crate::auth::{AdministerModules, Grant};
use crate::domain::{
    Module, ModuleVersion, ModuleVersionAddress, ModuleVersionStatus, Notice, Organization, Reason,
    WebLink, replacement,
};
use crate::registry::base::{Error, Registry, organization_for};
use crate::storage::tables::modules;

/// What users are to read about a deprecated or revoked version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotice {
    /// Why the version is deprecated or revoked.
    pub reason: Reason,
    /// The address of a page that says more; `None` if there is none.
    pub link: Option<WebLink>,
}

/// One change of a version's lifecycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LifecycleChange {
    /// Deprecate the version, or change its notice.
    Deprecate(NewNotice),
    /// Undo the deprecation.
    Undeprecate,
    /// Revoke the version, or change its notice. In an emergency it need not be deprecated first:
    /// it becomes deprecated with the same notice.
    Revoke(NewNotice),
    /// Undo the revocation; the version stays deprecated.
    Unrevoke,
}

impl LifecycleChange {
    /// Returns the name of the change in audit events.
    fn action(&self) -> &'static str {
        match self {
            Self::Deprecate(_) => "deprecate module version",
            Self::Undeprecate => "undeprecate module version",
            Self::Revoke(_) => "revoke module version",
            Self::Unrevoke => "unrevoke module version",
        }
    }
}

impl Registry {
    /// Changes the lifecycle of a published version; a version that is already in the new state is
    /// left as it is.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the version does not exist, and [`Error::Invalid`] if it is not
    /// published, or if its deprecation is to be undone while it is revoked.
    pub fn change_lifecycle(
        &self,
        grant: &Grant<AdministerModules>,
        address: &ModuleVersionAddress,
        change: LifecycleChange,
    ) -> Result<(Module, ModuleVersion), Error> {
        organization_for(grant, &address.module)?;
        let (now, actor) = (self.now(), grant.actor());
        let notice = |new: NewNotice| Notice {
            reason: new.reason,
            link: new.link,
            at: now,
            by: actor.clone(),
        };
        self.write(&actor, change.action(), |tx| {
            let missing = || Error::NotFound(format!("the module version `{address}`"));
            let mut version = modules::version_in_tx(tx, address)?.ok_or_else(missing)?;
            let mut module = modules::in_tx(tx, &address.module)?.ok_or_else(missing)?;
            check(&version, &change)?;
            match change {
                LifecycleChange::Deprecate(new) => version.deprecation = Some(notice(new)),
                LifecycleChange::Undeprecate => version.deprecation = None,
                LifecycleChange::Revoke(new) => {
                    let notice = notice(new);
                    version.deprecation.get_or_insert_with(|| notice.clone());
                    version.revocation = Some(notice);
                }
                LifecycleChange::Unrevoke => version.revocation = None,
            }
            version.updated_at = now;
            module.updated_at = now;
            modules::put(tx, &module)?;
            modules::put_version(tx, &version)?;
            Ok((module, version))
        })
    }

    /// Refuses to serve a revoked version, unless its organization allows it.
    ///
    /// terraform shows the error to its user, so the error says why, and which version to use
    /// instead.
    pub(super) fn refuse_revoked(
        &self,
        organization: &Organization,
        version: &ModuleVersion,
    ) -> Result<(), Error> {
        let Some(revocation) = &version.revocation else {
            return Ok(());
        };
        if organization.allow_revoked_downloads {
            return Ok(());
        }
        let module = &version.address.module;
        let versions = modules::versions(&self.store, module).collect::<Result<Vec<_>, _>>()?;
        let more = revocation.link.as_ref();
        let more = more.map_or_else(String::new, |link| format!(" ({link})"));
        let instead = replacement(&version.address.version, &versions);
        let instead = instead.map_or_else(String::new, |it| format!("; use version {it}"));
        Err(Error::Forbidden(format!(
            "{module} {} is revoked: {}{more}{instead}",
            version.address.version, revocation.reason
        )))
    }
}

fn check(version: &ModuleVersion, change: &LifecycleChange) -> Result<(), Error> {
    let address = &version.address;
    if version.status() == ModuleVersionStatus::Pending {
        let reason = format!("`{address}` has not been published yet");
        return Err(Error::invalid("version", reason));
    }
    match change {
        LifecycleChange::Undeprecate if version.revocation.is_some() => {
            let reason = format!("`{address}` is revoked; unrevoke it first");
            Err(Error::invalid("deprecation", reason))
        }
        LifecycleChange::Deprecate(_)
        | LifecycleChange::Undeprecate
        | LifecycleChange::Revoke(_)
        | LifecycleChange::Unrevoke => Ok(()),
    }
}
