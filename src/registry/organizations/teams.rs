//! Teams and memberships.

use crate::auth::{Caller, Grant, ManageMembership, ManageTeams, ReadMembers, random_bits};
use crate::domain::{
    Membership, MembershipId, MembershipStatus, OrganizationAccess, OrganizationId, Team, TeamId,
    TeamName, Timestamp, TokenOwner, UserId, Username,
};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::Tx;
use crate::storage::tables::{accounts, credentials};

/// A membership in force, of no team yet.
pub(super) fn active(
    id: MembershipId,
    organization: &OrganizationId,
    user: &UserId,
    created_at: Timestamp,
) -> Membership {
    Membership {
        id,
        organization: organization.clone(),
        user: user.clone(),
        status: MembershipStatus::Active,
        teams: Vec::new(),
        created_at,
    }
}

impl Registry {
    /// Creates a team. Nobody gives a team more than they hold themselves.
    pub fn create_team(
        &self,
        grant: &Grant<ManageTeams>,
        caller: &Caller,
        name: TeamName,
        access: OrganizationAccess,
    ) -> Result<Team, Error> {
        let organization = organization_of(grant)?.id.clone();
        within_own_access(caller, &organization, access)?;
        let may_say = caller.access_in(&organization).manage_organization_access;
        if access != OrganizationAccess::default() && !may_say {
            let reason = "you may not say what teams may do; ask an owner";
            return Err(Error::Forbidden(reason.to_owned()));
        }
        let team = Team {
            id: TeamId::from_random(random_bits()),
            organization,
            name,
            access,
            created_at: self.now(),
        };
        self.write(&grant.actor(), "create team", |tx| {
            if accounts::team_named(tx, &team.organization, &team.name)?.is_some() {
                return Err(Error::AlreadyExists(format!("the team `{}`", team.name)));
            }
            accounts::insert_team(tx, &team)?;
            Ok(())
        })?;
        Ok(team)
    }

    /// Says anew what a team's members may do. Nobody gives a team more than they hold themselves,
    /// and the owners may always do everything.
    pub fn update_team_access(
        &self,
        grant: &Grant<ManageTeams>,
        caller: &Caller,
        name: &TeamName,
        access: OrganizationAccess,
    ) -> Result<Team, Error> {
        let organization = organization_of(grant)?.id.clone();
        within_own_access(caller, &organization, access)?;
        if !caller.access_in(&organization).manage_organization_access {
            let reason = "you may not say what teams may do; ask an owner";
            return Err(Error::Forbidden(reason.to_owned()));
        }
        self.write(&grant.actor(), "change what a team may do", |tx| {
            let mut team = existing_team(tx, &organization, name)?;
            if team.is_owners() {
                let reason = "the owners may always do everything";
                return Err(Error::Conflict(reason.to_owned()));
            }
            // Who may not give it cannot take it from others either.
            within_own_access(caller, &organization, team.access)?;
            team.access = access;
            accounts::insert_team(tx, &team)?;
            Ok(team)
        })
    }

    /// Puts a user into the organization, of no team yet.
    pub fn add_member(
        &self,
        grant: &Grant<ManageMembership>,
        username: &Username,
    ) -> Result<Membership, Error> {
        let organization = organization_of(grant)?.id.clone();
        let (id, now) = (MembershipId::from_random(random_bits()), self.now());
        self.write(&grant.actor(), "add member", |tx| {
            let user = accounts::user_named(tx, username)?
                .ok_or_else(|| Error::NotFound(format!("the user `{username}`")))?;
            if accounts::membership(tx, &organization, &user.id)?.is_some() {
                return Err(Error::AlreadyExists(format!("the member `{username}`")));
            }
            let membership = active(id, &organization, &user.id, now);
            accounts::put_membership(tx, &membership)?;
            Ok(membership)
        })
    }

    /// Deletes a team and its tokens; its members stay in the organization.
    pub fn delete_team(&self, grant: &Grant<ManageTeams>, name: &TeamName) -> Result<(), Error> {
        let organization = organization_of(grant)?.id.clone();
        self.write(&grant.actor(), "delete team", |tx| {
            let team = existing_team(tx, &organization, name)?;
            if team.is_owners() {
                let reason = "the owners team cannot be deleted; an organization always has owners";
                return Err(Error::Conflict(reason.to_owned()));
            }
            for mut membership in accounts::memberships_in(tx, &organization)? {
                if membership.teams.contains(&team.id) {
                    membership.teams.retain(|id| *id != team.id);
                    accounts::put_membership(tx, &membership)?;
                }
            }
            credentials::revoke_all_of(tx, &TokenOwner::Team(team.id.clone()))?;
            accounts::remove_team(tx, &team)?;
            Ok(())
        })
    }

    /// The organization's teams, by name.
    pub fn list_teams(&self, grant: &Grant<ReadMembers>) -> Result<Vec<Team>, Error> {
        let organization = organization_of(grant)?;
        Ok(accounts::teams_of(&self.store, &organization.id)?)
    }

    /// The organization's members and their teams.
    pub fn list_memberships(
        &self,
        grant: &Grant<ReadMembers>,
    ) -> Result<Vec<(Username, Membership)>, Error> {
        let organization = organization_of(grant)?;
        let mut members = Vec::new();
        for membership in accounts::memberships_of(&self.store, &organization.id)? {
            if let Some(user) = accounts::user_by_id(&self.store, &membership.user)? {
                members.push((user.username, membership));
            }
        }
        members.sort_by_key(|(username, _)| username.folded());
        Ok(members)
    }

    /// Puts a member into a team; and a user who is none yet into the organization, where the caller
    /// may do that.
    ///
    /// Only an owner makes owners, and nobody puts others where more is allowed than they may do
    /// themselves.
    pub fn add_to_team(
        &self,
        grant: &Grant<ManageTeams>,
        caller: &Caller,
        team: &TeamName,
        username: &Username,
    ) -> Result<Membership, Error> {
        let organization = organization_of(grant)?.id.clone();
        let (id, now) = (MembershipId::from_random(random_bits()), self.now());
        let may_invite = self
            .grant::<ManageMembership>(caller, organization.as_str())
            .is_ok();
        self.write(&grant.actor(), "add to team", |tx| {
            let team = existing_team(tx, &organization, team)?;
            may_fill(caller, &team)?;
            let mut membership = match existing_member(tx, &organization, username) {
                Err(Error::NotFound(_)) if may_invite => {
                    let user = accounts::user_named(tx, username)?
                        .ok_or_else(|| Error::NotFound(format!("the user `{username}`")))?;
                    active(id, &organization, &user.id, now)
                }
                // Who may not invite is not told either who is a user elsewhere.
                existing => existing?,
            };
            if !membership.teams.contains(&team.id) {
                membership.teams.push(team.id);
            }
            accounts::put_membership(tx, &membership)?;
            Ok(membership)
        })
    }

    /// Takes a user out of a team; the last owner stays.
    pub fn remove_from_team(
        &self,
        grant: &Grant<ManageTeams>,
        caller: &Caller,
        team: &TeamName,
        username: &Username,
    ) -> Result<(), Error> {
        let organization = organization_of(grant)?.id.clone();
        self.write(&grant.actor(), "remove from team", |tx| {
            let team = existing_team(tx, &organization, team)?;
            let membership = existing_member(tx, &organization, username)?;
            take_out(tx, caller, &team, membership)
        })
    }

    /// Takes a user out of the organization; the last owner stays.
    pub fn remove_member(
        &self,
        grant: &Grant<ManageMembership>,
        caller: &Caller,
        username: &Username,
    ) -> Result<(), Error> {
        let organization = organization_of(grant)?.id.clone();
        self.write(&grant.actor(), "remove member", |tx| {
            let membership = existing_member(tx, &organization, username)?;
            let owners = accounts::owners_team(tx, &organization)?
                .ok_or_else(|| Error::internal("an organization without an owners team"))?;
            if membership.teams.contains(&owners.id) {
                if !caller.owns(&organization) {
                    return Err(Error::Forbidden(
                        "only an owner may remove owners".to_owned(),
                    ));
                }
                another_owner(tx, &owners, &membership)?;
            }
            accounts::remove_membership(tx, &membership)?;
            Ok(())
        })
    }

    /// Takes whoever has signed in out of an organization; the last owner stays.
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
            let owners = accounts::owners_team(tx, &organization)?
                .ok_or_else(|| Error::internal("an organization without an owners team"))?;
            if membership.teams.contains(&owners.id) {
                another_owner(tx, &owners, &membership)?;
            }
            accounts::remove_membership(tx, &membership)?;
            Ok(())
        })
    }
}

/// Whether the caller may put others into a team: only an owner makes owners, and nobody puts
/// others where more is allowed than they may do themselves.
pub(super) fn may_fill(caller: &Caller, team: &Team) -> Result<(), Error> {
    if team.is_owners() && !caller.owns(&team.organization) {
        return Err(Error::Forbidden("only an owner may make owners".to_owned()));
    }
    within_own_access(caller, &team.organization, team.access)
}

/// Takes a member out of a team; the last owner stays.
pub(super) fn take_out(
    tx: &mut Tx<'_>,
    caller: &Caller,
    team: &Team,
    mut membership: Membership,
) -> Result<(), Error> {
    if team.is_owners() {
        if !caller.owns(&team.organization) {
            let reason = "only an owner may remove owners";
            return Err(Error::Forbidden(reason.to_owned()));
        }
        another_owner(tx, team, &membership)?;
    }
    membership.teams.retain(|id| *id != team.id);
    accounts::put_membership(tx, &membership)?;
    Ok(())
}

pub(super) fn within_own_access(
    caller: &Caller,
    organization: &OrganizationId,
    access: OrganizationAccess,
) -> Result<(), Error> {
    if caller.access_in(organization).covers(access) {
        return Ok(());
    }
    Err(Error::Forbidden(
        "you may not give a team more than you may do yourself".to_owned(),
    ))
}

fn existing_team(
    tx: &Tx<'_>,
    organization: &OrganizationId,
    name: &TeamName,
) -> Result<Team, Error> {
    accounts::team_named(tx, organization, name)?
        .ok_or_else(|| Error::NotFound(format!("the team `{name}`")))
}

pub(super) fn existing_member(
    tx: &Tx<'_>,
    organization: &OrganizationId,
    username: &Username,
) -> Result<Membership, Error> {
    let missing = || Error::NotFound(format!("the member `{username}`"));
    let user = accounts::user_named(tx, username)?.ok_or_else(missing)?;
    accounts::membership(tx, organization, &user.id)?.ok_or_else(missing)
}

/// Refuses to go on where `leaving` is the only owner who can still sign in.
pub(in crate::registry) fn another_owner(
    tx: &Tx<'_>,
    owners: &Team,
    leaving: &Membership,
) -> Result<(), Error> {
    for other in accounts::memberships_in(tx, &owners.organization)? {
        if other.user == leaving.user || !other.teams.contains(&owners.id) {
            continue;
        }
        // Whoever is shut out cannot help the organization.
        if accounts::user_in(tx, &other.user)?.is_some_and(|user| !user.suspended) {
            return Ok(());
        }
    }
    Err(Error::Conflict(
        "this is the last owner; make another one first".to_owned(),
    ))
}
