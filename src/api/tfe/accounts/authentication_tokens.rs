//! `authentication-tokens` of users: list, make, show, revoke one's own.
//!
//! Source: `tests/fixtures/contracts/tokens.toml`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::body::NewTokenBody;
use super::users::user_id;
use super::view::{self, AuthenticationTokenResource};
use crate::api::tfe::kit::{
    BASE, Body, Document, Page, PageQuery, Problem, answer, answer_one, page,
};
use crate::domain::{ApiToken, TokenId};
use crate::http::access::Access;
use crate::http::{App, Query, RequestCaller, json_body};
use crate::registry::{Error, Registry};
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

/// Of somebody else there is nothing to see, which is not an error.
async fn list(
    app: web::Data<App>,
    caller: RequestCaller,
    user: web::Path<String>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    app.registry.require_authenticated(&caller)?;
    let is_own = user.parse().is_ok_and(|user| caller.user() == Some(&user));
    let tokens = if is_own {
        app.run(move |registry| {
            let tokens = registry.list_own_tokens(&caller)?;
            tokens.iter().map(|it| to_resource(registry, it)).collect()
        })
        .await?
    } else {
        Vec::new()
    };
    let total = tokens.len();
    let pages = pages.0.or_whole(total);
    let asked = tokens.into_iter().skip(pages.offset()).take(pages.size());
    let here = format!(
        "{}{BASE}/users/{user}/authentication-tokens",
        app.public_url()
    );
    let document = page(asked.collect(), &pages, total, &here);
    Ok(answer(StatusCode::OK, &document))
}

async fn create(
    app: web::Data<App>,
    caller: RequestCaller,
    user: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    app.registry.require_authenticated(&caller)?;
    if caller.user() != Some(&user_id(&user)?) {
        return Err(Error::NotFound(format!("the user `{user}`")).into());
    }
    let body: Body<NewTokenBody> = json_body::document(&app, payload).await?;
    let new = body.attributes().parsed()?;
    let (token, secret) = app
        .run(move |registry| registry.create_own_token(&caller, new))
        .await?;
    let resource = view::token(&token, None, Some(secret.reveal()));
    Ok(answer_one(StatusCode::CREATED, resource))
}

async fn show(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    app.registry.require_authenticated(&caller)?;
    let id = token_id(&id)?;
    let resource = app
        .run(move |registry| {
            let token = registry.visible_token(&caller, &id)?;
            to_resource(registry, &token)
        })
        .await?;
    Ok(answer_one(StatusCode::OK, resource))
}

async fn revoke(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    app.registry.require_authenticated(&caller)?;
    let id = token_id(&id)?;
    app.run(move |registry| registry.revoke_token(&caller, &id))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn token_id(text: &str) -> Result<TokenId, Error> {
    text.parse()
        .map_err(|_| Error::NotFound(format!("the token `{text}`")))
}

fn to_resource(
    registry: &Registry,
    token: &ApiToken,
) -> Result<AuthenticationTokenResource, Error> {
    Ok(view::token(
        token,
        registry.token_last_used(&token.id)?,
        None,
    ))
}
