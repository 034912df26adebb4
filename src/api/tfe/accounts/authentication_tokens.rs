//! `authentication-tokens` of users: list, make, show, revoke one's own.
//!
//! Source: `tests/fixtures/contracts/tokens.toml`.

use actix_web::web;

use super::body::NewTokenBody;
use super::view::{self, AuthenticationTokenResource};
use crate::api::tfe::kit::{
    Body, ById, Call, Document, Page, PageQuery, Reply, ResourceId, created, no_content, ok,
};
use crate::domain::{TokenId, UserId};
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::Error;
use crate::routes;

routes! {
    /// Lists the caller's tokens. Those of other users are not shown.
    GET "/users/{user}/authentication-tokens" => list [Access::Authenticated] query(PageQuery) -> 200 Page<AuthenticationTokenResource>,
    /// Creates a token of the caller. Its secret is in this response only.
    POST "/users/{user}/authentication-tokens" => create [Access::ById] takes(Body<NewTokenBody>) -> 201 Document<AuthenticationTokenResource>,
    /// Shows a token, without its secret.
    GET "/authentication-tokens/{token}" => show [Access::ById] -> 200 Document<AuthenticationTokenResource>,
    /// Revokes a token at once.
    DELETE "/authentication-tokens/{token}" => revoke [Access::ById] -> 204,
}

impl ResourceId for TokenId {
    const RESOURCE: &'static str = "token";
}

/// Lists the caller's own tokens. For another user the list is empty, which is not an error.
async fn list(call: Call, user: web::Path<String>, pages: Query<PageQuery>) -> Reply {
    call.require_authenticated()?;
    let caller = call.caller.user();
    let is_own = user.parse().is_ok_and(|user| caller == Some(&user));
    let tokens = if is_own {
        call.run_as_caller(|registry, caller| {
            let tokens = registry.list_own_tokens(caller)?;
            tokens
                .iter()
                .map(|token| view::stored_token(registry, caller, token))
                .collect()
        })
        .await?
    } else {
        Vec::new()
    };
    let tokens = pages.0.cut_or_all(tokens);
    Ok(tokens.into_page(&call.list_address()).answer())
}

async fn create(ById(call, user): ById<UserId>, payload: web::Payload) -> Reply {
    if call.caller.user() != Some(&user) {
        return Err(Error::NotFound(format!("the user `{user}`")).into());
    }
    let body: NewTokenBody = call.attributes(payload).await?;
    let new = body.parse()?;
    let resource = call
        .run_as_caller(move |registry, caller| {
            let (token, secret) = registry.create_own_token(caller, new)?;
            view::new_token(registry, &token, &secret)
        })
        .await?;
    Ok(created(resource))
}

async fn show(ById(call, id): ById<TokenId>) -> Reply {
    let resource = call
        .run_as_caller(move |registry, caller| {
            let token = registry.visible_token(caller, &id)?;
            view::stored_token(registry, caller, &token)
        })
        .await?;
    Ok(ok(resource))
}

async fn revoke(ById(call, id): ById<TokenId>) -> Reply {
    call.run_as_caller(move |registry, caller| registry.revoke_token(caller, &id))
        .await?;
    Ok(no_content())
}
