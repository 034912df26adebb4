//! Names of users that change: which name a user may take.
//!
//! Tokens, sessions and memberships belong to the id of a user, so they stay. People are named by
//! their usernames in configurations and invitations; so a name that somebody had before stays
//! theirs, and nobody takes a name that is invited.

use crate::domain::{User, UserId, Username};
use crate::registry::base::Error;
use crate::storage::Tx;
use crate::storage::tables::{accounts, invitations};

/// Gives a user another name, which no other user has.
pub(super) fn give(tx: &mut Tx<'_>, user: &mut User, name: Username) -> Result<(), Error> {
    if name == user.username {
        return Ok(());
    }
    match accounts::user_named(tx, &name)? {
        Some(other) if other.id != user.id => {
            Err(Error::AlreadyExists(format!("the user `{name}`")))
        }
        Some(_) | None => {
            accounts::rename_user(tx, user, name)?;
            tell_organizations(tx, &user.id)
        }
    }
}

/// Writes the memberships of a renamed user once more, so that the audit log of each of their
/// organizations has the new name.
fn tell_organizations(tx: &mut Tx<'_>, user: &UserId) -> Result<(), Error> {
    for membership in accounts::memberships_by_user_in(tx, user)? {
        accounts::put_membership(tx, &membership)?;
    }
    Ok(())
}

/// Gives users another name that they choose for themselves: one that no other user has or had, and
/// that nobody is invited by.
pub(super) fn take(tx: &mut Tx<'_>, user: &mut User, name: Username) -> Result<(), Error> {
    let former = accounts::former_owner(tx, &name)?;
    let is_invited = !invitations::by_invitee_in(tx, &name.folded())?.is_empty();
    let other = accounts::user_named(tx, &name)?;
    let is_others = |id: &UserId| *id != user.id;
    if former.as_ref().is_some_and(is_others)
        || other.is_some_and(|other| is_others(&other.id))
        || is_invited
    {
        let reason = "this name is not free; choose another one, or ask an administrator for it";
        return Err(Error::invalid("username", reason));
    }
    give(tx, user, name)
}
