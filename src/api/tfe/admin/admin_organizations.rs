//! `admin/organizations`: list, show, delete; and the settings that other products can change here.
//!
//! Source: `tests/fixtures/contracts/administration.toml`.

use actix_web::web;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::view::{self, AdminOrganizationResource};
use crate::api::tfe::accounts;
use crate::api::tfe::kit::{
    Body, ByAdministrator, Document, IncludeQuery, Included, Page, PageQuery, Reply,
    RequestAttributes, included, matches_part, no_content, ok, organization_of,
};
use crate::api::tfe::not_served::{KeptRequest, Part, part};
use crate::auth::ManageOrganization;
use crate::domain::{Organization, User};
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::{AdministrativeChange, Error};
use crate::routes;

routes! {
    /// Lists all organizations.
    GET "/admin/organizations" => list [Access::HiddenSite] query(OrganizationFilter, IncludeQuery, PageQuery) -> 200 Page<AdminOrganizationResource>,
    /// Shows an organization, by its name or its id.
    GET "/admin/organizations/{organization}" => show [Access::HiddenSite] query(IncludeQuery) -> 200 Document<AdminOrganizationResource>,
    /// Changes what administrators decide about an organization. Settings about runs are kept, and have no effect yet.
    PATCH "/admin/organizations/{organization}" => change [Access::HiddenSite] takes(Body<ChangeBody>) -> 200 Document<AdminOrganizationResource>,
    /// Deletes an organization with everything in it.
    DELETE "/admin/organizations/{organization}" => delete [Access::HiddenSite] -> 204,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct OrganizationFilter {
    /// A part of the name or the email address; `None` lists all organizations.
    q: Option<String>,
}

impl OrganizationFilter {
    fn matches(&self, organization: &Organization) -> bool {
        let texts = [organization.name.as_str(), organization.email.as_str()];
        matches_part(self.q.as_deref(), &texts)
    }
}

/// The resources that a response can include.
const INCLUDES: &[&str] = &["owners"];

/// Returns the owners for `included`, each once; `None` if the request does not ask for them.
fn beside(include: &Included, mut owners: Vec<&User>) -> Option<Vec<Value>> {
    owners.sort_by_key(|user| user.username.folded());
    owners.dedup_by_key(|user| user.id.clone());
    let users = owners.into_iter().map(accounts::view::other_user);
    (!include.is_empty()).then(|| included(users))
}

async fn list(
    ByAdministrator(call, grant): ByAdministrator,
    filter: Query<OrganizationFilter>,
    include: Query<IncludeQuery>,
    pages: Query<PageQuery>,
) -> Reply {
    let include = include.0.parse(INCLUDES)?;
    let organizations = call
        .run_as_caller(move |registry, caller| {
            let mut all = registry.list_organizations(caller)?;
            all.retain(|organization| filter.0.matches(organization));
            pages.0.cut(all).try_map(|organization| {
                let owners = registry.owners(&grant, &organization.id)?;
                Ok((organization, owners))
            })
        })
        .await?;
    let page = organizations.page(&call.list_address(), |(organization, owners)| {
        view::organization(organization, owners)
    });
    let owners = organizations.items.iter().flat_map(|(_, owners)| owners);
    let owners = owners.collect();
    Ok(page.including(beside(&include, owners)).answer())
}

async fn show(by: ByAdministrator, name: web::Path<String>, include: Query<IncludeQuery>) -> Reply {
    let (organization, owners) = find(&by, &name).await?;
    let include = include.0.parse(INCLUDES)?;
    let document = Document::of(view::organization(&organization, &owners));
    Ok(document
        .including(beside(&include, owners.iter().collect()))
        .answer())
}

/// What administrators decide about an organization.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ChangeBody {
    global_module_sharing: Option<bool>,
    global_provider_sharing: Option<bool>,
    is_disabled: Option<bool>,
    #[serde(flatten)]
    kept: KeptRequest<part::AdminOrganization>,
}

impl RequestAttributes for ChangeBody {
    const TYPES: &'static [&'static str] = &["organizations"];
    const PART: Option<Part> = Some(Part::AdminOrganization);
}

impl ChangeBody {
    fn parse(self) -> Result<AdministrativeChange, Error> {
        Ok(AdministrativeChange {
            modules_for_everybody: self.global_module_sharing,
            providers_for_everybody: self.global_provider_sharing,
            disabled: self.is_disabled,
            kept: self.kept.change()?,
        })
    }
}

async fn change(by: ByAdministrator, name: web::Path<String>, payload: web::Payload) -> Reply {
    let (organization, owners) = find(&by, &name).await?;
    let ByAdministrator(call, grant) = by;
    let body: ChangeBody = call.attributes(payload).await?;
    let change = body.parse()?;
    let organization = call
        .run(move |registry| registry.administer_organization(&grant, &organization.id, change))
        .await?;
    Ok(ok(view::organization(&organization, &owners)))
}

async fn delete(ByAdministrator(call, _): ByAdministrator, name: web::Path<String>) -> Reply {
    let grant = call.grant::<ManageOrganization>(&name)?;
    call.run(move |registry| registry.delete_organization(&grant))
        .await?;
    Ok(no_content())
}

/// Finds an organization, by its name or its id, and its owners.
pub(super) async fn find(
    ByAdministrator(call, grant): &ByAdministrator,
    name: &str,
) -> Result<(Organization, Vec<User>), Error> {
    let organization = organization_of(&call.grant::<ManageOrganization>(name)?)?;
    let (grant, id) = (grant.clone(), organization.id.clone());
    let owners = call
        .run(move |registry| registry.owners(&grant, &id))
        .await?;
    Ok((organization, owners))
}
