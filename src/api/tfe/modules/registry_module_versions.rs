//! `registry-module-versions`: announce a version, list and read them, deprecate and revoke one.
//!
//! Source: `tests/fixtures/contracts/registry-module-versions.toml`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;

use super::body_version::NewVersion;
use super::body_version::VersionChange;
use super::path::{ModuleParameters, module_id};
use super::public_modules;
use super::view_version::{self, CommitResource, LifecycleDocument, ModuleVersionResource};
use crate::api::tfe::kit::{
    Body, Document, Page, PageQuery, Problem, Unpaged, answer, answer_one, page, unseen,
};
use crate::api::tfe::meta::uploads;
use crate::auth::{AdministerModules, Grant, PublishModules, ReadModules};
use crate::domain::{Module, ModuleAddress, ModuleVersion, ModuleVersionAddress};
use crate::http::access::Access;
use crate::http::path::NotAName;
use crate::http::{App, Query, RequestCaller, json_body};
use crate::registry::{Error, LifecycleChange};
use crate::routes;

routes! {
    /// Creates a pending version, and answers with the upload link for its archive.
    POST "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}/versions" => announce [Access::Publish] takes(Body<NewVersion>) -> 201 Document<ModuleVersionResource<'_>>,
    /// Creates a pending version, as in 2018.
    POST "/registry-modules/{organization}/{name}/{provider}/versions" => announce [Access::Publish] takes(Body<NewVersion>) -> 201 Document<ModuleVersionResource<'_>>,
    /// Lists a module's published versions, newest first.
    GET "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}/versions" => list [Access::Read] query(PageQuery) -> 200 Page<ModuleVersionResource<'_>>,
    /// Lists a module's published versions, as in 2018.
    GET "/registry-modules/{organization}/{name}/{provider}/versions" => list [Access::Read] query(PageQuery) -> 200 Page<ModuleVersionResource<'_>>,
    /// Lists the published versions of a module, by its id.
    GET "/registry-modules/{module_id}/versions" => list_by_id [Access::ById] query(PageQuery) -> 200 Page<ModuleVersionResource<'_>>,
    /// Lists the commits that versions were made from, where their publishers named them.
    GET "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}/commits" => commits [Access::Read] -> 200 Unpaged<CommitResource<'_>>,
    /// Lists the commits that versions were made from, as in 2018.
    GET "/registry-modules/{organization}/{name}/{provider}/commits" => commits [Access::Read] -> 200 Unpaged<CommitResource<'_>>,
    /// Shows one version, with its revocation.
    GET "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}/version" => show [Access::Read] query(VersionQuery) -> 200 Document<ModuleVersionResource<'_>>,
    /// Deprecates a version, revokes it, or takes either back.
    PATCH "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}/{version}" => change [Access::AdministerModules] takes(Body<VersionChange>) -> 200 LifecycleDocument<'_>,
}

async fn announce(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    if path.is_public() {
        return public_modules::refuse(&app, &caller.0, &path);
    }
    let (grant, module) = path.ask::<PublishModules>(&app, &caller.0)?;
    let body: Body<NewVersion> = json_body::document(&app, payload).await?;
    let (version, commit_sha) = body.attributes().parsed()?;
    let address = ModuleVersionAddress { module, version };
    let (module, version, secret) = app
        .run(move |registry| registry.create_pending_version(&grant, address, commit_sha))
        .await?;
    let upload = uploads::link(app.public_url(), &secret);
    let resource = view_version::version(&module, &version, Some(upload));
    Ok(answer_one(StatusCode::CREATED, resource))
}

/// A module's versions, newest first; all of them unless pages are asked for.
async fn list(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let (grant, address) = path.ask::<ReadModules>(&app, &caller.0)?;
    versions_of(&request, &app, (grant, address), pages.0).await
}

async fn list_by_id(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let id = module_id(&id, &caller.0)?;
    let allowed = app
        .registry
        .module_grant_by_id::<ReadModules>(&caller.0, &id)?;
    versions_of(&request, &app, allowed, pages.0).await
}

async fn versions_of(
    request: &HttpRequest,
    app: &App,
    (grant, address): (Grant<ReadModules>, ModuleAddress),
    pages: PageQuery,
) -> Result<HttpResponse, Problem> {
    let (module, versions) = app
        .run(move |registry| registry.module_with_versions(&grant, &address))
        .await?;
    let pages = pages.or_whole(versions.len());
    let asked = versions.iter().skip(pages.offset()).take(pages.size());
    let resources = asked
        .map(|version| published_resource(app, &module, version, "revoked"))
        .collect();
    let here = format!("{}{}", app.public_url(), request.path());
    let document = page(resources, &pages, versions.len(), &here);
    Ok(answer(StatusCode::OK, &document))
}

/// The commits that versions were made from, as far as their publishers said so; newest first.
async fn commits(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
) -> Result<HttpResponse, Problem> {
    let (grant, address) = path.ask::<ReadModules>(&app, &caller.0)?;
    let (_, versions) = app
        .run(move |registry| registry.module_with_versions(&grant, &address))
        .await?;
    let commits: Vec<_> = versions.iter().filter_map(view_version::commit).collect();
    Ok(answer(StatusCode::OK, &Unpaged { data: commits }))
}

/// A published version, with what is said of its revocation.
fn published_resource<'a>(
    app: &App,
    module: &Module,
    version: &'a ModuleVersion,
    status: &'static str,
) -> ModuleVersionResource<'a> {
    let spent = uploads::spent_link(app.public_url(), version);
    let resource = view_version::version(module, version, spent);
    match &version.revocation {
        Some(revocation) => resource.revoked(status, revocation),
        None => resource,
    }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct VersionQuery {
    /// The version.
    module_version: Option<String>,
}

async fn show(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
    wanted: Query<VersionQuery>,
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
    let resource = published_resource(&app, &module, version, "revoked");
    Ok(answer_one(StatusCode::OK, resource))
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
    let document = if about_deprecation {
        LifecycleDocument::Deprecation(view_version::deprecated(&version))
    } else {
        let resource = published_resource(&app, &module, &version, "Revoked");
        LifecycleDocument::Revocation(Document::of(if version.revocation.is_none() {
            resource.unrevoked()
        } else {
            resource
        }))
    };
    Ok(answer(StatusCode::OK, &document))
}
