//! Which teams a caller may see: the rule about secret teams.
//!
//! A secret team is seen by its members, by its own token, and by those who have the right
//! [`ReadSecretTeams`]. For everybody else it is not there.

use crate::auth::{Caller, Grant, ReadMembers, ReadSecretTeams};
use crate::domain::{OrganizationId, Team, TeamId};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::tables::accounts;

/// The teams of one organization that a caller may see.
#[derive(Debug)]
pub(super) enum SeenTeams {
    /// All of them.
    All,
    /// Those that are not secret, and these.
    WithSecret(Vec<TeamId>),
}

impl SeenTeams {
    /// Returns whether a team of the organization is among them.
    pub(super) fn has(&self, team: &Team) -> bool {
        match self {
            Self::All => true,
            Self::WithSecret(own) => !team.is_secret() || own.contains(&team.id),
        }
    }
}

impl Registry {
    /// Returns whether the caller may see a team of the grant's organization.
    pub(in crate::registry) fn may_see_team(
        &self,
        grant: &Grant<ReadMembers>,
        team: &Team,
    ) -> Result<bool, Error> {
        Ok(!team.is_secret() || self.seen_teams(grant)?.has(team))
    }

    /// Returns which teams of the grant's organization the caller may see.
    pub(super) fn seen_teams(&self, grant: &Grant<ReadMembers>) -> Result<SeenTeams, Error> {
        let organization = &organization_of(grant)?.id;
        let caller = grant.caller();
        let all = self.grant::<ReadSecretTeams>(caller, organization.as_str());
        if all.is_ok() {
            return Ok(SeenTeams::All);
        }
        Ok(SeenTeams::WithSecret(self.own_teams(caller, organization)?))
    }

    fn own_teams(
        &self,
        caller: &Caller,
        organization: &OrganizationId,
    ) -> Result<Vec<TeamId>, Error> {
        let mut own: Vec<TeamId> = caller.team().into_iter().cloned().collect();
        if let Some(user) = caller.user()
            && let Some(membership) = accounts::membership_of(&self.store, organization, user)?
        {
            own.extend(membership.teams);
        }
        Ok(own)
    }

    /// Leaves out the teams of a membership or an invitation that the caller may not see.
    pub(super) fn hide_secret_teams(
        &self,
        seen: &SeenTeams,
        teams: &mut Vec<TeamId>,
    ) -> Result<(), Error> {
        if matches!(seen, SeenTeams::All) {
            return Ok(());
        }
        let mut visible = Vec::new();
        for id in teams.drain(..) {
            let team = accounts::team_by_id(&self.store, &id)?;
            if team.is_some_and(|team| seen.has(&team)) {
                visible.push(id);
            }
        }
        *teams = visible;
        Ok(())
    }
}
