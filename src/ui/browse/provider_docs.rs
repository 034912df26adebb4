//! The documentation of a provider's version: the tree of all pages, and one page or search
//! results.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::files::{picture_of, send_picture};
use super::module::refused;
use super::provider_page::{ProviderRequest, ProviderVersionPage};
use super::version_page::path;
use crate::domain::{DocsCategory, DocsPage};
use crate::http::access::Access;
use crate::http::content::Content;
use crate::http::{App, Query};
use crate::inspect::page_of;
use crate::markup::{KnownPages, LinkRules, MarkupLimits, contents, markdown};
use crate::registry::{DocsOf, Error, Registry};
use crate::routes;
use crate::ui::problem::{Problem, redirect};
use crate::ui::views::{DocsGroup, DocsLink, DocsShown, DocsTab};
use crate::ui::visitor::Visitor;

routes! {
    GET "/providers/{namespace}/{name}/{version}/docs" => overview [Access::Page],
    GET "/providers/{namespace}/{name}/{version}/docs/{*path}" => one [Access::Page],
    GET "/providers/{namespace}/{name}/{version}/pictures/{*path}" => picture [Access::Page],
}

/// The most pages of a tree that is shown unfolded.
const UNFOLDED: usize = 40;
/// The most search results that are shown.
const MOST_HITS: usize = 100;

#[derive(Deserialize)]
struct DocsPath {
    namespace: String,
    name: String,
    version: String,
    #[serde(default)]
    path: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DocsQuery {
    q: String,
}

/// The answer to the address of a page.
enum Answer {
    Page(Content),
    RelationshipLink(String),
}

async fn overview(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<DocsPath>,
    asked: Query<DocsQuery>,
) -> Result<HttpResponse, Problem> {
    let query = asked.0.q.trim().to_owned();
    let make = move |registry: &Registry, shown: &ProviderVersionPage, docs: &DocsOf| {
        if !query.is_empty() {
            return render_hits(registry, shown, docs, query).map(Answer::Page);
        }
        let first = docs.page(DocsCategory::Overview, "index");
        let first = first.or_else(|| docs.pages.first());
        let first = first.ok_or_else(no_page)?;
        page(registry, shown, docs, first).map(Answer::Page)
    };
    answer(&app, &visitor, &path, make).await
}

async fn one(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<DocsPath>,
) -> Result<HttpResponse, Problem> {
    let wanted = path.path.trim_matches('/').to_owned();
    let make = move |registry: &Registry, shown: &ProviderVersionPage, docs: &DocsOf| {
        let found = resolve(docs, &wanted).ok_or_else(no_page)?;
        if address(found) == wanted {
            return page(registry, shown, docs, found).map(Answer::Page);
        }
        Ok(Answer::RelationshipLink(href(shown, found)))
    };
    answer(&app, &visitor, &path, make).await
}

async fn picture(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<DocsPath>,
) -> Result<HttpResponse, Problem> {
    let asked = parse_path(&app, &visitor, &path)?;
    let wanted = path.into_inner().path;
    let picture = app
        .run_cpu_bound(move |registry| {
            let docs = asked.find(registry)?.docs.ok_or_else(no_page)?;
            picture_of(&wanted, |most| registry.docs_file(&docs, &wanted, most))
        })
        .await
        .map_err(|error| refused(&visitor, error))?;
    Ok(send_picture(picture))
}

fn parse_path(app: &App, visitor: &Visitor, path: &DocsPath) -> Result<ProviderRequest, Problem> {
    let address = (&*path.namespace, &*path.name);
    ProviderRequest::new(app, visitor, address, Some(&path.version))
}

async fn answer(
    app: &App,
    visitor: &Visitor,
    path: &DocsPath,
    make: impl FnOnce(&Registry, &ProviderVersionPage, &DocsOf) -> Result<Answer, Error>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    let asked = parse_path(app, visitor, path)?;
    let answer = app
        .run_cpu_bound(move |registry| {
            let shown = asked.find(registry)?;
            let docs = shown.docs.clone().ok_or_else(no_page)?;
            make(registry, &shown, &docs)
        })
        .await
        .map_err(|error| refused(visitor, error))?;
    match answer {
        Answer::Page(content) => content.answer(visitor),
        Answer::RelationshipLink(to) => Ok(redirect(&to)),
    }
}

fn no_page() -> Error {
    Error::NotFound("the page".to_owned())
}

/// Finds the page that an address names: its own address, or a link of authors in either layout.
fn resolve<'a>(docs: &'a DocsOf, wanted: &str) -> Option<&'a DocsPage> {
    let mut segments = wanted.rsplit('/');
    let (last, folder) = (segments.next()?, segments.next());
    if let Some(category) = folder.and_then(DocsCategory::of_folder) {
        let exact = docs.page(category, last);
        let file = format!("{}/{last}", category.folder());
        return exact.or_else(|| page_of(&file).and_then(|(_, slug)| docs.page(category, slug)));
    }
    let (category, slug) = page_of(last).or(match last {
        "index" | "" => Some((DocsCategory::Overview, "index")),
        _ => None,
    })?;
    docs.page(category, slug)
}

/// Returns the path of a page, relative to the documentation.
fn address(page: &DocsPage) -> String {
    if page.category == DocsCategory::Overview {
        return String::new();
    }
    format!("{}/{}", page.category.folder(), page.slug)
}

/// Returns the path of a page for a link.
fn href(shown: &ProviderVersionPage, page: &DocsPage) -> String {
    let base = shown.docs_base();
    match &*address(page) {
        "" => base,
        address => format!("{base}/{}", path(address)),
    }
}

fn page(
    registry: &Registry,
    shown: &ProviderVersionPage,
    docs: &DocsOf,
    page: &DocsPage,
) -> Result<Content, Error> {
    let base = shown.version_base();
    let text = registry.docs_text(docs, page)?;
    let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let links = LinkRules {
        folder_of_the_readme: folder.to_owned(),
        file_base: format!("{}/", shown.docs_base()),
        raw_base: format!("{base}/pictures/"),
        own: Some(shown.own()),
        pages: Some(KnownPages::new({
            let docs = docs.clone();
            move |path| resolve(&docs, path).is_some()
        })),
    };
    let rendered = markdown(&text, &links, MarkupLimits::default());
    let tab = DocsTab {
        head: shown.head("Documentation"),
        groups: tree(shown, docs, Some(page)),
        base: shown.docs_base(),
        query: String::new(),
        shown: DocsShown::Page {
            text: rendered.html.into(),
            contents: contents(&rendered.contents),
        },
    };
    Content::render(
        shown.title(&format!("{} · Documentation", page.title)),
        &tab,
    )
}

fn render_hits(
    registry: &Registry,
    shown: &ProviderVersionPage,
    docs: &DocsOf,
    query: String,
) -> Result<Content, Error> {
    let hits = registry.search_docs(docs, &query)?;
    let title = format!("Search for “{query}”");
    let link = |hit: &crate::registry::DocsHit| DocsLink {
        href: href(shown, &hit.page),
        label: hit.page.title.clone(),
        note: hit.excerpt.clone(),
        is_current: false,
    };
    let tab = DocsTab {
        head: shown.head("Documentation"),
        groups: tree(shown, docs, None),
        shown: DocsShown::Found {
            total: hits.len(),
            hits: hits.iter().take(MOST_HITS).map(link).collect(),
        },
        query,
        base: shown.docs_base(),
    };
    Content::render(shown.title(&title), &tab)
}

/// Returns the tree of all pages, by category and by the groups that they name.
fn tree(shown: &ProviderVersionPage, docs: &DocsOf, current: Option<&DocsPage>) -> Vec<DocsGroup> {
    let provider = shown.version.version.address.provider.name.as_str();
    let link = |page: &&DocsPage| DocsLink {
        href: href(shown, page),
        label: label(page, provider),
        note: String::new(),
        is_current: current == Some(*page),
    };
    let all_open = docs.pages.len() <= UNFOLDED;
    let group = |title: &str, pages: &[&DocsPage], direct: &[&DocsPage], groups| DocsGroup {
        title: title.to_owned(),
        count: pages.len(),
        is_open: all_open || pages.iter().any(|page| current == Some(*page)),
        links: direct.iter().map(link).collect(),
        groups,
    };
    let mut groups = Vec::new();
    for category in DocsCategory::ALL {
        let pages = docs.pages.iter().filter(|page| page.category == category);
        let pages: Vec<&DocsPage> = pages.collect();
        let mut by_name: BTreeMap<&str, Vec<&DocsPage>> = BTreeMap::new();
        for page in &pages {
            by_name.entry(&page.subcategory).or_default().push(page);
        }
        let direct = by_name.remove("").unwrap_or_default();
        let inner = by_name
            .iter()
            .map(|(name, inside)| group(name, inside, inside, Vec::new()));
        let inner = inner.collect();
        let is_overview = category == DocsCategory::Overview;
        let title = if is_overview { "" } else { category.title() };
        if !pages.is_empty() {
            groups.push(group(title, &pages, &direct, inner));
        }
    }
    groups
}

/// Returns the label of a page in the tree: the name that configurations use, without the prefix
/// that all of the provider's names have.
fn label(page: &DocsPage, provider: &str) -> String {
    match page.category {
        DocsCategory::Overview => "Overview".to_owned(),
        DocsCategory::Guides => page.title.clone(),
        DocsCategory::Functions => page.slug.clone(),
        DocsCategory::Resources
        | DocsCategory::DataSources
        | DocsCategory::EphemeralResources
        | DocsCategory::ListResources
        | DocsCategory::Actions => {
            let prefix = format!("{provider}_");
            let short = page.slug.strip_prefix(&prefix);
            short.unwrap_or(&page.slug).to_owned()
        }
    }
}
