//! Users and people who are invited, as administrators see them in one list.

use std::collections::BTreeSet;

use crate::auth::{AdministerSite, Grant};
use crate::domain::{Invitation, User, UserId, Username};
use crate::registry::base::{Error, Registry};
use crate::storage::tables::invitations;

/// A user, or a person who is invited and has no account yet.
#[derive(Debug, Clone)]
pub enum KnownUser {
    /// A user.
    User(User),
    /// A person who is invited, with one of their invitations.
    Invited(Invitation),
}

impl KnownUser {
    /// Returns the id. A user who is made for an invitation gets the id that it had.
    pub fn id(&self) -> &UserId {
        match self {
            Self::User(user) => &user.id,
            Self::Invited(invitation) => &invitation.user,
        }
    }

    /// Returns the name; `None` if an address is invited.
    pub fn username(&self) -> Option<&Username> {
        match self {
            Self::User(user) => Some(&user.username),
            Self::Invited(invitation) => invitation.invitee.username(),
        }
    }

    /// Returns the email address; empty if none is known.
    pub fn email(&self) -> &str {
        match self {
            Self::User(user) => user.email.as_str(),
            Self::Invited(invitation) => invitation.invitee.email(),
        }
    }

    /// Returns the user; `None` if the person is only invited.
    pub fn user(&self) -> Option<&User> {
        match self {
            Self::User(user) => Some(user),
            Self::Invited(_) => None,
        }
    }

    /// Returns whether the person administers the registry.
    pub fn site_admin(&self) -> bool {
        self.user().is_some_and(|user| user.site_admin)
    }

    /// Returns whether the account is suspended.
    pub fn suspended(&self) -> bool {
        self.user().is_some_and(|user| user.suspended)
    }
}

impl Registry {
    /// Returns every user, by name, and after them everybody who is invited, once each.
    pub fn list_known_users(&self, grant: &Grant<AdministerSite>) -> Result<Vec<KnownUser>, Error> {
        let users = self.list_users(grant)?;
        let mut invited = invitations::all(&self.store)?;
        invited.sort_by_cached_key(|invitation| invitation.invitee.folded());
        let mut seen = BTreeSet::new();
        invited.retain(|invitation| seen.insert(invitation.user.clone()));
        let users = users.into_iter().map(KnownUser::User);
        Ok(users
            .chain(invited.into_iter().map(KnownUser::Invited))
            .collect())
    }

    /// Removes every invitation of a person who has no account yet.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if nobody with this id is invited.
    pub fn delete_invited_user(
        &self,
        grant: &Grant<AdministerSite>,
        id: &UserId,
    ) -> Result<(), Error> {
        self.write(&grant.actor(), "remove invitations", |tx| {
            let all = invitations::by_user_in(tx, id)?;
            if all.is_empty() {
                return Err(Error::NotFound(format!("the user `{id}`")));
            }
            for invitation in &all {
                invitations::remove(tx, invitation)?;
            }
            Ok(())
        })
    }
}
