//! `authentication-token` of an organization or a team: create or replace, show, revoke; and further
//! tokens of a team.
//!
//! Source: `tests/fixtures/contracts/tokens.toml#slots`.

use actix_web::web;
use schemars::JsonSchema;
use serde::Deserialize;

use super::body::NewTokenBody;
use super::view::{self, AuthenticationTokenResource};
use crate::api::tfe::kit::{ById, Call, Document, OptionalBody, Reply, created, no_content, ok};
use crate::auth::TokenGrant;
use crate::domain::TeamId;
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::{Error, PrimaryKind};
use crate::routes;

routes! {
    /// Shows the organization's token, without its secret.
    GET "/organizations/{organization}/authentication-token" => show_own [Access::ManageTokens] query(TokenKindQuery) -> 200 Document<AuthenticationTokenResource>,
    /// Creates the organization's token, and revokes the previous one.
    POST "/organizations/{organization}/authentication-token" => replace_own [Access::ManageTokens] query(TokenKindQuery) takes(OptionalBody<NewTokenBody>) -> 201 Document<AuthenticationTokenResource>,
    /// Revokes the organization's token.
    DELETE "/organizations/{organization}/authentication-token" => revoke_own [Access::ManageTokens] query(TokenKindQuery) -> 204,
    /// Shows the team's token, without its secret.
    GET "/teams/{team_id}/authentication-token" => show_of_team [Access::ById] -> 200 Document<AuthenticationTokenResource>,
    /// Creates the team's token, and revokes the previous one.
    POST "/teams/{team_id}/authentication-token" => replace_of_team [Access::ById] takes(OptionalBody<NewTokenBody>) -> 201 Document<AuthenticationTokenResource>,
    /// Revokes the team's token.
    DELETE "/teams/{team_id}/authentication-token" => revoke_of_team [Access::ById] -> 204,
    /// Creates a further token of a team.
    POST "/teams/{team_id}/authentication-tokens" => create_for_team [Access::ById] takes(OptionalBody<NewTokenBody>) -> 201 Document<AuthenticationTokenResource>,
}

/// `?token=…`: the kind of the organization's token that is asked for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct TokenKindQuery {
    /// The kind: `organization` for the token that may do everything in the organization, or
    /// `audit-trails` for the one that reads its audit log. `None` means `organization`.
    token: Option<String>,
}

impl TokenKindQuery {
    /// Returns the kind; a word that is none gives an error.
    fn kind(&self) -> Result<PrimaryKind, Error> {
        match self.token.as_deref() {
            None | Some("" | "organization") => Ok(PrimaryKind::Full),
            Some("audit-trails") => Ok(PrimaryKind::AuditLog),
            Some(_) => {
                let reason =
                    "a token of this kind (the kinds are `organization` and `audit-trails`)";
                Err(Error::NotFound(reason.to_owned()))
            }
        }
    }
}

async fn show_own(call: Call, name: web::Path<String>, kind: Query<TokenKindQuery>) -> Reply {
    let grant = call.app.registry.token_grant(&call.caller, &name)?;
    show(&call, grant, kind.0.kind()?).await
}

async fn replace_own(
    call: Call,
    name: web::Path<String>,
    kind: Query<TokenKindQuery>,
    payload: web::Payload,
) -> Reply {
    let grant = call.app.registry.token_grant(&call.caller, &name)?;
    replace(&call, grant, kind.0.kind()?, payload).await
}

async fn revoke_own(call: Call, name: web::Path<String>, kind: Query<TokenKindQuery>) -> Reply {
    let grant = call.app.registry.token_grant(&call.caller, &name)?;
    revoke(&call, grant, kind.0.kind()?).await
}

async fn show_of_team(ById(call, id): ById<TeamId>) -> Reply {
    let (grant, _) = call.app.registry.team_token_grant(&call.caller, &id)?;
    show(&call, grant, PrimaryKind::Full).await
}

async fn replace_of_team(ById(call, id): ById<TeamId>, payload: web::Payload) -> Reply {
    let (grant, _) = call.app.registry.team_token_grant(&call.caller, &id)?;
    replace(&call, grant, PrimaryKind::Full, payload).await
}

async fn revoke_of_team(ById(call, id): ById<TeamId>) -> Reply {
    let (grant, _) = call.app.registry.team_token_grant(&call.caller, &id)?;
    revoke(&call, grant, PrimaryKind::Full).await
}

async fn create_for_team(ById(call, id): ById<TeamId>, payload: web::Payload) -> Reply {
    let (grant, _) = call.app.registry.team_token_grant(&call.caller, &id)?;
    let new = call.attributes_if_any::<NewTokenBody>(payload).await?;
    let new = new.parse()?;
    let resource = call
        .run_as_caller(move |registry, caller| {
            let (token, secret) = registry.create_organization_token(&grant, caller, new)?;
            view::new_token(registry, &token, &secret)
        })
        .await?;
    Ok(created(resource))
}

/// Shows the primary token of an organization or a team.
async fn show(call: &Call, grant: TokenGrant, kind: PrimaryKind) -> Reply {
    let resource = call
        .run_as_caller(move |registry, caller| {
            let token = registry.primary_token(&grant, kind)?;
            view::stored_token(registry, caller, &token)
        })
        .await?;
    Ok(ok(resource))
}

async fn replace(
    call: &Call,
    grant: TokenGrant,
    kind: PrimaryKind,
    payload: web::Payload,
) -> Reply {
    let new = call.attributes_if_any::<NewTokenBody>(payload).await?;
    let new = new.parse()?;
    let resource = call
        .run_as_caller(move |registry, caller| {
            let (token, secret) = registry.replace_primary_token(&grant, caller, kind, new)?;
            view::new_token(registry, &token, &secret)
        })
        .await?;
    Ok(created(resource))
}

async fn revoke(call: &Call, grant: TokenGrant, kind: PrimaryKind) -> Reply {
    call.run(move |registry| registry.remove_primary_token(&grant, kind))
        .await?;
    Ok(no_content())
}
