//! Commands about an organization's teams.

use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use crate::auth::{Caller, Grant, ManageTeams, ReadMembers};
use crate::domain::{Namespace, OrganizationAccess, Team, TeamName, Username};
use crate::registry::base::{Error, Registry};
use crate::registry::organizations::{TeamChange, TeamMembers};

/// One act on teams.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum TeamCommand {
    /// Create one.
    Create {
        /// The organization.
        organization: Namespace,
        /// Its name.
        name: TeamName,
        /// What its members may do.
        #[serde(default)]
        access: OrganizationAccess,
    },
    /// Say anew what the members of one may do.
    Update {
        /// The organization.
        organization: Namespace,
        /// The team.
        name: TeamName,
        /// What its members may do.
        access: OrganizationAccess,
    },
    /// List all.
    List {
        /// The organization.
        organization: Namespace,
    },
    /// Delete one.
    Delete {
        /// The organization.
        organization: Namespace,
        /// Its name.
        name: TeamName,
    },
    /// Put a user into one.
    Add {
        /// The organization.
        organization: Namespace,
        /// The team.
        name: TeamName,
        /// Whom.
        username: Username,
    },
    /// Take a user out of one.
    Remove {
        /// The organization.
        organization: Namespace,
        /// The team.
        name: TeamName,
        /// Whom.
        username: Username,
    },
}

pub(super) fn carry_out(
    registry: &Registry,
    caller: &Caller,
    command: TeamCommand,
) -> Result<Outcome, Error> {
    match command {
        TeamCommand::Create {
            organization,
            name,
            access,
        } => {
            let grant = registry.grant::<ManageTeams>(caller, organization.as_str())?;
            registry
                .create_team(&grant, caller, name, access)
                .map(Outcome::Team)
        }
        TeamCommand::Update {
            organization,
            name,
            access,
        } => {
            let (grant, team) = named(registry, caller, &organization, &name)?;
            let change = TeamChange::access(access);
            registry
                .update_team(&grant, caller, &team.id, change)
                .map(Outcome::Team)
        }
        TeamCommand::List { organization } => {
            let grant = registry.grant::<ReadMembers>(caller, organization.as_str())?;
            registry.list_teams(&grant).map(Outcome::Teams)
        }
        TeamCommand::Delete { organization, name } => {
            let (grant, team) = named(registry, caller, &organization, &name)?;
            registry.delete_team(&grant, &team.id)?;
            Ok(Outcome::Done(format!(
                "the team {name} of {organization} is deleted"
            )))
        }
        TeamCommand::Add {
            organization,
            name,
            username,
        } => {
            let (grant, team) = named(registry, caller, &organization, &name)?;
            let change = TeamMembers::AddOrInvite(vec![username.clone()]);
            registry.change_team_members(&grant, caller, &team.id, &change)?;
            Ok(Outcome::Done(format!(
                "{username} is in the team {name} of {organization}"
            )))
        }
        TeamCommand::Remove {
            organization,
            name,
            username,
        } => {
            let (grant, team) = named(registry, caller, &organization, &name)?;
            let change = TeamMembers::Remove(vec![username.clone()]);
            registry.change_team_members(&grant, caller, &team.id, &change)?;
            Ok(Outcome::Done(format!(
                "{username} is no longer in the team {name} of {organization}"
            )))
        }
    }
}

/// The team of a name, and the right to manage the teams of its organization.
fn named(
    registry: &Registry,
    caller: &Caller,
    organization: &Namespace,
    name: &TeamName,
) -> Result<(Grant<ManageTeams>, Team), Error> {
    let grant = registry.grant::<ManageTeams>(caller, organization.as_str())?;
    let team = registry.team_named(&grant, name)?;
    Ok((grant, team))
}
