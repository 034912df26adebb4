//! Operations on users that only administrators have, beside changing them.

use crate::auth::{AdministerSite, Grant};
use crate::domain::{Organization, OrganizationId, TokenOwner, User, UserId, Username};
use crate::registry::base::{Error, Registry};
use crate::registry::organizations::another_owner;
use crate::storage::Tx;
use crate::storage::tables::{accounts, credentials, invitations, login_codes, organizations};

impl Registry {
    /// Deletes a user with their memberships, tokens and sessions; what they published stays. The
    /// last administrator of the registry and the last owner of an organization cannot be deleted.
    pub fn delete_user(
        &self,
        grant: &Grant<AdministerSite>,
        username: &Username,
    ) -> Result<(), Error> {
        self.write(&grant.actor(), "delete user", |tx| {
            let user = accounts::user_named(tx, username)?
                .ok_or_else(|| Error::NotFound(format!("the user `{username}`")))?;
            let is_administrator = user.site_admin && !user.suspended;
            if is_administrator && !accounts::other_administrator(tx, &user.id)? {
                let reason = "this is the last administrator; make another one first";
                return Err(Error::Conflict(reason.to_owned()));
            }
            leave_all(tx, &user)?;
            credentials::revoke_all_of(tx, &TokenOwner::User(user.id.clone()))?;
            super::sessions::end_all(tx, &user)?;
            login_codes::remove_all_of_user(tx, &user.id)?;
            accounts::remove_user(tx, &user)?;
            Ok(())
        })
    }

    /// Returns the organizations that a user is a member of, or is invited to, by name.
    pub fn organizations_of_user(
        &self,
        _grant: &Grant<AdministerSite>,
        id: &UserId,
    ) -> Result<Vec<Organization>, Error> {
        let mut all = Vec::new();
        for membership in accounts::memberships_by_user(&self.store, id)? {
            all.extend(organizations::by_id(&self.store, &membership.organization)?);
        }
        for invitation in invitations::by_user(&self.store, id)? {
            all.extend(organizations::by_id(&self.store, &invitation.organization)?);
        }
        all.sort_by_key(|organization| organization.name.folded());
        Ok(all)
    }

    /// Returns an organization's owners, by name.
    pub fn owners(
        &self,
        _grant: &Grant<AdministerSite>,
        organization: &OrganizationId,
    ) -> Result<Vec<User>, Error> {
        let teams = accounts::teams_of(&self.store, organization)?;
        let owners = teams.iter().find(|team| team.is_owners());
        let mut all = Vec::new();
        for membership in accounts::memberships_of(&self.store, organization)? {
            if owners.is_some_and(|team| membership.teams.contains(&team.id)) {
                all.extend(accounts::user_by_id(&self.store, &membership.user)?);
            }
        }
        all.sort_by_key(|user| user.username.folded());
        Ok(all)
    }

    /// Returns the user with an id.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] if the id is that of a person who is invited and has no account yet.
    pub fn user(&self, _grant: &Grant<AdministerSite>, id: &UserId) -> Result<User, Error> {
        if let Some(user) = accounts::user_by_id(&self.store, id)? {
            return Ok(user);
        }
        let invited = invitations::by_user(&self.store, id)?;
        Err(match invited.first() {
            Some(invitation) => Error::Conflict(format!(
                "`{}` is invited and has no account yet; create the user first",
                invitation.invitee
            )),
            None => Error::NotFound(format!("the user `{id}`")),
        })
    }
}

fn leave_all(tx: &mut Tx<'_>, user: &User) -> Result<(), Error> {
    for membership in accounts::memberships_by_user_in(tx, &user.id)? {
        if let Some(owners) = accounts::owners_team(tx, &membership.organization)?
            && membership.teams.contains(&owners.id)
        {
            another_owner(tx, &owners, &membership)?;
        }
        accounts::remove_membership(tx, &membership)?;
    }
    Ok(())
}
