//! Teams and memberships by their ids, as the JSON:API names them.
//!
//! An id names nothing for whoever may not see the members of its organization.

use super::teams::{active, existing_member, may_fill, take_out, within_own_access};
use crate::auth::{Action, Caller, Grant, ManageMembership, ManageTeams, ReadMembers, random_bits};
use crate::domain::{
    Membership, MembershipId, Organization, OrganizationAccess, OrganizationId, Team, TeamId,
    TeamName, User, Username,
};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::Tx;
use crate::storage::tables::accounts;

/// A user with their membership of one organization.
pub type Member = (User, Membership);

/// What is to change in a team; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct TeamChange {
    /// What it is called.
    pub name: Option<TeamName>,
    /// What its members may do.
    pub access: Option<OrganizationAccess>,
}

/// Members who come into a team or go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TeamMembers {
    /// They come.
    Add(Vec<Username>),
    /// They go.
    Remove(Vec<Username>),
}

impl Registry {
    /// The team of an id, and the right to do `A` in its organization.
    pub fn team_grant<A: Action>(
        &self,
        caller: &Caller,
        id: &TeamId,
    ) -> Result<(Grant<A>, Team), Error> {
        let missing = || Error::NotFound(format!("the team `{id}`"));
        self.require_authenticated(caller)?;
        let team = accounts::team_by_id(&self.store, id)?.ok_or_else(missing)?;
        let organization = team.organization.as_str();
        self.grant::<ReadMembers>(caller, organization)
            .map_err(|_| missing())?;
        Ok((self.grant::<A>(caller, organization)?, team))
    }

    /// The membership of an id, and the right to do `A` in its organization.
    pub fn membership_grant<A: Action>(
        &self,
        caller: &Caller,
        id: &MembershipId,
    ) -> Result<(Grant<A>, Member), Error> {
        self.require_authenticated(caller)?;
        for organization in self.list_organizations(caller)? {
            let name = organization.id.as_str();
            let Ok(grant) = self.grant::<ReadMembers>(caller, name) else {
                continue;
            };
            let members = self.members(&grant)?;
            if let Some(member) = members.into_iter().find(|(_, it)| it.id == *id) {
                return Ok((self.grant::<A>(caller, name)?, member));
            }
        }
        Err(Error::NotFound(format!("the membership `{id}`")))
    }

    /// The organization's members, by name.
    pub fn members(&self, grant: &Grant<ReadMembers>) -> Result<Vec<Member>, Error> {
        let organization = organization_of(grant)?;
        let mut members = Vec::new();
        for membership in accounts::memberships_of(&self.store, &organization.id)? {
            if let Some(user) = accounts::user_by_id(&self.store, &membership.user)? {
                members.push((user, membership));
            }
        }
        members.sort_by_key(|(user, _)| user.username.folded());
        Ok(members)
    }

    /// The caller's own memberships, each with its organization, by the organization's name.
    pub fn own_memberships(&self, caller: &Caller) -> Result<Vec<(Organization, Member)>, Error> {
        self.require_authenticated(caller)?;
        let mut own = Vec::new();
        for organization in self.list_organizations(caller)? {
            let Ok(grant) = self.grant::<ReadMembers>(caller, organization.id.as_str()) else {
                continue;
            };
            let members = self.members(&grant)?;
            let itself = |(user, _): &Member| caller.user() == Some(&user.id);
            own.extend(
                members
                    .into_iter()
                    .find(itself)
                    .map(|it| (organization, it)),
            );
        }
        Ok(own)
    }

    /// Makes a user a member, of some teams at once. `who` is an email address or a username of a
    /// user that the registry knows: nobody is written to.
    pub fn invite(
        &self,
        grant: &Grant<ManageMembership>,
        caller: &Caller,
        who: &str,
        teams: &[TeamId],
    ) -> Result<Member, Error> {
        let organization = organization_of(grant)?.id.clone();
        if !teams.is_empty() {
            self.grant::<ManageTeams>(caller, organization.as_str())?;
        }
        let user = self.user_to_invite(who)?;
        let (id, now) = (MembershipId::from_random(random_bits()), self.now());
        self.write(&grant.actor(), "add member", |tx| {
            if accounts::membership(tx, &organization, &user.id)?.is_some() {
                return Err(Error::AlreadyExists(format!(
                    "the member `{}`",
                    user.username
                )));
            }
            let mut membership = active(id, &organization, &user.id, now);
            for team in teams {
                let team = team_in(tx, &organization, team)?;
                may_fill(caller, &team)?;
                if !membership.teams.contains(&team.id) {
                    membership.teams.push(team.id);
                }
            }
            accounts::put_membership(tx, &membership)?;
            Ok((user, membership))
        })
    }

    /// Puts members of the organization into a team or takes them out, all or none.
    pub fn change_team_members(
        &self,
        grant: &Grant<ManageTeams>,
        caller: &Caller,
        team: &TeamId,
        change: &TeamMembers,
    ) -> Result<(), Error> {
        let organization = organization_of(grant)?.id.clone();
        let (action, usernames) = match change {
            TeamMembers::Add(usernames) => ("add to team", usernames),
            TeamMembers::Remove(usernames) => ("remove from team", usernames),
        };
        self.write(&grant.actor(), action, |tx| {
            let team = team_in(tx, &organization, team)?;
            for username in usernames {
                let mut membership = existing_member(tx, &organization, username)?;
                match change {
                    TeamMembers::Remove(_) => take_out(tx, caller, &team, membership)?,
                    TeamMembers::Add(_) => {
                        may_fill(caller, &team)?;
                        if !membership.teams.contains(&team.id) {
                            membership.teams.push(team.id.clone());
                            accounts::put_membership(tx, &membership)?;
                        }
                    }
                }
            }
            Ok(())
        })
    }

    /// Renames a team or says anew what its members may do. Nobody gives more than they hold, and
    /// the owners stay what they are.
    pub fn update_team(
        &self,
        grant: &Grant<ManageTeams>,
        caller: &Caller,
        id: &TeamId,
        change: TeamChange,
    ) -> Result<Team, Error> {
        let organization = organization_of(grant)?.id.clone();
        self.write(&grant.actor(), "update team", |tx| {
            let mut team = team_in(tx, &organization, id)?;
            let access = change.access.unwrap_or(team.access);
            let name = change.name.unwrap_or_else(|| team.name.clone());
            if team.is_owners() && (access != team.access || name != team.name) {
                let reason = "the owners may always do everything, and keep their name";
                return Err(Error::Conflict(reason.to_owned()));
            }
            // Who may not give it cannot take it from others, or hide it under another name.
            within_own_access(caller, &organization, team.access)?;
            if access != team.access {
                within_own_access(caller, &organization, access)?;
                if !caller.access_in(&organization).manage_organization_access {
                    let reason = "you may not say what teams may do; ask an owner";
                    return Err(Error::Forbidden(reason.to_owned()));
                }
            }
            if !name.is_same(&team.name)
                && accounts::team_named(tx, &organization, &name)?.is_some()
            {
                return Err(Error::AlreadyExists(format!("the team `{name}`")));
            }
            accounts::remove_team(tx, &team)?;
            team.name = name;
            team.access = access;
            accounts::insert_team(tx, &team)?;
            Ok(team)
        })
    }

    fn user_to_invite(&self, who: &str) -> Result<User, Error> {
        let mut found = Vec::new();
        for user in accounts::all_users(&self.store) {
            let user = user?;
            if user.username.as_str().eq_ignore_ascii_case(who) {
                return Ok(user);
            }
            if !who.is_empty() && user.email.as_str().eq_ignore_ascii_case(who) {
                found.push(user);
            }
        }
        match (found.pop(), found.is_empty()) {
            (Some(user), true) => Ok(user),
            (Some(_), false) => Err(Error::invalid(
                "email",
                "several users have this address; give a username instead",
            )),
            (None, _) => Err(Error::invalid(
                "email",
                "no user has this address or name; have an administrator create the user first",
            )),
        }
    }
}

fn team_in(tx: &Tx<'_>, organization: &OrganizationId, id: &TeamId) -> Result<Team, Error> {
    accounts::team_in(tx, id)?
        .filter(|team| team.organization == *organization)
        .ok_or_else(|| Error::NotFound(format!("the team `{id}`")))
}
