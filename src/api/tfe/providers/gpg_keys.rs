//! `gpg-keys`: the keys that providers are signed with. They have a base path of their own.
//!
//! Source: `tests/fixtures/contracts/gpg-keys.toml`. Changes and deletions are answered with 200
//! and 204, since clients take nothing else (`tests/fixtures/contracts/gpg-keys.toml#status`).

use actix_web::web;
use schemars::JsonSchema;
use serde::Deserialize;

use super::body::{KeyBody, NewKeyBody};
use super::view::{self, KeyResource};
use crate::api::tfe::kit::{
    Body, Call, Document, Page, PageQuery, Reply, created, no_content, ok, organization_of,
};
use crate::auth::{Action, Grant, ManageProviders, PublishProviders, ReadProviders};
use crate::domain::KeyId;
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::Error;
use crate::routes;

/// The base path of these endpoints.
pub const BASE: &str = "/api/registry/private/v2";

routes! {
    /// Lists the keys of organizations.
    GET "/gpg-keys" => list [Access::Authenticated] query(KeyFilter, PageQuery) -> 200 Page<KeyResource<'_>>,
    /// Adds a public key to an organization.
    POST "/gpg-keys" => add [Access::ById] takes(Body<NewKeyBody>) -> 201 Document<KeyResource<'_>>,
    /// Shows a key.
    GET "/gpg-keys/{namespace}/{key_id}" => show [Access::Read] -> 200 Document<KeyResource<'_>>,
    /// Moves a key to another organization, or changes what is said of it.
    PATCH "/gpg-keys/{namespace}/{key_id}" => change [Access::ManageProviders] takes(Body<KeyBody>) -> 200 Document<KeyResource<'_>>,
    /// Deletes a key that signs no version.
    DELETE "/gpg-keys/{namespace}/{key_id}" => delete [Access::ManageProviders] -> 204,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct KeyFilter {
    /// The names of organizations, with commas between them.
    #[serde(rename = "filter[namespace]")]
    namespaces: Option<String>,
}

async fn list(call: Call, filter: Query<KeyFilter>, pages: Query<PageQuery>) -> Reply {
    call.require_authenticated()?;
    let namespaces = filter.0.namespaces.unwrap_or_default();
    let names: Vec<&str> = namespaces
        .split(',')
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    if names.is_empty() {
        let reason = "say of which organizations, as in ?filter[namespace]=acme";
        return Err(Error::Malformed(reason.to_owned()).into());
    }
    let grants = names
        .iter()
        .filter_map(|name| call.grant::<ReadProviders>(name).ok());
    let grants: Vec<_> = grants.collect();
    if grants.is_empty() {
        let reason = "none of these is an organization whose keys you may see";
        return Err(Error::Forbidden(reason.to_owned()).into());
    }
    let keys = call
        .run(move |registry| {
            let mut keys = Vec::new();
            for grant in &grants {
                let namespace = organization_of(grant)?.name;
                let own = registry.gpg_keys_of(grant)?.into_iter();
                keys.extend(own.map(|key| (namespace.clone(), key)));
            }
            Ok(keys)
        })
        .await?;
    let keys = pages.0.cut(keys);
    let page = keys.page(&call.list_address(), |(namespace, key)| {
        view::key(key, namespace)
    });
    Ok(page.answer())
}

async fn add(call: Call, payload: web::Payload) -> Reply {
    call.require_authenticated()?;
    let body: NewKeyBody = call.attributes(payload).await?;
    let (namespace, armor, notes) = body.parse()?;
    let grant = call.grant::<PublishProviders>(&namespace)?;
    let namespace = organization_of(&grant)?.name;
    let key = call
        .run(move |registry| registry.add_gpg_key(&grant, &armor, notes))
        .await?;
    Ok(created(view::key(&key, &namespace)))
}

async fn show(call: Call, path: web::Path<(String, String)>) -> Reply {
    let (grant, key_id) = key_grant::<ReadProviders>(&call, &path)?;
    let namespace = organization_of(&grant)?.name;
    let key = call
        .run(move |registry| registry.gpg_key(&grant, &key_id))
        .await?;
    Ok(ok(view::key(&key, &namespace)))
}

async fn change(call: Call, path: web::Path<(String, String)>, payload: web::Payload) -> Reply {
    let (grant, key_id) = key_grant::<ManageProviders>(&call, &path)?;
    let (grant, key_id) = call
        .run(move |registry| {
            registry.gpg_key(&grant, &key_id)?;
            Ok((grant, key_id))
        })
        .await?;
    let body: KeyBody = call.attributes(payload).await?;
    // The same words for what is not there and what the caller may not use: clients look for them
    // (`tests/fixtures/contracts/gpg-keys.toml#not-authorized`).
    let not_authorized = |_| Error::Forbidden("namespace not authorized".to_owned());
    let (to, notes) = body.parse()?;
    let to = call
        .grant::<PublishProviders>(&to)
        .map_err(not_authorized)?;
    let namespace = organization_of(&to)?.name;
    let key = call
        .run(move |registry| registry.change_gpg_key((&grant, &to), &key_id, notes))
        .await?;
    Ok(ok(view::key(&key, &namespace)))
}

async fn delete(call: Call, path: web::Path<(String, String)>) -> Reply {
    let (grant, key_id) = key_grant::<ManageProviders>(&call, &path)?;
    call.run(move |registry| registry.delete_gpg_key(&grant, &key_id))
        .await?;
    Ok(no_content())
}

/// Returns a grant for `A` in the organization that a path names, and the id of the key in the
/// path.
fn key_grant<A: Action>(
    call: &Call,
    (namespace, key_id): &(String, String),
) -> Result<(Grant<A>, KeyId), Error> {
    let grant = call.grant::<A>(namespace)?;
    let missing = |_| Error::NotFound(format!("the key `{}`", key_id.escape_debug()));
    Ok((grant, key_id.parse().map_err(missing)?))
}
