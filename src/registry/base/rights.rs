//! Grants: looks up the rows that a decision is about, and leaves the decision to
//! `auth::authorize`.

use std::borrow::Cow;
use std::sync::Arc;

use super::error::Error;
use super::registry::Registry;
use crate::auth::{
    Action, AdministerSite, Authenticated, Caller, Grant, Standing, TokenFault, authorize,
    has_right, rights_in, token_fault,
};
use crate::domain::{Actor, ModuleAddress, Organization, OrganizationId, Right, SharedKind};

impl Registry {
    /// Returns the right of `caller` to do `A` in the organization with this name or id.
    ///
    /// # Errors
    ///
    /// [`Error::Unauthenticated`] without a valid token, [`Error::NotFound`] if the organization
    /// does not exist or the caller may not see it, and [`Error::Forbidden`] if the caller may see
    /// it but not do `A`.
    pub fn grant<A: Action>(&self, caller: &Caller, name: &str) -> Result<Grant<A>, Error> {
        let organization = self.organization(name)?;
        let caller = self.admitted(caller, organization.as_deref());
        authorize(&caller, organization, None)
            .map_err(|denied| Error::denied(denied, &format!("the organization `{name}`")))
    }

    /// Returns the right of `caller` to do `A` to a module, whether or not a module has this
    /// address.
    pub fn module_grant<A: Action>(
        &self,
        caller: &Caller,
        address: &ModuleAddress,
    ) -> Result<Grant<A>, Error> {
        let organization = self.organization(address.namespace.as_str())?;
        let caller = self.admitted(caller, organization.as_deref());
        authorize(&caller, organization, Some(address))
            .map_err(|denied| Error::denied(denied, &format!("the module `{address}`")))
    }

    /// Returns every right that `caller` has in an organization, for showing.
    pub fn rights_in(&self, caller: &Caller, organization: &Organization) -> Vec<Right> {
        rights_in(&self.admitted(caller, Some(organization)), organization)
    }

    /// Returns the caller as an organization takes them: nobody, if its rules refuse the caller's
    /// token. What everybody may read, such a caller may read, too.
    ///
    /// What the organization shares with others reaches only the members whose tokens the others
    /// take: a membership in one that refuses the token does not count.
    pub(in crate::registry) fn admitted<'a>(
        &self,
        caller: &'a Caller,
        organization: Option<&Organization>,
    ) -> Cow<'a, Caller> {
        let Some(organization) = organization else {
            return Cow::Borrowed(caller);
        };
        match token_fault(caller, organization, self.now()) {
            Some(fault) => Cow::Owned(Caller::Anonymous(fault)),
            None => self.without_refused_memberships(caller, organization),
        }
    }

    /// Returns the caller without the memberships through which the organization would share
    /// something with them, if the other organization refuses the caller's token.
    fn without_refused_memberships<'a>(
        &self,
        caller: &'a Caller,
        organization: &Organization,
    ) -> Cow<'a, Caller> {
        let Caller::Token(holder) = caller else {
            return Cow::Borrowed(caller);
        };
        let shares = |other: &OrganizationId| {
            let kinds = [SharedKind::Modules, SharedKind::Providers];
            *other != organization.id
                && kinds
                    .into_iter()
                    .any(|kind| organization.sharing(kind).includes(other))
        };
        let refuses = |other: &OrganizationId| match self.organization(other.as_str()) {
            Ok(Some(other)) => token_fault(caller, &other, self.now()).is_some(),
            // What cannot be read allows nothing.
            Ok(None) | Err(_) => true,
        };
        let is_refused =
            |standing: &Standing| shares(&standing.organization) && refuses(&standing.organization);
        if !holder.standings.iter().any(is_refused) {
            return Cow::Borrowed(caller);
        }
        let mut left = Authenticated::clone(holder);
        left.standings.retain(|standing| !is_refused(standing));
        Cow::Owned(Caller::Token(Arc::new(left)))
    }

    /// Tells whether `caller` has a right in an organization, or to one module of it, for lists that
    /// leave out what the caller may not see.
    pub(in crate::registry) fn has_right(
        &self,
        caller: &Caller,
        right: Right,
        organization: &Organization,
        module: Option<&ModuleAddress>,
    ) -> bool {
        let caller = self.admitted(caller, Some(organization));
        has_right(&caller, right, organization, module)
    }

    /// Tells whether lists may show the caller the modules of this organization, or this one of
    /// them.
    pub(in crate::registry) fn may_read_modules(
        &self,
        caller: &Caller,
        organization: &Organization,
        module: Option<&ModuleAddress>,
    ) -> bool {
        self.has_right(caller, Right::ReadModules, organization, module)
    }

    /// Returns the right of `caller` to administer the whole registry.
    pub fn site_grant(&self, caller: &Caller) -> Result<Grant<AdministerSite>, Error> {
        authorize(caller, None, None).map_err(|denied| Error::denied(denied, "this"))
    }

    /// Refuses callers who may do `A` neither in the organization with this name or id nor to the
    /// one module of it that their token is valid for. A wing calls this before it reads a body
    /// that names the module; a grant for that module comes afterwards.
    ///
    /// # Errors
    ///
    /// As [`Registry::grant`].
    pub fn require_some_module<A: Action>(&self, caller: &Caller, name: &str) -> Result<(), Error> {
        let organization = self.organization(name)?;
        let only = caller.only_module();
        let caller = self.admitted(caller, organization.as_deref());
        authorize::<A>(&caller, organization, only)
            .map(|_| ())
            .map_err(|denied| Error::denied(denied, &format!("the organization `{name}`")))
    }

    /// Returns a caller as the journal records it.
    ///
    /// # Errors
    ///
    /// [`Error::Unauthenticated`] without a valid token: nobody is never recorded as somebody else.
    pub(in crate::registry) fn actor_of(caller: &Caller) -> Result<Actor, Error> {
        let fault = match caller {
            Caller::Anonymous(fault) => *fault,
            Caller::Operator | Caller::Token(_) => TokenFault::Missing,
        };
        caller.actor().ok_or(Error::Unauthenticated(fault))
    }

    /// Refuses callers without a valid token. A wing calls this before it reads a body that names
    /// what the caller wants to do.
    ///
    /// # Errors
    ///
    /// [`Error::Unauthenticated`] without a valid token.
    pub fn require_authenticated(&self, caller: &Caller) -> Result<(), Error> {
        match caller {
            Caller::Anonymous(fault) => Err(Error::Unauthenticated(*fault)),
            Caller::Operator | Caller::Token(_) => Ok(()),
        }
    }
}

/// Returns the organization of a grant that is used for the module at `address`.
///
/// The error means a mistake in this program: a grant was used for another module than it was given
/// for.
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

/// Returns the organization that a grant was given in.
///
/// The error means a mistake in this program: every action but [`AdministerSite`] is decided for an
/// organization.
pub fn organization_of<A: Action>(grant: &Grant<A>) -> Result<&Organization, Error> {
    grant
        .organization()
        .ok_or_else(|| Error::internal("a grant for an organization names none"))
}
