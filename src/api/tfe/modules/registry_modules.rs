//! `registry-modules`: list, create, show, change.
//!
//! Source: `tests/fixtures/contracts/registry-modules.toml`.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;

use super::body::{ModuleChangeBody, NewModuleBody};
use super::path::{ModuleParameters, module_id};
use super::public_modules;
use super::view::{self, ApiGeneration, May, ModuleResource, ModuleView};
use crate::api::tfe::kit::{
    Body, Call, Document, Page, PageQuery, Reply, TagBindingResource, TagFilter, TagQuery,
    TagRelationships, Unpaged, created, matches_part, ok, organization_of, tag_binding,
};
use crate::api::tfe::not_served::REPOSITORIES;
use crate::auth::{AdministerModules, Grant, PublishModules, ReadModules};
use crate::domain::{Module, PublicModule};
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::{
    Error, ModuleInBrief, ModuleQuery, ModuleWithVersions, Registry, SearchDetail, SearchQuery,
    VersionInBrief,
};
use crate::routes;

routes! {
    /// Lists an organization's modules, and the public modules in its list.
    GET "/organizations/{organization}/registry-modules" => list [Access::Read] query(ModuleFilter, TagQuery, PageQuery) -> 200 Page<ModuleResource<'_>>,
    /// Creates a module, or adds a public one to the organization's list.
    POST "/organizations/{organization}/registry-modules" => create [Access::Publish] takes(Body<NewModuleBody>) -> 201 Document<ModuleResource<'_>>,
    /// Refuses to publish from a repository: this registry does not support it.
    POST "/organizations/{organization}/registry-modules/vcs" => create_from_vcs [Access::Publish] -> 422,
    /// Refuses to publish from a repository, as in 2018.
    POST "/registry-modules" => create_from_vcs_old [Access::Authenticated] -> 422,
    /// Shows a module.
    GET "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}" => show [Access::Read] -> 200 Document<ModuleResource<'_>>,
    /// Shows a module, as in 2018.
    GET "/registry-modules/show/{organization}/{name}/{provider}" => show_old [Access::Read] -> 200 Document<ModuleResource<'_>>,
    /// Shows a module, by its id.
    GET "/registry-modules/{module_id}" => show_by_id [Access::ById] -> 200 Document<ModuleResource<'_>>,
    /// Changes the tags of a module.
    PATCH "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}" => change [Access::AdministerModules] takes(Body<ModuleChangeBody, TagRelationships>) -> 200 Document<ModuleResource<'_>>,
    /// Lists the tags of a module.
    GET "/registry-modules/{module_id}/tag-bindings" => tags [Access::ById] -> 200 Unpaged<TagBindingResource<'_>>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct ModuleFilter {
    /// Words to search for.
    q: Option<String>,
    /// The provider that modules are for; `None` lists the modules for all providers.
    #[serde(rename = "filter[provider]")]
    provider: Option<String>,
    /// `private` or `public`; `None` lists both.
    #[serde(rename = "filter[registry_name]")]
    registry_name: Option<String>,
    /// The organization itself. With the name of another one, the list is empty.
    #[serde(rename = "filter[organization_name]")]
    organization_name: Option<String>,
}

impl ModuleFilter {
    /// Returns the words to search for; `None` where there are none.
    fn text(&self) -> Option<&str> {
        let text = self.q.as_deref().map(str::trim);
        text.filter(|text| !text.is_empty())
    }

    /// Returns whether the list shows modules of a registry (`private`, `public`).
    fn includes(&self, registry: &str) -> bool {
        let wanted = self.registry_name.as_deref();
        wanted.is_none_or(|name| name == registry)
    }

    /// Returns the query for one page, or `None` where the filters match no private module.
    fn query(&self, organization: &str, pages: &PageQuery) -> Option<ModuleQuery> {
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
            offset: pages.offset(),
            limit: pages.size(),
            ..ModuleQuery::default()
        })
    }
}

/// A module in an organization's list.
enum ListedModule {
    Private(Arc<ModuleInBrief>),
    Public(PublicModule),
}

async fn list(
    call: Call,
    organization: web::Path<String>,
    filter: Query<ModuleFilter>,
    pages: Query<PageQuery>,
) -> Reply {
    let grant = call.grant::<ReadModules>(&organization)?;
    let own = organization_of(&grant)?;
    let query = filter.0.query(&organization, &pages.0);
    let tagged = TagFilter::of(call.request.query_string());
    if filter.0.text().is_some() {
        call.app.await_search_index().await;
    }
    let modules = call
        .run(move |registry| {
            let (modules, total) = match &query {
                None => (Vec::new(), 0),
                Some(query) => list_modules(registry, &grant, (&filter.0, &tagged), query)?,
            };
            Ok(pages.0.cut_already(modules, total))
        })
        .await?;
    let may = public_modules::may(&call, &organization);
    let page = modules.page(&call.list_address(), |module| match module {
        ListedModule::Private(module) => {
            to_resource(&call, &module.0, &module.1, ApiGeneration::V2021)
        }
        ListedModule::Public(module) => view::public(&own, module, may),
    });
    Ok(page.answer())
}

/// Returns one page of the requested modules, private ones before public ones, and how many there
/// are in all.
fn list_modules(
    registry: &Registry,
    grant: &Grant<ReadModules>,
    (filter, tagged): (&ModuleFilter, &TagFilter),
    query: &ModuleQuery,
) -> Result<(Vec<ListedModule>, usize), Error> {
    let mut public = list_public(registry, grant, filter, query)?;
    public.retain(|module| tagged.matches(&module.tags));
    let (total, private) = if tagged.is_empty() {
        list_private(registry, grant, filter, query)?
    } else {
        list_tagged(registry, grant, (filter, tagged), query)?
    };
    let all = total.saturating_add(public.len());
    let on_page = public
        .into_iter()
        .skip(query.offset.saturating_sub(total))
        .take(query.limit.saturating_sub(private.len()));
    let mut modules: Vec<_> = private.into_iter().map(ListedModule::Private).collect();
    modules.extend(on_page.map(ListedModule::Public));
    Ok((modules, all))
}

/// Returns the private modules on the page that have certain tags, and how many there are in all.
fn list_tagged(
    registry: &Registry,
    grant: &Grant<ReadModules>,
    (filter, tagged): (&ModuleFilter, &TagFilter),
    query: &ModuleQuery,
) -> Result<(usize, Vec<Arc<ModuleInBrief>>), Error> {
    let everything = ModuleQuery {
        offset: 0,
        limit: usize::MAX,
        ..query.clone()
    };
    let (_, mut modules) = list_private(registry, grant, filter, &everything)?;
    modules.retain(|module| tagged.matches(&module.0.settings.tags));
    let total = modules.len();
    let page = modules.into_iter().skip(query.offset).take(query.limit);
    Ok((total, page.collect()))
}

/// Returns the private modules on the page, and how many match in all.
fn list_private(
    registry: &Registry,
    grant: &Grant<ReadModules>,
    filter: &ModuleFilter,
    query: &ModuleQuery,
) -> Result<(usize, Vec<Arc<ModuleInBrief>>), Error> {
    if !filter.includes("private") {
        return Ok((0, Vec::new()));
    }
    let Some(text) = filter.text() else {
        return registry.modules_of(grant, query);
    };
    let query = SearchQuery {
        text: text.to_owned(),
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

/// Returns all public modules in the organization's list that the filters match.
fn list_public(
    registry: &Registry,
    grant: &Grant<ReadModules>,
    filter: &ModuleFilter,
    query: &ModuleQuery,
) -> Result<Vec<PublicModule>, Error> {
    if !filter.includes("public") {
        return Ok(Vec::new());
    }
    let mut public = registry.public_modules_of(grant)?;
    public.retain(|PublicModule { address, .. }| {
        let system = query.system.as_ref();
        system.is_none_or(|system| *system == address.system)
            && matches_part(filter.text(), &[&address.to_string()])
    });
    Ok(public)
}

async fn create(call: Call, organization: web::Path<String>, payload: web::Payload) -> Reply {
    let registry = &call.app.registry;
    registry.require_some_module::<PublishModules>(&call.caller, &organization)?;
    let new: NewModuleBody = call.attributes(payload).await?;
    let namespace = organization
        .parse()
        .map_err(|_| Error::NotFound(format!("the organization `{organization}`")))?;
    if let Some(address) = new.public()? {
        return public_modules::create(&call, &organization, address, new.parse_settings()?).await;
    }
    let sent = new.address(namespace)?;
    let grant = registry.module_grant::<PublishModules>(&call.caller, &sent)?;
    let address = grant.module().cloned().unwrap_or(sent);
    new.check(&address.namespace)?;
    let kept = new.parse_settings()?;
    let module = call
        .run(move |registry| registry.create_module(&grant, address, kept))
        .await?;
    Ok(created(to_resource(
        &call,
        &module,
        &[],
        ApiGeneration::V2021,
    )))
}

/// Refuses to publish from a repository: this registry reads no repositories, so no module is
/// created.
async fn create_from_vcs(call: Call, organization: web::Path<String>) -> Reply {
    call.grant::<PublishModules>(&organization)?;
    Err(REPOSITORIES.refuse("vcs-repo").into())
}

/// Refuses to publish from a repository, on the path that names no organization.
async fn create_from_vcs_old(call: Call) -> Reply {
    call.require_authenticated()?;
    Err(REPOSITORIES.refuse("vcs-repo").into())
}

async fn show(call: Call, path: web::Path<ModuleParameters>) -> Reply {
    if path.is_public() {
        return public_modules::show(&call, &path).await;
    }
    show_as(&call, &path, ApiGeneration::V2021).await
}

async fn show_old(call: Call, path: web::Path<ModuleParameters>) -> Reply {
    show_as(&call, &path, ApiGeneration::V2018).await
}

async fn show_as(call: &Call, path: &ModuleParameters, generation: ApiGeneration) -> Reply {
    let (grant, address) = path.ask::<ReadModules>(call)?;
    let module = call
        .run(move |registry| registry.module_with_versions(&grant, &address))
        .await?;
    Ok(answer_module(call, &module, generation))
}

async fn show_by_id(call: Call, id: web::Path<String>) -> Reply {
    let id = module_id(&id, &call)?;
    let private = call.app.registry.module_grant_by_id(&call.caller, &id);
    let (grant, address) = match private {
        Err(Error::NotFound(_)) => return public_modules::show_by_id(&call, id).await,
        other => other?,
    };
    let module = call
        .run(move |registry| registry.module_with_versions(&grant, &address))
        .await?;
    Ok(answer_module(&call, &module, ApiGeneration::V2021))
}

async fn tags(call: Call, id: web::Path<String>) -> Reply {
    let id = module_id(&id, &call)?;
    let private = call.app.registry.module_grant_by_id(&call.caller, &id);
    let (grant, address) = match private {
        Err(Error::NotFound(_)) => return public_modules::tags(&call, id).await,
        other => other?,
    };
    let (module, _) = call
        .run(move |registry| registry.module_with_versions(&grant, &address))
        .await?;
    let tags = module.settings.tags.iter().map(tag_binding);
    Ok(Unpaged::of(tags).answer())
}

async fn change(call: Call, path: web::Path<ModuleParameters>, payload: web::Payload) -> Reply {
    if path.is_public() {
        return public_modules::change(&call, &path, payload).await;
    }
    let (grant, address) = path.ask::<AdministerModules>(&call)?;
    let (grant, address) = call
        .run(move |registry| {
            registry.require_module(&grant, &address)?;
            Ok((grant, address))
        })
        .await?;
    let (body, tags) = call
        .resource::<ModuleChangeBody, TagRelationships>(payload)
        .await?;
    let change = body.change(tags)?;
    let changed = call
        .run(move |registry| registry.update_module(&grant, &address, change))
        .await?;
    Ok(answer_module(&call, &changed, ApiGeneration::V2021))
}

/// Makes a response with one module.
fn answer_module(
    call: &Call,
    (module, versions): &ModuleWithVersions,
    generation: ApiGeneration,
) -> HttpResponse {
    let briefs: Vec<_> = versions.iter().map(VersionInBrief::from).collect();
    ok(to_resource(call, module, &briefs, generation))
}

fn to_resource<'a>(
    call: &Call,
    module: &'a Module,
    versions: &'a [VersionInBrief],
    generation: ApiGeneration,
) -> ModuleResource<'a> {
    let (registry, caller, address) = (&call.app.registry, &call.caller, &module.address);
    let may = May {
        delete: registry
            .module_grant::<AdministerModules>(caller, address)
            .is_ok(),
        publish: registry
            .module_grant::<PublishModules>(caller, address)
            .is_ok(),
    };
    ModuleView {
        module,
        versions,
        may,
        generation,
    }
    .resource()
}
