//! Request documents about teams and memberships.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::tfe::kit::{parse, parse_if_any};
use crate::domain::{OrganizationAccess, TeamId, TeamName};
use crate::registry::{Error, TeamChange};

/// What a team is to be, or is to be from now on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct TeamBody {
    name: Option<String>,
    #[serde(alias = "organization_access")]
    organization_access: Option<AccessBody>,
}

/// What members may do; other kinds of access are about things that a registry has not.
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
    /// A new team's name and access.
    pub(super) fn new_team(&self) -> Result<(TeamName, OrganizationAccess), Error> {
        let name = parse("name", self.name.as_deref())?;
        let access = self.organization_access.as_ref();
        let nothing = OrganizationAccess::default();
        Ok((name, access.map_or(nothing, |access| access.over(nothing))))
    }

    /// The change of a team that has this access now.
    pub(super) fn change(&self, now: OrganizationAccess) -> Result<TeamChange, Error> {
        let access = self.organization_access.as_ref();
        Ok(TeamChange {
            name: parse_if_any("name", self.name.as_deref())?,
            access: access.map(|access| access.over(now)),
        })
    }
}

/// `{"data": [{"type": …, "id": …}]}`.
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
    /// What is named.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.data.iter().map(|name| name.id.as_str())
    }
}

/// Who is to become a member, and of which teams.
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
    /// Who, and the teams.
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
