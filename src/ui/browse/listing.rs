//! Lists of modules: the home page and the page of a namespace.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::module::{refused, unseen};
use super::notices::badge;
use super::overview::{day, published_at};
use super::providers;
use super::version_page::module_base;
use crate::auth::{Caller, ReadModules};
use crate::domain::{ModuleName, Namespace, number};
use crate::http::access::Access;
use crate::http::content::Content;
use crate::http::{App, Query};
use crate::registry::{
    Error, ModuleListing, ModulePage, ModuleQuery, ModulesFound, SearchDetail, SearchQuery, Sort,
};
use crate::routes;
use crate::ui::problem::{Problem, redirect};
use crate::ui::session::first_user;
use crate::ui::views::{HomePage, ModuleRow, NamespacePage};
use crate::ui::visitor::Visitor;

routes! {
    GET "/" => home [Access::Open],
    GET "/modules/{namespace}" => namespace [Access::Page],
    GET "/modules/{namespace}/{name}" => systems [Access::Page],
}

pub(super) const ON_A_PAGE: usize = 25;
/// How many modules each list of the home page shows.
const AT_HOME: usize = 6;
/// The last page of a list that can be requested.
const MAX_PAGE: usize = 10_000;

#[derive(Debug, Default, Deserialize)]
struct ListQuery {
    page: Option<String>,
}

impl ListQuery {
    fn page(&self) -> usize {
        let page = self.page.as_deref().and_then(|page| page.parse().ok());
        page.unwrap_or(1).clamp(1, MAX_PAGE)
    }
}

/// Returns one page of a list, with the modules that the caller may see; it is empty for anonymous
/// callers if nothing is public.
async fn page_of(app: &App, caller: &Caller, query: ModuleQuery) -> Result<ModulePage, Error> {
    let caller = caller.clone();
    let page = app
        .run(move |registry| registry.list_modules(&caller, &query))
        .await;
    match page {
        Err(Error::Unauthenticated(_)) => Ok(ModulePage {
            listings: Vec::new(),
            more: false,
        }),
        other => other,
    }
}

pub(super) fn row(listing: &ModuleListing) -> ModuleRow {
    let address = &listing.module.address;
    let published_at = published_at(&listing.latest);
    ModuleRow {
        href: module_base(address),
        namespace: address.namespace.to_string(),
        name: address.name.to_string(),
        system: address.system.to_string(),
        description: listing.description.clone(),
        version: listing.latest.address.version.to_string(),
        badge: badge(&listing.latest),
        published_at: published_at.to_string(),
        published_day: day(published_at),
        downloads: number(listing.downloads),
        reasons: Vec::new(),
    }
}

fn rows(page: &ModulePage) -> Vec<ModuleRow> {
    page.listings.iter().map(row).collect()
}

async fn home(app: web::Data<App>, visitor: Visitor) -> Result<HttpResponse, Problem> {
    let first = |sort| SearchQuery {
        sort,
        limit: AT_HOME,
        detail: SearchDetail::Brief,
        ..SearchQuery::default()
    };
    let newest = find_if_possible(&app, &visitor.caller, first(Sort::Newest)).await?;
    let most_used = find_if_possible(&app, &visitor.caller, first(Sort::MostDownloaded)).await?;
    let caller = visitor.caller.clone();
    let visible = app.run(move |registry| registry.list_namespaces(&caller));
    let namespaces = match visible.await {
        Ok(organizations) => organizations,
        Err(Error::Unauthenticated(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let signed_in = visitor.secret.is_some();
    let home = HomePage {
        signed_in,
        namespaces: namespaces
            .iter()
            .map(|organization| organization.name.to_string())
            .collect(),
        none: none(signed_in),
        first_user: first_user(&app).await?,
        total: newest.total,
        newest: found_rows(&newest),
        most_used: found_rows(&most_used),
        providers: providers::find_providers_named(&app, &visitor.caller, String::new()).await?,
    };
    Content::render("Home".to_owned(), &home)?.answer(&visitor)
}

/// Returns the modules that the caller can find; none for anonymous callers if nothing is public.
pub(super) async fn find_modules(
    app: &web::Data<App>,
    caller: &Caller,
    query: SearchQuery,
) -> Result<ModulesFound, Error> {
    match App::search_modules(app, caller.clone(), query).await {
        Err(Error::Unauthenticated(_)) => Ok(ModulesFound::default()),
        other => other,
    }
}

/// Returns the modules that the caller can find; none while there is no search index, because the
/// other parts of the page work without it.
async fn find_if_possible(
    app: &web::Data<App>,
    caller: &Caller,
    query: SearchQuery,
) -> Result<ModulesFound, Error> {
    match find_modules(app, caller, query).await {
        Err(Error::Unavailable { .. }) => Ok(ModulesFound::default()),
        other => other,
    }
}

fn found_rows(found: &ModulesFound) -> Vec<ModuleRow> {
    found.modules.iter().map(|it| row(&it.listing)).collect()
}

/// Returns the title of a page of a list; the first page has that of the list.
pub(super) fn paged_title(title: String, number: usize) -> String {
    match number {
        0 | 1 => title,
        _ => format!("{title} · page {number}"),
    }
}

/// Returns the text for an empty list.
pub(super) fn none(signed_in: bool) -> &'static str {
    if signed_in {
        "There are no modules that you may see yet. Publish the first one."
    } else {
        "Nothing here is public. Sign in to see what you may see."
    }
}

async fn namespace(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<String>,
    asked: Query<ListQuery>,
) -> Result<HttpResponse, Problem> {
    let namespace: Namespace = path.parse().map_err(|_| unseen(&visitor))?;
    let grant = app
        .registry
        .grant::<ReadModules>(&visitor.caller, namespace.as_str())
        .map_err(|error| refused(&visitor, error))?;
    let number = asked.0.page();
    let (caller, name) = (visitor.caller.clone(), namespace.clone());
    let (recommended, providers) = app
        .run(move |registry| {
            let providers = match number {
                1 => providers::of(registry, &caller, &name)?,
                _ => Vec::new(),
            };
            Ok((registry.public_modules_of(&grant)?, providers))
        })
        .await?;
    let query = ModuleQuery {
        namespace: Some(namespace.clone()),
        offset: (number - 1) * ON_A_PAGE,
        limit: ON_A_PAGE,
        ..ModuleQuery::default()
    };
    let page = page_of(&app, &visitor.caller, query).await?;
    let here = |number: usize| format!("/modules/{namespace}?page={number}");
    let shown = NamespacePage {
        none: "This organization has no published module yet.",
        recommended: if number == 1 {
            recommended
                .iter()
                .map(|it| it.address.to_string())
                .collect()
        } else {
            Vec::new()
        },
        providers,
        modules: rows(&page),
        previous: (number > 1).then(|| here(number - 1)),
        next: page.more.then(|| here(number + 1)),
        namespace: namespace.to_string(),
    };
    let title = paged_title(format!("Modules of {namespace}"), number);
    Content::render(title, &shown)?.answer(&visitor)
}

/// Redirects to the module if a name has only one; lists them if it has several.
async fn systems(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let missing = || Error::NotFound("the module".to_owned());
    let (namespace, name) = path.into_inner();
    let parsed: Option<(Namespace, ModuleName)> = namespace.parse().ok().zip(name.parse().ok());
    let (namespace, name) = parsed.ok_or_else(|| unseen(&visitor))?;
    app.registry
        .grant::<ReadModules>(&visitor.caller, namespace.as_str())
        .map_err(|error| refused(&visitor, error))?;
    let query = ModuleQuery {
        namespace: Some(namespace.clone()),
        name: Some(name.clone()),
        limit: ON_A_PAGE,
        ..ModuleQuery::default()
    };
    let page = page_of(&app, &visitor.caller, query).await?;
    match page.listings.as_slice() {
        [] => Err(missing().into()),
        [only] => Ok(redirect(&module_base(&only.module.address))),
        _ => {
            let title = format!("{namespace}/{name}");
            let shown = NamespacePage {
                none: "",
                recommended: Vec::new(),
                providers: Vec::new(),
                modules: rows(&page),
                previous: None,
                next: None,
                namespace: title.clone(),
            };
            Content::render(format!("Modules named {title}"), &shown)?.answer(&visitor)
        }
    }
}
