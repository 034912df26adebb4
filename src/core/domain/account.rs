//! People, teams, and who belongs to what.

use serde::{Deserialize, Serialize};

use super::{
    MembershipId, OrganizationAccess, OrganizationId, ShortText, TeamId, TeamName, Timestamp,
    UserId, Username,
};

/// The name of the team that each organization has and whose members may do everything in it.
pub const OWNERS_TEAM: &str = "owners";

/// A person, or a machine that acts as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The name to sign in with.
    pub username: Username,
    /// Where to reach them; empty where it is not known.
    #[serde(default)]
    pub email: ShortText,
    /// The argon2id hash of the password, in PHC form; absent for users who have only tokens.
    #[serde(default)]
    pub password_hash: Option<String>,
    /// Whether they administer the whole registry.
    #[serde(default)]
    pub site_admin: bool,
    /// Whether they, and every token of theirs, are shut out.
    #[serde(default)]
    pub suspended: bool,
    /// When they were created.
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
    /// When it was created.
    pub created_at: Timestamp,
}

impl Team {
    /// Whether this is the organization's owners team.
    pub fn is_owners(&self) -> bool {
        self.name.as_str() == OWNERS_TEAM
    }
}

/// Whether an invited person has accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MembershipStatus {
    /// In force.
    Active,
    /// Waiting for the person.
    Invited,
}

/// One user's membership of one organization and of teams in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The id.
    pub id: MembershipId,
    /// The organization.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
    /// Whether it is in force.
    pub status: MembershipStatus,
    /// The teams of that organization the user is in, without repeats.
    pub teams: Vec<TeamId>,
    /// When it was created.
    pub created_at: Timestamp,
}
