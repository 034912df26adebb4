//! API tokens: their owners, scopes, restrictions and lifetimes.

use serde::{Deserialize, Serialize};

use super::{
    ModuleAddress, OrganizationId, ShortText, TeamId, Timestamp, TokenId, TokenKind, TokenScope,
    UserId,
};

/// How far ahead of the clock a token may have been made, in seconds.
const AHEAD_SECONDS: i64 = 3600;

/// The owner of a token, whose rights the token carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum TokenOwner {
    /// A user: the token may do what the user may do.
    User(UserId),
    /// A team: the token may do what the team may do in its organization.
    Team(TeamId),
    /// An organization: the token may do what the organization's owners may do.
    Organization(OrganizationId),
}

/// A restriction of a token to a part of what its owner may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "to")]
pub enum TokenRestriction {
    /// The token is valid in one organization only.
    Organization(OrganizationId),
    /// The token is valid for one module only.
    Module(ModuleAddress),
    /// The token reads the audit log of its organization, and does nothing else.
    AuditLog(OrganizationId),
}

/// An API token. Its secret is not stored: the key of the row is the SHA-256 of the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// The public id.
    pub id: TokenId,
    /// The owner.
    pub owner: TokenOwner,
    /// What the token is for, in the words of the person who created it; `None` if nobody said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<ShortText>,
    /// What the token may be used for.
    pub scope: TokenScope,
    /// The restriction; `None` if the token is valid everywhere.
    #[serde(default)]
    pub restriction: Option<TokenRestriction>,
    /// The user who created the token; `None` if nobody with an account did.
    #[serde(default)]
    pub created_by: Option<UserId>,
    /// The team or organization with whose token the token was created; `None` if a user or the
    /// operator created it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_with: Option<TokenOwner>,
    /// When the token was created.
    pub created_at: Timestamp,
    /// When the token expires; `None` if it never does.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// Whether the token was seen to have expired. It stays expired, even if the clock was wrong.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_expired: bool,
    /// Whether it is the primary token of its organization or team, of which each has one at most.
    /// Stored as `slot`.
    #[serde(rename = "slot", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_primary: bool,
}

impl ApiToken {
    /// Returns the kind of token, as organizations limit it.
    pub fn kind(&self) -> TokenKind {
        match (&self.owner, &self.restriction) {
            (TokenOwner::User(_), _) => TokenKind::User,
            (TokenOwner::Team(_), _) => TokenKind::Team,
            (TokenOwner::Organization(_), Some(TokenRestriction::AuditLog(_))) => {
                TokenKind::AuditTrails
            }
            (TokenOwner::Organization(_), _) => TokenKind::Organization,
        }
    }

    /// Returns who created the token. Of a token that the operator created, that is its owner.
    pub fn creator(&self) -> TokenOwner {
        match (&self.created_by, &self.created_with) {
            (Some(user), _) => TokenOwner::User(user.clone()),
            (None, Some(owner)) => owner.clone(),
            (None, None) => self.owner.clone(),
        }
    }

    /// Returns whether the token has expired at `now`.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.has_expired || self.expires_at.is_some_and(|end| end <= now)
    }

    /// Returns whether the token must be ended for good: it has expired, or it has an end and was
    /// made in the future, while the clock was wrong, so that it would live too long.
    pub fn is_to_end(&self, now: Timestamp) -> bool {
        let is_ahead = self.created_at > now.plus_seconds(AHEAD_SECONDS);
        !self.has_expired && (self.is_expired(now) || (self.expires_at.is_some() && is_ahead))
    }
}
