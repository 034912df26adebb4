//! `registry-providers`: list, create, show and delete, private ones and records of public ones.
//!
//! Source: `tests/fixtures/contracts/registry-providers.toml`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;

use super::body::NewProviderBody;
use super::path::ProviderParameters;
use super::view::{self, May, ProviderResource};
use crate::api::tfe::kit::{
    BASE, Body, Document, Page, PageQuery, Problem, answer, answer_one, included, page,
};
use crate::auth::{Caller, Grant, ManageProviders, PublishProviders, ReadModules};
use crate::domain::{
    Organization, Provider, ProviderAddress, ProviderId, ProviderVersion, PublicProvider,
};
use crate::http::access::Access;
use crate::http::{App, Query, RequestCaller, json_body};
use crate::registry::{Error, Registry};
use crate::routes;

routes! {
    /// Lists an organization's providers: private ones, then those of public registries.
    GET "/organizations/{organization}/registry-providers" => list [Access::Read] query(ProviderFilter, PageQuery) -> 200 Page<ProviderResource<'_>>,
    /// Creates a private provider, or adds one of a public registry to the list.
    POST "/organizations/{organization}/registry-providers" => create [Access::PublishProviders] takes(Body<NewProviderBody>) -> 201 Document<ProviderResource<'_>>,
    /// Shows a provider.
    GET "/organizations/{organization}/registry-providers/{registry}/{namespace}/{name}" => show [Access::Read] -> 200 Document<ProviderResource<'_>>,
    /// Deletes a provider with all its versions, or removes one of a public registry from the list.
    DELETE "/organizations/{organization}/registry-providers/{registry}/{namespace}/{name}" => delete [Access::ManageProviders] -> 204,
    /// Shows a provider, by its id.
    GET "/registry-providers/{provider_id}" => show_by_id [Access::ById] -> 200 Document<ProviderResource<'_>>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct ProviderFilter {
    /// A part of the name or the namespace.
    q: Option<String>,
    /// `private` or `public`.
    #[serde(rename = "filter[registry_name]")]
    registry_name: Option<String>,
    /// The organization itself; of others there is nothing in its list.
    #[serde(rename = "filter[organization_name]")]
    organization_name: Option<String>,
    /// `registry-provider-versions`, to have those with the providers.
    include: Option<String>,
}

impl ProviderFilter {
    fn wants(&self, registry: &str, organization: &str, address: &ProviderAddress) -> bool {
        let is_this = |asked: &Option<String>, value: &str| {
            let asked = asked.as_deref().unwrap_or_default();
            asked.is_empty() || asked.eq_ignore_ascii_case(value)
        };
        let words = self.q.as_deref().unwrap_or_default().trim();
        is_this(&self.registry_name, registry)
            && is_this(&self.organization_name, organization)
            && address.folded().contains(&words.to_ascii_lowercase())
    }
}

/// One of a list.
enum Listed {
    Private(Provider, Vec<ProviderVersion>),
    Public(PublicProvider),
}

async fn list(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<String>,
    filter: Query<ProviderFilter>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let grant = app.registry.grant::<ReadModules>(&caller.0, &path)?;
    let organization = organization_of(&grant)?;
    let name = organization.name.clone();
    let may = may(&app, &caller.0, name.as_str());
    let wants_versions = filter.0.include.as_deref() == Some("registry-provider-versions");
    let (listed, total) = app
        .run(move |registry| {
            listed(registry, &grant, &filter.0, (&pages.0, may)).map(|it| (it, pages))
        })
        .await
        .map(|((listed, total), pages)| ((listed, pages), total))?;
    let (listed, pages) = listed;
    let mut others = Vec::new();
    let resources = listed.iter().map(|one| match one {
        Listed::Private(provider, versions) => {
            if wants_versions {
                others.extend(versions.iter().map(|it| (provider, it)));
            }
            view::private(provider, versions, may)
        }
        Listed::Public(provider) => view::public(&organization, provider, may),
    });
    let resources: Vec<_> = resources.collect();
    let here = format!(
        "{}{BASE}/organizations/{name}/registry-providers",
        app.public_url()
    );
    let mut document = page(resources, &pages.0, total, &here);
    if wants_versions {
        document.included = Some(included(&versions_of(&others, may)));
    }
    Ok(answer(StatusCode::OK, &document))
}

fn versions_of<'a>(
    versions: &[(&'a Provider, &'a ProviderVersion)],
    may: May,
) -> Vec<view::ProviderVersionResource<'a>> {
    let shown = versions.iter().map(|(provider, version)| {
        let links = view::VersionLinks::default();
        view::version(provider, version, &[], (links, may))
    });
    shown.collect()
}

/// One page of the list, and how many there are in all.
fn listed(
    registry: &Registry,
    grant: &Grant<ReadModules>,
    filter: &ProviderFilter,
    (pages, may): (&PageQuery, May),
) -> Result<(Vec<Listed>, usize), Error> {
    let name = grant.organization().map(|it| it.name.to_string());
    let name = name.unwrap_or_default();
    let mut private = registry.providers_of(grant)?;
    private.retain(|it| filter.wants("private", &name, &it.address));
    let mut public = registry.public_providers_of(grant)?;
    public.retain(|it| filter.wants("public", &name, &it.address));
    let total = private.len() + public.len();
    let all = private.into_iter().map(|provider| {
        let (_, mut versions) = registry.provider_versions(grant, &provider.address)?;
        versions.retain(|it| may.upload || it.publication.is_some());
        Ok(Listed::Private(provider, versions))
    });
    let all = all.chain(
        public
            .into_iter()
            .map(|provider| Ok(Listed::Public(provider))),
    );
    let asked = all.skip(pages.offset()).take(pages.size());
    Ok((asked.collect::<Result<_, Error>>()?, total))
}

async fn create(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let grant = app.registry.grant::<PublishProviders>(&caller.0, &path)?;
    let body: Body<NewProviderBody> = json_body::document(&app, payload).await?;
    let organization = organization_of(&grant)?;
    let (address, is_public) = body.attributes().parsed(&organization.name)?;
    let may = may(&app, &caller.0, organization.name.as_str());
    if is_public {
        let provider = app
            .run(move |registry| registry.add_public_provider(&grant, address))
            .await?;
        let resource = view::public(&organization, &provider, may);
        return Ok(answer_one(StatusCode::CREATED, resource));
    }
    let provider = app
        .run(move |registry| registry.create_provider(&grant, address.name))
        .await?;
    let resource = view::private(&provider, &[], may);
    Ok(answer_one(StatusCode::CREATED, resource))
}

async fn show(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ProviderParameters>,
) -> Result<HttpResponse, Problem> {
    if path.is_public() {
        let grant = app
            .registry
            .grant::<ReadModules>(&caller.0, &path.organization)?;
        let (organization, address) = (organization_of(&grant)?, path.public_address()?);
        let provider = app
            .run(move |registry| registry.public_provider(&grant, &address))
            .await?;
        let may = may(&app, &caller.0, organization.name.as_str());
        let resource = view::public(&organization, &provider, may);
        return Ok(answer_one(StatusCode::OK, resource));
    }
    let (grant, address) = path.ask::<ReadModules>(&app, &caller.0)?;
    show_private(&app, &caller.0, grant, address).await
}

async fn show_by_id(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    app.registry.require_authenticated(&caller.0)?;
    let missing = || Error::NotFound(format!("the provider `{id}`"));
    let id: ProviderId = id.parse().map_err(|_| missing())?;
    let Some(address) = app.registry.provider_address(&id)? else {
        let asking = caller.0.clone();
        let (organization, provider) = app
            .run(move |registry| registry.public_provider_by_id(&asking, &id))
            .await?;
        let may = may(&app, &caller.0, organization.name.as_str());
        let resource = view::public(&organization, &provider, may);
        return Ok(answer_one(StatusCode::OK, resource));
    };
    // What may not be seen is answered as what is not there.
    let namespace = address.namespace.as_str();
    let grant = app.registry.grant::<ReadModules>(&caller.0, namespace);
    let grant = grant.map_err(|_| missing())?;
    show_private(&app, &caller.0, grant, address).await
}

async fn show_private(
    app: &App,
    caller: &Caller,
    grant: Grant<ReadModules>,
    address: ProviderAddress,
) -> Result<HttpResponse, Problem> {
    let may = may(app, caller, address.namespace.as_str());
    let (provider, mut versions) = app
        .run(move |registry| registry.provider_versions(&grant, &address))
        .await?;
    versions.retain(|it| may.upload || it.publication.is_some());
    let resource = view::private(&provider, &versions, may);
    Ok(answer_one(StatusCode::OK, resource))
}

async fn delete(
    app: web::Data<App>,
    caller: RequestCaller,
    path: web::Path<ProviderParameters>,
) -> Result<HttpResponse, Problem> {
    if path.is_public() {
        let grant = app
            .registry
            .grant::<ManageProviders>(&caller.0, &path.organization)?;
        let address = path.public_address()?;
        app.run(move |registry| registry.remove_public_provider(&grant, &address))
            .await?;
    } else {
        let (grant, address) = path.ask::<ManageProviders>(&app, &caller.0)?;
        app.run(move |registry| registry.delete_provider(&grant, &address))
            .await?;
    }
    Ok(HttpResponse::NoContent().finish())
}

fn organization_of<A: crate::auth::Action>(grant: &Grant<A>) -> Result<Organization, Error> {
    let missing = || Error::NotFound("the organization".to_owned());
    grant.organization().cloned().ok_or_else(missing)
}

/// What the caller may do to the providers of an organization.
pub(super) fn may(app: &App, caller: &Caller, organization: &str) -> May {
    let registry = &app.registry;
    May {
        delete: registry
            .grant::<ManageProviders>(caller, organization)
            .is_ok(),
        upload: registry
            .grant::<PublishProviders>(caller, organization)
            .is_ok(),
    }
}
