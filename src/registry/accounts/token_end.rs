//! When a new token ends: as its maker says, or by the default; at most as late as the registry and
//! the organization allow.

use super::tokens::TokenEnd;
use crate::domain::{ApiToken, Namespace, Timestamp, TokenOwner, TokenRestriction, counted};
use crate::registry::base::{Error, Registry};
use crate::storage::tables::accounts;

/// The latest end of a token, and the words of a refusal of a later one.
struct Latest {
    end: Timestamp,
    reason: String,
}

impl Registry {
    /// Returns when a token that is made now ends; `None` if it does not.
    ///
    /// Without a word from its maker it is the default, or the latest end that is allowed if that is
    /// earlier.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if the end that is asked for has passed, or is later than is allowed.
    pub(super) fn end_of(
        &self,
        asked: Option<TokenEnd>,
        token: &ApiToken,
    ) -> Result<Option<Timestamp>, Error> {
        let now = token.created_at;
        let latest = self.latest_ends(token)?;
        let (field, end) = match asked {
            None => {
                let default = self.settings().token_default;
                let default = default.map(|lifetime| lifetime.end_after(now));
                return Ok(latest.iter().map(|it| it.end).chain(default).min());
            }
            Some(TokenEnd::AfterSeconds(seconds)) => ("expires-in", now.plus_seconds(seconds)),
            Some(TokenEnd::At(end)) => ("expired-at", end),
        };
        if end <= now {
            let reason = "a token must live for at least a second";
            return Err(Error::invalid(field, reason));
        }
        match latest.into_iter().find(|latest| end > latest.end) {
            Some(latest) => Err(Error::invalid(field, latest.reason)),
            None => Ok(Some(end)),
        }
    }

    fn latest_ends(&self, token: &ApiToken) -> Result<Vec<Latest>, Error> {
        let mut all = Vec::new();
        if let Some(longest) = self.settings().token_max_seconds {
            all.push(Latest {
                end: token.created_at.plus_seconds(longest),
                reason: format!("a token may live for {longest} seconds at the most here"),
            });
        }
        all.extend(self.latest_by_policy(token)?);
        Ok(all)
    }

    /// Returns the latest end that the organization of a token allows. A user's token is for all
    /// organizations of the user, so only one that is limited to an organization is judged here; the
    /// others are judged when they are used.
    fn latest_by_policy(&self, token: &ApiToken) -> Result<Option<Latest>, Error> {
        let of_team = match &token.owner {
            TokenOwner::Team(id) => accounts::team_by_id(&self.store, id)?,
            TokenOwner::User(_) | TokenOwner::Organization(_) => None,
        };
        let name = match (&token.owner, &token.restriction) {
            (TokenOwner::Organization(id), _)
            | (TokenOwner::User(_), Some(TokenRestriction::Organization(id))) => {
                id.as_str().to_owned()
            }
            (TokenOwner::Team(_), _) => match of_team {
                Some(team) => team.organization.as_str().to_owned(),
                None => return Ok(None),
            },
            (TokenOwner::User(_), Some(TokenRestriction::Module(address))) => {
                address.namespace.to_string()
            }
            (TokenOwner::User(_), _) => return Ok(None),
        };
        let Some(organization) = self.organization(&name)? else {
            return Ok(None);
        };
        let (rules, kind) = (&organization.access_rules, token.kind());
        let end = rules.latest_end(kind, token.created_at);
        Ok(end.map(|end| Latest {
            end,
            reason: reason(
                &organization.name,
                kind.in_words(),
                rules.policy(kind).max_ttl_ms,
            ),
        }))
    }
}

fn reason(organization: &Namespace, kind: &str, max_ttl_ms: i64) -> String {
    let most = in_words(max_ttl_ms);
    format!(
        "a token {kind} may live for {most} at the most in {organization}: give it an earlier end, \
         or change the policy for tokens of {organization}"
    )
}

/// Returns a time in milliseconds in words, in the largest unit that makes a whole number.
fn in_words(milliseconds: i64) -> String {
    let units = [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute")];
    for (unit, word) in units {
        if milliseconds >= unit && milliseconds % unit == 0 {
            return counted(milliseconds / unit, word);
        }
    }
    counted(milliseconds / 1000, "second")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_in_its_largest_unit() {
        for (milliseconds, words) in [
            (86_400_000, "1 day"),
            (63_072_000_000, "730 days"),
            (5_400_000, "90 minutes"),
            (1_000, "1 second"),
        ] {
            assert_eq!(in_words(milliseconds), words);
        }
    }
}
