//! `registry-module-versions`: announce a version, read one.
//!
//! Source: endpoints.tsv (tfe-2018, tfc-2021, hcp-private-registry), tfe-clients.md §3.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::body::{Body, NewVersion};
use super::json_api::answer;
use super::problem::{Problem, unseen};
use super::registry_modules::ModuleParameters;
use super::{uploads, view};
use crate::auth::{PublishModules, ReadModules};
use crate::domain::ModuleVersionAddress;
use crate::http::access::Access;
use crate::http::path::NotAName;
use crate::http::{App, Query, RequestCaller, json_body};
use crate::registry::Error;
use crate::routes;

routes! {
    POST "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}/versions" => announce [Access::Publish],
    POST "/registry-modules/{organization}/{name}/{provider}/versions" => announce [Access::Publish],
    GET "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}/version" => show [Access::Read],
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
    Ok(answer(
        StatusCode::OK,
        &json!({ "data": view::version(&module, version, None) }),
    ))
}
