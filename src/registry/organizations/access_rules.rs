//! What an organization demands of tokens and sessions: changing it.

use serde::{Deserialize, Serialize};

use crate::auth::{Grant, ManageOrganization};
use crate::domain::{AccessRules, Organization, TokenKind};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::tables::organizations;

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
}

impl AccessRulesChange {
    /// Makes the change.
    pub(super) fn apply(&self, rules: &mut AccessRules) -> Result<(), Error> {
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

impl Registry {
    /// Sets how long tokens of some kinds may live, in milliseconds; the other kinds keep their
    /// policy.
    pub fn change_token_policies(
        &self,
        grant: &Grant<ManageOrganization>,
        policies: &[(TokenKind, i64)],
    ) -> Result<Organization, Error> {
        const FIELD: &str = "token-ttl-policies";
        if policies.is_empty() {
            let reason = "name at least one kind of token with its `max-ttl-ms`";
            return Err(Error::invalid(FIELD, reason));
        }
        for (index, (kind, max_ttl_ms)) in policies.iter().enumerate() {
            if policies
                .iter()
                .skip(index + 1)
                .any(|(other, _)| other == kind)
            {
                let reason = format!("the kind `{kind}` stands there twice");
                return Err(Error::invalid(FIELD, reason));
            }
            if !(SHORTEST_TTL_MS..=LONGEST_TTL_MS).contains(max_ttl_ms) {
                let reason = format!(
                    "`max-ttl-ms` of `{kind}` must be from {SHORTEST_TTL_MS}, which is a second, to \
                     {LONGEST_TTL_MS}, which is a hundred years"
                );
                return Err(Error::invalid(FIELD, reason));
            }
        }
        let (id, now) = (organization_of(grant)?.id.clone(), self.now());
        self.write(&grant.actor(), "change token policies", |tx| {
            let mut organization = organizations::in_tx(tx, &id)?
                .ok_or_else(|| Error::NotFound("the organization".to_owned()))?;
            for (kind, max_ttl_ms) in policies {
                organization
                    .access_rules
                    .set_policy(*kind, *max_ttl_ms, now);
            }
            organizations::update(tx, &organization)?;
            Ok(organization)
        })
    }
}
