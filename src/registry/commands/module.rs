//! Commands about versions of modules: deprecating and revoking them, and undoing either.

use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use crate::auth::{AdministerModules, Caller, ReadModules};
use crate::domain::{ModuleAddress, ModuleVersionAddress, Reason, Version, WebLink};
use crate::registry::base::{Error, Registry};
use crate::registry::modules::{LifecycleChange, NewNotice};

/// A command about a version of a module.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum ModuleCommand {
    /// Deprecates a version or all of them, or changes their notice.
    Deprecate {
        /// The module.
        module: ModuleAddress,
        /// Its version; `None` for every published one.
        #[serde(default)]
        version: Option<Version>,
        /// Why the version is deprecated or revoked.
        reason: Reason,
        /// The address of a page that says more; `None` if there is none.
        #[serde(default)]
        link: Option<WebLink>,
    },
    /// Undoes the deprecation.
    Undeprecate {
        /// The module.
        module: ModuleAddress,
        /// Its version.
        version: Version,
    },
    /// Revokes a version, which also deprecates it, or changes its notice.
    Revoke {
        /// The module.
        module: ModuleAddress,
        /// Its version.
        version: Version,
        /// Why the version is deprecated or revoked.
        reason: Reason,
        /// The address of a page that says more; `None` if there is none.
        #[serde(default)]
        link: Option<WebLink>,
    },
    /// Undoes the revocation; the version stays deprecated.
    Unrevoke {
        /// The module.
        module: ModuleAddress,
        /// Its version.
        version: Version,
    },
}

pub(super) fn carry_out(
    registry: &Registry,
    caller: &Caller,
    command: ModuleCommand,
) -> Result<Outcome, Error> {
    let (module, version, change, now) = match command {
        ModuleCommand::Deprecate {
            module,
            version,
            reason,
            link,
        } => {
            let notice = NewNotice { reason, link };
            let Some(version) = version else {
                return deprecate_all(registry, caller, &module, &notice);
            };
            let change = LifecycleChange::Deprecate(notice);
            (module, version, change, "is deprecated")
        }
        ModuleCommand::Undeprecate { module, version } => {
            let change = LifecycleChange::Undeprecate;
            (module, version, change, "is not deprecated any more")
        }
        ModuleCommand::Revoke {
            module,
            version,
            reason,
            link,
        } => {
            let change = LifecycleChange::Revoke(NewNotice { reason, link });
            (module, version, change, "is revoked")
        }
        ModuleCommand::Unrevoke { module, version } => {
            let change = LifecycleChange::Unrevoke;
            (module, version, change, "is not revoked any more")
        }
    };
    let grant = registry.module_grant::<AdministerModules>(caller, &module)?;
    let address = ModuleVersionAddress { module, version };
    let (_, version) = registry.change_lifecycle(&grant, &address, change)?;
    Ok(Outcome::Done(format!("{} {now}", version.address)))
}

/// Deprecates every published version, one after the other: what an interrupted command leaves, the next
/// one does.
fn deprecate_all(
    registry: &Registry,
    caller: &Caller,
    module: &ModuleAddress,
    notice: &NewNotice,
) -> Result<Outcome, Error> {
    let grant = registry.module_grant::<AdministerModules>(caller, module)?;
    let readable = registry.module_grant::<ReadModules>(caller, module)?;
    let versions = registry.published_versions(&readable, module)?;
    for version in versions.iter() {
        let change = LifecycleChange::Deprecate(notice.clone());
        registry.change_lifecycle(&grant, &version.address, change)?;
    }
    Ok(Outcome::Done(match versions.len() {
        1 => format!("the only version of {module} is deprecated"),
        count => format!("all {count} versions of {module} are deprecated"),
    }))
}
