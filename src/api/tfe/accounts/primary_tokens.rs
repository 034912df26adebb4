//! `authentication-token` of an organization or a team: make anew, show, revoke; and `team-tokens`.
//!
//! Source: `tests/fixtures/contracts/tokens.toml#slots`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;

use super::body::NewTokenBody;
use super::view::{self, AuthenticationTokenResource};
use crate::api::tfe::kit::{
    BASE, Document, OptionalBody, Page, PageQuery, Problem, answer, answer_one, page,
};
use crate::api::tfe::teams::teams::team_id;
use crate::auth::{Grant, ManageTokens};
use crate::domain::TeamId;
use crate::http::access::Access;
use crate::http::{App, Query, RequestCaller, json_body};
use crate::registry::Error;
use crate::routes;

routes! {
    /// Shows the organization's token, without its secret.
    GET "/organizations/{organization}/authentication-token" => show_own [Access::ManageTokens] query(Kind) -> 200 Document<AuthenticationTokenResource>,
    /// Creates the organization's token, and revokes the previous one.
    POST "/organizations/{organization}/authentication-token" => replace_own [Access::ManageTokens] query(Kind) takes(OptionalBody<NewTokenBody>) -> 201 Document<AuthenticationTokenResource>,
    /// Revokes the organization's token.
    DELETE "/organizations/{organization}/authentication-token" => revoke_own [Access::ManageTokens] query(Kind) -> 204,
    /// Lists the tokens of an organization's teams.
    GET "/organizations/{organization}/team-tokens" => list [Access::ManageTokens] query(PageQuery) -> 200 Page<AuthenticationTokenResource>,
    /// Shows the team's token, without its secret.
    GET "/teams/{team_id}/authentication-token" => show_of_team [Access::ById] -> 200 Document<AuthenticationTokenResource>,
    /// Creates the team's token, and revokes the previous one.
    POST "/teams/{team_id}/authentication-token" => replace_of_team [Access::ById] takes(OptionalBody<NewTokenBody>) -> 201 Document<AuthenticationTokenResource>,
    /// Revokes the team's token.
    DELETE "/teams/{team_id}/authentication-token" => revoke_of_team [Access::ById] -> 204,
    /// Creates a further token of a team.
    POST "/teams/{team_id}/authentication-tokens" => create_for_team [Access::ById] takes(OptionalBody<NewTokenBody>) -> 201 Document<AuthenticationTokenResource>,
}

/// `?token=…`: which of an organization's tokens.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct Kind {
    /// `organization`, as there are no others here.
    token: Option<String>,
}

impl Kind {
    /// Nothing, unless it is a kind that there is none of here.
    fn check(&self) -> Result<(), Error> {
        match self.token.as_deref() {
            None | Some("" | "organization") => Ok(()),
            Some(_) => Err(Error::NotFound(
                "a token of this kind (to read the audit log, use an administrator's token)"
                    .to_owned(),
            )),
        }
    }
}

async fn show_own(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    kind: Query<Kind>,
) -> Result<HttpResponse, Problem> {
    let grant = app.registry.grant::<ManageTokens>(&caller.0, &name)?;
    kind.0.check()?;
    show_token(&app, grant, None).await
}

async fn replace_own(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    kind: Query<Kind>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let grant = app.registry.grant::<ManageTokens>(&caller.0, &name)?;
    kind.0.check()?;
    replaced(&app, (caller, grant), None, payload).await
}

async fn revoke_own(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    kind: Query<Kind>,
) -> Result<HttpResponse, Problem> {
    let grant = app.registry.grant::<ManageTokens>(&caller.0, &name)?;
    kind.0.check()?;
    revoked(&app, grant, None).await
}

async fn show_of_team(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (grant, team) = app.registry.team_grant(&caller.0, &team_id(&id)?)?;
    show_token(&app, grant, Some(team.id)).await
}

async fn replace_of_team(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let (grant, team) = app.registry.team_grant(&caller.0, &team_id(&id)?)?;
    replaced(&app, (caller, grant), Some(team.id), payload).await
}

async fn revoke_of_team(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (grant, team) = app.registry.team_grant(&caller.0, &team_id(&id)?)?;
    revoked(&app, grant, Some(team.id)).await
}

async fn create_for_team(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let (grant, team) = app.registry.team_grant(&caller.0, &team_id(&id)?)?;
    let body: OptionalBody<NewTokenBody> = json_body::document_if_any(&app, payload).await?;
    let new = body.attributes().parsed()?;
    let (token, secret) = app
        .run(move |registry| registry.create_team_token(&grant, &caller.0, &team, new))
        .await?;
    let resource = view::token(&token, None, Some(secret.reveal()));
    Ok(answer_one(StatusCode::CREATED, resource))
}

async fn list(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let grant = app.registry.grant::<ManageTokens>(&caller.0, &name)?;
    let tokens = app
        .run(move |registry| {
            let tokens = registry.team_tokens(&grant)?.into_iter();
            tokens
                .map(|(_, token)| {
                    let last_used = registry.token_last_used(&token.id)?;
                    Ok(view::token(&token, last_used, None))
                })
                .collect::<Result<Vec<_>, Error>>()
        })
        .await?;
    let total = tokens.len();
    let asked = tokens
        .into_iter()
        .skip(pages.0.offset())
        .take(pages.0.size());
    let here = format!(
        "{}{BASE}/organizations/{name}/team-tokens",
        app.public_url()
    );
    let document = page(asked.collect(), &pages.0, total, &here);
    Ok(answer(StatusCode::OK, &document))
}

async fn show_token(
    app: &App,
    grant: Grant<ManageTokens>,
    team: Option<TeamId>,
) -> Result<HttpResponse, Problem> {
    let resource = app
        .run(move |registry| {
            let token = registry.primary_token(&grant, team.as_ref())?;
            let last_used = registry.token_last_used(&token.id)?;
            Ok(view::token(&token, last_used, None))
        })
        .await?;
    Ok(answer_one(StatusCode::OK, resource))
}

async fn replaced(
    app: &App,
    (caller, grant): (RequestCaller, Grant<ManageTokens>),
    team: Option<TeamId>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body: OptionalBody<NewTokenBody> = json_body::document_if_any(app, payload).await?;
    let new = body.attributes().parsed()?;
    let (token, secret) = app
        .run(move |registry| registry.replace_primary_token(&grant, &caller.0, team.as_ref(), new))
        .await?;
    let resource = view::token(&token, None, Some(secret.reveal()));
    Ok(answer_one(StatusCode::CREATED, resource))
}

async fn revoked(
    app: &App,
    grant: Grant<ManageTokens>,
    team: Option<TeamId>,
) -> Result<HttpResponse, Problem> {
    app.run(move |registry| registry.remove_primary_token(&grant, team.as_ref()))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
