//! What an organization demands of the tokens and sessions with which it is reached.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// How long a token of a kind may live at most where nobody has set anything else: two years of 365
/// days, in milliseconds.
pub const DEFAULT_MAX_TTL_MS: i64 = 2 * 365 * 86_400_000;

/// A kind of token that an organization may limit, in the words of the TFE API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// A token of the organization itself.
    Organization,
    /// A token of one of its teams.
    Team,
    /// A token of a user.
    User,
    /// A token of the organization that only reads its audit log.
    AuditTrails,
}

/// The error for a word that is no kind of token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the kinds of tokens are `organization`, `team`, `user` and `audit_trails`")]
pub struct TokenKindError;

impl TokenKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::Organization,
        Self::Team,
        Self::User,
        Self::AuditTrails,
    ];

    /// Returns the word of the TFE API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Team => "team",
            Self::User => "user",
            Self::AuditTrails => "audit_trails",
        }
    }

    /// Returns the kind in words, to follow "a token".
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Organization => "of the organization",
            Self::Team => "of a team",
            Self::User => "of a user",
            Self::AuditTrails => "for the audit log",
        }
    }
}

impl fmt::Display for TokenKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for TokenKind {
    type Err = TokenKindError;

    fn from_str(text: &str) -> Result<Self, TokenKindError> {
        let kind = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        kind.ok_or(TokenKindError)
    }
}

/// How long tokens of one kind may live at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenTtlPolicy {
    /// The kind of token.
    pub kind: TokenKind,
    /// The longest life, in milliseconds.
    pub max_ttl_ms: i64,
    /// When it was set; `None` if it is the default.
    #[serde(default)]
    pub changed_at: Option<Timestamp>,
}

/// What an organization demands of tokens and sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccessRules {
    /// Whether tokens of users reach the organization. Sessions in a browser always do.
    pub user_tokens: bool,
    /// Whether the policies below are in force.
    pub max_ttl: bool,
    /// The policies that were set, one at most for each kind.
    pub token_policies: Vec<TokenTtlPolicy>,
    /// After how many minutes without a request a member's session ends; `None` for the registry's
    /// own limit.
    pub session_timeout_minutes: Option<u32>,
    /// How many minutes after the sign-in a member's session ends; `None` for the registry's own
    /// limit.
    pub session_remember_minutes: Option<u32>,
}

impl Default for AccessRules {
    fn default() -> Self {
        Self {
            user_tokens: true,
            max_ttl: false,
            token_policies: Vec::new(),
            session_timeout_minutes: None,
            session_remember_minutes: None,
        }
    }
}

impl AccessRules {
    /// Returns the policy for tokens of a kind, whether or not it is in force.
    pub fn policy(&self, kind: TokenKind) -> TokenTtlPolicy {
        let set = self.token_policies.iter().find(|it| it.kind == kind);
        set.copied().unwrap_or(TokenTtlPolicy {
            kind,
            max_ttl_ms: DEFAULT_MAX_TTL_MS,
            changed_at: None,
        })
    }

    /// Sets the longest life of tokens of a kind, in milliseconds.
    pub fn set_policy(&mut self, kind: TokenKind, max_ttl_ms: i64, now: Timestamp) {
        self.token_policies.retain(|it| it.kind != kind);
        self.token_policies.push(TokenTtlPolicy {
            kind,
            max_ttl_ms,
            changed_at: Some(now),
        });
    }

    /// Returns when a token of a kind, made at `created_at`, ends here at the latest; `None` if no
    /// policy is in force.
    pub fn latest_end(&self, kind: TokenKind, created_at: Timestamp) -> Option<Timestamp> {
        self.max_ttl
            .then(|| created_at.plus_milliseconds(self.policy(kind).max_ttl_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_hold_only_while_they_are_in_force_and_have_a_default() {
        let made = Timestamp::from_micros(0);
        let mut rules = AccessRules::default();
        rules.set_policy(TokenKind::Team, 1_500, made);
        assert_eq!(rules.latest_end(TokenKind::Team, made), None);
        rules.max_ttl = true;
        assert_eq!(
            rules.latest_end(TokenKind::Team, made),
            Some(Timestamp::from_micros(1_500_000))
        );
        let two_years = made.plus_seconds(2 * 365 * 86_400);
        assert_eq!(rules.latest_end(TokenKind::User, made), Some(two_years));
        rules.set_policy(TokenKind::Team, 2_000, made);
        assert_eq!(rules.token_policies.len(), 1, "one for each kind");
    }

    #[test]
    fn an_organization_of_an_earlier_release_has_no_rules() {
        let rules: AccessRules = serde_json::from_str("{}").expect("rules");
        assert_eq!(rules, AccessRules::default());
        for kind in TokenKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
    }
}
