//! Asking for rights: looks up what the decision is about and leaves it to `auth::authorize`.

use std::sync::Arc;

use super::{Error, Registry};
use crate::auth::{Action, AdministerSite, Caller, Grant, authorize, rights_in};
use crate::domain::{ModuleAddress, Namespace, Organization, Right};
use crate::storage::Prefix;
use crate::storage::tables::organizations;
use crate::storage::tables::organizations::Organizations;

impl Registry {
    /// Asks whether `caller` may do `A` in the organization that is called `name` (or has that id).
    pub fn grant<A: Action>(&self, caller: &Caller, name: &str) -> Result<Grant<A>, Error> {
        let organization = self.organization(name)?;
        authorize(caller, organization, None)
            .map_err(|denied| Error::denied(denied, &format!("the organization `{name}`")))
    }

    /// Asks whether `caller` may do `A` to a module, whether or not there is one at the address.
    pub fn module_grant<A: Action>(
        &self,
        caller: &Caller,
        address: &ModuleAddress,
    ) -> Result<Grant<A>, Error> {
        let organization = self.organization(address.namespace.as_str())?;
        authorize(caller, organization, Some(address))
            .map_err(|denied| Error::denied(denied, &format!("the module `{address}`")))
    }

    /// Every right that `caller` has in an organization, to tell them.
    pub fn rights_in(&self, caller: &Caller, organization: &Organization) -> Vec<Right> {
        rights_in(caller, organization)
    }

    /// Asks whether `caller` may administer the whole registry.
    pub fn site_grant(&self, caller: &Caller) -> Result<Grant<AdministerSite>, Error> {
        authorize(caller, None, None).map_err(|denied| Error::denied(denied, "this"))
    }

    /// Asks only whether there is a valid token, before a body is read that may name what else is
    /// to be decided.
    pub fn require_authenticated(&self, caller: &Caller) -> Result<(), Error> {
        match caller {
            Caller::Anonymous(fault) => Err(Error::Unauthenticated(*fault)),
            Caller::Operator | Caller::Token(_) => Ok(()),
        }
    }

    /// The organization of a name, in any case, or of an external id.
    pub(super) fn organization(&self, name: &str) -> Result<Option<Arc<Organization>>, Error> {
        let key = name.to_ascii_lowercase();
        let revision = self.store.revision::<Organizations>(&Prefix::all());
        if let Some(organization) = self.organizations.get(&key, &revision) {
            return Ok(Some(organization));
        }
        let found = match (name.parse(), name.parse::<Namespace>()) {
            (Ok(id), _) => organizations::by_id(&self.store, &id)?,
            (_, Ok(name)) => organizations::by_name(&self.store, &name)?,
            _ => None,
        };
        Ok(found.map(|organization| {
            let organization = Arc::new(organization);
            self.organizations
                .put(key, revision, Arc::clone(&organization));
            organization
        }))
    }
}

/// The organization of a grant that is about to be used for a module.
///
/// Only a mistake in this program uses a grant for another module than it was given for.
pub(super) fn organization_for<'a, A: Action>(
    grant: &'a Grant<A>,
    module: &ModuleAddress,
) -> Result<&'a Organization, Error> {
    if grant.covers(module) {
        organization_of(grant)
    } else {
        Err(Error::internal(
            "a grant was used for another module than it was given for",
        ))
    }
}

/// The organization that a grant was given in.
///
/// Every action but [`AdministerSite`] is decided for an organization, so only a mistake in this
/// program gets the error.
pub(super) fn organization_of<A: Action>(grant: &Grant<A>) -> Result<&Organization, Error> {
    grant
        .organization()
        .ok_or_else(|| Error::internal("a grant for an organization names none"))
}
