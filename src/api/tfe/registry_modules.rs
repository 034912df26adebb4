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
use crate::auth::{Action, AdministerModules, Caller, Grant, PublishModules, ReadModules};
use crate::domain::{
    Module, ModuleAddress, ModuleName, ModuleVersion, ModuleVersionAddress, Namespace, Version,
};
use crate::http::access::Access;
use crate::http::json_body;
use crate::http::path::NotAName;
use crate::http::{App, Query, RequestCaller};
use crate::registry::{Detail, Error, ModuleQuery, SearchQuery};
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
    /// The address as it was sent, if these parameters can name a module at all. The organization
    /// may be in it by its id: a grant knows its name, and nobody else is told.
    pub(super) fn address(&self) -> Result<ModuleAddress, NotAName> {
        let provider = self.provider.as_deref().ok_or(NotAName)?;
        Ok(ModuleAddress {
            namespace: self.organization()?,
            name: self.name()?,
            system: provider
                .to_ascii_lowercase()
                .parse()
                .map_err(|_| NotAName)?,
        })
    }

    pub(super) fn version(&self) -> Result<Version, NotAName> {
        let version = self.version.as_deref().ok_or(NotAName)?;
        version.parse().map_err(|_| NotAName)
    }

    fn name(&self) -> Result<ModuleName, NotAName> {
        self.name.parse().map_err(|_| NotAName)
    }

    fn organization(&self) -> Result<Namespace, NotAName> {
        if self
            .registry
            .as_deref()
            .is_some_and(|name| name != "private")
        {
            return Err(NotAName);
        }
        self.organization.parse().map_err(|_| NotAName)
    }

    /// Asks for a right to the module, and gives it with the address in its own words.
    ///
    /// The namespace beside the organization must be the organization's name.
    pub(super) fn ask<A: Action>(
        &self,
        app: &App,
        caller: &Caller,
    ) -> Result<(Grant<A>, ModuleAddress), Problem> {
        let sent = self.address().map_err(unseen(caller))?;
        let grant = app.registry.module_grant::<A>(caller, &sent)?;
        let address = grant.module().cloned().unwrap_or_else(|| sent.clone());
        match self.namespace.as_deref() {
            Some(beside) if !beside.eq_ignore_ascii_case(address.namespace.as_str()) => {
                Err(Error::NotFound(format!("the module `{sent}`")).into())
            }
            Some(_) | None => Ok((grant, address)),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
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
    /// The words to search for.
    fn text(&self) -> Option<String> {
        let text = self.q.as_deref().map(str::trim).unwrap_or_default();
        (!text.is_empty()).then(|| text.to_owned())
    }

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
    let query = filter.query(&organization);
    let text = filter.text();
    let (total, found) = app
        .run(move |registry| match (query, text) {
            (None, _) => Ok((0, Vec::new())),
            (Some(query), None) => registry.modules_of(
                &grant,
                &ModuleQuery {
                    offset,
                    limit,
                    ..query
                },
            ),
            (Some(query), Some(text)) => registry.search_modules_of(
                &grant,
                &SearchQuery {
                    text,
                    system: query.system.map(|system| system.to_string()),
                    include_deprecated: true,
                    include_unpublished: true,
                    offset,
                    limit,
                    detail: Detail::Brief,
                    ..SearchQuery::default()
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
    let namespace = organization
        .parse()
        .map_err(|_| Error::NotFound(format!("the organization `{organization}`")))?;
    let new = body.attributes();
    let sent = new.address(namespace)?;
    let grant = app
        .registry
        .module_grant::<PublishModules>(&caller.0, &sent)?;
    let address = grant.module().cloned().unwrap_or(sent);
    new.check(&address.namespace)?;
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
    let (grant, address) = path.ask::<ReadModules>(app, caller)?;
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
    let version = path.version().map_err(unseen(&caller.0))?;
    let (grant, module) = path.ask::<AdministerModules>(&app, &caller.0)?;
    let address = ModuleVersionAddress { module, version };
    app.run(move |registry| registry.delete_version(&grant, &address))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn delete_provider(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
) -> Result<HttpResponse, Problem> {
    let (grant, address) = path.ask::<AdministerModules>(&app, &caller.0)?;
    app.run(move |registry| registry.delete_module(&grant, &address))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn delete_name(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ModuleParameters>,
) -> Result<HttpResponse, Problem> {
    let organization = path.organization().map_err(unseen(&caller.0))?;
    let name = path.name().map_err(unseen(&caller.0))?;
    let grant = app
        .registry
        .grant::<AdministerModules>(&caller.0, organization.as_str())?;
    let own = grant.organization().map(|own| own.name.clone());
    let beside = path.namespace.as_deref();
    if beside.is_some_and(|beside| own.is_none_or(|own| !beside.eq_ignore_ascii_case(own.as_str())))
    {
        return Err(Error::NotFound(format!("the organization `{organization}`")).into());
    }
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
