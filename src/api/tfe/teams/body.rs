//! Request documents about teams and memberships.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::tfe::kit::{parse, parse_if_any};
use crate::domain::{OrganizationAccess, TeamId, TeamName};
use crate::registry::{Error, TeamChange};

/// The attributes of a new team, or the changes to one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct TeamBody {
    name: Option<String>,
    #[serde(alias = "organization_access")]
    organization_access: Option<AccessBody>,
}

/// The access of a team's members. Clients also send access to features that a registry does not
/// have; that is ignored.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(
    clippy::struct_field_names,
    reason = "spelled as the API spells its members"
)]
struct AccessBody {
    #[serde(alias = "manage_modules")]
    manage_modules: Option<bool>,
    #[serde(alias = "manage_providers")]
    manage_providers: Option<bool>,
    #[serde(alias = "manage_membership")]
    manage_membership: Option<bool>,
    #[serde(alias = "manage_teams")]
    manage_teams: Option<bool>,
    #[serde(alias = "manage_organization_access")]
    manage_organization_access: Option<bool>,
}

impl AccessBody {
    fn over(&self, now: OrganizationAccess) -> OrganizationAccess {
        OrganizationAccess {
            manage_modules: self.manage_modules.unwrap_or(now.manage_modules),
            manage_providers: self.manage_providers.unwrap_or(now.manage_providers),
            manage_membership: self.manage_membership.unwrap_or(now.manage_membership),
            manage_teams: self.manage_teams.unwrap_or(now.manage_teams),
            manage_organization_access: self
                .manage_organization_access
                .unwrap_or(now.manage_organization_access),
        }
    }
}

impl TeamBody {
    /// Returns a new team's name and access.
    pub(super) fn new_team(&self) -> Result<(TeamName, OrganizationAccess), Error> {
        let name = parse("name", self.name.as_deref())?;
        let access = self.organization_access.as_ref();
        let nothing = OrganizationAccess::default();
        Ok((name, access.map_or(nothing, |access| access.over(nothing))))
    }

    /// Returns the change to a team whose access is `now`.
    pub(super) fn change(&self, now: OrganizationAccess) -> Result<TeamChange, Error> {
        let access = self.organization_access.as_ref();
        Ok(TeamChange {
            name: parse_if_any("name", self.name.as_deref())?,
            access: access.map(|access| access.over(now)),
        })
    }
}

/// Resources that a request names: `{"data": [{"type": …, "id": …}]}`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(super) struct Named {
    #[serde(default)]
    data: Vec<Name>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Name {
    id: String,
}

impl Named {
    /// Returns the ids of the named resources.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.data.iter().map(|name| name.id.as_str())
    }
}

/// The user to add to an organization, and to which of its teams.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct InvitationBody {
    data: Invitation,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Invitation {
    attributes: InvitationAttributes,
    #[serde(default)]
    relationships: InvitationTeams,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct InvitationAttributes {
    email: Option<String>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct InvitationTeams {
    #[serde(default)]
    teams: Named,
}

impl InvitationBody {
    /// Returns the user's name or email address, and the teams.
    pub(super) fn parse(self) -> Result<(String, Vec<TeamId>), Error> {
        let who = self.data.attributes.email.unwrap_or_default();
        let unknown = |id: &str| Error::NotFound(format!("the team `{id}`"));
        let teams = self.data.relationships.teams;
        let teams = teams
            .ids()
            .map(|id| id.parse().map_err(|_| unknown(id)))
            .collect::<Result<_, _>>()?;
        Ok((who.trim().to_owned(), teams))
    }
}
