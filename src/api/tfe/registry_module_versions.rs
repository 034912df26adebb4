//! `registry-module-versions`: announce a version, read one, deprecate and revoke one.
//!
//! Source: endpoints.tsv (tfe-2018, tfc-2021, hcp-private-registry), tfe-clients.md §3; generations.md
//! rows 32 to 35.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::body::{Body, NewVersion, VersionChange};
use super::json_api::answer;
use super::problem::{Problem, unseen};
use super::registry_modules::ModuleParameters;
use super::{uploads, view};
use crate::auth::{AdministerModules, PublishModules, ReadModules};
use crate::domain::ModuleVersionAddress;
use crate::http::access::Access;
use crate::http::path::NotAName;
use crate::http::{App, Query, RequestCaller, json_body};
use crate::registry::{Error, LifecycleChange};
use crate::routes;

routes! {
    POST "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}/versions" => announce [Access::Publish],
    POST "/registry-modules/{organization}/{name}/{provider}/versions" => announce [Access::Publish],
    GET "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}/version" => show [Access::Read],
    PATCH "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}/{version}" => change [Access::AdministerModules],
}

async fn announce(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let (grant, module) = path.ask::<PublishModules>(&app, &caller.0)?;
    let body: Body<NewVersion> = json_body::document(&app, payload).await?;
    let (version, commit_sha) = body.attributes().parsed()?;
    let address = ModuleVersionAddress { module, version };
    let (module, version, secret) = app
        .run(move |registry| registry.announce_version(&grant, address, commit_sha))
        .await?;
    let upload = uploads::link(app.public_url(), &secret);
    let resource = view::version(&module, &version, Some(upload));
    Ok(answer(StatusCode::CREATED, &json!({ "data": resource })))
}

#[derive(Debug, Default, Deserialize)]
struct Wanted {
    module_version: Option<String>,
}

async fn show(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let (grant, address) = path.ask::<ReadModules>(&app, &caller.0)?;
    let wanted = wanted
        .0
        .module_version
        .ok_or(NotAName)
        .map_err(unseen(&caller.0))?;
    let (module, versions) = app
        .run(move |registry| registry.module_with_versions(&grant, &address))
        .await?;
    let version = versions
        .iter()
        .find(|version| Ok(&version.address.version) == wanted.parse().as_ref())
        .ok_or_else(|| Error::NotFound("the module version".to_owned()))?;
    let spent = uploads::spent_link(app.public_url(), version);
    let mut resource = view::version(&module, version, spent);
    if let Some(revocation) = &version.revocation {
        view::say(&mut resource, &view::revocation("revoked", revocation));
    }
    Ok(answer(StatusCode::OK, &json!({ "data": resource })))
}

/// Deprecates a version, revokes it, or takes either back; each answer has a shape of its own.
async fn change(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let version = path.version().map_err(unseen(&caller.0))?;
    let (grant, module) = path.ask::<AdministerModules>(&app, &caller.0)?;
    let body: Body<VersionChange> = json_body::document(&app, payload).await?;
    let change = body.attributes().parsed()?;
    let about_deprecation = matches!(
        change,
        LifecycleChange::Deprecate(_) | LifecycleChange::Undeprecate
    );
    let address = ModuleVersionAddress { module, version };
    let (module, version) = app
        .run(move |registry| registry.change_lifecycle(&grant, &address, change))
        .await?;
    if about_deprecation {
        return Ok(answer(StatusCode::OK, &view::deprecated(&version)));
    }
    let spent = uploads::spent_link(app.public_url(), &version);
    let mut resource = view::version(&module, &version, spent);
    let said = match &version.revocation {
        Some(revocation) => view::revocation("Revoked", revocation),
        None => json!({ "status": "Unrevoked" }),
    };
    view::say(&mut resource, &said);
    Ok(answer(StatusCode::OK, &json!({ "data": resource })))
}
