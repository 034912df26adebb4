//! Users, teams, and which users belong to which organizations and teams.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{
    EmailAddress, MembershipId, OrganizationAccess, OrganizationId, ShortText, TeamId, TeamName,
    Timestamp, UserId, Username,
};

/// The name of the owners team. Every organization has one; its members may do everything in it.
pub const OWNERS_TEAM: &str = "owners";

/// A user account: of a person, or of a machine that uses the registry like one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The name that the user signs in with.
    pub username: Username,
    /// The email address; empty if none is known.
    #[serde(default)]
    pub email: ShortText,
    /// The address that the user has asked for, and that no administrator has confirmed; `None` if
    /// there is none. Nothing looks at it: people are invited by the address above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unconfirmed_email: Option<EmailAddress>,
    /// The argon2id hash of the password, in PHC form; `None` for users who have only tokens.
    #[serde(default)]
    pub password_hash: Option<String>,
    /// Whether the user administers the whole registry.
    #[serde(default)]
    pub site_admin: bool,
    /// Whether the account is suspended: neither the user nor any of their tokens is accepted.
    #[serde(default)]
    pub suspended: bool,
    /// When the account was created.
    pub created_at: Timestamp,
}

/// Who may see a team.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamVisibility {
    /// Its own members, and those who have the right to see secret teams.
    Secret,
    /// All members of the organization.
    #[default]
    Organization,
}

impl TeamVisibility {
    /// Returns the word of the TFE API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Organization => "organization",
        }
    }
}

/// The text is no visibility of a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the visibility of a team is `secret` or `organization`")]
pub struct TeamVisibilityError;

impl FromStr for TeamVisibility {
    type Err = TeamVisibilityError;

    fn from_str(text: &str) -> Result<Self, TeamVisibilityError> {
        match text {
            "secret" => Ok(Self::Secret),
            "organization" => Ok(Self::Organization),
            _ => Err(TeamVisibilityError),
        }
    }
}

/// A team inside one organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// The id.
    pub id: TeamId,
    /// The organization it is in.
    pub organization: OrganizationId,
    /// Its name, unique in the organization.
    pub name: TeamName,
    /// What its members may do in the organization.
    pub access: OrganizationAccess,
    /// Whether its members may make, see and revoke its tokens. Teams that an earlier release stored
    /// have no such members.
    #[serde(default)]
    pub allow_member_token_management: bool,
    /// Who may see it. Teams of older programs are seen by all members of their organization.
    #[serde(default)]
    pub visibility: TeamVisibility,
    /// Its id at a service for single sign-on, which is kept until there is sign-on; `None` if it
    /// has none.
    #[serde(default)]
    pub sso_id: Option<ShortText>,
    /// When it was created.
    pub created_at: Timestamp,
}

impl Team {
    /// Returns whether this is the organization's owners team.
    pub fn is_owners(&self) -> bool {
        self.name.as_str() == OWNERS_TEAM
    }

    /// Returns what its members may do: the owners may do everything, whatever their row says.
    pub fn access(&self) -> OrganizationAccess {
        if self.is_owners() {
            OrganizationAccess::OWNER
        } else {
            self.access
        }
    }

    /// Returns whether only some members of the organization see this team.
    pub fn is_secret(&self) -> bool {
        self.visibility == TeamVisibility::Secret
    }

    /// Returns what the tokens of the team are called where their uses are shown. The pages of
    /// modules say who published them, so the name of a secret team stays unnamed there.
    pub fn name_of_tokens(&self) -> String {
        if self.is_secret() {
            "a secret team".to_owned()
        } else {
            format!("team {}", self.name)
        }
    }
}

/// Whether an invited user has accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MembershipStatus {
    /// The membership is in force.
    Active,
    /// The user has been invited and has not accepted yet.
    Invited,
}

/// A user's membership of one organization, and of teams in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The id.
    pub id: MembershipId,
    /// The organization.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
    /// Whether the membership is in force or still an invitation.
    pub status: MembershipStatus,
    /// The teams of this organization that the user is in, without repeats.
    pub teams: Vec<TeamId>,
    /// When it was created.
    pub created_at: Timestamp,
}
