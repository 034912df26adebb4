//! Request documents about teams and memberships.

use schemars::JsonSchema;
use serde::Deserialize;

use super::access::AccessBody;
use crate::api::tfe::kit::{
    Named, Problem, RequestAttributes, Teams, parse, parse_id, parse_if_any,
};
use crate::api::tfe::not_served::Part;
use crate::domain::{OrganizationAccess, TeamId, Username};
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
}

impl RequestAttributes for TeamBody {
    const TYPES: &'static [&'static str] = &["teams"];
    const PART: Option<Part> = Some(Part::Team);
}

impl TeamBody {
    /// Returns a new team. Without another word, its members may manage its tokens.
    pub(super) fn new_team(&self) -> Result<NewTeam, Error> {
        let name = parse("name", self.name.as_deref())?;
        let access = self.organization_access.as_ref();
        let nothing = OrganizationAccess::default();
        Ok(NewTeam {
            name,
            access: access.map_or(nothing, |access| access.over(nothing)),
            allow_member_token_management: self.allow_member_token_management.unwrap_or(true),
        })
    }

    /// Returns the change to a team whose access is `now`.
    pub(super) fn change(&self, now: OrganizationAccess) -> Result<TeamChange, Error> {
        let access = self.organization_access.as_ref();
        Ok(TeamChange {
            name: parse_if_any("name", self.name.as_deref())?,
            access: access.map(|access| access.over(now)),
            allow_member_token_management: self.allow_member_token_management,
        })
    }
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
