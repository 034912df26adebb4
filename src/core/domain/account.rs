//! Users, teams, and which users belong to which organizations and teams.

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
    /// When it was created.
    pub created_at: Timestamp,
}

impl Team {
    /// Returns whether this is the organization's owners team.
    pub fn is_owners(&self) -> bool {
        self.name.as_str() == OWNERS_TEAM
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
