//! The module registry protocol: list, search, versions, details, download.
//!
//! Source: endpoints.tsv (family registry-protocol), terraform-cli.md §3.

use actix_web::http::header::{ACCEPT, CACHE_CONTROL, HeaderName, HeaderValue, LOCATION, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::view::{DownloadLocation, ModuleDetail, ModuleList, ModuleVersions};
use super::{Problem, archives};
use crate::auth::{Caller, ReadModules};
use crate::domain::{ModuleAddress, ModuleName, ModuleVersionAddress, Namespace};
use crate::http::access::Access;
use crate::http::document::Document;
use crate::http::paging::OffsetQuery;
use crate::http::path::{ModulePath, ModuleVersionPath};
use crate::http::{App, RequestCaller};
use crate::registry::{Error, ModuleQuery, Registry};
use crate::routes;

routes! {
    GET "" => list [Access::Listing],
    GET "/search" => search [Access::Listing],
    GET "/{namespace}" => list_namespace [Access::Read],
    POST "/{namespace}" => list_namespace [Access::Read],
    GET "/{namespace}/{name}" => list_systems [Access::Read],
    GET "/{namespace}/{name}/{system}" => latest [Access::Read],
    GET "/{namespace}/{name}/{system}/versions" => versions [Access::Read],
    GET "/{namespace}/{name}/{system}/download" => download_latest [Access::Read],
    GET "/{namespace}/{name}/{system}/{version}" => detail [Access::Read],
    GET "/{namespace}/{name}/{system}/{version}/download" => download [Access::Read],
}

const X_TERRAFORM_GET: HeaderName = HeaderName::from_static("x-terraform-get");

#[derive(Debug, Deserialize)]
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
    filter: web::Query<ListFilter>,
) -> Result<HttpResponse, Problem> {
    let query = module_query(&filter)?;
    answer_list(&request, &app, caller.0, query).await
}

async fn search(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    filter: web::Query<ListFilter>,
) -> Result<HttpResponse, Problem> {
    let query = module_query(&filter)?;
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
    filter: web::Query<ListFilter>,
) -> Result<HttpResponse, Problem> {
    let namespace: Namespace = path.parse().map_err(|_| Problem::unseen(&caller.0))?;
    app.registry
        .grant::<ReadModules>(&caller.0, namespace.as_str())?;
    let query = module_query(&filter)?.map(|query| ModuleQuery {
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
    let location = archives::location(&app.registry.sign_archive(&grant, &address)?);
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
    let base = request.path().trim_end_matches("/download");
    Ok(HttpResponse::Found()
        .insert_header((LOCATION, format!("{base}/{version}/download")))
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .finish())
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
    web::Query::from_query(request.query_string())
        .map(web::Query::into_inner)
        .unwrap_or_default()
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
