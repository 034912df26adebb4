//! `registry-provider-versions` and `registry-provider-platforms`: announce, list, show, delete.
//!
//! Source: `tests/fixtures/contracts/registry-provider-versions.toml`. Only publishers see what is
//! not published yet.

use actix_web::web;

use super::body::{NewPackageBody, NewProviderVersionBody};
use super::links::Links;
use super::path::ProviderParameters;
use super::view::{self, PlatformResource, ProviderVersionResource};
use crate::api::tfe::kit::{
    Body, Call, Document, Page, PageQuery, Problem, Reply, created, no_content, ok,
};
use crate::auth::{ManageProviders, PublishProviders, ReadProviders};
use crate::domain::{ProviderPackage, ProviderVersion, ProviderVersionAddress};
use crate::http::Query;
use crate::http::access::Access;
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

async fn announce(call: Call, path: web::Path<ProviderParameters>, payload: web::Payload) -> Reply {
    path.refuse_public(&call)?;
    let (grant, provider) = path.ask::<PublishProviders>(&call)?;
    let (grant, provider) = call
        .run(move |registry| {
            registry.require_provider(&grant, &provider)?;
            Ok((grant, provider))
        })
        .await?;
    let body: NewProviderVersionBody = call.attributes(payload).await?;
    let (version, key, protocols) = body.parse()?;
    let address = ProviderVersionAddress { provider, version };
    let provider = address.provider.clone();
    let version = call
        .run(move |registry| registry.create_provider_version(&grant, &address, key, protocols))
        .await?;
    let links = Links::of(&call, &provider).await?;
    Ok(created(to_resource(&links, &version, &[])?))
}

async fn list(call: Call, path: web::Path<ProviderParameters>, pages: Query<PageQuery>) -> Reply {
    path.refuse_public(&call)?;
    let (grant, provider) = path.ask::<ReadProviders>(&call)?;
    let links = Links::of(&call, &provider).await?;
    let sees_all = links.may.upload;
    let versions = call
        .run(move |registry| {
            let (_, mut versions) = registry.provider_versions(&grant, &provider)?;
            versions.retain(|it| sees_all || it.publication.is_some());
            let page = pages.0.cut(versions);
            page.try_map(|it| registry.provider_version(&grant, &it.address))
        })
        .await?;
    let resources = versions.try_page(&call.list_address(), |(version, packages)| {
        to_resource(&links, version, packages)
    })?;
    Ok(resources.answer())
}

async fn show(call: Call, path: web::Path<ProviderParameters>) -> Reply {
    let (links, version, packages) = find(&call, &path).await?;
    Ok(ok(to_resource(&links, &version, &packages)?))
}

async fn delete(call: Call, path: web::Path<ProviderParameters>) -> Reply {
    path.refuse_public(&call)?;
    let (grant, address) = path.ask_version::<ManageProviders>(&call)?;
    call.run(move |registry| registry.delete_provider_version(&grant, &address))
        .await?;
    Ok(no_content())
}

async fn announce_platform(
    call: Call,
    path: web::Path<ProviderParameters>,
    payload: web::Payload,
) -> Reply {
    path.refuse_public(&call)?;
    let (grant, address) = path.ask_version::<PublishProviders>(&call)?;
    let (grant, address) = call
        .run(move |registry| {
            registry.require_provider_version(&grant, &address)?;
            Ok((grant, address))
        })
        .await?;
    let body: NewPackageBody = call.attributes(payload).await?;
    let new = body.parse()?;
    let provider = address.provider.clone();
    let (version, package) = call
        .run(move |registry| registry.create_provider_package(&grant, &address, &new))
        .await?;
    let links = Links::of(&call, &provider).await?;
    Ok(created(to_platform(&links, &version, &package)?))
}

async fn list_platforms(
    call: Call,
    path: web::Path<ProviderParameters>,
    pages: Query<PageQuery>,
) -> Reply {
    let (links, version, packages) = find(&call, &path).await?;
    let packages = pages.0.cut(packages);
    let resources = packages.try_page(&call.list_address(), |package| {
        to_platform(&links, &version, package)
    })?;
    Ok(resources.answer())
}

async fn show_platform(call: Call, path: web::Path<ProviderParameters>) -> Reply {
    let (links, version, packages) = find(&call, &path).await?;
    let platform = path.platform()?;
    let package = packages.iter().find(|it| it.platform == platform);
    let package = package.ok_or_else(|| Error::NotFound(format!("the platform `{platform}`")))?;
    Ok(ok(to_platform(&links, &version, package)?))
}

async fn delete_platform(call: Call, path: web::Path<ProviderParameters>) -> Reply {
    path.refuse_public(&call)?;
    let (grant, address) = path.ask_version::<ManageProviders>(&call)?;
    let platform = path.platform()?;
    call.run(move |registry| registry.delete_package(&grant, &address, &platform))
        .await?;
    Ok(no_content())
}

/// Finds the version that a path names, with its packages, if the caller may see it.
async fn find(
    call: &Call,
    path: &ProviderParameters,
) -> Result<(Links, ProviderVersion, Vec<ProviderPackage>), Problem> {
    path.refuse_public(call)?;
    let (grant, address) = path.ask_version::<ReadProviders>(call)?;
    let missing = Error::NotFound(format!("the provider version `{address}`"));
    let links = Links::of(call, &address.provider).await?;
    let (version, packages) = call
        .run(move |registry| registry.provider_version(&grant, &address))
        .await?;
    if version.publication.is_none() && !links.may.upload {
        return Err(missing.into());
    }
    Ok((links, version, packages))
}

fn to_resource<'a>(
    links: &Links,
    version: &'a ProviderVersion,
    packages: &[ProviderPackage],
) -> Result<ProviderVersionResource<'a>, Error> {
    let own = (links.version(version)?, links.may);
    Ok(view::version(&links.provider, version, packages, own))
}

fn to_platform<'a>(
    links: &Links,
    version: &ProviderVersion,
    package: &'a ProviderPackage,
) -> Result<PlatformResource<'a>, Error> {
    let own = links.platform(version, package)?;
    Ok(view::platform(version, package, own, links.may))
}
