//! `registry-providers`: list, create, show and delete, private ones and records of public ones.
//!
//! Source: `tests/fixtures/contracts/registry-providers.toml`.

use std::slice;

use actix_web::web;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::body::{NewProviderBody, ProviderChangeBody};
use super::path::ProviderParameters;
use super::view::{self, May, ProviderResource, ProviderVersionResource, VersionLinks};
use crate::api::tfe::kit::{
    Body, ById, Call, Document, IncludeQuery, Included, Page, PageQuery, Problem, Reply,
    ResourceId, TagBindingResource, TagFilter, TagQuery, TagRelationships, Unpaged, created,
    included, matches_part, no_content, organization_of, tag_binding,
};
use crate::auth::{Grant, ManageProviders, PublishProviders, ReadProviders};
use crate::domain::{
    Organization, Provider, ProviderAddress, ProviderId, ProviderVersion, PublicProvider,
    ShortText, TagBinding,
};
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::{Error, Registry};
use crate::routes;

routes! {
    /// Lists an organization's providers: private ones, then those of public registries.
    GET "/organizations/{organization}/registry-providers" => list [Access::Read] query(ProviderFilter, TagQuery, IncludeQuery, PageQuery) -> 200 Page<ProviderResource<'_>>,
    /// Creates a private provider, or adds one of a public registry to the list.
    POST "/organizations/{organization}/registry-providers" => create [Access::PublishProviders] takes(Body<NewProviderBody>) -> 201 Document<ProviderResource<'_>>,
    /// Shows a provider.
    GET "/organizations/{organization}/registry-providers/{registry}/{namespace}/{name}" => show [Access::Read] query(IncludeQuery) -> 200 Document<ProviderResource<'_>>,
    /// Changes the tags of a provider.
    PATCH "/organizations/{organization}/registry-providers/{registry}/{namespace}/{name}" => change [Access::ManageProviders] takes(Body<ProviderChangeBody, TagRelationships>) -> 200 Document<ProviderResource<'_>>,
    /// Deletes a provider with all its versions, or removes one of a public registry from the list.
    DELETE "/organizations/{organization}/registry-providers/{registry}/{namespace}/{name}" => delete [Access::ManageProviders] -> 204,
    /// Shows a provider, by its id.
    GET "/registry-providers/{provider_id}" => show_by_id [Access::ById] query(IncludeQuery) -> 200 Document<ProviderResource<'_>>,
    /// Lists the tags of a provider.
    GET "/registry-providers/{provider_id}/tag-bindings" => tags [Access::ById] -> 200 Unpaged<TagBindingResource<'_>>,
}

impl ResourceId for ProviderId {
    const RESOURCE: &'static str = "provider";
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct ProviderFilter {
    /// A part of the name or the namespace; `None` lists all providers.
    q: Option<String>,
    /// `private` or `public`; `None` lists both.
    #[serde(rename = "filter[registry_name]")]
    registry_name: Option<String>,
    /// The organization itself. With the name of another one, the list is empty.
    #[serde(rename = "filter[organization_name]")]
    organization_name: Option<String>,
}

impl ProviderFilter {
    fn matches(&self, registry: &str, organization: &str, address: &ProviderAddress) -> bool {
        let is_this = |asked: &Option<String>, value: &str| {
            let asked = asked.as_deref().unwrap_or_default();
            asked.is_empty() || asked.eq_ignore_ascii_case(value)
        };
        is_this(&self.registry_name, registry)
            && is_this(&self.organization_name, organization)
            && matches_part(self.q.as_deref(), &[&address.to_string()])
    }
}

/// The resources that a response can include: the versions, by either name of their relationship.
const INCLUDES: &[&str] = &["registry-provider-versions", "versions"];

/// Returns the versions of providers for `included`; `None` if the request does not ask for them.
fn beside(include: &Included, providers: &[ListedProvider], may: May) -> Option<Vec<Value>> {
    let versions = providers.iter().flat_map(|it| it.version_resources(may));
    (!include.is_empty()).then(|| included(versions))
}

/// A provider in an organization's list.
enum ListedProvider {
    Private(Provider, Vec<ProviderVersion>),
    Public(PublicProvider),
}

impl ListedProvider {
    fn to_resource(&self, organization: &Organization, may: May) -> ProviderResource<'_> {
        match self {
            Self::Private(provider, versions) => view::private(provider, versions, may),
            Self::Public(provider) => view::public(organization, provider, may),
        }
    }

    fn tags(&self) -> &[TagBinding] {
        match self {
            Self::Private(provider, _) => &provider.tags,
            Self::Public(provider) => &provider.tags,
        }
    }

    /// Returns its versions without links; none for a provider of another registry.
    fn version_resources(&self, may: May) -> Vec<ProviderVersionResource<'_>> {
        let Self::Private(provider, versions) = self else {
            return Vec::new();
        };
        let resource =
            |version| view::version(provider, version, &[], (VersionLinks::default(), may));
        versions.iter().map(resource).collect()
    }
}

async fn list(
    call: Call,
    path: web::Path<String>,
    filter: Query<ProviderFilter>,
    include: Query<IncludeQuery>,
    pages: Query<PageQuery>,
) -> Reply {
    let grant = call.grant::<ReadProviders>(&path)?;
    let organization = organization_of(&grant)?;
    let name = &organization.name;
    let may = May::of(&call, name.as_str());
    let include = include.0.parse(INCLUDES)?;
    let tagged = TagFilter::of(call.request.query_string());
    let providers = call
        .run(move |registry| {
            let mut providers = list_providers(registry, &grant, &filter.0)?;
            providers.retain(|it| tagged.matches(it.tags()));
            pages
                .0
                .cut(providers)
                .try_map(|it| with_own_versions(registry, &grant, it, may))
        })
        .await?;
    let here = call.list_address();
    let page = providers.page(&here, |it| it.to_resource(&organization, may));
    let beside = beside(&include, &providers.items, may);
    Ok(page.including(beside).answer())
}

/// Lists the requested providers: private ones, then public ones, all of them without their
/// versions.
fn list_providers(
    registry: &Registry,
    grant: &Grant<ReadProviders>,
    filter: &ProviderFilter,
) -> Result<Vec<ListedProvider>, Error> {
    let name = organization_of(grant)?.name;
    let mut private = registry.providers_of(grant)?;
    private.retain(|it| filter.matches("private", name.as_str(), &it.address));
    let mut public = registry.public_providers_of(grant)?;
    public.retain(|it| filter.matches("public", name.as_str(), &it.address));
    let private = private
        .into_iter()
        .map(|it| ListedProvider::Private(it, Vec::new()));
    let public = public.into_iter().map(ListedProvider::Public);
    Ok(private.chain(public).collect())
}

/// Adds the versions that the caller may see to a listed provider.
fn with_own_versions(
    registry: &Registry,
    grant: &Grant<ReadProviders>,
    listed: ListedProvider,
    may: May,
) -> Result<ListedProvider, Error> {
    match listed {
        ListedProvider::Private(provider, _) => {
            let (provider, versions) = visible_versions(registry, grant, &provider.address, may)?;
            Ok(ListedProvider::Private(provider, versions))
        }
        public @ ListedProvider::Public(_) => Ok(public),
    }
}

/// Adds the versions to a private provider; only publishers get those that are not published yet.
fn visible_versions(
    registry: &Registry,
    grant: &Grant<ReadProviders>,
    address: &ProviderAddress,
    may: May,
) -> Result<(Provider, Vec<ProviderVersion>), Error> {
    let (provider, mut versions) = registry.provider_versions(grant, address)?;
    versions.retain(|it| may.upload || it.publication.is_some());
    Ok((provider, versions))
}

async fn create(call: Call, path: web::Path<String>, payload: web::Payload) -> Reply {
    let grant = call.grant::<PublishProviders>(&path)?;
    let body: NewProviderBody = call.attributes(payload).await?;
    let organization = organization_of(&grant)?;
    let (address, is_public) = body.parse(&organization.name)?;
    let may = May::of(&call, organization.name.as_str());
    if is_public {
        let provider = call
            .run(move |registry| registry.add_public_provider(&grant, address))
            .await?;
        return Ok(created(view::public(&organization, &provider, may)));
    }
    let provider = call
        .run(move |registry| registry.create_provider(&grant, address.name))
        .await?;
    Ok(created(view::private(&provider, &[], may)))
}

async fn show(
    call: Call,
    path: web::Path<ProviderParameters>,
    include: Query<IncludeQuery>,
) -> Reply {
    if path.is_public() {
        let grant = call.grant::<ReadProviders>(&path.organization)?;
        let (organization, address) = (organization_of(&grant)?, path.public_address()?);
        let provider = call
            .run(move |registry| registry.public_provider(&grant, &address))
            .await?;
        return show_public(&call, &organization, provider, &include.0);
    }
    let (grant, address) = path.ask::<ReadProviders>(&call)?;
    show_private(&call, grant, address, &include.0).await
}

async fn show_by_id(ById(call, id): ById<ProviderId>, include: Query<IncludeQuery>) -> Reply {
    let missing = Error::NotFound(format!("the provider `{id}`"));
    let asked = id.clone();
    let found = call.run(move |registry| registry.provider_address(&asked));
    let Some(address) = found.await? else {
        let (organization, provider) = call
            .run_as_caller(move |registry, caller| registry.public_provider_by_id(caller, &id))
            .await?;
        return show_public(&call, &organization, provider, &include.0);
    };
    // A provider that the caller may not see is answered like one that does not exist.
    let grant = call.grant::<ReadProviders>(address.namespace.as_str());
    let grant = grant.map_err(|_| missing)?;
    show_private(&call, grant, address, &include.0).await
}

fn show_public(
    call: &Call,
    organization: &Organization,
    provider: PublicProvider,
    include: &IncludeQuery,
) -> Reply {
    answer(
        call,
        organization,
        &ListedProvider::Public(provider),
        include,
    )
}

async fn show_private(
    call: &Call,
    grant: Grant<ReadProviders>,
    address: ProviderAddress,
    include: &IncludeQuery,
) -> Reply {
    let may = May::of(call, address.namespace.as_str());
    let organization = organization_of(&grant)?;
    let (provider, versions) = call
        .run(move |registry| visible_versions(registry, &grant, &address, may))
        .await?;
    let provider = ListedProvider::Private(provider, versions);
    answer(call, &organization, &provider, include)
}

/// Makes a response with one provider.
fn answer(
    call: &Call,
    organization: &Organization,
    provider: &ListedProvider,
    include: &IncludeQuery,
) -> Reply {
    let may = May::of(call, organization.name.as_str());
    let include = include.parse(INCLUDES)?;
    let document = Document::of(provider.to_resource(organization, may));
    let beside = beside(&include, slice::from_ref(provider), may);
    Ok(document.including(beside).answer())
}

async fn change(call: Call, path: web::Path<ProviderParameters>, payload: web::Payload) -> Reply {
    let include = IncludeQuery::default();
    if path.is_public() {
        let reading = call.grant::<ReadProviders>(&path.organization)?;
        let grant = call.grant::<ManageProviders>(&path.organization)?;
        let (organization, address) = (organization_of(&grant)?, path.public_address()?);
        let asked = address.clone();
        call.run(move |registry| registry.public_provider(&reading, &asked))
            .await?;
        let tags = sent_tags(&call, payload).await?;
        let provider = call
            .run(move |registry| registry.tag_public_provider(&grant, &address, tags))
            .await?;
        return show_public(&call, &organization, provider, &include);
    }
    let (grant, address) = path.ask::<ManageProviders>(&call)?;
    let reading = call.grant::<ReadProviders>(&path.organization)?;
    let asked = address.clone();
    let reading = call
        .run(move |registry| registry.provider(&reading, &asked).map(|_| reading))
        .await?;
    let (tags, changed) = (sent_tags(&call, payload).await?, address.clone());
    call.run(move |registry| registry.tag_provider(&grant, &changed, tags))
        .await?;
    show_private(&call, reading, address, &include).await
}

/// Returns all tags that a request gives; `None` if it gives none, so that they stay.
async fn sent_tags(
    call: &Call,
    payload: web::Payload,
) -> Result<Option<Vec<(ShortText, ShortText)>>, Problem> {
    let (ProviderChangeBody {}, tags) = call
        .resource::<ProviderChangeBody, TagRelationships>(payload)
        .await?;
    tags.pairs()
}

async fn tags(ById(call, id): ById<ProviderId>) -> Reply {
    let tags = call
        .run_as_caller(move |registry, caller| registry.provider_tags(caller, &id))
        .await?;
    Ok(Unpaged::of(tags.iter().map(tag_binding)).answer())
}

async fn delete(call: Call, path: web::Path<ProviderParameters>) -> Reply {
    if path.is_public() {
        let grant = call.grant::<ManageProviders>(&path.organization)?;
        let address = path.public_address()?;
        call.run(move |registry| registry.remove_public_provider(&grant, &address))
            .await?;
    } else {
        let (grant, address) = path.ask::<ManageProviders>(&call)?;
        call.run(move |registry| registry.delete_provider(&grant, &address))
            .await?;
    }
    Ok(no_content())
}
