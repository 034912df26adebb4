//! `organizations`: list, show, create, change, delete; and what they are entitled to.
//!
//! Source: `tests/fixtures/contracts/organizations.toml`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;
use url::form_urlencoded;

use super::body::NewOrganizationBody;
use super::body::OrganizationChangeBody;
use super::view::{self, EntitlementSetResource, OrganizationResource};
use crate::api::tfe::kit::{
    BASE, Body, Document, Page, PageQuery, Problem, administrator, answer, answer_one, included,
    page,
};
use crate::auth::{Caller, ManageOrganization, ReadModules};
use crate::domain::Organization;
use crate::http::access::Access;
use crate::http::{App, Query, RequestCaller, json_body};
use crate::registry::Error;
use crate::routes;

routes! {
    /// Lists the organizations that the caller may see.
    GET "/organizations" => list [Access::Listing] query(OrganizationQuery, PageQuery) -> 200 Page<OrganizationResource<'_>>,
    /// Creates an organization. The caller is its first owner.
    POST "/organizations" => create [Access::HiddenSite] takes(Body<NewOrganizationBody>) -> 201 Document<OrganizationResource<'_>>,
    /// Shows an organization, by its name or its id.
    GET "/organizations/{organization}" => show [Access::Read] -> 200 Document<OrganizationResource<'_>>,
    /// Changes an organization's email address. Its name cannot be changed.
    PATCH "/organizations/{organization}" => change [Access::ManageOrganization] takes(Body<OrganizationChangeBody>) -> 200 Document<OrganizationResource<'_>>,
    /// Deletes an organization with everything in it.
    DELETE "/organizations/{organization}" => delete [Access::ManageOrganization] -> 204,
    /// Shows the features that an organization can use.
    GET "/organizations/{organization}/entitlement-set" => entitlements [Access::Read] -> 200 Document<EntitlementSetResource<'_>>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct OrganizationQuery {
    /// A part of the name or the email address.
    q: Option<String>,
}

async fn list(
    app: web::Data<App>,
    caller: RequestCaller,
    wanted: Query<OrganizationQuery>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let asking = caller.0.clone();
    let mut organizations = app
        .run(move |registry| registry.list_organizations(&asking))
        .await?;
    let words = wanted.0.q.unwrap_or_default();
    let part = words.trim().to_ascii_lowercase();
    organizations.retain(|it| {
        let email = it.email.as_str().to_ascii_lowercase();
        it.name.folded().contains(&part)
            || (email.contains(&part) && view::shows_email(&rights(&app, &caller.0, it)))
    });
    let total = organizations.len();
    let pages = pages.0.or_whole(total);
    let resources = organizations
        .iter()
        .skip(pages.offset())
        .take(pages.size())
        .map(|it| view::resource(it, &rights(&app, &caller.0, it)))
        .collect();
    let mut here = format!("{}{BASE}/organizations", app.public_url());
    if !part.is_empty() {
        let mut query = form_urlencoded::Serializer::new(String::new());
        here = format!("{here}?{}", query.append_pair("q", words.trim()).finish());
    }
    let document = page(resources, &pages, total, &here);
    Ok(answer(StatusCode::OK, &document))
}

async fn show(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let organization = seen(&app, &caller.0, &name)?;
    let resource = view::resource(&organization, &rights(&app, &caller.0, &organization));
    Ok(answer_one(StatusCode::OK, resource))
}

async fn create(
    app: web::Data<App>,
    caller: RequestCaller,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let grant = administrator(&app, &caller.0)?;
    let body: Body<NewOrganizationBody> = json_body::document(&app, payload).await?;
    // Whoever makes it owns it; a token that is nobody's makes one that only administrators reach.
    let new = body.attributes().parsed(caller.0.user().cloned())?;
    let organization = app
        .run(move |registry| registry.create_organization(&grant, new))
        .await?;
    let rights = rights(&app, &caller.0, &organization);
    let entitlements = view::entitlement_set(&organization);
    let document = Document {
        data: view::resource(&organization, &rights),
        included: Some(included(&[entitlements])),
    };
    Ok(answer(StatusCode::CREATED, &document))
}

async fn change(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let grant = app.registry.grant::<ManageOrganization>(&caller.0, &name)?;
    let body: Body<OrganizationChangeBody> = json_body::document(&app, payload).await?;
    let current = grant.organization().map(|it| it.name.clone());
    let change = body.attributes().parsed(current.as_ref())?;
    let organization = app
        .run(move |registry| registry.update_organization(&grant, change))
        .await?;
    let resource = view::resource(&organization, &rights(&app, &caller.0, &organization));
    Ok(answer_one(StatusCode::OK, resource))
}

async fn delete(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let grant = app.registry.grant::<ManageOrganization>(&caller.0, &name)?;
    app.run(move |registry| registry.delete_organization(&grant))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn entitlements(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let organization = seen(&app, &caller.0, &name)?;
    let resource = view::entitlement_set(&organization);
    Ok(answer_one(StatusCode::OK, resource))
}

/// The organization, for a caller who may see it.
fn seen(app: &App, caller: &Caller, name: &str) -> Result<Organization, Error> {
    let grant = app.registry.grant::<ReadModules>(caller, name)?;
    let organization = grant.organization().cloned();
    organization.ok_or_else(|| Error::NotFound(format!("the organization `{name}`")))
}

fn rights(app: &App, caller: &Caller, organization: &Organization) -> Vec<crate::domain::Right> {
    app.registry.rights_in(caller, organization)
}
