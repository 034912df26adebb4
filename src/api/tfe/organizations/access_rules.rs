//! What an organization demands of tokens and sessions, as attributes of `organizations`.
//!
//! Source: `tests/fixtures/contracts/organizations.toml`.

#![expect(
    clippy::option_option,
    reason = "an attribute that is null is not the same as one that is left out"
)]

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::AccessRules;
use crate::registry::{AccessRulesChange, Error};

/// The rules in a request. A limit of sessions that is 0 or null is the registry's own.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct AccessRulesBody {
    #[serde(default, alias = "session_timeout", deserialize_with = "sent")]
    session_timeout: Option<Option<i64>>,
    #[serde(default, alias = "session_remember", deserialize_with = "sent")]
    session_remember: Option<Option<i64>>,
    #[serde(alias = "user_tokens_enabled")]
    user_tokens_enabled: Option<bool>,
    #[serde(alias = "max_ttl_enabled")]
    max_ttl_enabled: Option<bool>,
}

/// Tells null, which removes a limit, from an attribute that was not sent.
fn sent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<i64>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl AccessRulesBody {
    /// Returns the change that the request asks for.
    pub(super) fn parse(&self) -> Result<AccessRulesChange, Error> {
        Ok(AccessRulesChange {
            user_tokens: self.user_tokens_enabled,
            max_ttl: self.max_ttl_enabled,
            session_timeout_minutes: minutes("session-timeout", self.session_timeout)?,
            session_remember_minutes: minutes("session-remember", self.session_remember)?,
            ..AccessRulesChange::default()
        })
    }
}

fn minutes(field: &'static str, sent: Option<Option<i64>>) -> Result<Option<u32>, Error> {
    let whole = |minutes: i64| {
        let reason =
            "it is a number of minutes, from 1 on; 0 or null is the limit of this registry";
        u32::try_from(minutes).map_err(|_| Error::invalid(field, reason))
    };
    sent.map(|sent| whole(sent.unwrap_or(0))).transpose()
}

/// The rules in an answer.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct AccessRulesAttributes {
    /// The minutes without a request after which a session ends; null for the registry's own limit.
    session_timeout: Option<u32>,
    /// The minutes after the sign-in at which a session ends; null for the registry's own limit.
    session_remember: Option<u32>,
    user_tokens_enabled: bool,
    max_ttl_enabled: bool,
}

impl AccessRulesAttributes {
    pub(super) fn of(rules: &AccessRules) -> Self {
        Self {
            session_timeout: rules.session_timeout_minutes,
            session_remember: rules.session_remember_minutes,
            user_tokens_enabled: rules.user_tokens,
            max_ttl_enabled: rules.max_ttl,
        }
    }
}
