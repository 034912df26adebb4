//! Commands about an organization's teams.

use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use crate::auth::{Caller, Grant, ManageTeams, ReadMembers};
use crate::domain::{
    AccessChange, Namespace, OrganizationAccess, ShortText, Team, TeamName, TeamVisibility,
    Username,
};
use crate::registry::base::{Error, Registry};
use crate::registry::organizations::{MemberRef, NewTeam, TeamChange, TeamMembers};

/// A command about teams.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum TeamCommand {
    /// Creates a team.
    Create {
        /// The organization.
        organization: Namespace,
        /// Its name.
        name: TeamName,
        /// What its members may do.
        #[serde(default)]
        access: OrganizationAccess,
        /// Who may see it.
        #[serde(default)]
        visibility: TeamVisibility,
        /// Its id at a service for single sign-on; `None` if it has none.
        #[serde(default)]
        sso_id: Option<ShortText>,
    },
    /// Changes a team; what is `None` or not named stays as it is.
    Update {
        /// The organization.
        organization: Namespace,
        /// The team.
        name: TeamName,
        /// What its members may do.
        #[serde(default)]
        access: AccessChange,
        /// Whether its members manage its tokens.
        #[serde(default)]
        members_manage_tokens: Option<bool>,
        /// The new name.
        #[serde(default)]
        rename: Option<TeamName>,
        /// Who may see it.
        #[serde(default)]
        visibility: Option<TeamVisibility>,
        /// Its id at a service for single sign-on; an empty text takes it away.
        #[serde(default)]
        sso_id: Option<ShortText>,
    },
    /// Lists the teams of an organization.
    List {
        /// The organization.
        organization: Namespace,
    },
    /// Deletes a team.
    Delete {
        /// The organization.
        organization: Namespace,
        /// Its name.
        name: TeamName,
    },
    /// Adds a user to a team.
    Add {
        /// The organization.
        organization: Namespace,
        /// The team.
        name: TeamName,
        /// The user's name.
        username: Username,
    },
    /// Removes a user from a team.
    Remove {
        /// The organization.
        organization: Namespace,
        /// The team.
        name: TeamName,
        /// The user's name.
        username: Username,
    },
}

#[expect(clippy::too_many_lines, reason = "one arm for each command")]
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
            visibility,
            sso_id,
        } => {
            let grant = registry.grant::<ManageTeams>(caller, organization.as_str())?;
            let new = NewTeam {
                name,
                access,
                allow_member_token_management: true,
                visibility,
                sso_id: sso_id.filter(|id| !id.as_str().is_empty()),
            };
            registry.create_team(&grant, caller, new).map(Outcome::Team)
        }
        TeamCommand::Update {
            organization,
            name,
            access,
            members_manage_tokens,
            rename,
            visibility,
            sso_id,
        } => {
            let (grant, team) = named(registry, caller, &organization, &name)?;
            let change = TeamChange {
                name: rename,
                access,
                allow_member_token_management: members_manage_tokens,
                visibility,
                sso_id: sso_id.map(|id| Some(id).filter(|id| !id.as_str().is_empty())),
            };
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
            let change = TeamMembers::AddOrInvite(vec![MemberRef::Username(username.clone())]);
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
            let change = TeamMembers::Remove(vec![MemberRef::Username(username.clone())]);
            registry.change_team_members(&grant, caller, &team.id, &change)?;
            Ok(Outcome::Done(format!(
                "{username} is no longer in the team {name} of {organization}"
            )))
        }
    }
}

/// Returns the team with a name, and the right to manage the teams of its organization.
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
