//! Asking for rights: looks up what the decision is about and leaves it to `auth::authorize`.

use super::error::Error;
use super::registry::Registry;
use crate::auth::{Action, AdministerSite, Caller, Grant, authorize, rights_in};
use crate::domain::{ModuleAddress, Organization, Right};

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
}

/// The organization of a grant that is about to be used for a module.
///
/// Only a mistake in this program uses a grant for another module than it was given for.
pub(in crate::registry) fn organization_for<'a, A: Action>(
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
pub(in crate::registry) fn organization_of<A: Action>(
    grant: &Grant<A>,
) -> Result<&Organization, Error> {
    grant
        .organization()
        .ok_or_else(|| Error::internal("a grant for an organization names none"))
}

/// Whether lists may show this organization to the caller, or this module of it.
///
/// The same as what `authorize` says of reading, without asking once per row.
pub(in crate::registry) fn may_see(
    caller: &Caller,
    organization: &Organization,
    module: Option<&ModuleAddress>,
) -> bool {
    let belongs = match caller {
        Caller::Anonymous(_) => false,
        Caller::Operator => true,
        Caller::Token(holder) => {
            let stands = holder.site_admin || holder.standing_in(&organization.id).is_some();
            stands && holder.reaches(&organization.id, module)
        }
    };
    belongs || organization.public
}
