//! One module: versions, details, download.
//!
//! Source: endpoints.tsv (family registry-protocol), terraform-cli.md §3.

use std::sync::Arc;

use actix_web::http::header::{ACCEPT, CACHE_CONTROL, HeaderName, HeaderValue, LOCATION, VARY};
use actix_web::{HttpRequest, HttpResponse, web};

use super::details::ModuleDetail;
use super::view::{DownloadLocation, DownloadsSummary, ModuleVersions};
use super::{Problem, archives};
use crate::auth::{Caller, ReadModules};
use crate::domain::{ModuleAddress, ModuleVersionAddress};
use crate::http::access::Access;
use crate::http::document::Document;
use crate::http::path::{ModulePath, ModuleVersionPath};
use crate::http::{App, RequestCaller};
use crate::registry::{DigestedVersion, Error};
use crate::routes;

routes! {
    GET "/{namespace}/{name}/{system}/versions" => versions [Access::Read],
    GET "/{namespace}/{name}/{system}/{version}/download" => download [Access::Read],
    GET "/{namespace}/{name}/{system}/download" => download_latest [Access::Read],
    GET "/{namespace}/{name}/{system}/downloads/summary" => downloads_summary [Access::Read],
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
    if let Some(document) = app.documents.get(&key, &mark) {
        return Ok(document.answer(&request));
    }
    let versions = app
        .run(move |registry| registry.digested_versions(&grant, &address))
        .await?;
    let document = versions_document(&versions)?;
    // What is still to be inspected is left out this time, and there the next time.
    if versions.iter().all(|(_, digest)| digest.is_some()) {
        app.documents.put(key, mark, Arc::new(document.clone()));
    }
    Ok(document.answer(&request))
}

fn versions_document(versions: &[DigestedVersion]) -> Result<Document, Error> {
    let (first, _) = versions
        .first()
        .ok_or_else(|| Error::NotFound("the module".to_owned()))?;
    Document::render(&ModuleVersions::new(&first.address.module, versions))
}

async fn latest(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModulePath>,
) -> Result<HttpResponse, Problem> {
    let address = path.address().map_err(|_| Problem::unseen(&caller.0))?;
    let document = App::run_whole(&app, move |app| {
        detail_document(app, &caller.0, &address, None)
    })
    .await?;
    Ok(document.answer(&request))
}

async fn detail(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleVersionPath>,
) -> Result<HttpResponse, Problem> {
    let address = path.address().map_err(|_| Problem::unseen(&caller.0))?;
    let document = App::run_whole(&app, move |app| {
        detail_document(app, &caller.0, &address.module, Some(&address))
    })
    .await?;
    Ok(document.answer(&request))
}

fn detail_document(
    app: &App,
    caller: &Caller,
    address: &ModuleAddress,
    asked: Option<&ModuleVersionAddress>,
) -> Result<Arc<Document>, Error> {
    let (registry, documents) = (&app.registry, &app.documents);
    let grant = registry.module_grant::<ReadModules>(caller, address)?;
    let mark = registry.versions_mark(address);
    let listing = registry.listing(&grant, address)?;
    let shown = match asked {
        None => listing.latest.clone(),
        Some(asked) => registry.published_version(&grant, asked)?.as_ref().clone(),
    };
    let systems = registry.systems_of(caller, address)?;
    // All that can change in it beside the versions stands in the key.
    let key = format!("detail {} {} {systems:?}", shown.address, listing.downloads);
    Document::remembered(documents, &key, mark, || {
        let versions = registry.published_versions(&grant, address)?;
        let docs = registry.module_docs(&shown)?;
        Document::render(&ModuleDetail::new(
            &listing,
            (&shown, &docs),
            &systems,
            &versions,
        ))
    })
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

async fn downloads_summary(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModulePath>,
) -> Result<HttpResponse, Problem> {
    let address = path.address().map_err(|_| Problem::unseen(&caller.0))?;
    let grant = app
        .registry
        .module_grant::<ReadModules>(&caller.0, &address)?;
    let summary = app
        .run(move |registry| {
            let listing = registry.listing(&grant, &address)?;
            let counts = registry.download_counts(&grant, &address)?;
            Ok(DownloadsSummary::new(&listing.module.address, &counts))
        })
        .await?;
    Ok(Document::render(&summary)?.answer(&request))
}
