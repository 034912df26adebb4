//! What an organization demands of tokens and sessions: changing it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{AccessRules, Timestamp, TokenKind};
use crate::registry::base::Error;

/// The shortest life that a policy may allow, in milliseconds.
const SHORTEST_TTL_MS: i64 = 1_000;
/// The longest life that a policy may allow, in milliseconds: a hundred years.
const LONGEST_TTL_MS: i64 = 100 * 366 * 86_400_000;
/// The most minutes that a session's limit may be: a year.
const MOST_SESSION_MINUTES: u32 = 366 * 1440;

/// A change of what an organization demands; what is `None` stays as it is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AccessRulesChange {
    /// Whether tokens of users reach the organization.
    pub user_tokens: Option<bool>,
    /// Whether its policies about the life of tokens are in force.
    pub max_ttl: Option<bool>,
    /// After how many minutes without a request a member's session ends; 0 for the registry's own
    /// limit.
    pub session_timeout_minutes: Option<u32>,
    /// How many minutes after the sign-in a member's session ends; 0 for the registry's own limit.
    pub session_remember_minutes: Option<u32>,
    /// How long tokens of some kinds may live, in milliseconds; the other kinds keep their policy.
    pub token_policies: BTreeMap<TokenKind, i64>,
}

impl AccessRulesChange {
    /// Makes the change at the time `now`.
    pub(super) fn apply(&self, rules: &mut AccessRules, now: Timestamp) -> Result<(), Error> {
        for (kind, max_ttl_ms) in &self.token_policies {
            if !(SHORTEST_TTL_MS..=LONGEST_TTL_MS).contains(max_ttl_ms) {
                let reason = format!(
                    "a token {} can live for a second at least and a hundred years at most: \
                     `max-ttl-ms` of `{kind}` is from {SHORTEST_TTL_MS} to {LONGEST_TTL_MS}",
                    kind.in_words()
                );
                return Err(Error::invalid("token-ttl-policies", reason));
            }
            rules.set_policy(*kind, *max_ttl_ms, now);
        }
        rules.user_tokens = self.user_tokens.unwrap_or(rules.user_tokens);
        rules.max_ttl = self.max_ttl.unwrap_or(rules.max_ttl);
        if let Some(minutes) = self.session_timeout_minutes {
            rules.session_timeout_minutes = session_limit("session-timeout", minutes)?;
        }
        if let Some(minutes) = self.session_remember_minutes {
            rules.session_remember_minutes = session_limit("session-remember", minutes)?;
        }
        Ok(())
    }
}

fn session_limit(field: &'static str, minutes: u32) -> Result<Option<u32>, Error> {
    if minutes > MOST_SESSION_MINUTES {
        let reason = format!(
            "a session can end after 1 to {MOST_SESSION_MINUTES} minutes, which is a year; write 0 or \
             null for the limit of this registry"
        );
        return Err(Error::invalid(field, reason));
    }
    Ok((minutes > 0).then_some(minutes))
}
