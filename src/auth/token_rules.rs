//! What an organization demands of a token: whether it takes tokens of users, and how long tokens
//! live.

use super::{Caller, Credential, TokenFault};
use crate::domain::{Organization, Timestamp, TokenKind, TokenRestriction};

/// Returns why the organization refuses the caller's token; `None` if it takes it, if the caller
/// uses none, and for callers who do not belong to the organization: what it demands is not for them
/// to know.
pub fn token_fault(
    caller: &Caller,
    organization: &Organization,
    now: Timestamp,
) -> Option<TokenFault> {
    let Caller::Token(holder) = caller else {
        return None;
    };
    let Credential::Token(_) = holder.credential else {
        return None;
    };
    if !holder.site_admin && holder.standing_in(&organization.id).is_none() {
        return None;
    }
    let rules = &organization.access_rules;
    let kind = match (&holder.user, &holder.team, &holder.restriction) {
        (Some(_), _, _) => TokenKind::User,
        (None, Some(_), _) => TokenKind::Team,
        (None, None, Some(TokenRestriction::AuditLog(_))) => TokenKind::AuditTrails,
        (None, None, _) => TokenKind::Organization,
    };
    if kind == TokenKind::User && !rules.user_tokens {
        return Some(TokenFault::NoUserTokens);
    }
    let end = rules.latest_end(kind, holder.created_at?)?;
    (end <= now).then_some(TokenFault::TooOld(end))
}
