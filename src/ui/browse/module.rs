//! The pages of one module version, by its tabs.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::shown::Shown;
use super::{files, overview};
use crate::auth::ReadModules;
use crate::domain::{ModuleAddress, Version};
use crate::http::App;
use crate::http::access::Access;
use crate::http::content::Content;
use crate::http::path::ModulePath;
use crate::registry::Error;
use crate::routes;
use crate::ui::problem::Problem;
use crate::ui::views::{DependenciesTab, InputsTab, OutputsTab, ResourcesTab};
use crate::ui::visitor::Visitor;

routes! {
    GET "/modules/{namespace}/{name}/{system}" => latest [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}" => overview_tab [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/inputs" => inputs [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/outputs" => outputs [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/resources" => resources [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/dependencies" => dependencies [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/files" => all_files [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/files/{path:.*}" => one_file [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/raw/{path:.*}" => picture [Access::Page],
}

/// The version of a path, and what comes after it.
#[derive(Debug, Deserialize)]
pub(super) struct VersionInPath {
    pub(super) version: String,
    #[serde(default)]
    pub(super) path: String,
}

/// What a page of one version is asked for with.
pub(super) struct Asked {
    pub(super) visitor: Visitor,
    pub(super) address: ModuleAddress,
    pub(super) version: Option<Version>,
}

/// Reads the path of a request; a text that is no name is the same as one that names nothing.
pub(super) fn asked(
    app: &App,
    visitor: Visitor,
    module: &ModulePath,
    version: Option<&str>,
) -> Result<Asked, Problem> {
    let version = version.map(str::parse).transpose();
    let (Ok(address), Ok(version)) = (module.address(), version) else {
        return Err(unseen(&visitor));
    };
    match app
        .registry
        .module_grant::<ReadModules>(&visitor.caller, &address)
    {
        Ok(_) => Ok(Asked {
            visitor,
            address,
            version,
        }),
        Err(error) => Err(refused(&visitor, error)),
    }
}

/// What cannot name anything looks like what is not there, or may not be seen.
pub(in crate::ui) fn unseen(visitor: &Visitor) -> Problem {
    match visitor.signed_in() {
        Err(sign_in) => sign_in,
        Ok(()) => Error::NotFound("the module".to_owned()).into(),
    }
}

/// Strangers are asked to sign in where it is not public.
pub(in crate::ui) fn refused(visitor: &Visitor, error: Error) -> Problem {
    match (error, visitor.signed_in()) {
        (Error::Unauthenticated(_), Err(sign_in)) => sign_in,
        (error, _) => error.into(),
    }
}

impl Asked {
    /// Answers with the page that `make` makes of the version, or that was made before.
    pub(super) async fn answer(
        self,
        app: &web::Data<App>,
        page: String,
        make: impl FnOnce(&App, &Shown) -> Result<Content, Error> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let (address, version) = (self.address, self.version);
        let caller = self.visitor.caller.clone();
        let content = App::run_whole(app, move |app| {
            let mark = app.registry.versions_mark(&address);
            let shown = Shown::find(&app.registry, &caller, &address, version.as_ref())?;
            let key = shown.key(&page);
            if let Some(content) = app.contents.get(&key, &mark) {
                return Ok(content);
            }
            let content = Arc::new(make(app, &shown)?);
            app.contents.put(key, mark, Arc::clone(&content));
            Ok(content)
        })
        .await
        .map_err(|error| refused(&self.visitor, error))?;
        content.answer(&self.visitor)
    }
}

/// Makes the content of a tab.
type Make = fn(&App, &Shown) -> Result<Content, Error>;

/// A page without anything in its address that changes it.
async fn tab(
    app: web::Data<App>,
    visitor: Visitor,
    module: &ModulePath,
    version: Option<&str>,
    page: (&'static str, Make),
) -> Result<HttpResponse, Problem> {
    let asked = asked(&app, visitor, module, version)?;
    asked.answer(&app, page.0.to_owned(), page.1).await
}

async fn latest(
    app: web::Data<App>,
    visitor: Visitor,
    module: web::Path<ModulePath>,
) -> Result<HttpResponse, Problem> {
    tab(app, visitor, &module, None, ("overview", overview_content)).await
}

fn overview_content(app: &App, shown: &Shown) -> Result<Content, Error> {
    let address = &shown.listing.module.address;
    let counts = app.registry.download_counts(&shown.grant, address)?;
    overview::content(shown, &counts, app.host())
}

/// The rest of the path after the module.
type Rest = web::Path<VersionInPath>;

async fn overview_tab(
    app: web::Data<App>,
    visitor: Visitor,
    module: web::Path<ModulePath>,
    version: Rest,
) -> Result<HttpResponse, Problem> {
    let page: (_, Make) = ("overview", overview_content);
    tab(app, visitor, &module, Some(&version.version), page).await
}

async fn inputs(
    app: web::Data<App>,
    visitor: Visitor,
    module: web::Path<ModulePath>,
    version: Rest,
) -> Result<HttpResponse, Problem> {
    let make = |_: &App, shown: &Shown| {
        let page = InputsTab {
            head: &shown.head("Inputs"),
            folder: &shown.docs.root,
            level: 2,
        };
        Content::render(shown.title("Inputs"), &page)
    };
    tab(
        app,
        visitor,
        &module,
        Some(&version.version),
        ("inputs", make),
    )
    .await
}

async fn outputs(
    app: web::Data<App>,
    visitor: Visitor,
    module: web::Path<ModulePath>,
    version: Rest,
) -> Result<HttpResponse, Problem> {
    let make = |_: &App, shown: &Shown| {
        let page = OutputsTab {
            head: &shown.head("Outputs"),
            folder: &shown.docs.root,
            level: 3,
        };
        Content::render(shown.title("Outputs"), &page)
    };
    tab(
        app,
        visitor,
        &module,
        Some(&version.version),
        ("outputs", make),
    )
    .await
}

async fn resources(
    app: web::Data<App>,
    visitor: Visitor,
    module: web::Path<ModulePath>,
    version: Rest,
) -> Result<HttpResponse, Problem> {
    let make = |_: &App, shown: &Shown| {
        let page = ResourcesTab {
            head: &shown.head("Resources"),
            folder: &shown.docs.root,
            files_base: format!("{}/files/", shown.base()),
        };
        Content::render(shown.title("Resources"), &page)
    };
    tab(
        app,
        visitor,
        &module,
        Some(&version.version),
        ("resources", make),
    )
    .await
}

async fn dependencies(
    app: web::Data<App>,
    visitor: Visitor,
    module: web::Path<ModulePath>,
    version: Rest,
) -> Result<HttpResponse, Problem> {
    let make = |_: &App, shown: &Shown| {
        let page = DependenciesTab {
            head: &shown.head("Dependencies"),
            folder: &shown.docs.root,
            level: 2,
            files_base: format!("{}/files/", shown.base()),
        };
        Content::render(shown.title("Dependencies"), &page)
    };
    let page: (_, Make) = ("dependencies", make);
    tab(app, visitor, &module, Some(&version.version), page).await
}

async fn all_files(
    app: web::Data<App>,
    visitor: Visitor,
    module: web::Path<ModulePath>,
    version: Rest,
) -> Result<HttpResponse, Problem> {
    let asked = asked(&app, visitor, &module, Some(&version.version))?;
    let make = |app: &App, shown: &Shown| files::content(&app.registry, shown, "");
    asked.answer(&app, "files".to_owned(), make).await
}

async fn one_file(
    app: web::Data<App>,
    visitor: Visitor,
    module: web::Path<ModulePath>,
    version: Rest,
) -> Result<HttpResponse, Problem> {
    let asked = asked(&app, visitor, &module, Some(&version.version))?;
    let path = version.into_inner().path;
    let key = format!("file {path}");
    let make = move |app: &App, shown: &Shown| files::content(&app.registry, shown, &path);
    asked.answer(&app, key, make).await
}

async fn picture(
    app: web::Data<App>,
    visitor: Visitor,
    module: web::Path<ModulePath>,
    version: Rest,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let asked = asked(&app, visitor, &module, Some(&version.version))?;
    let caller = asked.visitor.caller.clone();
    let path = version.into_inner().path;
    let (address, version) = (asked.address, asked.version);
    let picture = app
        .run(move |registry| {
            let shown = Shown::find(registry, &caller, &address, version.as_ref())?;
            files::picture(registry, &shown, &path)
        })
        .await
        .map_err(|error| refused(&asked.visitor, error))?;
    Ok(files::send_picture(&request, picture))
}
