//! `registry-provider-versions` and `registry-provider-platforms`: announce, list, show, delete.
//!
//! Source: `tests/fixtures/contracts/registry-provider-versions.toml`. What is not published yet is
//! there for its publishers only.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::body::{NewPackageBody, NewProviderVersionBody};
use super::links::Links;
use super::path::ProviderParameters;
use super::view::{self, PlatformResource, ProviderVersionResource};
use crate::api::tfe::kit::{Body, Document, Page, PageQuery, Problem, answer, answer_one, page};
use crate::auth::{ManageProviders, PublishProviders, ReadModules};
use crate::domain::{ProviderPackage, ProviderVersion, ProviderVersionAddress};
use crate::http::access::Access;
use crate::http::{App, Query, RequestCaller, json_body};
use crate::registry::Error;
use crate::routes;

routes! {
    /// Creates a pending version, and answers with the upload links for its checksums and their signature.
    POST "/organizations/{organization}/registry-providers/{registry}/{namespace}/{name}/versions" => announce [Access::PublishProviders] takes(Body<NewProviderVersionBody>) -> 201 Document<ProviderVersionResource<'_>>,
    /// Lists a provider's versions, newest first.
    GET "/organizations/{organization}/registry-providers/{registry}/{namespace}/{name}/versions" => list [Access::Read] query(PageQuery) -> 200 Page<ProviderVersionResource<'_>>,
    /// Shows a version.
    GET "/organizations/{organization}/registry-providers/{registry}/{namespace}/{name}/versions/{version}" => show [Access::Read] -> 200 Document<ProviderVersionResource<'_>>,
    /// Deletes a version with its platforms.
    DELETE "/organizations/{organization}/registry-providers/{registry}/{namespace}/{name}/versions/{version}" => delete [Access::ManageProviders] -> 204,
    /// Creates a platform of a version, and answers with the upload link for its package.
    POST "/organizations/{organization}/registry-providers/{registry}/{namespace}/{name}/versions/{version}/platforms" => announce_platform [Access::PublishProviders] takes(Body<NewPackageBody>) -> 201 Document<PlatformResource<'_>>,
    /// Lists the platforms of a version.
    GET "/organizations/{organization}/registry-providers/{registry}/{namespace}/{name}/versions/{version}/platforms" => list_platforms [Access::Read] query(PageQuery) -> 200 Page<PlatformResource<'_>>,
    /// Shows a platform.
    GET "/organizations/{organization}/registry-providers/{registry}/{namespace}/{name}/versions/{version}/platforms/{os}/{arch}" => show_platform [Access::Read] -> 200 Document<PlatformResource<'_>>,
    /// Deletes the package for a platform.
    DELETE "/organizations/{organization}/registry-providers/{registry}/{namespace}/{name}/versions/{version}/platforms/{os}/{arch}" => delete_platform [Access::ManageProviders] -> 204,
}

async fn announce(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ProviderParameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    path.refuse_public(&app, &caller.0)?;
    let (grant, provider) = path.ask::<PublishProviders>(&app, &caller.0)?;
    let body: Body<NewProviderVersionBody> = json_body::document(&app, payload).await?;
    let (version, key_id, protocols) = body.attributes().parsed()?;
    let address = ProviderVersionAddress { provider, version };
    let at = address.clone();
    let version = app
        .run(move |registry| registry.create_provider_version(&grant, &address, key_id, protocols))
        .await?;
    let links = Links::of(&app, &caller.0, &at.provider)?;
    let resource = view::version(
        &links.provider,
        &version,
        &[],
        (links.version(&app, &version)?, links.may),
    );
    Ok(answer_one(StatusCode::CREATED, resource))
}

async fn list(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ProviderParameters>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    path.refuse_public(&app, &caller.0)?;
    let (grant, provider) = path.ask::<ReadModules>(&app, &caller.0)?;
    let links = Links::of(&app, &caller.0, &provider)?;
    let sees_all = links.may.upload;
    let (offset, size) = (pages.0.offset(), pages.0.size());
    let (total, versions) = app
        .run(move |registry| {
            let (_, mut versions) = registry.provider_versions(&grant, &provider)?;
            versions.retain(|it| sees_all || it.publication.is_some());
            let total = versions.len();
            let asked = versions.into_iter().skip(offset).take(size);
            let asked = asked.map(|it| registry.provider_version(&grant, &it.address));
            Ok((total, asked.collect::<Result<Vec<_>, Error>>()?))
        })
        .await?;
    let mut resources = Vec::new();
    for (version, packages) in &versions {
        let own = (links.version(&app, version)?, links.may);
        resources.push(view::version(&links.provider, version, packages, own));
    }
    let here = format!("{}{}", app.public_url(), request.path());
    let document = page(resources, &pages.0, total, &here);
    Ok(answer(StatusCode::OK, &document))
}

async fn show(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ProviderParameters>,
) -> Result<HttpResponse, Problem> {
    let (links, version, packages) = find_version(&app, &caller, &path).await?;
    let own = (links.version(&app, &version)?, links.may);
    let resource = view::version(&links.provider, &version, &packages, own);
    Ok(answer_one(StatusCode::OK, resource))
}

async fn delete(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ProviderParameters>,
) -> Result<HttpResponse, Problem> {
    path.refuse_public(&app, &caller.0)?;
    let (grant, address) = path.ask_version::<ManageProviders>(&app, &caller.0)?;
    app.run(move |registry| registry.delete_provider_version(&grant, &address))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn announce_platform(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ProviderParameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    path.refuse_public(&app, &caller.0)?;
    let (grant, address) = path.ask_version::<PublishProviders>(&app, &caller.0)?;
    let body: Body<NewPackageBody> = json_body::document(&app, payload).await?;
    let new = body.attributes().parsed()?;
    let provider = address.provider.clone();
    let (version, package) = app
        .run(move |registry| registry.create_provider_package(&grant, &address, &new))
        .await?;
    let links = Links::of(&app, &caller.0, &provider)?;
    let own = links.platform(&app, &version, &package)?;
    let resource = view::platform(&version, &package, own, links.may);
    Ok(answer_one(StatusCode::CREATED, resource))
}

async fn list_platforms(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ProviderParameters>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let (links, version, packages) = find_version(&app, &caller, &path).await?;
    let asked = packages.iter().skip(pages.0.offset()).take(pages.0.size());
    let mut resources = Vec::new();
    for package in asked {
        let own = links.platform(&app, &version, package)?;
        resources.push(view::platform(&version, package, own, links.may));
    }
    let here = format!("{}{}", app.public_url(), request.path());
    let document = page(resources, &pages.0, packages.len(), &here);
    Ok(answer(StatusCode::OK, &document))
}

async fn show_platform(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ProviderParameters>,
) -> Result<HttpResponse, Problem> {
    let (links, version, packages) = find_version(&app, &caller, &path).await?;
    let platform = path.platform()?;
    let package = packages.iter().find(|it| it.platform == platform);
    let package = package.ok_or_else(|| Error::NotFound(format!("the platform `{platform}`")))?;
    let own = links.platform(&app, &version, package)?;
    let resource = view::platform(&version, package, own, links.may);
    Ok(answer_one(StatusCode::OK, resource))
}

async fn delete_platform(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ProviderParameters>,
) -> Result<HttpResponse, Problem> {
    path.refuse_public(&app, &caller.0)?;
    let (grant, address) = path.ask_version::<ManageProviders>(&app, &caller.0)?;
    let platform = path.platform()?;
    app.run(move |registry| registry.delete_package(&grant, &address, &platform))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The version that a path names, with its packages, for whoever may see it.
async fn find_version(
    app: &App,
    caller: &RequestCaller,
    path: &ProviderParameters,
) -> Result<(Links, ProviderVersion, Vec<ProviderPackage>), Problem> {
    path.refuse_public(app, &caller.0)?;
    let (grant, address) = path.ask_version::<ReadModules>(app, &caller.0)?;
    let missing = Error::NotFound(format!("the provider version `{address}`"));
    let links = Links::of(app, &caller.0, &address.provider)?;
    let (version, packages) = app
        .run(move |registry| registry.provider_version(&grant, &address))
        .await?;
    if version.publication.is_none() && !links.may.upload {
        return Err(missing.into());
    }
    Ok((links, version, packages))
}
