//! Members of an organization and of its teams, and the rule which caller may add and remove which
//! member.

use super::invitations::invitation_in;
use super::teams::{team_in, within_own_access};
use crate::auth::{Caller, Grant, ManageMembership, ManageTeams, ReadMembers, random_bits};
use crate::domain::{
    Invitation, Membership, MembershipId, MembershipStatus, Organization, OrganizationId, Team,
    TeamId, Timestamp, User, UserId, Username,
};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::Tx;
use crate::storage::tables::{accounts, invitations};

/// A user with their membership of one organization.
pub type Member = (User, Membership);

/// How a change of a team names a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberRef {
    /// By the username.
    Username(Username),
    /// By the id of a membership or an invitation.
    Membership(MembershipId),
}

/// A change of a team's members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TeamMembers {
    /// These people are added to the team.
    Add(Vec<MemberRef>),
    /// These users are added to the team; those who are not in the organization yet are added to
    /// it, if the caller may do that.
    AddOrInvite(Vec<MemberRef>),
    /// These people are removed from the team.
    Remove(Vec<MemberRef>),
}

impl TeamMembers {
    fn members(&self) -> &[MemberRef] {
        match self {
            Self::Add(members) | Self::AddOrInvite(members) | Self::Remove(members) => members,
        }
    }

    fn action(&self) -> &'static str {
        match self {
            Self::Add(_) | Self::AddOrInvite(_) => "add to team",
            Self::Remove(_) => "remove from team",
        }
    }
}

impl Registry {
    /// Returns the organization's members, by name. Their memberships name the teams that the
    /// caller may see.
    pub fn members(&self, grant: &Grant<ReadMembers>) -> Result<Vec<Member>, Error> {
        let organization = organization_of(grant)?;
        let seen = self.seen_teams(grant)?;
        let mut members = Vec::new();
        for mut membership in accounts::memberships_of(&self.store, &organization.id)? {
            self.hide_secret_teams(&seen, &mut membership.teams)?;
            if let Some(user) = accounts::user_by_id(&self.store, &membership.user)? {
                members.push((user, membership));
            }
        }
        members.sort_by_key(|(user, _)| user.username.folded());
        Ok(members)
    }

    /// Returns the caller's own memberships, each with its organization, by the organization's
    /// name.
    pub fn own_memberships(&self, caller: &Caller) -> Result<Vec<(Organization, Member)>, Error> {
        self.require_authenticated(caller)?;
        let user = match caller.user() {
            Some(id) => accounts::user_by_id(&self.store, id)?,
            None => None,
        };
        let Some(user) = user else {
            return Ok(Vec::new());
        };
        let mut own = Vec::new();
        for membership in accounts::memberships_by_user(&self.store, &user.id)? {
            let organization = membership.organization.as_str();
            if let Ok(grant) = self.grant::<ReadMembers>(caller, organization) {
                let organization = organization_of(&grant)?.clone();
                own.push((organization, (user.clone(), membership)));
            }
        }
        own.sort_by_key(|(organization, _)| organization.name.folded());
        Ok(own)
    }

    /// Adds a user to the organization and to `teams`.
    pub fn add_member(
        &self,
        grant: &Grant<ManageMembership>,
        caller: &Caller,
        user: &UserId,
        teams: &[TeamId],
    ) -> Result<Member, Error> {
        let organization = organization_of(grant)?.id.clone();
        let now = self.now();
        self.write(&grant.actor(), "add member", |tx| {
            let user = accounts::user_in(tx, user)?
                .ok_or_else(|| Error::NotFound(format!("the user `{user}`")))?;
            if accounts::membership(tx, &organization, &user.id)?.is_some() {
                return Err(Error::AlreadyExists(format!(
                    "the member `{}`",
                    user.username
                )));
            }
            let mut membership = active(&organization, &user.id, now);
            for team in teams {
                let team = team_in(tx, &organization, team)?;
                put_into(caller, &team, &mut membership.teams)?;
            }
            accounts::put_membership(tx, &membership)?;
            Ok((user, membership))
        })
    }

    /// Adds members of the organization to a team or removes them from it, all or none.
    pub fn change_team_members(
        &self,
        grant: &Grant<ManageTeams>,
        caller: &Caller,
        team: &TeamId,
        change: &TeamMembers,
    ) -> Result<(), Error> {
        let organization = organization_of(grant)?.id.clone();
        let now = self.now();
        // A caller who may not invite must not learn either which users exist outside the
        // organization.
        let may_invite = matches!(change, TeamMembers::AddOrInvite(_))
            && self
                .grant::<ManageMembership>(caller, organization.as_str())
                .is_ok();
        self.write(&grant.actor(), change.action(), |tx| {
            let team = team_in(tx, &organization, team)?;
            for member in change.members() {
                if let MemberRef::Membership(id) = member
                    && let Some(mut invitation) = invitation_in(tx, &organization, id)?
                {
                    change_invitation(caller, &team, change, &mut invitation)?;
                    invitations::put(tx, &invitation)?;
                    continue;
                }
                let mut membership = match existing(tx, &organization, member) {
                    Err(Error::NotFound(_)) if may_invite => {
                        active(&organization, &user_of(tx, member)?, now)
                    }
                    existing => existing?,
                };
                let has_changed = match change {
                    TeamMembers::Remove(_) => {
                        take_out(tx, caller, &team, &mut membership)?;
                        true
                    }
                    TeamMembers::Add(_) | TeamMembers::AddOrInvite(_) => {
                        put_into(caller, &team, &mut membership.teams)?
                    }
                };
                if has_changed {
                    accounts::put_membership(tx, &membership)?;
                }
            }
            Ok(())
        })
    }

    /// Removes a user from the organization; the last owner cannot be removed.
    pub fn remove_member(
        &self,
        grant: &Grant<ManageMembership>,
        caller: &Caller,
        username: &Username,
    ) -> Result<(), Error> {
        let organization = organization_of(grant)?.id.clone();
        self.write(&grant.actor(), "remove member", |tx| {
            let mut membership = existing_member(tx, &organization, username)?;
            let owners = owners_of(tx, &organization)?;
            if membership.teams.contains(&owners.id) {
                take_out(tx, caller, &owners, &mut membership)?;
            }
            accounts::remove_membership(tx, &membership)?;
            Ok(())
        })
    }

    /// Removes the signed-in caller from an organization; the last owner cannot leave.
    pub fn leave_organization(
        &self,
        grant: &Grant<ReadMembers>,
        caller: &Caller,
    ) -> Result<(), Error> {
        let organization = organization_of(grant)?.id.clone();
        let user = caller
            .user()
            .filter(|_| caller.is_session())
            .ok_or_else(|| Error::Forbidden("sign in to leave an organization".to_owned()))?;
        self.write(&grant.actor(), "leave organization", |tx| {
            let membership = accounts::membership(tx, &organization, user)?
                .ok_or_else(|| Error::NotFound("the membership".to_owned()))?;
            let owners = owners_of(tx, &organization)?;
            if membership.teams.contains(&owners.id) {
                another_owner(tx, &owners, &membership)?;
            }
            accounts::remove_membership(tx, &membership)?;
            Ok(())
        })
    }
}

/// Returns an active membership without teams.
pub(super) fn active(
    organization: &OrganizationId,
    user: &UserId,
    created_at: Timestamp,
) -> Membership {
    Membership {
        id: MembershipId::from_random(random_bits()),
        organization: organization.clone(),
        user: user.clone(),
        status: MembershipStatus::Active,
        teams: Vec::new(),
        created_at,
    }
}

/// Adds a team to those of a member or of an invitation: only an owner makes owners, and no caller adds others to a team with
/// more rights than the caller has. Returns whether the member was not in the team before.
pub(super) fn put_into(
    caller: &Caller,
    team: &Team,
    teams: &mut Vec<TeamId>,
) -> Result<bool, Error> {
    if team.is_owners() && !caller.owns(&team.organization) {
        return Err(Error::Forbidden("only an owner may make owners".to_owned()));
    }
    within_own_access(caller, &team.organization, team.access())?;
    let is_new = !teams.contains(&team.id);
    if is_new {
        teams.push(team.id.clone());
    }
    Ok(is_new)
}

/// Removes a member from a team: only an owner removes owners, and the last owner stays.
fn take_out(
    tx: &Tx<'_>,
    caller: &Caller,
    team: &Team,
    membership: &mut Membership,
) -> Result<(), Error> {
    may_remove_from(caller, team)?;
    if team.is_owners() {
        another_owner(tx, team, membership)?;
    }
    membership.teams.retain(|id| *id != team.id);
    Ok(())
}

/// Refuses to remove somebody from the owners' team if the caller is no owner.
fn may_remove_from(caller: &Caller, team: &Team) -> Result<(), Error> {
    if team.is_owners() && !caller.owns(&team.organization) {
        let reason = "only an owner may remove owners";
        return Err(Error::Forbidden(reason.to_owned()));
    }
    Ok(())
}

fn owners_of(tx: &Tx<'_>, organization: &OrganizationId) -> Result<Team, Error> {
    accounts::owners_team(tx, organization)?
        .ok_or_else(|| Error::internal("an organization without an owners team"))
}

/// Changes the teams of an invitation, by the rules for members. Only an owner takes the owners'
/// team from it; there is no last owner among the people who are invited.
fn change_invitation(
    caller: &Caller,
    team: &Team,
    change: &TeamMembers,
    invitation: &mut Invitation,
) -> Result<(), Error> {
    match change {
        TeamMembers::Remove(_) => {
            may_remove_from(caller, team)?;
            invitation.teams.retain(|id| *id != team.id);
        }
        TeamMembers::Add(_) | TeamMembers::AddOrInvite(_) => {
            put_into(caller, team, &mut invitation.teams)?;
        }
    }
    Ok(())
}

/// Returns the membership that a change of a team names.
fn existing(
    tx: &Tx<'_>,
    organization: &OrganizationId,
    member: &MemberRef,
) -> Result<Membership, Error> {
    match member {
        MemberRef::Username(username) => existing_member(tx, organization, username),
        MemberRef::Membership(id) => {
            let missing = || Error::NotFound(format!("the member `{id}`"));
            let user = accounts::user_of_membership_in(tx, organization, id)?;
            let user = user.ok_or_else(missing)?;
            accounts::membership(tx, organization, &user)?.ok_or_else(missing)
        }
    }
}

/// Returns the user who is named by a username and not a member yet.
fn user_of(tx: &Tx<'_>, member: &MemberRef) -> Result<UserId, Error> {
    let (user, name) = match member {
        MemberRef::Username(username) => (accounts::user_named(tx, username)?, username.as_str()),
        MemberRef::Membership(id) => (None, id.as_str()),
    };
    user.map(|user| user.id)
        .ok_or_else(|| Error::NotFound(format!("the user `{name}`")))
}

fn existing_member(
    tx: &Tx<'_>,
    organization: &OrganizationId,
    username: &Username,
) -> Result<Membership, Error> {
    let missing = || Error::NotFound(format!("the member `{username}`"));
    let user = accounts::user_named(tx, username)?.ok_or_else(missing)?;
    accounts::membership(tx, organization, &user.id)?.ok_or_else(missing)
}

/// Refuses if `leaving` is the only owner who can still sign in.
pub(in crate::registry) fn another_owner(
    tx: &Tx<'_>,
    owners: &Team,
    leaving: &Membership,
) -> Result<(), Error> {
    for other in accounts::memberships_in(tx, &owners.organization)? {
        if other.user == leaving.user || !other.teams.contains(&owners.id) {
            continue;
        }
        // A suspended owner cannot act for the organization.
        if accounts::user_in(tx, &other.user)?.is_some_and(|user| !user.suspended) {
            return Ok(());
        }
    }
    Err(Error::Conflict(
        "this is the last owner; make another one first".to_owned(),
    ))
}
