//! `registry-modules`: list, create, show, change.
//!
//! Source: `tests/fixtures/contracts/registry-modules.toml`.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;

use super::body::{ModuleChangeBody, NewModuleBody};
use super::path::{ModuleParameters, module_id};
use super::public_modules;
use super::view::{self, ApiGeneration, ModuleResource, ModuleView};
use super::view_version::{self, TagBindingResource};
use crate::api::tfe::kit::{
    Body, Document, Page, PageQuery, Problem, Unpaged, answer, answer_one, page,
};
use crate::auth::{AdministerModules, Caller, Grant, PublishModules, ReadModules};
use crate::domain::{Module, PublicModule};
use crate::http::access::Access;
use crate::http::json_body;
use crate::http::{App, Query, RequestCaller};
use crate::registry::{
    Error, ModuleInBrief, ModuleQuery, ModuleWithVersions, Registry, SearchDetail, SearchQuery,
    VersionInBrief,
};
use crate::routes;

routes! {
    /// Lists an organization's modules, and the public modules in its list.
    GET "/organizations/{organization}/registry-modules" => list [Access::Read] query(ListFilter, PageQuery) -> 200 Page<ModuleResource<'_>>,
    /// Creates a module, or adds a public one to the organization's list.
    POST "/organizations/{organization}/registry-modules" => create [Access::Publish] takes(Body<NewModuleBody>) -> 201 Document<ModuleResource<'_>>,
    /// Refuses to publish from a repository: this registry does not support it.
    POST "/organizations/{organization}/registry-modules/vcs" => create_from_vcs [Access::Publish] -> 201 Document<ModuleResource<'_>>,
    /// Refuses to publish from a repository, as in 2018.
    POST "/registry-modules" => create_from_vcs_old [Access::Authenticated] -> 201 Document<ModuleResource<'_>>,
    /// Shows a module.
    GET "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}" => show [Access::Read] -> 200 Document<ModuleResource<'_>>,
    /// Shows a module, as in 2018.
    GET "/registry-modules/show/{organization}/{name}/{provider}" => show_old [Access::Read] -> 200 Document<ModuleResource<'_>>,
    /// Shows a module, by its id.
    GET "/registry-modules/{module_id}" => show_by_id [Access::ById] -> 200 Document<ModuleResource<'_>>,
    /// Changes the settings of a module.
    PATCH "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}" => change [Access::AdministerModules] takes(ModuleChangeBody) -> 200 Document<ModuleResource<'_>>,
    /// Lists the tags of a module.
    GET "/registry-modules/{module_id}/tag-bindings" => tags [Access::ById] -> 200 Unpaged<TagBindingResource<'_>>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct ListFilter {
    /// Words to search for.
    q: Option<String>,
    /// The provider that modules are for.
    #[serde(rename = "filter[provider]")]
    provider: Option<String>,
    /// `private` or `public`.
    #[serde(rename = "filter[registry_name]")]
    registry_name: Option<String>,
    /// The organization itself; of others there is nothing in its list.
    #[serde(rename = "filter[organization_name]")]
    organization_name: Option<String>,
}

impl ListFilter {
    /// The words to search for.
    fn text(&self) -> Option<String> {
        let text = self.q.as_deref().map(str::trim).unwrap_or_default();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Whether modules of a registry (`private`, `public`) are asked for.
    fn wants(&self, registry: &str) -> bool {
        let wanted = self.registry_name.as_deref();
        wanted.is_none_or(|name| name == registry)
    }

    /// The query for the registry, or `None` where the filters match nothing.
    fn query(&self, organization: &str) -> Option<ModuleQuery> {
        let other = |name: &String| !name.eq_ignore_ascii_case(organization);
        if self.organization_name.as_ref().is_some_and(other) {
            return None;
        }
        let system = match &self.provider {
            None => None,
            Some(provider) => Some(provider.to_ascii_lowercase().parse().ok()?),
        };
        Some(ModuleQuery {
            system,
            ..ModuleQuery::default()
        })
    }
}

async fn list(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    organization: web::Path<String>,
    queries: (Query<ListFilter>, Query<PageQuery>),
) -> Result<HttpResponse, Problem> {
    let (Query(filter), Query(paging)) = queries;
    let grant = app
        .registry
        .grant::<ReadModules>(&caller.0, &organization)?;
    let (offset, limit) = (paging.offset(), paging.size());
    let own = grant.organization().cloned();
    let query = filter.query(&organization).map(|query| ModuleQuery {
        offset,
        limit,
        ..query
    });
    let (public, (total, found)) = app
        .run(move |registry| match &query {
            None => Ok((Vec::new(), (0, Vec::new()))),
            Some(query) => Ok((
                public_ones(registry, &grant, &filter, query)?,
                private_ones(registry, &grant, &filter, query)?,
            )),
        })
        .await?;
    let private = found
        .iter()
        .map(|found| resource(&app, &caller.0, &found.0, &found.1, ApiGeneration::V2021));
    let may_delete = public_modules::may_delete(&app, &caller.0, &organization);
    // They come after all private ones.
    let public_there = public
        .iter()
        .skip(offset.saturating_sub(total))
        .take(limit.saturating_sub(found.len()))
        .filter_map(|module| Some(view::public(own.as_ref()?, module, may_delete)));
    let resources = private.chain(public_there).collect();
    let total = total.saturating_add(public.len());
    let here = format!("{}{}", app.public_url(), request.path());
    Ok(answer(
        StatusCode::OK,
        &page(resources, &paging, total, &here),
    ))
}

/// A page of the organization's private modules that are asked for, and how many there are.
fn private_ones(
    registry: &Registry,
    grant: &Grant<ReadModules>,
    filter: &ListFilter,
    query: &ModuleQuery,
) -> Result<(usize, Vec<Arc<ModuleInBrief>>), Error> {
    if !filter.wants("private") {
        return Ok((0, Vec::new()));
    }
    let Some(text) = filter.text() else {
        return registry.modules_of(grant, query);
    };
    let query = SearchQuery {
        text,
        system: query.system.as_ref().map(ToString::to_string),
        include_deprecated: true,
        include_unpublished: true,
        offset: query.offset,
        limit: query.limit,
        detail: SearchDetail::Brief,
        ..SearchQuery::default()
    };
    registry.search_modules_of(grant, &query)
}

/// All of the organization's public modules that are asked for.
fn public_ones(
    registry: &Registry,
    grant: &Grant<ReadModules>,
    filter: &ListFilter,
    query: &ModuleQuery,
) -> Result<Vec<PublicModule>, Error> {
    if !filter.wants("public") {
        return Ok(Vec::new());
    }
    let mut public = registry.public_modules_of(grant)?;
    let words = filter.text().unwrap_or_default().to_ascii_lowercase();
    public.retain(|PublicModule { address, .. }| {
        let system = query.system.as_ref();
        system.is_none_or(|system| *system == address.system) && address.folded().contains(&words)
    });
    Ok(public)
}

async fn create(
    app: web::Data<App>,
    caller: RequestCaller,
    organization: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    app.registry.require_authenticated(&caller.0)?;
    let body: Body<NewModuleBody> = json_body::document(&app, payload).await?;
    let namespace = organization
        .parse()
        .map_err(|_| Error::NotFound(format!("the organization `{organization}`")))?;
    let new = body.attributes();
    if let Some(public) = new.public()? {
        return public_modules::create(&app, &caller.0, &organization, public).await;
    }
    let sent = new.address(namespace)?;
    let grant = app
        .registry
        .module_grant::<PublishModules>(&caller.0, &sent)?;
    let address = grant.module().cloned().unwrap_or(sent);
    new.check(&address.namespace)?;
    let new = new.at(address)?;
    let module = app
        .run(move |registry| registry.create_module(&grant, new))
        .await?;
    let resource = resource(&app, &caller.0, &module, &[], ApiGeneration::V2021);
    Ok(answer_one(StatusCode::CREATED, resource))
}

/// Publishing from a repository: nobody here reads repositories, so nothing is made.
async fn create_from_vcs(
    app: web::Data<App>,
    caller: RequestCaller,
    organization: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    app.registry
        .grant::<PublishModules>(&caller.0, &organization)?;
    Err(from_vcs().into())
}

/// The same on the path that names no organization.
async fn create_from_vcs_old(
    app: web::Data<App>,
    caller: RequestCaller,
) -> Result<HttpResponse, Problem> {
    app.registry.require_authenticated(&caller.0)?;
    Err(from_vcs().into())
}

fn from_vcs() -> Error {
    let reason = "this registry does not publish from repositories: there is no connection of this \
                  id; create the module without one, and upload its versions";
    Error::invalid("vcs-repo", reason)
}

async fn show(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
) -> Result<HttpResponse, Problem> {
    if path.is_public() {
        return public_modules::show(&app, &caller.0, &path).await;
    }
    show_as(&app, &caller.0, &path, ApiGeneration::V2021).await
}

async fn show_old(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
) -> Result<HttpResponse, Problem> {
    show_as(&app, &caller.0, &path, ApiGeneration::V2018).await
}

async fn show_as(
    app: &App,
    caller: &Caller,
    path: &ModuleParameters,
    generation: ApiGeneration,
) -> Result<HttpResponse, Problem> {
    let (grant, address) = path.ask::<ReadModules>(app, caller)?;
    let found = app
        .run(move |registry| registry.module_with_versions(&grant, &address))
        .await?;
    Ok(one(app, caller, &found, generation))
}

async fn show_by_id(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = module_id(&id, &caller.0)?;
    let private = app
        .registry
        .module_grant_by_id::<ReadModules>(&caller.0, &id);
    let (grant, address) = match private {
        Err(Error::NotFound(_)) => return public_modules::show_by_id(&app, &caller.0, id).await,
        other => other?,
    };
    let found = app
        .run(move |registry| registry.module_with_versions(&grant, &address))
        .await?;
    Ok(one(&app, &caller.0, &found, ApiGeneration::V2021))
}

async fn tags(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = module_id(&id, &caller.0)?;
    let (grant, address) = app
        .registry
        .module_grant_by_id::<ReadModules>(&caller.0, &id)?;
    let (module, _) = app
        .run(move |registry| registry.module_with_versions(&grant, &address))
        .await?;
    let tags: Vec<_> = module.settings.tags.iter().map(view_version::tag).collect();
    Ok(answer(StatusCode::OK, &Unpaged { data: tags }))
}

async fn change(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    if path.is_public() {
        return public_modules::refuse(&app, &caller.0, &path);
    }
    let (grant, address) = path.ask::<AdministerModules>(&app, &caller.0)?;
    let body: ModuleChangeBody = json_body::document(&app, payload).await?;
    let change = body.parsed()?;
    let changed = app
        .run(move |registry| registry.update_module(&grant, &address, change))
        .await?;
    Ok(one(&app, &caller.0, &changed, ApiGeneration::V2021))
}

/// A document of one module.
fn one(
    app: &App,
    caller: &Caller,
    (module, versions): &ModuleWithVersions,
    generation: ApiGeneration,
) -> HttpResponse {
    let briefs: Vec<_> = versions.iter().map(VersionInBrief::from).collect();
    let resource = resource(app, caller, module, &briefs, generation);
    answer_one(StatusCode::OK, resource)
}

fn resource<'a>(
    app: &App,
    caller: &Caller,
    module: &'a Module,
    versions: &'a [VersionInBrief],
    generation: ApiGeneration,
) -> ModuleResource<'a> {
    let may_delete = app
        .registry
        .module_grant::<AdministerModules>(caller, &module.address)
        .is_ok();
    ModuleView {
        module,
        versions,
        may_delete,
        generation,
    }
    .resource()
}
