//! API tokens: whose they are, how far they reach, until when.

use serde::{Deserialize, Serialize};

use super::{
    ModuleAddress, OrganizationId, ShortText, TeamId, Timestamp, TokenId, TokenScope, UserId,
};

/// Whose rights a token carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum TokenOwner {
    /// A user: everything the user may do.
    User(UserId),
    /// A team: what the team may do in its organization.
    Team(TeamId),
    /// An organization: what its owners may do.
    Organization(OrganizationId),
}

/// What a token is limited to, beyond what its owner is limited to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "to")]
pub enum TokenRestriction {
    /// One organization.
    Organization(OrganizationId),
    /// One module.
    Module(ModuleAddress),
}

/// A token. The secret itself is not here: only its SHA-256 is kept, as the row's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// The public id.
    pub id: TokenId,
    /// Whose rights it carries.
    pub owner: TokenOwner,
    /// What it is for, in the words of whoever made it.
    #[serde(default)]
    pub description: ShortText,
    /// How far it reaches.
    pub scope: TokenScope,
    /// What it is limited to.
    #[serde(default)]
    pub restriction: Option<TokenRestriction>,
    /// The user who made it; absent for tokens made by the operator.
    #[serde(default)]
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// Whether it is the primary token of its organization or team, of which each has one at most.
    /// Stored as `slot`.
    #[serde(rename = "slot", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_primary: bool,
}

impl ApiToken {
    /// Whether the token is past its end at `now`.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}
