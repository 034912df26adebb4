//! Lists of modules, and the search that the protocol has.
//!
//! Source: endpoints.tsv (family registry-protocol). The 2017 API asks for an organization's list
//! with POST; its own sample uses GET, so both are answered alike (generations.md row 1).

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::Problem;
use super::view::ModuleList;
use crate::auth::{Caller, ReadModules};
use crate::domain::{ModuleName, Namespace};
use crate::http::access::Access;
use crate::http::document::Document;
use crate::http::paging::OffsetQuery;
use crate::http::{App, Query, RequestCaller};
use crate::registry::{Error, ModuleQuery};
use crate::routes;

routes! {
    GET "" => list [Access::Listing],
    GET "/search" => search [Access::Listing],
    GET "/{namespace}" => list_namespace [Access::Read],
    POST "/{namespace}" => list_namespace [Access::Read],
    GET "/{namespace}/{name}" => list_systems [Access::Read],
}

#[derive(Debug, Default, Deserialize)]
struct ListFilter {
    q: Option<String>,
    provider: Option<String>,
    namespace: Option<String>,
    verified: Option<String>,
}

/// The longest search text, in bytes.
const MAX_SEARCH_BYTES: usize = 256;

async fn list(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    filter: Query<ListFilter>,
) -> Result<HttpResponse, Problem> {
    let query = module_query(&filter.0)?;
    answer_list(&request, &app, caller.0, query).await
}

async fn search(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    filter: Query<ListFilter>,
) -> Result<HttpResponse, Problem> {
    let query = module_query(&filter.0)?;
    if query.as_ref().is_some_and(|query| query.text.is_none()) {
        return Err(Error::invalid("q", "say what to search for, as in `?q=vpc`").into());
    }
    answer_list(&request, &app, caller.0, query).await
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
    let query = module_query(&filter.0)?.map(|query| ModuleQuery {
        namespace: Some(namespace),
        ..query
    });
    answer_list(&request, &app, caller.0, query).await
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

/// The query for a list, or `None` where a filter can match nothing.
fn module_query(filter: &ListFilter) -> Result<Option<ModuleQuery>, Error> {
    let text = filter
        .q
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.len() > MAX_SEARCH_BYTES) {
        let reason = format!("a search text must not be longer than {MAX_SEARCH_BYTES} bytes");
        return Err(Error::invalid("q", reason));
    }
    // Nothing is verified by anybody but its owner here.
    if filter.verified.as_deref() == Some("true") {
        return Ok(None);
    }
    let mut query = ModuleQuery {
        text: text.map(str::to_owned),
        ..ModuleQuery::default()
    };
    if let Some(provider) = &filter.provider {
        let Ok(system) = provider.to_ascii_lowercase().parse() else {
            return Ok(None);
        };
        query.system = Some(system);
    }
    if let Some(namespace) = &filter.namespace {
        let Ok(namespace) = namespace.parse() else {
            return Ok(None);
        };
        query.namespace = Some(namespace);
    }
    Ok(Some(query))
}

fn paging(request: &HttpRequest) -> OffsetQuery {
    Query::read(request.query_string()).0
}

/// The list's own address with its filters, without the paging.
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
    app: &App,
    caller: Caller,
    query: Option<ModuleQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = paging(request);
    let (offset, limit) = (paging.offset(), paging.limit());
    // A filter that matches nothing must not spare the caller the question whether they may ask.
    let query = ModuleQuery {
        offset: if query.is_some() { offset } else { usize::MAX },
        limit,
        ..query.unwrap_or_default()
    };
    let page = app
        .run(move |registry| registry.list_modules(&caller, &query))
        .await?;
    let view = ModuleList::new(&page, offset, limit, &here(request));
    Ok(Document::render(&view)?.answer(request))
}
