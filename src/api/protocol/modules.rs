//! One module: versions, details, download.
//!
//! Source: `tests/fixtures/contracts/module-registry-protocol.toml`.

use std::borrow::Cow;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{
    ACCEPT, CACHE_CONTROL, HeaderName, HeaderValue, LOCATION, USER_AGENT, VARY,
};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};

use super::Problem;
use super::details::ModuleDetail;
use super::view::{DownloadLocation, DownloadsSummary, ModuleVersions};
use crate::auth::{Caller, Grant, ReadModules};
use crate::domain::{ModuleAddress, ModuleVersionAddress, Version, find_version};
use crate::http::App;
use crate::http::access::Access;
use crate::http::caller::{WithCaller, with_caller};
use crate::http::document::Document;
use crate::http::module_file;
use crate::http::path::named;
use crate::registry::{Error, OutlinedVersion};
use crate::routes;

routes! {
    /// Lists all published versions of a module.
    GET "/{namespace}/{name}/{system}/versions" => versions [Access::Read] -> 200 ModuleVersions<'_>,
    /// Gives the address of a version's archive in `X-Terraform-Get`, and in the body for JSON clients.
    GET "/{namespace}/{name}/{system}/{version}/download" => download [Access::Read] -> 204,
    /// Gives the address at which the latest version is downloaded.
    GET "/{namespace}/{name}/{system}/download" => download_latest [Access::Read] -> 302,
    /// Counts how often a module was downloaded.
    GET "/{namespace}/{name}/{system}/downloads/summary" => downloads_summary [Access::Read] -> 200 DownloadsSummary,
    /// Shows the latest version of a module in detail.
    GET "/{namespace}/{name}/{system}" => details [Access::Read] -> 200 ModuleDetail<'_>,
    /// Shows a version of a module in detail.
    GET "/{namespace}/{name}/{system}/{version}" => details [Access::Read] -> 200 ModuleDetail<'_>,
}

const X_TERRAFORM_GET: HeaderName = HeaderName::from_static("x-terraform-get");

/// The inputs of every endpoint here: the caller, and the module or version that the path names.
struct ModuleRequest {
    request: HttpRequest,
    app: web::Data<App>,
    caller: Caller,
    address: ModuleAddress,
    version: Option<Version>,
}

impl FromRequest for ModuleRequest {
    type Error = actix_web::Error;
    type Future = WithCaller<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        with_caller(request, |request, caller| {
            Ok(parse_request(request, caller)?)
        })
    }
}

fn parse_request(request: &HttpRequest, caller: Caller) -> Result<ModuleRequest, Problem> {
    let app = request.app_data::<web::Data<App>>().cloned();
    let (Some(app), Ok((address, version))) = (app, named(request)) else {
        return Err(Problem::unseen(&caller));
    };
    Ok(ModuleRequest {
        request: request.clone(),
        app,
        caller,
        address,
        version,
    })
}

impl ModuleRequest {
    /// Returns the caller's right to read the module.
    fn grant(&self) -> Result<Grant<ReadModules>, Error> {
        self.app.registry.module_grant(&self.caller, &self.address)
    }

    /// Returns the version that the path names.
    fn version(&self) -> Result<ModuleVersionAddress, Error> {
        let missing = || Error::NotFound("the module version".to_owned());
        Ok(ModuleVersionAddress {
            module: self.address.clone(),
            version: self.version.clone().ok_or_else(missing)?,
        })
    }
}

async fn versions(asked: ModuleRequest) -> Result<HttpResponse, Problem> {
    let grant = asked.grant()?;
    let ModuleRequest {
        request,
        app,
        address,
        ..
    } = asked;
    let revision = app.registry.versions_revision(&address);
    let key = format!("versions {}", address.folded());
    if let Some(document) = app.documents.get(&key, &revision) {
        return Ok(document.answer(&request));
    }
    let versions = app
        .run(move |registry| registry.outlined_versions(&grant, &address))
        .await?;
    let document = versions_document(&versions)?;
    // A document that lacks the outlines of versions in the inspection queue is not cached.
    if versions.iter().all(|(_, outline)| outline.is_some()) {
        app.documents.put(key, revision, Arc::new(document.clone()));
    }
    Ok(document.answer(&request))
}

fn versions_document(versions: &[OutlinedVersion]) -> Result<Document, Error> {
    let (first, _) = versions
        .first()
        .ok_or_else(|| Error::NotFound("the module".to_owned()))?;
    Document::render(&ModuleVersions::new(&first.address.module, versions))
}

async fn details(asked: ModuleRequest) -> Result<HttpResponse, Problem> {
    let grant = asked.grant()?;
    let ModuleRequest {
        request,
        app,
        caller,
        address,
        version,
    } = asked;
    let registry = &app.registry;
    // A repeated request is answered without reading a row while nothing changes. The document is
    // the same for all callers that see the whole organization.
    let shared = registry.sees_all_modules(&caller, &grant)?;
    let revision = registry.store_revision();
    let version_asked = version.as_ref().map(ToString::to_string);
    let key = format!(
        "{} {}",
        address.folded(),
        version_asked.as_deref().unwrap_or("latest")
    );
    if shared && let Some(document) = app.responses_by_store_revision.get(&key, &revision) {
        return Ok(document.answer(&request));
    }
    let document = App::run_blocking_with_app(&app, move |app| {
        detail_document(app, &caller, &address, version.as_ref())
    })
    .await?;
    if shared {
        app.responses_by_store_revision
            .put(key, revision, Arc::clone(&document));
    }
    Ok(document.answer(&request))
}

/// Returns the document about one version, or about the latest.
fn detail_document(
    app: &App,
    caller: &Caller,
    address: &ModuleAddress,
    asked: Option<&Version>,
) -> Result<Arc<Document>, Error> {
    let (registry, documents) = (&app.registry, &app.documents);
    let grant = registry.module_grant::<ReadModules>(caller, address)?;
    let revision = registry.versions_revision(address);
    let versions = registry.published_versions(&grant, address)?;
    let listing = registry.listing_of(&grant, address, &versions)?;
    let shown = match asked {
        None => &listing.latest,
        Some(number) => {
            find_version(&versions, number).ok_or_else(|| Error::no_module_version(number))?
        }
    };
    let systems = registry.systems_of(caller, address)?;
    // The key holds everything in the document that can change besides the versions.
    let key = format!("detail {} {} {systems:?}", shown.address, listing.downloads);
    Document::remembered(documents, &key, revision, || {
        let docs = registry.module_docs(shown)?;
        Document::render(&ModuleDetail::new(
            &listing,
            (shown, &docs),
            &systems,
            &versions,
        ))
    })
}

async fn download(asked: ModuleRequest) -> Result<HttpResponse, Problem> {
    let signed = asked
        .app
        .registry
        .sign_archive(&asked.grant()?, &asked.version()?)?;
    let mut location = Cow::Borrowed(signed.shown_as(module_file::location));
    if takes_addresses_as_they_are(&asked.request) {
        location.to_mut().insert_str(0, asked.app.public_url());
    }
    // Every client accepts 204 with the header. OpenTofu accepts JSON and then reads the body; the
    // header is there for Terragrunt, which does not.
    let wants_body = asked
        .request
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
        .insert_header((X_TERRAFORM_GET, &*location))
        .insert_header((VARY, HeaderValue::from_static("Accept, Authorization")))
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")));
    Ok(if wants_body {
        let location = location.into_owned();
        answer.json(DownloadLocation { location })
    } else {
        answer.finish()
    })
}

/// Returns whether a client uses the address as it stands, where all others resolve it against the
/// one they requested (`tests/fixtures/contracts/module-registry-protocol.toml#relative`).
fn takes_addresses_as_they_are(request: &HttpRequest) -> bool {
    let agent = request.headers().get(USER_AGENT);
    agent.is_some_and(|agent| agent.as_bytes().starts_with(b"terrasnek-"))
}

async fn download_latest(asked: ModuleRequest) -> Result<HttpResponse, Problem> {
    let grant = asked.grant()?;
    let ModuleRequest {
        request,
        app,
        address,
        ..
    } = asked;
    let latest = app.run(move |registry| registry.latest_version(&grant, &address));
    let version = latest.await?.address.version;
    let path = request.path();
    let base = path.strip_suffix("/download").unwrap_or(path);
    Ok(HttpResponse::Found()
        .insert_header((LOCATION, format!("{base}/{version}/download")))
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .finish())
}

async fn downloads_summary(asked: ModuleRequest) -> Result<HttpResponse, Problem> {
    let grant = asked.grant()?;
    let ModuleRequest {
        request,
        app,
        address,
        ..
    } = asked;
    let summary = app
        .run(move |registry| {
            let listing = registry.listing(&grant, &address)?;
            let counts = registry.download_counts(&grant, &address)?;
            Ok(DownloadsSummary::new(&listing.module.address, &counts))
        })
        .await?;
    Ok(Document::render(&summary)?.answer(&request))
}
