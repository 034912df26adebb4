//! The flags of `terrakeep org update` that say what an organization demands of tokens and sessions.

use std::str::FromStr;

use clap::Args;

use super::lifetime::lifetime;
use super::token::seconds;
use crate::domain::TokenKind;
use crate::registry::AccessRulesChange;

/// What an organization demands of tokens and sessions; what is not given stays as it is.
#[derive(Debug, Args)]
pub(super) struct TokenRulesArgs {
    /// Take tokens of users; without them, only sessions and tokens of teams and the organization
    #[arg(long, value_name = "true|false")]
    user_tokens: Option<bool>,
    /// Let tokens live only as long as its policies allow
    #[arg(long, value_name = "true|false")]
    max_ttl: Option<bool>,
    /// A policy: how long tokens of a kind may live, such as `team=30d`; the kinds are
    /// `organization`, `team`, `user` and `audit_trails`; may be given several times
    #[arg(long, value_name = "KIND=TIME")]
    token_ttl: Vec<TokenTtl>,
    /// End its members' sessions after so many minutes without a request; 0 for no rule of its own
    #[arg(long, value_name = "MINUTES")]
    session_timeout: Option<u32>,
    /// End its members' sessions so many minutes after the sign-in; 0 for no rule of its own
    #[arg(long, value_name = "MINUTES")]
    session_remember: Option<u32>,
}

/// How long tokens of one kind may live.
#[derive(Debug, Clone, Copy)]
struct TokenTtl {
    kind: TokenKind,
    max_ttl_ms: i64,
}

impl FromStr for TokenTtl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, time) = text
            .split_once('=')
            .ok_or("write a kind of token and a time, as in `team=30d`")?;
        let kind = kind
            .parse::<TokenKind>()
            .map_err(|error| error.to_string())?;
        let time = lifetime(time)?;
        Ok(Self {
            kind,
            max_ttl_ms: seconds(time).saturating_mul(1000),
        })
    }
}

impl From<TokenRulesArgs> for AccessRulesChange {
    fn from(args: TokenRulesArgs) -> Self {
        let policies = args.token_ttl.iter();
        Self {
            user_tokens: args.user_tokens,
            max_ttl: args.max_ttl,
            session_timeout_minutes: args.session_timeout,
            session_remember_minutes: args.session_remember,
            token_policies: policies.map(|it| (it.kind, it.max_ttl_ms)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_a_kind_of_token_and_a_time() {
        let policy: TokenTtl = "audit_trails=12h".parse().expect("a policy");
        assert_eq!(policy.kind, TokenKind::AuditTrails);
        assert_eq!(policy.max_ttl_ms, 43_200_000);
        for wrong in ["", "team", "team=", "team=soon", "site=1d", "=1d"] {
            assert!(wrong.parse::<TokenTtl>().is_err(), "{wrong}");
        }
    }
}
