//! The people of an organization: its members, and those who are invited.

use super::memberships::Member;
use crate::auth::{Action, Caller, Grant, ReadMembers};
use crate::domain::{
    Invitation, MembershipId, MembershipStatus, TeamId, Timestamp, UserId, Username,
};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::tables::{accounts, invitations};

/// A person who belongs to an organization, or is invited to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Person {
    /// A member.
    Member(Member),
    /// Somebody without an account, who is invited.
    Invited(Invitation),
}

impl Person {
    /// Returns the id of the membership. It stays when an invitation becomes a membership.
    pub fn id(&self) -> &MembershipId {
        match self {
            Self::Member((_, membership)) => &membership.id,
            Self::Invited(invitation) => &invitation.id,
        }
    }

    /// Returns the id of the user, who does not exist yet if the person is invited.
    pub fn user_id(&self) -> &UserId {
        match self {
            Self::Member((user, _)) => &user.id,
            Self::Invited(invitation) => &invitation.user,
        }
    }

    /// Returns the name; `None` if an address is invited.
    pub fn username(&self) -> Option<&Username> {
        match self {
            Self::Member((user, _)) => Some(&user.username),
            Self::Invited(invitation) => invitation.invitee.username(),
        }
    }

    /// Returns the email address; empty if none is known.
    pub fn email(&self) -> &str {
        match self {
            Self::Member((user, _)) => user.email.as_str(),
            Self::Invited(invitation) => invitation.invitee.email(),
        }
    }

    /// Returns whether the membership is in force or an invitation.
    pub fn status(&self) -> MembershipStatus {
        match self {
            Self::Member((_, membership)) => membership.status,
            Self::Invited(_) => MembershipStatus::Invited,
        }
    }

    /// Returns the teams that the person is in, or will be in.
    pub fn teams(&self) -> &[TeamId] {
        match self {
            Self::Member((_, membership)) => &membership.teams,
            Self::Invited(invitation) => &invitation.teams,
        }
    }

    fn teams_mut(&mut self) -> &mut Vec<TeamId> {
        match self {
            Self::Member((_, membership)) => &mut membership.teams,
            Self::Invited(invitation) => &mut invitation.teams,
        }
    }

    /// Returns when the membership or the invitation was made.
    pub fn created_at(&self) -> Timestamp {
        match self {
            Self::Member((_, membership)) => membership.created_at,
            Self::Invited(invitation) => invitation.created_at,
        }
    }

    /// Returns the member; `None` if the person is only invited.
    pub fn member(&self) -> Option<&Member> {
        match self {
            Self::Member(member) => Some(member),
            Self::Invited(_) => None,
        }
    }

    /// Returns the name, or the invited address or name, in lower case.
    fn folded(&self) -> String {
        match self {
            Self::Member((user, _)) => user.username.folded(),
            Self::Invited(invitation) => invitation.invitee.folded(),
        }
    }
}

impl Registry {
    /// Returns the members of the organization and the people who are invited to it, by name or
    /// address, each with the teams that the caller may see.
    pub fn people(&self, grant: &Grant<ReadMembers>) -> Result<Vec<Person>, Error> {
        let organization = organization_of(grant)?;
        let members = self.members(grant)?.into_iter().map(Person::Member);
        let seen = self.seen_teams(grant)?;
        let mut invited = invitations::of(&self.store, &organization.id)?;
        for invitation in &mut invited {
            self.hide_secret_teams(&seen, &mut invitation.teams)?;
        }
        let mut all: Vec<_> = members
            .chain(invited.into_iter().map(Person::Invited))
            .collect();
        all.sort_by_cached_key(Person::folded);
        Ok(all)
    }

    /// Returns the membership or the invitation with an id, and the right to do `A` in its
    /// organization.
    pub fn membership_grant<A: Action>(
        &self,
        caller: &Caller,
        id: &MembershipId,
    ) -> Result<(Grant<A>, Person), Error> {
        let missing = || Error::NotFound(format!("the membership `{id}`"));
        self.require_authenticated(caller)?;
        let (organization, user) = accounts::place_of(&self.store, id)?.ok_or_else(missing)?;
        let grant = self.grant::<ReadMembers>(caller, organization.as_str());
        let seen = self.seen_teams(&grant.map_err(|error| error.hidden_as(missing()))?)?;
        let mut person = match accounts::membership_of(&self.store, &organization, &user)? {
            Some(membership) => {
                let user = accounts::user_by_id(&self.store, &user)?.ok_or_else(missing)?;
                Person::Member((user, membership))
            }
            None => invitations::by_place(&self.store, &organization, &user)?
                .map(Person::Invited)
                .ok_or_else(missing)?,
        };
        self.hide_secret_teams(&seen, person.teams_mut())?;
        Ok((self.grant::<A>(caller, organization.as_str())?, person))
    }
}
