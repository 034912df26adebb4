//! Users and tokens as the JSON:API shows them.
//!
//! Source: `tests/fixtures/contracts/users-and-accounts.toml`,
//! `tests/fixtures/contracts/tokens.toml`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::api::tfe::kit::{AsText, BASE, RelationshipLink, SelfLink, ToOne};
use crate::api::tfe::not_served::{Constants, part};
use crate::auth::{Caller, TokenSecret};
use crate::domain::{
    ApiToken, EmailAddress, Invitation, Timestamp, TokenId, TokenOwner, User, Username,
};
use crate::registry::{Account, Error, Registry};

/// A user, or the service account that stands for a token without a user.
#[derive(Serialize, JsonSchema)]
pub(crate) struct UserResource {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: UserAttributes,
    relationships: UserRelationships,
    links: SelfLink,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct UserAttributes {
    /// The name; `None` for people who are invited by their address.
    username: Option<String>,
    email: String,
    /// The address that waits until an administrator confirms it; only users themselves see it.
    unconfirmed_email: Option<String>,
    is_service_account: bool,
    is_site_admin: bool,
    is_admin: bool,
    two_factor: Constants<part::TwoFactor>,
    permissions: UserPermissions,
    #[serde(flatten)]
    not_served: Constants<part::User>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct UserPermissions {
    can_create_organizations: bool,
    can_change_email: bool,
    can_change_username: bool,
    can_manage_user_tokens: bool,
    #[serde(flatten)]
    not_served: Constants<part::UserPermissions>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct UserRelationships {
    authentication_tokens: RelationshipLink,
}

/// What callers may do with a user.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct MayDo {
    /// Whether it is the caller's own account.
    pub(super) own: bool,
    /// Whether the caller administers the registry.
    pub(super) administer: bool,
}

/// Returns the resource object of a user as other users see it.
pub(crate) fn other_user(user: &User) -> UserResource {
    self::user(&Account::User(user.clone()), MayDo::default())
}

/// Returns the resource object of an account: a user, or the service account of a token.
pub(super) fn user(account: &Account, may: MayDo) -> UserResource {
    match account {
        Account::User(user) => {
            let waiting = user.unconfirmed_email.as_ref().filter(|_| may.own);
            let facts = Facts {
                id: user.id.to_string(),
                name: Some(user.username.as_str()),
                email: user.email.as_str(),
                unconfirmed_email: waiting.map(EmailAddress::as_str),
                site_admin: user.site_admin,
                is_service: false,
            };
            resource(&facts, may)
        }
        Account::Service(token, name) => {
            let facts = Facts {
                id: service_user(token),
                name: Some(name),
                is_service: true,
                ..Facts::default()
            };
            resource(&facts, may)
        }
    }
}

/// Returns the resource object of the user whom an invitation waits for.
pub(crate) fn invited_user(invitation: &Invitation) -> UserResource {
    let facts = Facts {
        id: invitation.user.to_string(),
        name: invitation.invitee.username().map(Username::as_str),
        email: invitation.invitee.email(),
        ..Facts::default()
    };
    resource(&facts, MayDo::default())
}

/// What is shown of a user, of a service account, or of a person who is invited.
#[derive(Default)]
struct Facts<'a> {
    id: String,
    /// `None` for people who are invited by their address.
    name: Option<&'a str>,
    email: &'a str,
    unconfirmed_email: Option<&'a str>,
    site_admin: bool,
    is_service: bool,
}

fn resource(facts: &Facts<'_>, may: MayDo) -> UserResource {
    let (id, is_service) = (&facts.id, facts.is_service);
    UserResource {
        kind: "users",
        attributes: UserAttributes {
            username: facts.name.map(str::to_owned),
            email: facts.email.to_owned(),
            unconfirmed_email: facts.unconfirmed_email.map(str::to_owned),
            is_service_account: is_service,
            is_site_admin: facts.site_admin,
            is_admin: facts.site_admin,
            two_factor: Constants::default(),
            permissions: UserPermissions {
                can_create_organizations: may.own && may.administer,
                can_change_email: may.own && !is_service,
                can_change_username: may.own && !is_service,
                can_manage_user_tokens: may.own && !is_service,
                not_served: Constants::default(),
            },
            not_served: Constants::default(),
        },
        relationships: UserRelationships {
            authentication_tokens: RelationshipLink::at(format!(
                "{BASE}/users/{id}/authentication-tokens"
            )),
        },
        links: SelfLink::at(format!("{BASE}/users/{id}")),
        id: id.clone(),
    }
}

/// Returns the id of the user that stands for a token without a user. Clients want one behind each
/// token, which stays the same as long as the token.
pub(super) fn service_user(token: &TokenId) -> String {
    let token = token.as_str();
    let part = token.split_once('-').map_or(token, |(_, part)| part);
    format!("user-{part}")
}

/// A token. Its secret is only in the response that creates it.
#[derive(Serialize, JsonSchema)]
pub(super) struct AuthenticationTokenResource {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: TokenAttributes,
    relationships: TokenRelationships,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct TokenAttributes {
    created_at: AsText<Timestamp>,
    last_used_at: Option<AsText<Timestamp>>,
    description: Option<String>,
    token: Option<String>,
    expired_at: Option<AsText<Timestamp>>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct TokenRelationships {
    created_by: ToOne,
    #[serde(skip_serializing_if = "Option::is_none")]
    team: Option<ToOne>,
}

/// Returns the resource object of a token that has just been created, with its secret.
pub(super) fn new_token(
    registry: &Registry,
    token: &ApiToken,
    secret: &TokenSecret,
) -> Result<AuthenticationTokenResource, Error> {
    self::token(
        registry,
        (token, token.creator()),
        None,
        Some(secret.reveal()),
    )
}

/// Returns the resource object of an older token for this caller: without its secret, with the time
/// of its last use.
pub(super) fn stored_token(
    registry: &Registry,
    caller: &Caller,
    token: &ApiToken,
) -> Result<AuthenticationTokenResource, Error> {
    let last_used_at = registry.token_last_used(&token.id)?;
    let creator = registry.visible_creator(caller, token)?;
    self::token(registry, (token, creator), last_used_at, None)
}

fn token(
    registry: &Registry,
    (token, creator): (&ApiToken, TokenOwner),
    last_used_at: Option<Timestamp>,
    secret: Option<&str>,
) -> Result<AuthenticationTokenResource, Error> {
    let team = match &token.owner {
        TokenOwner::Team(team) => Some(ToOne::of("teams", team)),
        TokenOwner::User(_) | TokenOwner::Organization(_) => None,
    };
    Ok(AuthenticationTokenResource {
        id: token.id.to_string(),
        kind: "authentication-tokens",
        attributes: TokenAttributes {
            created_at: AsText(token.created_at),
            last_used_at: last_used_at.map(AsText),
            description: description(token),
            token: secret.map(str::to_owned),
            expired_at: token.expires_at.map(AsText),
        },
        relationships: TokenRelationships {
            created_by: created_by(registry, &creator)?,
            team,
        },
    })
}

/// Returns the description as clients expect it: users' tokens have a text, and the others null
/// where nobody gave one. An earlier release stored an empty text then.
fn description(token: &ApiToken) -> Option<String> {
    let text = token.description.as_ref().map(ToString::to_string);
    match &token.owner {
        TokenOwner::User(_) => Some(text.unwrap_or_default()),
        TokenOwner::Team(_) | TokenOwner::Organization(_) => {
            text.filter(|text| !token.is_primary || !text.is_empty())
        }
    }
}

/// Returns the user, the team or the organization that created a token.
fn created_by(registry: &Registry, creator: &TokenOwner) -> Result<ToOne, Error> {
    Ok(match creator {
        TokenOwner::User(id) => ToOne::of("users", id),
        TokenOwner::Team(id) => ToOne::of("teams", id),
        TokenOwner::Organization(id) => {
            let name = registry.organization_name(id)?;
            ToOne::of(
                "organizations",
                name.as_ref().map_or(id.as_str(), |it| it.as_str()),
            )
        }
    })
}
