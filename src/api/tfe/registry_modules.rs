//! `registry-modules`: list, create, show, delete.
//!
//! Source: endpoints.tsv (tfe-2018, tfc-2021, hcp-private-registry), tfe-clients.md §6.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::body::{Body, NewModule};
use super::json_api::{PageQuery, answer, page};
use super::problem::{Problem, unseen};
use super::view::{Generation, ModuleView};
use crate::auth::{AdministerModules, Caller, PublishModules, ReadModules};
use crate::domain::{Module, ModuleAddress, ModuleName, ModuleVersion, ModuleVersionAddress};
use crate::http::access::Access;
use crate::http::json_body;
use crate::http::path::NotAName;
use crate::http::{App, RequestCaller};
use crate::registry::{Error, ModuleQuery, Registry};
use crate::routes;

routes! {
    GET "/organizations/{organization}/registry-modules" => list [Access::Read],
    POST "/organizations/{organization}/registry-modules" => create [Access::Publish],
    GET "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}" => show [Access::Read],
    GET "/registry-modules/show/{organization}/{name}/{provider}" => show_old [Access::Read],
    DELETE "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}/{version}" => delete_version [Access::AdministerModules],
    DELETE "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}" => delete_provider [Access::AdministerModules],
    DELETE "/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}" => delete_name [Access::AdministerModules],
    POST "/registry-modules/actions/delete/{organization}/{name}/{provider}/{version}" => delete_version [Access::AdministerModules],
    POST "/registry-modules/actions/delete/{organization}/{name}/{provider}" => delete_provider [Access::AdministerModules],
    POST "/registry-modules/actions/delete/{organization}/{name}" => delete_name [Access::AdministerModules],
}

/// The path parameters of every generation; those that a route does not have are absent.
#[derive(Debug, Deserialize)]
pub(super) struct ModuleParameters {
    pub(super) organization: String,
    registry: Option<String>,
    namespace: Option<String>,
    name: String,
    provider: Option<String>,
    version: Option<String>,
}

impl ModuleParameters {
    /// The address, if these parameters can name a module at all.
    pub(super) fn address(&self, registry: &Registry) -> Result<ModuleAddress, NotAName> {
        let provider = self.provider.as_deref().ok_or(NotAName)?;
        Ok(ModuleAddress {
            namespace: self.namespace(registry)?,
            name: self.name.parse().map_err(|_| NotAName)?,
            system: provider
                .to_ascii_lowercase()
                .parse()
                .map_err(|_| NotAName)?,
        })
    }

    fn version_address(&self, registry: &Registry) -> Result<ModuleVersionAddress, NotAName> {
        let version = self.version.as_deref().ok_or(NotAName)?;
        Ok(ModuleVersionAddress {
            module: self.address(registry)?,
            version: version.parse().map_err(|_| NotAName)?,
        })
    }

    fn name(&self) -> Result<ModuleName, NotAName> {
        self.name.parse().map_err(|_| NotAName)
    }

    /// The organization may be given by name or id; a namespace beside it must be its name.
    fn namespace(&self, registry: &Registry) -> Result<crate::domain::Namespace, NotAName> {
        if self
            .registry
            .as_deref()
            .is_some_and(|name| name != "private")
        {
            return Err(NotAName);
        }
        let namespace = registry
            .namespace_of(&self.organization)
            .ok()
            .flatten()
            .ok_or(NotAName)?;
        let beside = self.namespace.as_deref().unwrap_or(namespace.as_str());
        if beside.eq_ignore_ascii_case(namespace.as_str()) {
            Ok(namespace)
        } else {
            Err(NotAName)
        }
    }
}

#[derive(Debug, Deserialize)]
struct ListFilter {
    q: Option<String>,
    #[serde(rename = "filter[provider]")]
    provider: Option<String>,
    #[serde(rename = "filter[registry_name]")]
    registry_name: Option<String>,
    #[serde(rename = "filter[organization_name]")]
    organization_name: Option<String>,
}

impl ListFilter {
    /// The query for the registry, or `None` where the filters match nothing.
    fn query(&self, organization: &str) -> Option<ModuleQuery> {
        let other = |name: &String| !name.eq_ignore_ascii_case(organization);
        if self
            .registry_name
            .as_deref()
            .is_some_and(|name| name != "private")
            || self.organization_name.as_ref().is_some_and(other)
        {
            return None;
        }
        let system = match &self.provider {
            None => None,
            Some(provider) => Some(provider.to_ascii_lowercase().parse().ok()?),
        };
        Some(ModuleQuery {
            system,
            text: self.q.clone(),
            ..ModuleQuery::default()
        })
    }
}

async fn list(
    request: HttpRequest,
    app: web::Data<App>,
    caller: RequestCaller,
    organization: web::Path<String>,
    queries: (web::Query<ListFilter>, web::Query<PageQuery>),
) -> Result<HttpResponse, Problem> {
    let (filter, paging) = queries;
    let grant = app
        .registry
        .grant::<ReadModules>(&caller.0, &organization)?;
    let (offset, limit) = (paging.offset(), paging.size());
    let query = filter.query(&organization);
    let (total, found) = app
        .run(move |registry| match query {
            None => Ok((0, Vec::new())),
            Some(query) => registry.modules_of(
                &grant,
                &ModuleQuery {
                    offset,
                    limit,
                    ..query
                },
            ),
        })
        .await?;
    let resources = found
        .iter()
        .map(|(module, versions)| resource(&app, &caller.0, module, versions, Generation::New))
        .collect();
    let here = format!("{}{}", app.public_url(), request.path());
    Ok(answer(
        StatusCode::OK,
        &page(resources, &paging, total, &here),
    ))
}

async fn create(
    app: web::Data<App>,
    caller: RequestCaller,
    organization: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    app.registry.signed_in(&caller.0)?;
    let body: Body<NewModule> = json_body::document(&app, payload).await?;
    let namespace = app
        .registry
        .namespace_of(&organization)?
        .ok_or_else(|| Error::NotFound(format!("the organization `{organization}`")))?;
    let address = body.attributes().address(&namespace)?;
    let grant = app
        .registry
        .module_grant::<PublishModules>(&caller.0, &address)?;
    let module = app
        .run(move |registry| registry.create_module(&grant, address))
        .await?;
    let resource = resource(&app, &caller.0, &module, &[], Generation::New);
    Ok(answer(StatusCode::CREATED, &json!({ "data": resource })))
}

async fn show(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
) -> Result<HttpResponse, Problem> {
    show_as(&app, &caller.0, &path, Generation::New).await
}

async fn show_old(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
) -> Result<HttpResponse, Problem> {
    show_as(&app, &caller.0, &path, Generation::Old).await
}

async fn show_as(
    app: &App,
    caller: &Caller,
    path: &ModuleParameters,
    generation: Generation,
) -> Result<HttpResponse, Problem> {
    let address = path.address(&app.registry).map_err(unseen(caller))?;
    let grant = app.registry.module_grant::<ReadModules>(caller, &address)?;
    let (module, versions) = app
        .run(move |registry| registry.module_with_versions(&grant, &address))
        .await?;
    let resource = resource(app, caller, &module, &versions, generation);
    Ok(answer(StatusCode::OK, &json!({ "data": resource })))
}

async fn delete_version(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
) -> Result<HttpResponse, Problem> {
    let address = path
        .version_address(&app.registry)
        .map_err(unseen(&caller.0))?;
    let grant = app
        .registry
        .module_grant::<AdministerModules>(&caller.0, &address.module)?;
    app.run(move |registry| registry.delete_version(&grant, &address))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn delete_provider(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
) -> Result<HttpResponse, Problem> {
    let address = path.address(&app.registry).map_err(unseen(&caller.0))?;
    let grant = app
        .registry
        .module_grant::<AdministerModules>(&caller.0, &address)?;
    app.run(move |registry| registry.delete_module(&grant, &address))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn delete_name(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
) -> Result<HttpResponse, Problem> {
    let namespace = path.namespace(&app.registry).map_err(unseen(&caller.0))?;
    let name = path.name().map_err(unseen(&caller.0))?;
    let grant = app
        .registry
        .grant::<AdministerModules>(&caller.0, namespace.as_str())?;
    app.run(move |registry| registry.delete_modules_named(&grant, &name))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn resource(
    app: &App,
    caller: &Caller,
    module: &Module,
    versions: &[ModuleVersion],
    generation: Generation,
) -> serde_json::Value {
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
