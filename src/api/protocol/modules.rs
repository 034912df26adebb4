//! One module: versions, details, download.
//!
//! Source: endpoints.tsv (family registry-protocol), terraform-cli.md §3.

use actix_web::http::header::{ACCEPT, CACHE_CONTROL, HeaderName, HeaderValue, LOCATION, VARY};
use actix_web::{HttpRequest, HttpResponse, web};

use super::view::{DownloadLocation, ModuleDetail, ModuleVersions};
use super::{Problem, archives};
use crate::auth::{Caller, ReadModules};
use crate::domain::{ModuleAddress, ModuleVersionAddress};
use crate::http::access::Access;
use crate::http::document::Document;
use crate::http::path::{ModulePath, ModuleVersionPath};
use crate::http::{App, RequestCaller};
use crate::registry::{Error, ModuleQuery, Registry};
use crate::routes;

routes! {
    GET "/{namespace}/{name}/{system}/versions" => versions [Access::Read],
    GET "/{namespace}/{name}/{system}/{version}/download" => download [Access::Read],
    GET "/{namespace}/{name}/{system}/download" => download_latest [Access::Read],
    GET "/{namespace}/{name}/{system}" => latest [Access::Read],
    GET "/{namespace}/{name}/{system}/{version}" => detail [Access::Read],
}

const X_TERRAFORM_GET: HeaderName = HeaderName::from_static("x-terraform-get");

async fn versions(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModulePath>,
) -> Result<HttpResponse, Problem> {
    let address = path.address().map_err(|_| Problem::unseen(&caller.0))?;
    let grant = app
        .registry
        .module_grant::<ReadModules>(&caller.0, &address)?;
    let mark = app.registry.versions_mark(&address);
    let key = format!("versions {}", address.folded());
    let document = Document::remembered(&app.documents, &key, mark, || {
        let versions = app.registry.published_versions(&grant, &address)?;
        let spelled = versions
            .first()
            .map_or(&address, |version| &version.address.module);
        Ok(ModuleVersions::new(spelled, &versions))
    })?;
    Ok(document.answer(&request))
}

async fn latest(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModulePath>,
) -> Result<HttpResponse, Problem> {
    let address = path.address().map_err(|_| Problem::unseen(&caller.0))?;
    let view = app
        .run(move |registry| detail_view(registry, &caller.0, &address, None))
        .await?;
    Ok(Document::render(&view)?.answer(&request))
}

async fn detail(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleVersionPath>,
) -> Result<HttpResponse, Problem> {
    let address = path.address().map_err(|_| Problem::unseen(&caller.0))?;
    let view = app
        .run(move |registry| detail_view(registry, &caller.0, &address.module, Some(&address)))
        .await?;
    Ok(Document::render(&view)?.answer(&request))
}

fn detail_view(
    registry: &Registry,
    caller: &Caller,
    address: &ModuleAddress,
    asked: Option<&ModuleVersionAddress>,
) -> Result<ModuleDetail, Error> {
    let grant = registry.module_grant::<ReadModules>(caller, address)?;
    let listing = registry.listing(&grant, address)?;
    let versions = registry.published_versions(&grant, address)?;
    let shown = match asked {
        None => listing.latest.clone(),
        Some(asked) => registry.published_version(&grant, asked)?.as_ref().clone(),
    };
    let same_name = ModuleQuery {
        namespace: Some(address.namespace.clone()),
        name: Some(address.name.clone()),
        limit: 100,
        ..ModuleQuery::default()
    };
    let systems = registry.list_modules(caller, &same_name)?;
    Ok(ModuleDetail::new(
        &listing,
        &shown,
        &systems.listings,
        &versions,
    ))
}

async fn download(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleVersionPath>,
) -> Result<HttpResponse, Problem> {
    let address = path.address().map_err(|_| Problem::unseen(&caller.0))?;
    let grant = app
        .registry
        .module_grant::<ReadModules>(&caller.0, &address.module)?;
    let signed = app.registry.sign_archive(&grant, &address)?;
    let location = archives::location(&signed);
    // 204 with the header is what every client takes. OpenTofu asks for JSON and then reads the
    // body; the header is there for Terragrunt, which does not.
    let wants_body = request
        .headers()
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json"));
    let mut answer = if wants_body {
        HttpResponse::Ok()
    } else {
        HttpResponse::NoContent()
    };
    answer
        .insert_header((X_TERRAFORM_GET, location.as_str()))
        .insert_header((VARY, HeaderValue::from_static("Accept, Authorization")))
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")));
    Ok(if wants_body {
        answer.json(DownloadLocation { location })
    } else {
        answer.finish()
    })
}

async fn download_latest(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModulePath>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let address = path.address().map_err(|_| Problem::unseen(&caller.0))?;
    let grant = app
        .registry
        .module_grant::<ReadModules>(&caller.0, &address)?;
    let version = app
        .registry
        .latest_version(&grant, &address)?
        .address
        .version;
    let path = request.path();
    let base = path.strip_suffix("/download").unwrap_or(path);
    Ok(HttpResponse::Found()
        .insert_header((LOCATION, format!("{base}/{version}/download")))
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .finish())
}
