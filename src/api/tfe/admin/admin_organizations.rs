//! `admin/organizations`: list, show, delete; and what an administrator could change elsewhere.
//!
//! Source: `tests/fixtures/contracts/administration.toml`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;

use super::view::{self, AdminOrganizationResource};
use crate::api::tfe::accounts;
use crate::api::tfe::kit::{
    BASE, Body, Document, Page, PageQuery, Problem, administrator, answer, answer_one, included,
    page, wants,
};
use crate::auth::ManageOrganization;
use crate::domain::{Organization, User};
use crate::http::access::Access;
use crate::http::{App, Query, RequestCaller, json_body};
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
    /// A part of the name or the email address.
    q: Option<String>,
    /// `owners` to have them beside.
    include: Option<String>,
}

impl OrganizationFilter {
    fn fits(&self, organization: &Organization) -> bool {
        let part = self.q.as_deref().unwrap_or_default();
        let part = part.trim().to_ascii_lowercase();
        let email = organization.email.as_str().to_ascii_lowercase();
        organization.name.folded().contains(&part) || email.contains(&part)
    }
}

async fn list(
    app: web::Data<App>,
    caller: RequestCaller,
    wanted: Query<OrganizationFilter>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let grant = administrator(&app, &caller.0)?;
    let (wanted, pages) = (wanted.0, pages.0);
    let with_owners = wants(wanted.include.as_deref(), "owners");
    let (offset, size) = (pages.offset(), pages.size());
    let (organizations, total) = app
        .run(move |registry| {
            let mut all = registry.list_organizations(&caller.0)?;
            all.retain(|organization| wanted.fits(organization));
            let total = all.len();
            let asked = all.into_iter().skip(offset).take(size);
            let asked = asked.map(|organization| {
                let owners = registry.owners(&grant, &organization.id)?;
                Ok((organization, owners))
            });
            Ok((asked.collect::<Result<Vec<_>, Error>>()?, total))
        })
        .await?;
    let resources = organizations
        .iter()
        .map(|(organization, owners)| view::organization(organization, owners))
        .collect();
    let here = format!("{}{BASE}/admin/organizations", app.public_url());
    let mut document = page(resources, &pages, total, &here);
    if with_owners {
        let mut owners: Vec<_> = organizations
            .iter()
            .flat_map(|(_, owners)| owners)
            .collect();
        owners.sort_by_key(|user| user.username.folded());
        owners.dedup_by_key(|user| user.id.clone());
        let resources = owners.into_iter().map(accounts::view::other);
        document.included = Some(included(&resources.collect::<Vec<_>>()));
    }
    Ok(answer(StatusCode::OK, &document))
}

async fn show(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    wanted: Query<OrganizationFilter>,
) -> Result<HttpResponse, Problem> {
    let (organization, owners) = find_organization(&app, &caller, name.into_inner()).await?;
    let owners_beside = wants(wanted.0.include.as_deref(), "owners").then(|| {
        let resources = owners.iter().map(accounts::view::other);
        included(&resources.collect::<Vec<_>>())
    });
    let document = Document {
        data: view::organization(&organization, &owners),
        included: owners_beside,
    };
    Ok(answer(StatusCode::OK, &document))
}

/// What clients send about an organization's runs and sharing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ChangeBody {
    is_disabled: Option<bool>,
    global_module_sharing: Option<bool>,
    global_provider_sharing: Option<bool>,
}

impl ChangeBody {
    /// Refuses what is not so already.
    fn checked(&self, organization: &Organization) -> Result<(), Error> {
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

async fn change(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let (organization, owners) = find_organization(&app, &caller, name.into_inner()).await?;
    let body: Body<ChangeBody> = json_body::document(&app, payload).await?;
    body.attributes().checked(&organization)?;
    let resource = view::organization(&organization, &owners);
    Ok(answer_one(StatusCode::OK, resource))
}

async fn delete(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    administrator(&app, &caller.0)?;
    let grant = app.registry.grant::<ManageOrganization>(&caller.0, &name)?;
    app.run(move |registry| registry.delete_organization(&grant))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn consumers(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let (organization, _) = find_organization(&app, &caller, name.into_inner()).await?;
    let name = organization.name;
    let here = format!(
        "{}{BASE}/admin/organizations/{name}/relationships/module-consumers",
        app.public_url()
    );
    let document: Page<AdminOrganizationResource> = page(Vec::new(), &pages.0, 0, &here);
    Ok(answer(StatusCode::OK, &document))
}

/// The organizations that are to use another's modules.
#[derive(Debug, Deserialize, JsonSchema)]
struct Consumers {
    data: Vec<Consumer>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Consumer {
    id: String,
}

async fn set_consumers(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let (organization, _) = find_organization(&app, &caller, name.into_inner()).await?;
    let body: Consumers = json_body::document(&app, payload).await?;
    if let Some(consumer) = body.data.first() {
        let reason = format!(
            "`{}` cannot be given the modules of `{}` alone: add its people to a team of it, or \
             make it public",
            consumer.id, organization.name
        );
        return Err(Error::invalid("/0/id", reason).into());
    }
    Ok(HttpResponse::NoContent().finish())
}

/// An organization with its owners, for an administrator.
async fn find_organization(
    app: &web::Data<App>,
    caller: &RequestCaller,
    name: String,
) -> Result<(Organization, Vec<User>), Problem> {
    let grant = administrator(app, &caller.0)?;
    let own = app.registry.grant::<ManageOrganization>(&caller.0, &name)?;
    let organization = own.organization().cloned();
    let organization =
        organization.ok_or_else(|| Error::NotFound(format!("the organization `{name}`")))?;
    let id = organization.id.clone();
    let owners = app
        .run(move |registry| registry.owners(&grant, &id))
        .await?;
    Ok((organization, owners))
}
