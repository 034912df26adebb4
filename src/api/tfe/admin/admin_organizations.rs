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
    Body, ByAdministrator, Document, Page, PageQuery, Reply, included, includes, matches_part,
    no_content, ok, organization_of,
};
use crate::auth::ManageOrganization;
use crate::domain::{Organization, User};
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::Error;
use crate::routes;

routes! {
    /// Lists all organizations.
    GET "/admin/organizations" => list [Access::HiddenSite] query(OrganizationFilter, PageQuery) -> 200 Page<AdminOrganizationResource>,
    /// Shows an organization, by its name or its id.
    GET "/admin/organizations/{organization}" => show [Access::HiddenSite] query(OrganizationFilter) -> 200 Document<AdminOrganizationResource>,
    /// Accepts these settings only as they are: they are about runs, which this registry does not have.
    PATCH "/admin/organizations/{organization}" => change [Access::HiddenSite] takes(Body<ChangeBody>) -> 200 Document<AdminOrganizationResource>,
    /// Deletes an organization with everything in it.
    DELETE "/admin/organizations/{organization}" => delete [Access::HiddenSite] -> 204,
    /// Lists the organizations that may use this one's private modules: none.
    GET "/admin/organizations/{organization}/relationships/module-consumers" => consumers [Access::HiddenSite] query(PageQuery) -> 200 Page<AdminOrganizationResource>,
    /// Accepts an empty list only, which is what it already is.
    PATCH "/admin/organizations/{organization}/relationships/module-consumers" => set_consumers [Access::HiddenSite] takes(Consumers) -> 204,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct OrganizationFilter {
    /// A part of the name or the email address; `None` lists all organizations.
    q: Option<String>,
    /// `owners` to include them in the response.
    include: Option<String>,
}

impl OrganizationFilter {
    fn matches(&self, organization: &Organization) -> bool {
        let texts = [organization.name.as_str(), organization.email.as_str()];
        matches_part(self.q.as_deref(), &texts)
    }

    /// Returns the owners for `included`; `None` if the query does not ask for them.
    fn included(&self, owners: &[&User]) -> Option<Vec<Value>> {
        let users = owners.iter().map(|user| accounts::view::other_user(user));
        includes(self.include.as_deref(), "owners").then(|| included(users))
    }
}

async fn list(
    ByAdministrator(call, grant): ByAdministrator,
    filter: Query<OrganizationFilter>,
    pages: Query<PageQuery>,
) -> Reply {
    let filter = filter.0;
    let (organizations, filter) = call
        .run_as_caller(move |registry, caller| {
            let mut all = registry.list_organizations(caller)?;
            all.retain(|organization| filter.matches(organization));
            let page = pages.0.cut(all).try_map(|organization| {
                let owners = registry.owners(&grant, &organization.id)?;
                Ok::<_, Error>((organization, owners))
            })?;
            Ok((page, filter))
        })
        .await?;
    let page = organizations.page(
        &call.address("/admin/organizations"),
        |(organization, owners)| view::organization(organization, owners),
    );
    let all = organizations.items.iter();
    let mut owners: Vec<_> = all.flat_map(|(_, owners)| owners).collect();
    owners.sort_by_key(|user| user.username.folded());
    owners.dedup_by_key(|user| user.id.clone());
    Ok(page.including(filter.included(&owners)).answer())
}

async fn show(
    by: ByAdministrator,
    name: web::Path<String>,
    filter: Query<OrganizationFilter>,
) -> Reply {
    let (organization, owners) = find(&by, &name).await?;
    let document = Document::of(view::organization(&organization, &owners));
    Ok(document
        .including(filter.0.included(&owners.iter().collect::<Vec<_>>()))
        .answer())
}

/// The settings of an organization, about runs and sharing, that clients send.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ChangeBody {
    is_disabled: Option<bool>,
    global_module_sharing: Option<bool>,
    global_provider_sharing: Option<bool>,
}

impl ChangeBody {
    /// Refuses every setting that differs from what is so already.
    fn check(&self, organization: &Organization) -> Result<(), Error> {
        let differs = |asked: Option<bool>, is: bool| asked.is_some_and(|asked| asked != is);
        if differs(self.is_disabled, false) {
            let reason = "organizations are not disabled here: suspend their users instead";
            return Err(Error::invalid("is-disabled", reason));
        }
        let sharing = [
            ("global-module-sharing", self.global_module_sharing),
            ("global-provider-sharing", self.global_provider_sharing),
        ];
        for (field, asked) in sharing {
            if differs(asked, organization.public) {
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
    Ok(ok(view::organization(&organization, &owners)))
}

async fn delete(ByAdministrator(call, _): ByAdministrator, name: web::Path<String>) -> Reply {
    let grant = call.grant::<ManageOrganization>(&name)?;
    call.run(move |registry| registry.delete_organization(&grant))
        .await?;
    Ok(no_content())
}

async fn consumers(by: ByAdministrator, name: web::Path<String>, pages: Query<PageQuery>) -> Reply {
    let (organization, _) = find(&by, &name).await?;
    let here = by.0.address(format_args!(
        "/admin/organizations/{}/relationships/module-consumers",
        organization.name
    ));
    let none: Vec<AdminOrganizationResource> = Vec::new();
    Ok(pages.0.cut(none).into_page(&here).answer())
}

/// The organizations that a request wants to share another's modules with.
#[derive(Debug, Deserialize, JsonSchema)]
struct Consumers {
    data: Vec<Consumer>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Consumer {
    id: String,
}

async fn set_consumers(
    by: ByAdministrator,
    name: web::Path<String>,
    payload: web::Payload,
) -> Reply {
    let (organization, _) = find(&by, &name).await?;
    let body: Consumers = by.0.read(payload).await?;
    if let Some(consumer) = body.data.first() {
        let reason = format!(
            "`{}` cannot be given the modules of `{}` alone: add its people to a team of it, or \
             make it public",
            consumer.id, organization.name
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
