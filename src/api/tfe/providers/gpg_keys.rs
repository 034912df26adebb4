//! `gpg-keys`: the keys that providers are signed with, on a base of their own.
//!
//! Source: `tests/fixtures/contracts/gpg-keys.toml`. Changes and deletions are answered with 200
//! and 204, since clients take nothing else (`tests/fixtures/contracts/gpg-keys.toml#status`).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;

use super::body::{KeyBody, NewKeyBody};
use super::view::{self, KeyResource};
use crate::api::tfe::kit::{Body, Document, Page, PageQuery, Problem, answer, answer_one, page};
use crate::auth::{Action, Caller, Grant, ManageProviders, PublishProviders, ReadModules};
use crate::domain::{GpgKey, KeyId};
use crate::http::access::Access;
use crate::http::{App, Query, RequestCaller, json_body};
use crate::registry::Error;
use crate::routes;

/// Where the keys are.
pub const BASE: &str = "/api/registry/private/v2";

routes! {
    /// Lists the keys of organizations.
    GET "/gpg-keys" => list [Access::Authenticated] query(KeyFilter, PageQuery) -> 200 Page<KeyResource<'_>>,
    /// Adds a public key to an organization.
    POST "/gpg-keys" => add [Access::ById] takes(Body<NewKeyBody>) -> 201 Document<KeyResource<'_>>,
    /// Shows a key.
    GET "/gpg-keys/{namespace}/{key_id}" => show [Access::Read] -> 200 Document<KeyResource<'_>>,
    /// Moves a key to another organization.
    PATCH "/gpg-keys/{namespace}/{key_id}" => change [Access::ManageProviders] takes(Body<KeyBody>) -> 200 Document<KeyResource<'_>>,
    /// Deletes a key that signs no version.
    DELETE "/gpg-keys/{namespace}/{key_id}" => delete [Access::ManageProviders] -> 204,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct KeyFilter {
    /// The organizations, with commas between them.
    #[serde(rename = "filter[namespace]")]
    namespaces: Option<String>,
}

async fn list(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    filter: Query<KeyFilter>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    app.registry.require_authenticated(&caller.0)?;
    let asked = filter.0.namespaces.unwrap_or_default();
    let names: Vec<&str> = asked
        .split(',')
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    if names.is_empty() {
        let reason = "say of which organizations, as in ?filter[namespace]=acme";
        return Err(Error::Malformed(reason.to_owned()).into());
    }
    let grants = names.iter().filter_map(|name| {
        let grant = app.registry.grant::<ReadModules>(&caller.0, name);
        grant.ok()
    });
    let grants: Vec<_> = grants.collect();
    if grants.is_empty() {
        let reason = "none of these is an organization whose keys you may see";
        return Err(Error::Forbidden(reason.to_owned()).into());
    }
    let keys = app
        .run(move |registry| {
            let mut keys = Vec::new();
            for grant in &grants {
                let name = name_of(grant);
                let own = registry.gpg_keys_of(grant)?.into_iter();
                keys.extend(own.map(|key| (name.clone(), key)));
            }
            Ok(keys)
        })
        .await?;
    let shown = keys.iter().skip(pages.0.offset()).take(pages.0.size());
    let shown = shown.map(|(name, key)| view::key(key, name.clone()));
    let here = format!(
        "{}?filter%5Bnamespace%5D={}",
        request.path(),
        names.join("%2C")
    );
    let here = here.strip_prefix("/api/registry/private").unwrap_or(&here);
    let document = page(shown.collect(), &pages.0, keys.len(), here);
    Ok(answer(StatusCode::OK, &document))
}

async fn add(
    app: web::Data<App>,
    caller: RequestCaller,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    app.registry.require_authenticated(&caller.0)?;
    let body: Body<NewKeyBody> = json_body::document(&app, payload).await?;
    let (namespace, armor) = body.attributes().parsed()?;
    let grant = app
        .registry
        .grant::<PublishProviders>(&caller.0, &namespace)?;
    let name = name_of(&grant);
    let key = app
        .run(move |registry| registry.add_gpg_key(&grant, &armor))
        .await?;
    Ok(answer_one(StatusCode::CREATED, view::key(&key, name)))
}

async fn show(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (grant, key_id) = authorize_key::<ReadModules>(&app, &caller.0, &path)?;
    let name = name_of(&grant);
    let key = app
        .run(move |registry| registry.gpg_key(&grant, &key_id))
        .await?;
    Ok(answer_one(StatusCode::OK, view::key(&key, name)))
}

async fn change(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let (grant, key_id) = authorize_key::<ManageProviders>(&app, &caller.0, &path)?;
    let body: Body<KeyBody> = json_body::document(&app, payload).await?;
    let namespace = body.attributes().parsed()?;
    let to = app
        .registry
        .grant::<PublishProviders>(&caller.0, &namespace)?;
    let name = name_of(&to);
    let key: GpgKey = app
        .run(move |registry| registry.move_gpg_key(&grant, &to, &key_id))
        .await?;
    Ok(answer_one(StatusCode::OK, view::key(&key, name)))
}

async fn delete(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (grant, key_id) = authorize_key::<ManageProviders>(&app, &caller.0, &path)?;
    app.run(move |registry| registry.delete_gpg_key(&grant, &key_id))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn authorize_key<A: Action>(
    app: &App,
    caller: &Caller,
    path: &(String, String),
) -> Result<(Grant<A>, KeyId), Problem> {
    let (namespace, key_id) = path;
    let grant = app.registry.grant::<A>(caller, namespace)?;
    let missing = |_| Error::NotFound(format!("the key `{}`", key_id.escape_debug()));
    Ok((grant, key_id.parse().map_err(missing)?))
}

fn name_of<A: Action>(grant: &Grant<A>) -> String {
    grant
        .organization()
        .map_or_else(String::new, |it| it.name.to_string())
}
