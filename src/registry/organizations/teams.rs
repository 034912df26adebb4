//! Creating, changing and deleting teams, and the rule which caller may give which rights.
//!
//! Operations name a team by its id; a caller that has only the name first calls
//! [`Registry::team_named`]. For a caller who may not see the members of an organization, the ids
//! of its teams are unknown.

use super::invitations::forget_team;
use super::publishers::rename_publisher;
use crate::auth::{Action, Caller, Grant, ManageTeams, ReadMembers, random_bits};
use crate::domain::{
    AccessChange, OrganizationAccess, OrganizationId, ShortText, Team, TeamId, TeamName,
    TeamVisibility, TokenOwner,
};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::Tx;
use crate::storage::tables::{accounts, credentials};

/// The settings of a new team.
#[derive(Debug, Clone)]
pub struct NewTeam {
    /// Its name.
    pub name: TeamName,
    /// What its members may do.
    pub access: OrganizationAccess,
    /// Whether its members may manage its tokens.
    pub allow_member_token_management: bool,
    /// Who may see it.
    pub visibility: TeamVisibility,
    /// Its id at a service for single sign-on; `None` if it has none.
    pub sso_id: Option<ShortText>,
}

impl NewTeam {
    /// Returns a team with this name and these rights. Its members may manage its tokens, and all
    /// members of the organization see it.
    pub fn named(name: TeamName, access: OrganizationAccess) -> Self {
        Self {
            name,
            access,
            allow_member_token_management: true,
            visibility: TeamVisibility::Organization,
            sso_id: None,
        }
    }
}

/// A change of a team; what is `None` or not named stays as it is.
#[derive(Debug, Clone, Default)]
pub struct TeamChange {
    /// The new name.
    pub name: Option<TeamName>,
    /// What its members may do.
    pub access: AccessChange,
    /// Whether its members may manage its tokens.
    pub allow_member_token_management: Option<bool>,
    /// Who may see it.
    pub visibility: Option<TeamVisibility>,
    /// Its id at a service for single sign-on; `Some(None)` takes it away.
    pub sso_id: Option<Option<ShortText>>,
}

impl TeamChange {
    /// Returns a change of the rights that keeps the name.
    pub fn access(access: OrganizationAccess) -> Self {
        Self {
            access: access.into(),
            ..Self::default()
        }
    }
}

impl Registry {
    /// Returns the team with an id, and the right to do `A` in its organization.
    pub fn team_grant<A: Action>(
        &self,
        caller: &Caller,
        id: &TeamId,
    ) -> Result<(Grant<A>, Team), Error> {
        let missing = || Error::NotFound(format!("the team `{id}`"));
        self.require_authenticated(caller)?;
        let team = accounts::team_by_id(&self.store, id)?.ok_or_else(missing)?;
        let organization = team.organization.as_str();
        let grant = self.grant::<ReadMembers>(caller, organization);
        let grant = grant.map_err(|error| error.hidden_as(missing()))?;
        if !self.may_see_team(&grant, &team)? {
            return Err(missing());
        }
        Ok((self.grant::<A>(caller, organization)?, team))
    }

    /// Returns the team with a name in the organization of a grant.
    pub fn team_named<A: Action>(&self, grant: &Grant<A>, name: &TeamName) -> Result<Team, Error> {
        accounts::team_by_name(&self.store, &organization_of(grant)?.id, name)?
            .ok_or_else(|| Error::NotFound(format!("the team `{name}`")))
    }

    /// Returns the organization's teams that the caller may see, by name.
    pub fn list_teams(&self, grant: &Grant<ReadMembers>) -> Result<Vec<Team>, Error> {
        let organization = organization_of(grant)?;
        let mut teams = accounts::teams_of(&self.store, &organization.id)?;
        let seen = self.seen_teams(grant)?;
        teams.retain(|team| seen.has(team));
        Ok(teams)
    }

    /// Creates a team. Callers cannot give a team more rights than they have.
    pub fn create_team(
        &self,
        grant: &Grant<ManageTeams>,
        caller: &Caller,
        new: NewTeam,
    ) -> Result<Team, Error> {
        let organization = organization_of(grant)?.id.clone();
        if new.access != OrganizationAccess::default() {
            may_give(caller, &organization, new.access)?;
        }
        let team = Team {
            id: TeamId::from_random(random_bits()),
            organization,
            name: new.name,
            access: new.access,
            allow_member_token_management: new.allow_member_token_management,
            visibility: new.visibility,
            sso_id: new.sso_id,
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

    /// Renames a team, or changes what its members may do or who may see it. Callers cannot give
    /// more rights than they have. Of the owners team only the id for single sign-on changes, and
    /// only owners change it.
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
            let name = change.name.unwrap_or_else(|| team.name.clone());
            let access = change.access.over(team.access());
            // Clients send a whole team back to change its name, which does not need the right to
            // say what teams may do.
            let is_other_access = access != team.access();
            if team.is_owners() {
                let is_hidden = change.visibility == Some(TeamVisibility::Secret);
                if is_hidden || is_other_access || name != team.name {
                    let reason = "the owners may always do everything, keep their name, and are \
                                  seen by all members";
                    return Err(Error::Conflict(reason.to_owned()));
                }
                if !caller.owns(&organization) {
                    let reason = "only an owner may change the owners team";
                    return Err(Error::Forbidden(reason.to_owned()));
                }
            }
            // A caller who may not give these rights may not take them from others either, or hide
            // them under another name.
            within_own_access(caller, &organization, team.access())?;
            if is_other_access {
                may_give(caller, &organization, access)?;
            }
            if !name.is_same(&team.name)
                && accounts::team_named(tx, &organization, &name)?.is_some()
            {
                return Err(Error::AlreadyExists(format!("the team `{name}`")));
            }
            accounts::remove_team(tx, &team)?;
            let before = team.clone();
            team.name = name;
            team.access = access;
            team.allow_member_token_management = change
                .allow_member_token_management
                .unwrap_or(team.allow_member_token_management);
            team.visibility = change.visibility.unwrap_or(team.visibility);
            team.sso_id = change.sso_id.unwrap_or(team.sso_id);
            accounts::insert_team(tx, &team)?;
            rename_publisher(tx, &before, &team)?;
            Ok(team)
        })
    }

    /// Deletes a team and its tokens; its members stay in the organization.
    pub fn delete_team(&self, grant: &Grant<ManageTeams>, id: &TeamId) -> Result<(), Error> {
        let organization = organization_of(grant)?.id.clone();
        self.write(&grant.actor(), "delete team", |tx| {
            let team = team_in(tx, &organization, id)?;
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
            forget_team(tx, &organization, &team.id)?;
            credentials::revoke_all_of(tx, &TokenOwner::Team(team.id.clone()))?;
            accounts::remove_team(tx, &team)?;
            Ok(())
        })
    }
}

/// Returns the team with an id, as the present write sees it.
pub(super) fn team_in(
    tx: &Tx<'_>,
    organization: &OrganizationId,
    id: &TeamId,
) -> Result<Team, Error> {
    accounts::team_in(tx, id)?
        .filter(|team| team.organization == *organization)
        .ok_or_else(|| Error::NotFound(format!("the team `{id}`")))
}

/// Refuses to give a team rights that the caller lacks, and any rights if the caller may not manage
/// rights.
fn may_give(
    caller: &Caller,
    organization: &OrganizationId,
    access: OrganizationAccess,
) -> Result<(), Error> {
    within_own_access(caller, organization, access)?;
    if caller.access_in(organization).manage_organization_access {
        return Ok(());
    }
    let reason = "you may not say what teams may do; ask an owner";
    Err(Error::Forbidden(reason.to_owned()))
}

/// Refuses rights that the caller lacks.
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
