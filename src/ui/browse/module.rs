//! The pages of one module version, one for each tab.

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use futures_util::future::LocalBoxFuture;
use serde::Deserialize;

use super::version_page::VersionPage;
use super::{files, overview};
use crate::domain::{ModuleAddress, Version};
use crate::http::App;
use crate::http::access::Access;
use crate::http::content::Content;
use crate::http::module_file;
use crate::http::path::named;
use crate::registry::Error;
use crate::routes;
use crate::ui::problem::{Problem, redirect};
use crate::ui::views::{DependenciesTab, OutputsTab, ResourcesTab};
use crate::ui::visitor::Visitor;

routes! {
    GET "/modules/{namespace}/{name}/{system}" => overview_tab [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}" => overview_tab [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/outputs" => outputs [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/resources" => resources [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/dependencies" => dependencies [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/files" => all_files [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/files/{*path}" => one_file [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/raw/{*path}" => picture [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/archive" => archive [Access::Page],
}

/// The inputs of a page about one version.
pub(super) struct VersionRequest {
    pub(super) app: web::Data<App>,
    pub(super) visitor: Visitor,
    pub(super) address: ModuleAddress,
    pub(super) version: Option<Version>,
    /// The rest of the path after the version's own pages, such as a file's path; empty if there is
    /// none.
    pub(super) path: String,
}

/// The last parameter of the path, if the route has one.
#[derive(Debug, Deserialize)]
struct Rest {
    #[serde(default)]
    path: String,
}

impl FromRequest for VersionRequest {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, visitor) = (request.clone(), Visitor::from_request(request, payload));
        Box::pin(async move { parse_request(&request, visitor.await?) })
    }
}

/// Parses the path of a request; a name that is not valid is treated like one that does not exist.
fn parse_request(request: &HttpRequest, visitor: Visitor) -> Result<VersionRequest, Problem> {
    let app = request.app_data::<web::Data<App>>().cloned();
    let rest = web::Path::<Rest>::extract(request).into_inner();
    let (Some(app), Ok((address, version)), Ok(rest)) = (app, named(request), rest) else {
        return Err(unseen(&visitor));
    };
    Ok(VersionRequest {
        app,
        visitor,
        address,
        version,
        path: rest.into_inner().path,
    })
}

/// Returns the answer for a name that is not valid: the same as for a module that does not exist or
/// is hidden.
pub(in crate::ui) fn unseen(visitor: &Visitor) -> Problem {
    match visitor.require_sign_in() {
        Err(sign_in) => sign_in,
        Ok(()) => Error::NotFound("the module".to_owned()).into(),
    }
}

/// Sends anonymous visitors to the sign-in page if the module is not public.
pub(in crate::ui) fn refused(visitor: &Visitor, error: Error) -> Problem {
    match (error, visitor.require_sign_in()) {
        (Error::Unauthenticated(_), Err(sign_in)) => sign_in,
        (error, _) => error.into(),
    }
}

impl VersionRequest {
    /// Answers with the cached page of the version, or with the one that `make` renders now.
    pub(super) async fn answer(
        self,
        page: String,
        make: impl FnOnce(&App, &VersionPage) -> Result<Content, Error> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let (address, version) = (self.address, self.version);
        let caller = self.visitor.caller.clone();
        let content = App::run_blocking_with_app(&self.app, move |app| {
            let revision = app.registry.versions_revision(&address);
            let shown = VersionPage::find(&app.registry, &caller, &address, version.as_ref())?;
            let key = shown.key(&page);
            if let Some(content) = app.contents.get(&key, &revision) {
                return Ok(content);
            }
            let content = Arc::new(make(app, &shown)?);
            app.contents.put(key, revision, Arc::clone(&content));
            Ok(content)
        })
        .await
        .map_err(|error| refused(&self.visitor, error))?;
        content.answer(&self.visitor)
    }
}

async fn overview_tab(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    asked.answer("overview".to_owned(), overview_content).await
}

fn overview_content(app: &App, shown: &VersionPage) -> Result<Content, Error> {
    let address = &shown.listing.module.address;
    let counts = app.registry.download_counts(&shown.grant, address)?;
    let instead = overview::instead(&app.registry, shown)?;
    let place = (app.host(), app.public_url());
    overview::content(shown, &counts, instead.as_ref(), place)
}

async fn outputs(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    let make = |_: &App, shown: &VersionPage| {
        let page = OutputsTab {
            head: &shown.head("Outputs"),
            folder: &shown.docs.root,
        };
        Content::render(shown.title("Outputs"), &page)
    };
    asked.answer("outputs".to_owned(), make).await
}

async fn resources(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    let make = |_: &App, shown: &VersionPage| {
        let page = ResourcesTab {
            head: &shown.head("Resources"),
            folder: &shown.docs.root,
            files_base: format!("{}/files/", shown.base()),
        };
        Content::render(shown.title("Resources"), &page)
    };
    asked.answer("resources".to_owned(), make).await
}

async fn dependencies(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    let make = |_: &App, shown: &VersionPage| {
        let page = DependenciesTab {
            head: &shown.head("Dependencies"),
            folder: &shown.docs.root,
            level: 2,
            files_base: format!("{}/files/", shown.base()),
        };
        Content::render(shown.title("Dependencies"), &page)
    };
    asked.answer("dependencies".to_owned(), make).await
}

async fn all_files(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    let make =
        |app: &App, shown: &VersionPage| files::content(&app.registry, shown, ("", app.host()));
    asked.answer("files".to_owned(), make).await
}

async fn one_file(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    let path = asked.path.clone();
    let key = format!("file {path}");
    let make = move |app: &App, shown: &VersionPage| {
        files::content(&app.registry, shown, (&path, app.host()))
    };
    asked.answer(key, make).await
}

async fn picture(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    let caller = asked.visitor.caller.clone();
    let (address, version, path) = (asked.address, asked.version, asked.path);
    let picture = asked
        .app
        .run(move |registry| {
            let shown = VersionPage::find(registry, &caller, &address, version.as_ref())?;
            files::picture(registry, &shown, &path)
        })
        .await
        .map_err(|error| refused(&asked.visitor, error))?;
    Ok(files::send_picture(picture))
}

/// Leads to the archive, by an address that is signed for a few minutes.
async fn archive(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    let caller = asked.visitor.caller.clone();
    let (address, version) = (asked.address, asked.version);
    let location = asked
        .app
        .run(move |registry| {
            let shown = VersionPage::find(registry, &caller, &address, version.as_ref())?;
            let signed = registry.sign_archive(&shown.grant, &shown.version.address)?;
            Ok(module_file::location(&signed))
        })
        .await
        .map_err(|error| refused(&asked.visitor, error))?;
    Ok(redirect(&location))
}
