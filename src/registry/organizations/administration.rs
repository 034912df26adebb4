//! What administrators of the registry decide about an organization: with whom it shares, whether it
//! is disabled, and settings for features that are not here yet.

use std::collections::BTreeSet;

use super::organization::organization_in;
use crate::auth::{AdministerSite, Caller, Grant, ReadMembers, ReadOrganization};
use crate::domain::{KeptChange, Organization, OrganizationId, Right, SharedKind, Sharing};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::Tx;
use crate::storage::tables::organizations;

/// A change of what administrators decide about an organization; what is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct AdministrativeChange {
    /// Whether every organization of the registry may read its modules.
    pub modules_for_everybody: Option<bool>,
    /// Whether every organization of the registry may read its providers.
    pub providers_for_everybody: Option<bool>,
    /// Whether nobody but administrators may use it.
    pub disabled: Option<bool>,
    /// Settings for features that are not here yet.
    pub kept: KeptChange,
}

/// What one organization shares with another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedOrganization {
    /// The other organization.
    pub organization: Organization,
    /// What is shared.
    pub kind: SharedKind,
}

impl Registry {
    /// Changes what administrators decide about an organization.
    pub fn administer_organization(
        &self,
        grant: &Grant<AdministerSite>,
        id: &OrganizationId,
        change: AdministrativeChange,
    ) -> Result<Organization, Error> {
        self.write(&grant.actor(), "administer organization", |tx| {
            let mut organization = organization_in(tx, id)?;
            let everybody = [
                (SharedKind::Modules, change.modules_for_everybody),
                (SharedKind::Providers, change.providers_for_everybody),
            ];
            for (kind, everybody) in everybody {
                let sharing = organization.sharing_mut(kind);
                match everybody {
                    Some(true) => *sharing = Sharing::Everybody,
                    // A list of organizations that is in force stays in force.
                    Some(false) if *sharing == Sharing::Everybody => *sharing = Sharing::Nobody,
                    Some(false) | None => {}
                }
            }
            organization.disabled = change.disabled.unwrap_or(organization.disabled);
            organization.kept.apply(change.kept);
            organizations::update(tx, &organization)?;
            Ok(organization)
        })
    }

    /// Shares what an organization has of one kind with exactly these others, each given by its name
    /// or id, and ends a sharing with everybody. An empty list shares it with nobody.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if one of the names belongs to no organization, or to this one itself.
    pub fn share_with(
        &self,
        grant: &Grant<AdministerSite>,
        id: &OrganizationId,
        kind: SharedKind,
        others: &[String],
    ) -> Result<Organization, Error> {
        let mut with = BTreeSet::new();
        for name in others {
            let shown: String = name.chars().take(60).collect();
            let other = self.organization(name)?.ok_or_else(|| {
                Error::invalid("body", format!("there is no organization `{shown}`"))
            })?;
            if other.id == *id {
                let reason = format!("`{shown}` has its own modules and providers already");
                return Err(Error::invalid("body", reason));
            }
            with.insert(other.id.clone());
        }
        self.write(&grant.actor(), "share organization", |tx| {
            let mut organization = organization_in(tx, id)?;
            for other in &with {
                organization_in(tx, other)?;
            }
            *organization.sharing_mut(kind) = Sharing::with(with.clone());
            organizations::update(tx, &organization)?;
            Ok(organization)
        })
    }

    /// Returns the organizations that one shares with by name, sorted by name; none if it shares
    /// with everybody.
    pub fn consumers(
        &self,
        _grant: &Grant<AdministerSite>,
        organization: &Organization,
        kind: SharedKind,
    ) -> Result<Vec<Organization>, Error> {
        self.named_in(organization, kind)
    }

    /// Returns with which organizations this one shares something, for its members.
    pub fn shares_of(&self, grant: &Grant<ReadMembers>) -> Result<Vec<SharedOrganization>, Error> {
        let organization = organization_of(grant)?;
        let mut shares = Vec::new();
        for kind in [SharedKind::Modules, SharedKind::Providers] {
            let others = self.named_in(organization, kind)?.into_iter();
            shares.extend(others.map(|organization| SharedOrganization { organization, kind }));
        }
        Ok(shares)
    }

    /// Returns which organizations share something with this one and not with the public, as far as
    /// the caller may read it.
    pub fn shares_with(
        &self,
        grant: &Grant<ReadOrganization>,
        caller: &Caller,
    ) -> Result<Vec<SharedOrganization>, Error> {
        let id = &organization_of(grant)?.id;
        let mut shares = Vec::new();
        for other in organizations::all(&self.store) {
            let other = other?;
            if other.id == *id || other.public {
                continue;
            }
            let kinds = [
                (SharedKind::Modules, Right::ReadModules),
                (SharedKind::Providers, Right::ReadProviders),
            ];
            for (kind, right) in kinds {
                if other.sharing(kind).includes(id) && self.has_right(caller, right, &other, None) {
                    shares.push(SharedOrganization {
                        organization: other.clone(),
                        kind,
                    });
                }
            }
        }
        shares.sort_by_key(|it| it.organization.name.folded());
        Ok(shares)
    }

    fn named_in(
        &self,
        organization: &Organization,
        kind: SharedKind,
    ) -> Result<Vec<Organization>, Error> {
        let mut named = Vec::new();
        for id in organization.sharing(kind).organizations() {
            named.extend(organizations::by_id(&self.store, id)?);
        }
        named.sort_by_key(|organization| organization.name.folded());
        Ok(named)
    }
}

/// Ends every sharing with an organization that is being deleted.
pub(super) fn end_sharing_with(tx: &mut Tx<'_>, id: &OrganizationId) -> Result<(), Error> {
    for mut other in organizations::all_in_tx(tx)? {
        let before = (other.module_sharing.clone(), other.provider_sharing.clone());
        other.module_sharing = other.module_sharing.without(id);
        other.provider_sharing = other.provider_sharing.without(id);
        if before != (other.module_sharing.clone(), other.provider_sharing.clone()) {
            organizations::update(tx, &other)?;
        }
    }
    Ok(())
}
