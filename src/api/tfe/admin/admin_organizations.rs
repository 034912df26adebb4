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
    Body, ByAdministrator, Document, IncludeQuery, Included, Named, Organizations, Page, PageQuery,
    Reply, RequestAttributes, included, matches_part, no_content, ok, organization_of,
};
use crate::api::tfe::not_served::{KeptRequest, Part, SHARING_WITH_SOME, part};
use crate::auth::ManageOrganization;
use crate::domain::{Organization, User};
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::{Error, OrganizationChange};
use crate::routes;

routes! {
    /// Lists all organizations.
    GET "/admin/organizations" => list [Access::HiddenSite] query(OrganizationFilter, IncludeQuery, PageQuery) -> 200 Page<AdminOrganizationResource>,
    /// Shows an organization, by its name or its id.
    GET "/admin/organizations/{organization}" => show [Access::HiddenSite] query(IncludeQuery) -> 200 Document<AdminOrganizationResource>,
    /// Changes the settings that only administrators change. Those about runs are kept, and have no effect yet.
    PATCH "/admin/organizations/{organization}" => change [Access::HiddenSite] takes(Body<ChangeBody>) -> 200 Document<AdminOrganizationResource>,
    /// Deletes an organization with everything in it.
    DELETE "/admin/organizations/{organization}" => delete [Access::HiddenSite] -> 204,
    /// Lists the organizations that may use this one's private modules: none.
    GET "/admin/organizations/{organization}/relationships/module-consumers" => consumers [Access::HiddenSite] query(PageQuery) -> 200 Page<AdminOrganizationResource>,
    /// Accepts an empty list only, which is what it already is.
    PATCH "/admin/organizations/{organization}/relationships/module-consumers" => set_consumers [Access::HiddenSite] takes(Named<Organizations>) -> 204,
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

/// The settings of an organization, about sharing, that clients send beside those that are not
/// served.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ChangeBody {
    global_module_sharing: Option<bool>,
    global_provider_sharing: Option<bool>,
    #[serde(flatten)]
    kept: KeptRequest<part::AdminOrganization>,
}

impl RequestAttributes for ChangeBody {
    const TYPES: &'static [&'static str] = &["organizations"];
    const PART: Option<Part> = Some(Part::AdminOrganization);
}

impl ChangeBody {
    /// Refuses every setting that differs from what is so already.
    fn check(&self, organization: &Organization) -> Result<(), Error> {
        let sharing = [
            ("global-module-sharing", self.global_module_sharing),
            ("global-provider-sharing", self.global_provider_sharing),
        ];
        for (field, asked) in sharing {
            if asked.is_some_and(|asked| asked != organization.public) {
                let reason = "what everybody may read is in a public organization: an owner says \
                              so in its settings";
                return Err(Error::invalid(field, reason));
            }
        }
        Ok(())
    }
}

async fn change(by: ByAdministrator, name: web::Path<String>, payload: web::Payload) -> Reply {
    let (organization, owners) = find(&by, &name).await?;
    let body: ChangeBody = by.0.attributes(payload).await?;
    body.check(&organization)?;
    let grant = by.0.grant::<ManageOrganization>(&name)?;
    let change = OrganizationChange {
        kept: body.kept.change()?,
        ..OrganizationChange::default()
    };
    let organization =
        by.0.run(move |registry| registry.update_organization(&grant, change))
            .await?;
    Ok(ok(view::organization(&organization, &owners)))
}

async fn delete(ByAdministrator(call, _): ByAdministrator, name: web::Path<String>) -> Reply {
    let grant = call.grant::<ManageOrganization>(&name)?;
    call.run(move |registry| registry.delete_organization(&grant))
        .await?;
    Ok(no_content())
}

async fn consumers(by: ByAdministrator, name: web::Path<String>, pages: Query<PageQuery>) -> Reply {
    find(&by, &name).await?;
    let none: Vec<AdminOrganizationResource> = Vec::new();
    Ok(pages.0.cut(none).into_page(&by.0.list_address()).answer())
}

async fn set_consumers(
    by: ByAdministrator,
    name: web::Path<String>,
    payload: web::Payload,
) -> Reply {
    let (organization, _) = find(&by, &name).await?;
    let consumers: Named<Organizations> = by.0.read(payload).await?;
    if let Some(consumer) = consumers.ids("/data")?.first() {
        let reason = format!(
            "`{consumer}` cannot be given the modules of `{}` alone: {}",
            organization.name, SHARING_WITH_SOME.reason
        );
        return Err(Error::invalid("/0/id", reason).into());
    }
    Ok(no_content())
}

/// Finds an organization, by its name or its id, and its owners.
async fn find(
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
