//! The results of commands as flat JSON, which the command line prints as it is or as a table.

use std::path::Path;

use serde_json::{Value, json};

use crate::auth::TokenSecret;
use crate::domain::{
    GpgKey, KeyHolder, MembershipStatus, Organization, Team, TokenKind, TokenOwner,
    TokenRestriction, User,
};
use crate::registry::commands::{ListedToken, MemberTeams, Outcome};
use crate::registry::{AuditEvent, BackupReport, Budget};

/// Returns the result of a command as JSON.
pub fn outcome(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Done(sentence) => json!({ "done": sentence }),
        Outcome::Organization(it) => organization(it),
        Outcome::Budget(it) => budget(it),
        Outcome::Organizations(all) => all.iter().map(organization).collect(),
        Outcome::Members(all) => all.iter().map(member).collect(),
        Outcome::User(it) => user(it),
        Outcome::UserDetails(it, organizations) => {
            let names = organizations.iter().map(|it| &it.name).collect::<Vec<_>>();
            with(user(it), "organizations", json!(names))
        }
        Outcome::NewUser(it, secret) => with_token(user(it), secret),
        Outcome::Users(all) => all.iter().map(user).collect(),
        Outcome::Team(it) => team(it),
        Outcome::Teams(all) => all.iter().map(team).collect(),
        Outcome::NewToken(it, secret) => with_token(token(it), secret),
        Outcome::Tokens(all) => all.iter().map(token).collect(),
        Outcome::AuditEvents(all) => all.iter().map(event).collect(),
        Outcome::Key(it) => key(it),
        Outcome::ArmoredKey(it) => with(key(it), "ascii_armor", json!(it.armor)),
        Outcome::Keys(all) => all.iter().map(key).collect(),
    }
}

/// Returns a description of a backup as JSON.
pub fn backup(directory: &Path, report: &BackupReport) -> Value {
    json!({
        "directory": directory.display().to_string(),
        "sequence": report.sequence,
        "files": report.files,
        "bytes": report.bytes,
    })
}

fn organization(organization: &Organization) -> Value {
    let rules = &organization.access_rules;
    let longest = |kind: TokenKind| rules.policy(kind).max_ttl_ms;
    json!({
        "name": organization.name,
        "id": organization.id,
        "email": organization.email,
        "public": organization.public,
        "allow_version_reuse": organization.allow_version_reuse,
        "allow_revoked_downloads": organization.allow_revoked_downloads,
        "enforce_semver": organization.enforce_semver,
        "enforce_valid_configuration": organization.enforce_valid_configuration,
        "public_curation": organization.public_curation,
        "user_tokens": rules.user_tokens,
        "max_ttl": rules.max_ttl,
        "organization_token_ttl_ms": longest(TokenKind::Organization),
        "team_token_ttl_ms": longest(TokenKind::Team),
        "user_token_ttl_ms": longest(TokenKind::User),
        "audit_trails_token_ttl_ms": longest(TokenKind::AuditTrails),
        "session_timeout_minutes": rules.session_timeout_minutes,
        "session_remember_minutes": rules.session_remember_minutes,
        "created_at": organization.created_at.to_string(),
    })
}

fn budget(budget: &Budget) -> Value {
    json!({
        "name": budget.organization,
        "stored_bytes": budget.used.total(),
        "budget_bytes": budget.most,
        "staged_bytes": budget.used.staged,
        "staged_budget_bytes": budget.most_staged,
    })
}

fn user(user: &User) -> Value {
    json!({
        "username": user.username,
        "id": user.id,
        "email": user.email,
        "unconfirmed_email": user.unconfirmed_email,
        "site_admin": user.site_admin,
        "suspended": user.suspended,
        "has_password": user.password_hash.is_some(),
        "created_at": user.created_at.to_string(),
    })
}

fn team(team: &Team) -> Value {
    json!({
        "name": team.name,
        "id": team.id,
        "access": team.access(),
        "visibility": team.visibility,
        "sso_id": team.sso_id,
    })
}

fn member(member: &MemberTeams) -> Value {
    let status = match member.person.status() {
        MembershipStatus::Active => "active",
        MembershipStatus::Invited => "invited",
    };
    json!({
        "username": member.person.username(),
        "email": member.person.email(),
        "id": member.person.id(),
        "status": status,
        "teams": member.teams,
    })
}

fn event(event: &AuditEvent) -> Value {
    let changes: Vec<String> = event.changes.iter().map(ToString::to_string).collect();
    json!({
        "sequence": event.sequence,
        "at": event.at.to_string(),
        "actor": event.actor.to_string(),
        "action": event.action,
        "changes": changes,
        "more_changes": event.more,
    })
}

fn token(listed: &ListedToken) -> Value {
    let token = &listed.token;
    let restriction = restriction(token.restriction.as_ref());
    json!({
        "id": token.id,
        "owner": listed.owner,
        "owner_id": owner(&token.owner),
        "description": token.description.clone().unwrap_or_default(),
        "scope": token.scope,
        "only": restriction,
        "created_at": token.created_at.to_string(),
        "expires_at": token.expires_at.map(|at| at.to_string()),
        "last_used_at": listed.last_used.map(|at| at.to_string()),
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
        TokenRestriction::AuditLog(id) => format!("the audit log of {id}"),
    })
}

/// Adds a secret to an object; it is shown this once.
fn with_token(value: Value, secret: &TokenSecret) -> Value {
    with(value, "token", json!(secret.reveal()))
}

/// Adds a member to an object.
fn with(mut value: Value, name: &str, member: Value) -> Value {
    if let Some(members) = value.as_object_mut() {
        members.insert(name.to_owned(), member);
    }
    value
}

fn key(key: &GpgKey) -> Value {
    let holder = match key.holder {
        KeyHolder::Publisher => "publisher",
        KeyHolder::Registry => "registry",
        KeyHolder::Retired => "retired",
    };
    json!({
        "key_id": key.key_id,
        "fingerprint": key.fingerprint,
        "algorithm": key.algorithm,
        "held_by": holder,
        "for_all_clients": key.for_all_clients,
        "created_at": key.created_at.to_string(),
    })
}
