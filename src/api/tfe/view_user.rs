//! Users and tokens as the JSON:API shows them.
//!
//! Source: samples 004/users-*, 004/user-tokens-*; tfe-clients.md (users, user tokens).

use serde_json::{Value, json};

use super::BASE;
use crate::domain::{ApiToken, Timestamp, TokenOwner};
use crate::registry::Account;

/// The resource object of whoever is behind a token.
pub(super) fn user(account: &Account, creates_organizations: bool) -> Value {
    let (id, name, email, site_admin) = match account {
        Account::User(user) => (
            user.id.to_string(),
            user.username.as_str(),
            Some(user.email.as_str()),
            user.site_admin,
        ),
        // Clients want a user behind each token: one that stays the same as long as the token.
        Account::Service(token, name) => {
            let token = token.as_str();
            let part = token.split_once('-').map_or(token, |(_, part)| part);
            (format!("user-{part}"), name.as_str(), None, false)
        }
    };
    let is_service = email.is_none();
    json!({
        "id": id,
        "type": "users",
        "attributes": {
            "username": name,
            "email": email.unwrap_or_default(),
            "unconfirmed-email": null,
            "is-service-account": is_service,
            "is-site-admin": site_admin,
            "is-admin": site_admin,
            "is-sso-login": false,
            "auth-method": "tfc",
            // Nothing is loaded from elsewhere, so there are no pictures of people.
            "avatar-url": "",
            "v2-only": true,
            "two-factor": { "enabled": false, "verified": false },
            "permissions": {
                "can-create-organizations": creates_organizations,
                "can-change-email": false,
                "can-change-username": false,
                "can-manage-user-tokens": !is_service,
                "can-view2fa-settings": false,
                "can-manage-hcp-account": false,
            },
        },
        "relationships": {
            "authentication-tokens": {
                "links": { "related": format!("{BASE}/users/{id}/authentication-tokens") },
            },
        },
        "links": { "self": format!("{BASE}/users/{id}") },
    })
}

/// A token; its secret only in the answer to whoever made it.
pub(super) fn token(
    token: &ApiToken,
    last_used_at: Option<Timestamp>,
    secret: Option<&str>,
) -> Value {
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let creator = token.created_by.as_ref();
    let mut relationships = json!({
        "created-by": {
            "data": creator.map(|user| json!({ "id": user, "type": "users" })),
        },
    });
    if let (TokenOwner::Team(team), Some(members)) = (&token.owner, relationships.as_object_mut()) {
        let team = json!({ "data": { "id": team, "type": "teams" } });
        members.insert("team".to_owned(), team);
    }
    json!({
        "id": token.id,
        "type": "authentication-tokens",
        "attributes": {
            "created-at": token.created_at.to_string(),
            "last-used-at": time(last_used_at),
            "description": token.description.as_str(),
            "token": secret,
            "expired-at": time(token.expires_at),
        },
        "relationships": relationships,
    })
}
