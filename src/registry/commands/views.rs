//! What a command shows: flat JSON, which the command line prints as it is or as a table.

use serde_json::{Value, json};

use crate::auth::TokenSecret;
use crate::domain::{
    ApiToken, Membership, Organization, Team, Timestamp, TokenOwner, TokenRestriction, User,
    Username,
};

pub(super) fn list(rows: impl Iterator<Item = Value>) -> Value {
    Value::Array(rows.collect())
}

/// What was done, where there is nothing to show.
pub(super) fn done(sentence: &str) -> Value {
    json!({ "done": sentence })
}

pub(super) fn organization(organization: &Organization) -> Value {
    json!({
        "name": organization.name,
        "id": organization.id,
        "email": organization.email,
        "public": organization.public,
        "allow_version_reuse": organization.allow_version_reuse,
        "allow_revoked_downloads": organization.allow_revoked_downloads,
        "enforce_semver": organization.enforce_semver,
        "public_curation": organization.public_curation,
        "created_at": organization.created_at.to_string(),
    })
}

pub(super) fn user(user: &User) -> Value {
    json!({
        "username": user.username,
        "id": user.id,
        "email": user.email,
        "site_admin": user.site_admin,
        "suspended": user.suspended,
        "has_password": user.password_hash.is_some(),
        "created_at": user.created_at.to_string(),
    })
}

pub(super) fn team(team: &Team) -> Value {
    json!({ "name": team.name, "id": team.id, "access": team.access })
}

pub(super) fn member(username: &Username, membership: &Membership, teams: &[Team]) -> Value {
    let names: Vec<_> = teams
        .iter()
        .filter(|team| membership.teams.contains(&team.id))
        .map(|team| team.name.as_str())
        .collect();
    json!({ "username": username, "id": membership.id, "teams": names })
}

pub(super) fn token(token: &ApiToken, last_used: Option<Timestamp>) -> Value {
    let (owner, restriction) = (owner(&token.owner), restriction(token.restriction.as_ref()));
    json!({
        "id": token.id,
        "owner": owner,
        "description": token.description,
        "scope": token.scope,
        "only": restriction,
        "created_at": token.created_at.to_string(),
        "expires_at": token.expires_at.map(|at| at.to_string()),
        "last_used_at": last_used.map(|at| at.to_string()),
    })
}

fn owner(owner: &TokenOwner) -> &str {
    match owner {
        TokenOwner::User(id) => id.as_str(),
        TokenOwner::Team(id) => id.as_str(),
        TokenOwner::Organization(id) => id.as_str(),
    }
}

fn restriction(restriction: Option<&TokenRestriction>) -> Option<String> {
    restriction.map(|restriction| match restriction {
        TokenRestriction::Organization(id) => id.to_string(),
        TokenRestriction::Module(address) => address.to_string(),
    })
}

/// Adds a secret, which is shown this once.
pub(super) fn with_token(mut shown: Value, secret: &TokenSecret) -> Value {
    if let Some(members) = shown.as_object_mut() {
        members.insert("token".to_owned(), json!(secret.reveal()));
    }
    shown
}
