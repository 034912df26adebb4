//! `authentication-token` of an organization or a team: create or replace, show, revoke; and
//! `team-tokens`.
//!
//! Source: `tests/fixtures/contracts/tokens.toml#slots`.

use actix_web::web;
use schemars::JsonSchema;
use serde::Deserialize;

use super::body::NewTokenBody;
use super::view::{self, AuthenticationTokenResource};
use crate::api::tfe::kit::{
    ById, Call, Document, OptionalBody, Page, PageQuery, Reply, created, no_content, ok,
};
use crate::api::tfe::not_served::AUDIT_TRAILS;
use crate::auth::{ReadMembers, TokenGrant};
use crate::domain::TeamId;
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::Error;
use crate::routes;

routes! {
    /// Shows the organization's token, without its secret.
    GET "/organizations/{organization}/authentication-token" => show_own [Access::ManageTokens] query(TokenKindQuery) -> 200 Document<AuthenticationTokenResource>,
    /// Creates the organization's token, and revokes the previous one.
    POST "/organizations/{organization}/authentication-token" => replace_own [Access::ManageTokens] query(TokenKindQuery) takes(OptionalBody<NewTokenBody>) -> 201 Document<AuthenticationTokenResource>,
    /// Revokes the organization's token.
    DELETE "/organizations/{organization}/authentication-token" => revoke_own [Access::ManageTokens] query(TokenKindQuery) -> 204,
    /// Lists the tokens of an organization's teams that the caller may manage.
    GET "/organizations/{organization}/team-tokens" => list [Access::ReadMembers] query(PageQuery) -> 200 Page<AuthenticationTokenResource>,
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
    /// The kind: `organization`, which is the only one here. `None` means the same.
    token: Option<String>,
}

impl TokenKindQuery {
    /// Refuses every kind that this registry does not have.
    fn check(&self) -> Result<(), Error> {
        match self.token.as_deref() {
            None | Some("" | "organization") => Ok(()),
            Some(_) => {
                let reason = AUDIT_TRAILS.reason;
                Err(Error::NotFound(format!("a token of this kind ({reason})")))
            }
        }
    }
}

async fn show_own(call: Call, name: web::Path<String>, kind: Query<TokenKindQuery>) -> Reply {
    let grant = call.app.registry.token_grant(&call.caller, &name)?;
    kind.0.check()?;
    show(&call, grant).await
}

async fn replace_own(
    call: Call,
    name: web::Path<String>,
    kind: Query<TokenKindQuery>,
    payload: web::Payload,
) -> Reply {
    let grant = call.app.registry.token_grant(&call.caller, &name)?;
    kind.0.check()?;
    replace(&call, grant, payload).await
}

async fn revoke_own(call: Call, name: web::Path<String>, kind: Query<TokenKindQuery>) -> Reply {
    let grant = call.app.registry.token_grant(&call.caller, &name)?;
    kind.0.check()?;
    revoke(&call, grant).await
}

async fn show_of_team(ById(call, id): ById<TeamId>) -> Reply {
    let (grant, _) = call.app.registry.team_token_grant(&call.caller, &id)?;
    show(&call, grant).await
}

async fn replace_of_team(ById(call, id): ById<TeamId>, payload: web::Payload) -> Reply {
    let (grant, _) = call.app.registry.team_token_grant(&call.caller, &id)?;
    replace(&call, grant, payload).await
}

async fn revoke_of_team(ById(call, id): ById<TeamId>) -> Reply {
    let (grant, _) = call.app.registry.team_token_grant(&call.caller, &id)?;
    revoke(&call, grant).await
}

async fn create_for_team(ById(call, id): ById<TeamId>, payload: web::Payload) -> Reply {
    let (grant, _) = call.app.registry.team_token_grant(&call.caller, &id)?;
    let new = call.attributes_if_any::<NewTokenBody>(payload).await?;
    let new = new.parse()?;
    let (token, secret) = call
        .run_as_caller(move |registry, caller| {
            registry.create_organization_token(&grant, caller, new)
        })
        .await?;
    Ok(created(view::new_token(&token, &secret)))
}

async fn list(call: Call, name: web::Path<String>, pages: Query<PageQuery>) -> Reply {
    let grant = call.grant::<ReadMembers>(&name)?;
    let tokens = call
        .run_as_caller(move |registry, caller| {
            let tokens = registry.team_tokens(&grant, caller)?;
            let page = pages.0.cut(tokens);
            page.try_map(|(_, token)| view::stored_token(registry, &token))
        })
        .await?;
    Ok(tokens.into_page(&call.list_address()).answer())
}

/// Shows the primary token of an organization or a team.
async fn show(call: &Call, grant: TokenGrant) -> Reply {
    let resource = call
        .run(move |registry| {
            let token = registry.primary_token(&grant)?;
            view::stored_token(registry, &token)
        })
        .await?;
    Ok(ok(resource))
}

async fn replace(call: &Call, grant: TokenGrant, payload: web::Payload) -> Reply {
    let new = call.attributes_if_any::<NewTokenBody>(payload).await?;
    let new = new.parse()?;
    let (token, secret) = call
        .run_as_caller(move |registry, caller| registry.replace_primary_token(&grant, caller, new))
        .await?;
    Ok(created(view::new_token(&token, &secret)))
}

async fn revoke(call: &Call, grant: TokenGrant) -> Reply {
    call.run(move |registry| registry.remove_primary_token(&grant))
        .await?;
    Ok(no_content())
}
