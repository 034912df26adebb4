//! Lists of modules, and the search of the registry protocol.
//!
//! Source: `tests/fixtures/contracts/module-registry-protocol.toml#old-list`. The API of 2017 asks
//! for an organization's list with POST, and its own example uses GET, so both are answered alike.

use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Problem;
use super::view::ModuleList;
use crate::auth::{Caller, ReadModules};
use crate::domain::{ModuleName, Namespace, System};
use crate::http::access::Access;
use crate::http::document::Document;
use crate::http::paging::OffsetQuery;
use crate::http::{App, Query, RequestCaller};
use crate::registry::{Error, ModulePage, ModuleQuery, ModulesFound, SearchDetail, SearchQuery};
use crate::routes;

routes! {
    /// Lists the modules that the caller may see.
    GET "" => list [Access::Listing] query(ListFilter, OffsetQuery) -> 200 ModuleList,
    /// Searches modules.
    GET "/search" => search [Access::Listing] query(ListFilter, OffsetQuery) -> 200 ModuleList,
    /// Lists the modules of an organization.
    GET "/{namespace}" => list_namespace [Access::Read] query(ListFilter, OffsetQuery) -> 200 ModuleList,
    /// Lists the modules of an organization, at the path of 2017.
    POST "/{namespace}" => list_namespace [Access::Read] query(ListFilter, OffsetQuery) -> 200 ModuleList,
    /// Shows the latest version of a module for each provider.
    GET "/{namespace}/{name}" => list_systems [Access::Read] query(OffsetQuery) -> 200 ModuleList,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct ListFilter {
    /// Words to search for.
    q: Option<String>,
    /// The provider that modules are for.
    provider: Option<String>,
    /// The organization that modules belong to.
    namespace: Option<String>,
    /// `true` for verified modules only; this registry has none.
    verified: Option<String>,
}

async fn list(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    filter: Query<ListFilter>,
) -> Result<HttpResponse, Problem> {
    let asked = parse_filter(&filter.0);
    answer_list(&request, &app, caller.0, asked).await
}

async fn search(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    filter: Query<ListFilter>,
) -> Result<HttpResponse, Problem> {
    let asked = parse_filter(&filter.0);
    if asked.as_ref().is_some_and(|asked| asked.text.is_none()) {
        return Err(Error::invalid("q", "say what to search for, as in `?q=vpc`").into());
    }
    answer_list(&request, &app, caller.0, asked).await
}

async fn list_namespace(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<String>,
    filter: Query<ListFilter>,
) -> Result<HttpResponse, Problem> {
    let namespace: Namespace = path.parse().map_err(|_| Problem::unseen(&caller.0))?;
    app.registry
        .grant::<ReadModules>(&caller.0, namespace.as_str())?;
    let asked = parse_filter(&filter.0).map(|asked| ListQuery {
        namespace: Some(namespace),
        ..asked
    });
    answer_list(&request, &app, caller.0, asked).await
}

async fn list_systems(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let namespace: Namespace = path.0.parse().map_err(|_| Problem::unseen(&caller.0))?;
    let name: ModuleName = path.1.parse().map_err(|_| Problem::unseen(&caller.0))?;
    app.registry
        .grant::<ReadModules>(&caller.0, namespace.as_str())?;
    let missing = Error::NotFound(format!("the module `{namespace}/{name}`"));
    let query = ModuleQuery {
        namespace: Some(namespace),
        name: Some(name),
        ..ModuleQuery::default()
    };
    let paging = paging(&request);
    let query = ModuleQuery {
        offset: paging.offset(),
        limit: paging.limit(),
        ..query
    };
    let (offset, limit) = (query.offset, query.limit);
    let page = app
        .run(move |registry| registry.list_modules(&caller.0, &query))
        .await?;
    if page.listings.is_empty() && offset == 0 {
        return Err(missing.into());
    }
    let view = ModuleList::new(&page, offset, limit, &here(&request));
    Ok(Document::render(&view)?.answer(&request))
}

/// The parsed filters of a list.
#[derive(Debug, Default)]
struct ListQuery {
    text: Option<String>,
    namespace: Option<Namespace>,
    system: Option<System>,
}

/// Parses the filters; `None` if one of them cannot match anything.
fn parse_filter(filter: &ListFilter) -> Option<ListQuery> {
    // No module here is verified by anybody but its owner.
    if filter.verified.as_deref() == Some("true") {
        return None;
    }
    let text = filter.q.as_deref().map(str::trim);
    let mut asked = ListQuery {
        text: text.filter(|text| !text.is_empty()).map(str::to_owned),
        ..ListQuery::default()
    };
    if let Some(provider) = &filter.provider {
        asked.system = Some(provider.to_ascii_lowercase().parse().ok()?);
    }
    if let Some(namespace) = &filter.namespace {
        asked.namespace = Some(namespace.parse().ok()?);
    }
    Some(asked)
}

fn paging(request: &HttpRequest) -> OffsetQuery {
    Query::read(request.query_string()).0
}

/// Returns the list's own address with its filters, without the paging parameters.
fn here(request: &HttpRequest) -> String {
    let kept: Vec<&str> = request
        .query_string()
        .split('&')
        .filter(|pair| {
            !pair.is_empty() && !pair.starts_with("offset=") && !pair.starts_with("limit=")
        })
        .collect();
    if kept.is_empty() {
        request.path().to_owned()
    } else {
        format!("{}?{}", request.path(), kept.join("&"))
    }
}

async fn answer_list(
    request: &HttpRequest,
    app: &web::Data<App>,
    caller: Caller,
    asked: Option<ListQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = paging(request);
    let (offset, limit) = (paging.offset(), paging.limit());
    // A filter that matches nothing must not skip the check whether the caller may read the list.
    let offset_or_end = if asked.is_some() { offset } else { usize::MAX };
    let asked = asked.unwrap_or_default();
    let page = match asked.text {
        None => {
            let query = ModuleQuery {
                namespace: asked.namespace,
                system: asked.system,
                offset: offset_or_end,
                limit,
                ..ModuleQuery::default()
            };
            app.run(move |registry| registry.list_modules(&caller, &query))
                .await?
        }
        Some(text) => {
            let query = SearchQuery {
                text,
                namespace: asked.namespace.map(|namespace| namespace.to_string()),
                system: asked.system.map(|system| system.to_string()),
                include_deprecated: true,
                offset: offset_or_end,
                limit,
                detail: SearchDetail::Brief,
                ..SearchQuery::default()
            };
            page_of(
                App::search_modules(app, caller, query).await?,
                offset_or_end,
            )
        }
    };
    let view = ModuleList::new(&page, offset, limit, &here(request));
    Ok(Document::render(&view)?.answer(request))
}

fn page_of(found: ModulesFound, offset: usize) -> ModulePage {
    let listings: Vec<_> = found.modules.into_iter().map(|it| it.listing).collect();
    let end = offset.saturating_add(listings.len());
    ModulePage {
        more: u64::try_from(end).is_ok_and(|end| end < found.total),
        listings,
    }
}
