//! `registry-module-versions`: announce a version, list and read them, deprecate and revoke one.
//!
//! Source: `tests/fixtures/contracts/registry-module-versions.toml`.

use actix_web::http::StatusCode;
use actix_web::web;
use schemars::JsonSchema;
use serde::Deserialize;

use super::body_version::{NewVersion, VersionChange};
use super::path::{ModuleParameters, module_id};
use super::public_modules;
use super::view_version::{self, CommitResource, LifecycleDocument, ModuleVersionResource};
use crate::api::tfe::kit::{
    Body, Call, Document, Page, PageQuery, Reply, Unpaged, answer, created, ok,
};
use crate::api::tfe::meta::uploads;
use crate::auth::{AdministerModules, Grant, PublishModules, ReadModules};
use crate::domain::{
    Module, ModuleAddress, ModuleVersion, ModuleVersionAddress, ModuleVersionStatus,
};
use crate::http::Query;
use crate::http::access::Access;
use crate::http::path::NotAName;
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

async fn announce(call: Call, path: web::Path<ModuleParameters>, payload: web::Payload) -> Reply {
    if path.is_public() {
        return public_modules::refuse(&call, &path);
    }
    let (grant, module) = path.ask::<PublishModules>(&call)?;
    let (grant, module) = call
        .run(move |registry| {
            registry.require_module(&grant, &module)?;
            Ok((grant, module))
        })
        .await?;
    let body: NewVersion = call.attributes(payload).await?;
    let (version, commit_sha) = body.parse()?;
    let address = ModuleVersionAddress { module, version };
    let (module, version, secret) = call
        .run(move |registry| registry.create_pending_version(&grant, address, commit_sha))
        .await?;
    let upload = uploads::link(call.app.public_url(), &secret);
    Ok(created(view_version::version(
        &module,
        &version,
        Some(upload),
    )))
}

async fn list(call: Call, path: web::Path<ModuleParameters>, pages: Query<PageQuery>) -> Reply {
    let (grant, address) = path.ask::<ReadModules>(&call)?;
    list_versions(&call, grant, address, &pages.0).await
}

async fn list_by_id(call: Call, id: web::Path<String>, pages: Query<PageQuery>) -> Reply {
    let id = module_id(&id, &call)?;
    let registry = &call.app.registry;
    let (grant, address) = registry.module_grant_by_id(&call.caller, &id)?;
    list_versions(&call, grant, address, &pages.0).await
}

/// Lists a module's versions, newest first; all of them on one page if the query names no page.
async fn list_versions(
    call: &Call,
    grant: Grant<ReadModules>,
    address: ModuleAddress,
    pages: &PageQuery,
) -> Reply {
    let (module, versions) = call
        .run(move |registry| registry.module_with_versions(&grant, &address))
        .await?;
    let versions = pages.cut_or_all(versions);
    let page = versions.page(&call.list_address(), |version| {
        to_resource(call, &module, version, "revoked")
    });
    Ok(page.answer())
}

/// Lists the commits that versions were made from, newest first. Versions whose publishers named no
/// commit are left out.
async fn commits(call: Call, path: web::Path<ModuleParameters>) -> Reply {
    let (grant, address) = path.ask::<ReadModules>(&call)?;
    let (_, versions) = call
        .run(move |registry| registry.module_with_versions(&grant, &address))
        .await?;
    let commits = versions.iter().filter_map(view_version::commit);
    Ok(Unpaged::of(commits).answer())
}

/// Returns the resource object of a published version. A revoked one has the reason, and its status
/// is spelled as the response needs it.
fn to_resource<'a>(
    call: &Call,
    module: &Module,
    version: &'a ModuleVersion,
    status: &'static str,
) -> ModuleVersionResource<'a> {
    let spent = uploads::spent_link(call.app.public_url(), version);
    let resource = view_version::version(module, version, spent);
    match &version.revocation {
        Some(revocation) => resource.revoked(status, revocation),
        None => resource,
    }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct VersionQuery {
    /// The version that is asked for.
    module_version: Option<String>,
}

async fn show(call: Call, path: web::Path<ModuleParameters>, query: Query<VersionQuery>) -> Reply {
    let (grant, address) = path.ask::<ReadModules>(&call)?;
    let wanted = query.0.module_version.ok_or(NotAName);
    let wanted = wanted.map_err(call.unseen())?;
    let (module, versions) = call
        .run(move |registry| registry.module_with_versions(&grant, &address))
        .await?;
    let version = versions
        .into_iter()
        .find(|version| Ok(&version.address.version) == wanted.parse().as_ref())
        .ok_or_else(|| Error::NotFound("the module version".to_owned()))?;
    if version.status() == ModuleVersionStatus::Pending {
        let link = upload_link(&call, &version)?;
        return Ok(ok(view_version::version(&module, &version, link)));
    }
    let read = version.clone();
    let docs = call
        .run(move |registry| registry.module_docs(&read))
        .await?;
    let resource = to_resource(&call, &module, &version, "revoked");
    Ok(ok(resource.with_report(&version, &docs)))
}

/// Returns the address to send the archive of a pending version to; `None` if the caller may not
/// publish it.
fn upload_link(call: &Call, version: &ModuleVersion) -> Result<Option<String>, Error> {
    let app = &call.app;
    let module = &version.address.module;
    let Ok(grant) = app
        .registry
        .module_grant::<PublishModules>(&call.caller, module)
    else {
        return Ok(None);
    };
    let link = app.registry.module_upload_link(&grant, version)?;
    Ok(Some(uploads::link_to(app.public_url(), &link)))
}

/// Deprecates a version, revokes it, or takes either back. Each of the four has a response document
/// of its own form.
async fn change(call: Call, path: web::Path<ModuleParameters>, payload: web::Payload) -> Reply {
    let version = path.version().map_err(call.unseen())?;
    let (grant, module) = path.ask::<AdministerModules>(&call)?;
    let address = ModuleVersionAddress { module, version };
    let (grant, address) = call
        .run(move |registry| {
            registry.require_module_version(&grant, &address)?;
            Ok((grant, address))
        })
        .await?;
    let body: VersionChange = call.attributes(payload).await?;
    let change = body.parse()?;
    let about_deprecation = matches!(
        change,
        LifecycleChange::Deprecate(_) | LifecycleChange::Undeprecate
    );
    let (module, version) = call
        .run(move |registry| registry.change_lifecycle(&grant, &address, change))
        .await?;
    let document = if about_deprecation {
        LifecycleDocument::Deprecation(view_version::deprecated(&version))
    } else {
        let resource = to_resource(&call, &module, &version, "Revoked");
        LifecycleDocument::Revocation(Document::of(if version.revocation.is_none() {
            resource.unrevoked()
        } else {
            resource
        }))
    };
    Ok(answer(StatusCode::OK, &document))
}
