//! Invitations: who may invite whom, and how an invitation becomes a membership.
//!
//! No message is sent. An invitation waits until an administrator makes a user with its address or
//! name, or gives its address to a user. Nobody can take an invitation by changing their own name
//! or address: an own address is in force only after an administrator has confirmed it.

use super::memberships::{active, put_into};
use super::people::Person;
use super::teams::team_in;
use crate::auth::{Caller, Grant, ManageMembership, ManageTeams, ReadMembers, random_bits};
use crate::domain::{
    EmailAddress, Invitation, Invitee, Membership, MembershipId, OrganizationId, TeamId, User,
    UserId, Username,
};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::Tx;
use crate::storage::tables::{accounts, invitations};

impl Registry {
    /// Adds a person to the organization and to `teams`. `who` is the name or the email address of
    /// a user, who is a member at once, or an address that no user has, which is invited.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if `who` is neither a user nor an address; [`Error::AlreadyExists`] for
    /// members and people who are invited.
    pub fn invite(
        &self,
        grant: &Grant<ManageMembership>,
        caller: &Caller,
        who: &str,
        teams: &[TeamId],
    ) -> Result<Person, Error> {
        self.may_give_teams(grant, caller, teams)?;
        if let Some(user) = self.user_to_invite(who)? {
            let member = self.add_member(grant, caller, &user.id, teams)?;
            return Ok(Person::Member(member));
        }
        let address = who.parse::<EmailAddress>().map_err(|error| {
            let reason = format!("no user has this name, and {error}");
            Error::invalid("email", reason)
        })?;
        self.invite_unknown(grant, caller, Invitee::Email(address), teams)
    }

    /// Adds the user with a name to the organization and to `teams`, or invites the name if nobody
    /// has it.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyExists`] for members and people who are invited.
    pub fn invite_name(
        &self,
        grant: &Grant<ManageMembership>,
        caller: &Caller,
        name: Username,
        teams: &[TeamId],
    ) -> Result<Person, Error> {
        self.may_give_teams(grant, caller, teams)?;
        match accounts::user_by_name(&self.store, &name)? {
            Some(user) => self
                .add_member(grant, caller, &user.id, teams)
                .map(Person::Member),
            None => self.invite_unknown(grant, caller, Invitee::Name(name), teams),
        }
    }

    /// Removes a member or an invitation.
    pub fn remove_person(
        &self,
        grant: &Grant<ManageMembership>,
        caller: &Caller,
        person: &Person,
    ) -> Result<(), Error> {
        match person {
            Person::Member((user, _)) => self.remove_member(grant, caller, &user.username),
            Person::Invited(invitation) => self.remove_invitation(grant, caller, &invitation.id),
        }
    }

    /// Removes an invitation. Only an owner takes back the invitation of an owner.
    fn remove_invitation(
        &self,
        grant: &Grant<ManageMembership>,
        caller: &Caller,
        id: &MembershipId,
    ) -> Result<(), Error> {
        let organization = organization_of(grant)?.id.clone();
        self.write(&grant.actor(), "remove invitation", |tx| {
            let invitation = invitation_in(tx, &organization, id)?
                .ok_or_else(|| Error::NotFound(format!("the membership `{id}`")))?;
            let owners = accounts::owners_team(tx, &organization)?;
            if owners.is_some_and(|owners| invitation.teams.contains(&owners.id))
                && !caller.owns(&organization)
            {
                let reason = "only an owner may take back the invitation of an owner";
                return Err(Error::Forbidden(reason.to_owned()));
            }
            invitations::remove(tx, &invitation)?;
            Ok(())
        })
    }

    /// Refuses to add somebody to teams if the caller may not manage teams.
    fn may_give_teams(
        &self,
        grant: &Grant<ManageMembership>,
        caller: &Caller,
        teams: &[TeamId],
    ) -> Result<(), Error> {
        if !teams.is_empty() {
            self.grant::<ManageTeams>(caller, organization_of(grant)?.id.as_str())?;
        }
        Ok(())
    }

    fn invite_unknown(
        &self,
        grant: &Grant<ManageMembership>,
        caller: &Caller,
        invitee: Invitee,
        teams: &[TeamId],
    ) -> Result<Person, Error> {
        let organization = organization_of(grant)?.id.clone();
        let now = self.now();
        self.write(&grant.actor(), "invite", |tx| {
            if is_known(tx, &invitee)? {
                let reason = format!("`{invitee}` has just become a user; send this once more");
                return Err(Error::Conflict(reason));
            }
            let known = invitations::by_invitee_in(tx, &invitee.folded())?;
            if known.iter().any(|it| it.organization == organization) {
                return Err(Error::AlreadyExists(format!(
                    "the invitation of `{invitee}`"
                )));
            }
            let user = match known.first() {
                Some(known) => known.user.clone(),
                None => UserId::from_random(random_bits()),
            };
            let mut invitation = Invitation {
                id: MembershipId::from_random(random_bits()),
                organization: organization.clone(),
                user,
                invitee,
                teams: Vec::new(),
                created_at: now,
            };
            for team in teams {
                let team = team_in(tx, &organization, team)?;
                put_into(caller, &team, &mut invitation.teams)?;
            }
            invitations::put(tx, &invitation)?;
            Ok(Person::Invited(invitation))
        })
    }

    /// Returns the person who is invited by an address, a name, or the id of the membership.
    pub fn invited(&self, grant: &Grant<ReadMembers>, who: &str) -> Result<Person, Error> {
        let folded = who.to_ascii_lowercase();
        let all = invitations::of(&self.store, &organization_of(grant)?.id)?;
        let is_it = |it: &Invitation| it.id.as_str() == who || it.invitee.folded() == folded;
        all.into_iter()
            .find(is_it)
            .map(Person::Invited)
            .ok_or_else(|| Error::NotFound(format!("the invitation of `{who}`")))
    }

    /// Returns an invitation of the user id `id` that the caller may see: one to an organization
    /// whose members they may see, or any for administrators.
    pub fn visible_invitation(&self, caller: &Caller, id: &UserId) -> Result<Invitation, Error> {
        let missing = || Error::NotFound(format!("the user `{id}`"));
        self.require_authenticated(caller)?;
        let is_administrator = self.site_grant(caller).is_ok();
        let is_seen = |invitation: &Invitation| {
            let organization = invitation.organization.as_str();
            is_administrator || self.grant::<ReadMembers>(caller, organization).is_ok()
        };
        let all = invitations::by_user(&self.store, id)?;
        all.into_iter().find(is_seen).ok_or_else(missing)
    }

    /// Returns the user with a name, or the only user with an email address; `None` if there is no
    /// such user.
    fn user_to_invite(&self, who: &str) -> Result<Option<User>, Error> {
        let mut found = Vec::new();
        for user in accounts::all_users(&self.store) {
            let user = user?;
            if user.username.as_str().eq_ignore_ascii_case(who) {
                return Ok(Some(user));
            }
            if !who.is_empty() && user.email.as_str().eq_ignore_ascii_case(who) {
                found.push(user);
            }
        }
        if found.len() > 1 {
            let reason = "several users have this address; give a username instead";
            return Err(Error::invalid("email", reason));
        }
        Ok(found.pop())
    }
}

/// Returns whether a user has this address or name.
fn is_known(tx: &Tx<'_>, invitee: &Invitee) -> Result<bool, Error> {
    Ok(match invitee {
        Invitee::Email(address) => accounts::has_email(tx, address.as_str())?,
        Invitee::Name(name) => accounts::user_named(tx, name)?.is_some(),
    })
}

/// Returns the invitation with an id in an organization; `None` if there is none.
pub(super) fn invitation_in(
    tx: &Tx<'_>,
    organization: &OrganizationId,
    id: &MembershipId,
) -> Result<Option<Invitation>, Error> {
    match accounts::user_of_membership_in(tx, organization, id)? {
        Some(user) => Ok(invitations::by_place_in(tx, organization, &user)?),
        None => Ok(None),
    }
}

/// Returns the id for a new user with this address and name: that of their invitations, if there
/// are any, so that what clients noted stays true.
pub(in crate::registry) fn id_for_new_user(
    tx: &Tx<'_>,
    email: &str,
    name: &Username,
) -> Result<UserId, Error> {
    for folded in [email.to_ascii_lowercase(), name.folded()] {
        if let Some(invitation) = invitations_of(tx, &folded)?.into_iter().next() {
            return Ok(invitation.user);
        }
    }
    Ok(UserId::from_random(random_bits()))
}

/// Makes memberships of all invitations of an address or a name, for a user who was given it by an
/// administrator.
pub(in crate::registry) fn take_invitations(
    tx: &mut Tx<'_>,
    user: &UserId,
    folded: &str,
) -> Result<(), Error> {
    for invitation in invitations_of(tx, folded)? {
        invitations::remove(tx, &invitation)?;
        let membership = accounts::membership(tx, &invitation.organization, user)?;
        let mut membership = membership.unwrap_or_else(|| Membership {
            id: invitation.id.clone(),
            ..active(&invitation.organization, user, invitation.created_at)
        });
        for team in invitation.teams {
            // Only teams that are still there: a deleted one leaves all invitations, too.
            if !membership.teams.contains(&team) && accounts::team_in(tx, &team)?.is_some() {
                membership.teams.push(team);
            }
        }
        accounts::put_membership(tx, &membership)?;
    }
    Ok(())
}

fn invitations_of(tx: &Tx<'_>, folded: &str) -> Result<Vec<Invitation>, Error> {
    if folded.is_empty() {
        return Ok(Vec::new());
    }
    Ok(invitations::by_invitee_in(tx, folded)?)
}

/// Takes a team out of all invitations of its organization.
pub(super) fn forget_team(
    tx: &mut Tx<'_>,
    organization: &OrganizationId,
    team: &TeamId,
) -> Result<(), Error> {
    for mut invitation in invitations::of_in(tx, organization)? {
        if invitation.teams.contains(team) {
            invitation.teams.retain(|id| id != team);
            invitations::put(tx, &invitation)?;
        }
    }
    Ok(())
}
