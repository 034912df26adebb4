//! Request documents about teams and memberships.

#![expect(
    clippy::option_option,
    reason = "an attribute that is null is not the same as one that is left out"
)]

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::access::AccessBody;
use crate::api::tfe::kit::{
    Named, Problem, RequestAttributes, Teams, parse, parse_id, parse_if_any,
};
use crate::api::tfe::not_served::Part;
use crate::domain::{OrganizationAccess, TeamId, TeamVisibility, Username};
use crate::registry::{Error, NewTeam, TeamChange};

/// The attributes of a new team, or the changes to one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct TeamBody {
    name: Option<String>,
    #[serde(alias = "organization_access")]
    organization_access: Option<AccessBody>,
    #[serde(alias = "allow_member_token_management")]
    allow_member_token_management: Option<bool>,
    /// `secret` (only its members and those who manage teams see it) or `organization`.
    visibility: Option<String>,
    /// The id of the team at a service for single sign-on, which is kept until there is sign-on; an
    /// empty text takes it away.
    #[serde(alias = "sso_team_id", default, deserialize_with = "given")]
    sso_team_id: Option<Option<String>>,
}

impl RequestAttributes for TeamBody {
    const TYPES: &'static [&'static str] = &["teams"];
    const PART: Option<Part> = Some(Part::Team);
}

impl TeamBody {
    /// Returns a new team. Without another word, it is secret, and its members may manage its
    /// tokens.
    pub(super) fn new_team(self) -> Result<NewTeam, Error> {
        let name = parse("name", self.name.as_deref())?;
        let change = self.change()?;
        Ok(NewTeam {
            name,
            access: change.access.over(OrganizationAccess::default()),
            allow_member_token_management: change.allow_member_token_management.unwrap_or(true),
            visibility: change.visibility.unwrap_or(TeamVisibility::Secret),
            sso_id: change.sso_id.flatten(),
        })
    }

    /// Returns the change to a team.
    pub(super) fn change(self) -> Result<TeamChange, Error> {
        let sso_id = self.sso_team_id.map(|id| {
            let id = id.filter(|id| !id.is_empty());
            parse_if_any("sso-team-id", id.as_deref())
        });
        Ok(TeamChange {
            name: parse_if_any("name", self.name.as_deref())?,
            access: self.organization_access.unwrap_or_default().0,
            allow_member_token_management: self.allow_member_token_management,
            visibility: parse_if_any("visibility", self.visibility.as_deref())?,
            sso_id: sso_id.transpose()?,
        })
    }
}

/// Reads a member that is there, and may be `null`.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// The person to invite to an organization.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct InvitationBody {
    /// The email address of anybody, or the name of a user who exists.
    email: Option<String>,
    /// A name that a user has or will have; only without `email`.
    username: Option<String>,
}

impl RequestAttributes for InvitationBody {
    const TYPES: &'static [&'static str] = &["organization-memberships"];
}

/// How a request names the person to invite.
pub(super) enum Invited {
    /// By an address, or by the name of a user who exists.
    Anybody(String),
    /// By a name.
    Name(Username),
}

impl InvitationBody {
    /// Returns the person.
    pub(super) fn parse(self) -> Result<Invited, Error> {
        match (self.email, self.username) {
            (None, Some(name)) => parse("username", Some(&name)).map(Invited::Name),
            (Some(_), Some(_)) => {
                let reason = "invite an address or a name, not both";
                Err(Error::invalid("username", reason))
            }
            (email, None) => {
                let email = email.unwrap_or_default();
                Ok(Invited::Anybody(email.trim().to_owned()))
            }
        }
    }
}

/// The teams to add the user to.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(super) struct InvitationTeams {
    #[serde(default)]
    teams: Named<Teams>,
}

impl InvitationTeams {
    /// Returns the ids of the teams.
    pub(super) fn parse(self) -> Result<Vec<TeamId>, Problem> {
        let ids = self.teams.ids("/data/relationships/teams/data")?;
        let ids = ids.iter().map(|id| parse_id(id));
        Ok(ids.collect::<Result<_, _>>()?)
    }
}
