//! The search page: words, filters with counts, and the reasons why each module matched.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use url::form_urlencoded;

use super::listing::{ON_A_PAGE, find_modules, none, paged_title, row};
use super::pasted::{Pasted, pasted};
use super::providers;
use super::version_page::{VersionPage, module_base, path};
use crate::http::access::Access;
use crate::http::content::Content;
use crate::http::{App, Query};
use crate::registry::{Facets, FoundModule, MatchReason, MatchReasonKind, SearchQuery, Sort};
use crate::routes;
use crate::ui::problem::{Problem, redirect};
use crate::ui::views::{Facet, FacetValue, ModuleRow, ReasonRow, SearchPage, SortChoice};
use crate::ui::visitor::Visitor;

routes! {
    GET "/search" => search [Access::Open],
}

/// The last page of results that can be requested; better words help more than further pages.
const MAX_PAGE: usize = 400;

/// How many reasons each module shows.
const REASONS: usize = 4;

/// The parameters of a search, all from the address.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
struct SearchParameters {
    q: String,
    namespace: String,
    provider: String,
    resource: String,
    deprecated: String,
    sort: String,
    page: String,
}

impl SearchParameters {
    fn page(&self) -> usize {
        self.page.parse().unwrap_or(1).clamp(1, MAX_PAGE)
    }

    /// Returns whether the search has only words and is on its first page.
    fn is_of_words(&self) -> bool {
        let narrowing = [&self.namespace, &self.provider, &self.resource];
        !self.q.is_empty() && self.page() == 1 && narrowing.iter().all(|it| it.is_empty())
    }

    fn sort(&self) -> Sort {
        match self.sort.as_str() {
            "newest" => Sort::Newest,
            "downloads" => Sort::MostDownloaded,
            "name" => Sort::Name,
            _ => Sort::Relevance,
        }
    }

    fn query(&self) -> SearchQuery {
        let given = |text: &String| (!text.is_empty()).then(|| text.clone());
        SearchQuery {
            text: self.q.clone(),
            namespace: given(&self.namespace),
            system: given(&self.provider),
            resource_type: given(&self.resource),
            include_deprecated: !self.deprecated.is_empty(),
            sort: self.sort(),
            offset: (self.page() - 1) * ON_A_PAGE,
            limit: ON_A_PAGE,
            ..SearchQuery::default()
        }
    }

    /// Returns the address of this search, without the page number.
    fn href(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("q", &self.q),
            ("namespace", &self.namespace),
            ("provider", &self.provider),
            ("resource", &self.resource),
            ("deprecated", &self.deprecated),
            ("sort", &self.sort),
            ("page", &self.page),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("/search?{}", query.finish())
    }

    /// Returns the address of this search with a change.
    fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut other = Self {
            page: String::new(),
            ..self.clone()
        };
        change(&mut other);
        other.href()
    }
}

/// Returns the title of a page of what was found, which says what was asked for.
fn title(asked: &SearchParameters, number: usize) -> String {
    let mut title = match asked.q.as_str() {
        "" => "All modules".to_owned(),
        words => format!("Search for “{words}”"),
    };
    for (field, value) in [
        ("organization", &asked.namespace),
        ("provider", &asked.provider),
        ("resource", &asked.resource),
        ("order", &asked.sort),
    ] {
        if !value.is_empty() {
            title = format!("{title} · {field} {value}");
        }
    }
    if !asked.deprecated.is_empty() {
        title.push_str(" · with deprecated ones");
    }
    paged_title(title, number)
}

async fn search(
    app: web::Data<App>,
    visitor: Visitor,
    asked: Query<SearchParameters>,
) -> Result<HttpResponse, Problem> {
    let mut asked = asked.0;
    asked.q = asked.q.trim().to_owned();
    let mut query = asked.query();
    if let Some(pasted) = pasted(&asked.q) {
        query.text.clone_from(&pasted.words);
        if let Some(page) = page_of(&app, &visitor, pasted).await? {
            return Ok(redirect(&page));
        }
    }
    let found = find_modules(&app, &visitor.caller, query).await?;
    let number = asked.page();
    let providers = if asked.is_of_words() {
        providers::find_providers_named(&app, &visitor.caller, asked.q.clone()).await?
    } else {
        Vec::new()
    };
    let page = |number: usize| asked.with(|other| other.page = number.to_string());
    let more = found.total > u64::try_from(number * ON_A_PAGE).unwrap_or(u64::MAX);
    let signed_in = visitor.secret.is_some();
    let shown = SearchPage {
        query: asked.q.clone(),
        total: found.total,
        lags: found.lags,
        facets: facets(&found.facets, &asked),
        sorts: sorts(&asked),
        deprecated: deprecated(&found.facets, &asked),
        none: if asked.q.is_empty() || !signed_in {
            none(signed_in)
        } else {
            "No module matches all of these words, even allowing for typos."
        },
        providers,
        modules: found.modules.iter().map(found_row).collect(),
        previous: (number > 1).then(|| page(number - 1)),
        next: (more && number < MAX_PAGE).then(|| page(number + 1)),
    };
    Content::render(title(&asked, number), &shown)?.answer(&visitor)
}

/// Returns the page of a pasted address; `None` if the visitor sees no such module.
async fn page_of(app: &App, visitor: &Visitor, pasted: Pasted) -> Result<Option<String>, Problem> {
    let caller = visitor.caller.clone();
    let page = app.run(move |registry| {
        let Some(address) = pasted.address else {
            return Ok(None);
        };
        let Ok(shown) = VersionPage::find(registry, &caller, &address, None) else {
            return Ok(None);
        };
        let mut submodules = shown.docs.submodules.iter();
        Ok(Some(if submodules.any(|it| it.path == pasted.folder) {
            format!("{}/submodules/{}", shown.base(), path(&pasted.folder))
        } else {
            module_base(&shown.version.address.module)
        }))
    });
    Ok(page.await?)
}

fn found_row(found: &FoundModule) -> ModuleRow {
    ModuleRow {
        reasons: found
            .reasons
            .iter()
            // A match in the name is visible without a reason.
            .filter(|reason| {
                !matches!(
                    reason.kind,
                    MatchReasonKind::Name | MatchReasonKind::Namespace
                )
            })
            .take(REASONS)
            .map(reason_row)
            .collect(),
        ..row(&found.listing)
    }
}

fn reason_row(reason: &MatchReason) -> ReasonRow {
    ReasonRow {
        kind: match reason.kind {
            MatchReasonKind::Name => "name",
            MatchReasonKind::Namespace => "organization",
            MatchReasonKind::System | MatchReasonKind::Provider => "provider",
            MatchReasonKind::Resource => "resource",
            MatchReasonKind::Input => "input",
            MatchReasonKind::Output => "output",
            MatchReasonKind::Description => "description",
            MatchReasonKind::Readme => "README",
        },
        is_code: !matches!(
            reason.kind,
            MatchReasonKind::Description | MatchReasonKind::Readme
        ),
        text: reason.text.clone(),
    }
}

fn facets(found: &Facets, asked: &SearchParameters) -> Vec<Facet> {
    let one = |title, values: &[(String, u64)], field: fn(&mut SearchParameters) -> &mut String| {
        let mut wanted = asked.clone();
        let chosen = std::mem::take(field(&mut wanted)).to_ascii_lowercase();
        let values: Vec<FacetValue> = values
            .iter()
            .map(|(label, count)| FacetValue {
                is_chosen: *label == chosen,
                href: asked.with(|other| {
                    let value = field(other);
                    *value = if *label == chosen {
                        String::new()
                    } else {
                        label.clone()
                    };
                }),
                label: label.clone(),
                count: *count,
            })
            .collect();
        Facet { title, values }
    };
    let all = [
        one("Organization", &found.namespaces, |asked| {
            &mut asked.namespace
        }),
        one("Provider", &found.systems, |asked| &mut asked.provider),
        one("Resource", &found.resource_types, |asked| {
            &mut asked.resource
        }),
    ];
    // A facet with a single value that narrows nothing is noise, unless the visitor has chosen it.
    let is_choice =
        |facet: &Facet| facet.values.len() > 1 || facet.values.iter().any(|value| value.is_chosen);
    all.into_iter().filter(is_choice).collect()
}

fn deprecated(found: &Facets, asked: &SearchParameters) -> Option<FacetValue> {
    let is_chosen = !asked.deprecated.is_empty();
    (found.deprecated > 0 || is_chosen).then(|| FacetValue {
        label: "Show deprecated".to_owned(),
        count: found.deprecated,
        is_chosen,
        href: asked.with(|other| {
            other.deprecated = if is_chosen {
                String::new()
            } else {
                "yes".to_owned()
            };
        }),
    })
}

fn sorts(asked: &SearchParameters) -> Vec<SortChoice> {
    let chosen = asked.sort();
    [
        ("Relevance", "", Sort::Relevance),
        ("Newest", "newest", Sort::Newest),
        ("Most used", "downloads", Sort::MostDownloaded),
        ("Name", "name", Sort::Name),
    ]
    .into_iter()
    .map(|(label, value, sort)| SortChoice {
        label,
        href: asked.with(|other| value.clone_into(&mut other.sort)),
        is_chosen: sort == chosen,
    })
    .collect()
}
