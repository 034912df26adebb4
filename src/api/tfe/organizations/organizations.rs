//! `organizations`: list, show, create, change, delete; and the features they can use.
//!
//! Source: `tests/fixtures/contracts/organizations.toml`.

use actix_web::http::StatusCode;
use actix_web::web;
use schemars::JsonSchema;
use serde::Deserialize;
use url::form_urlencoded;

use super::body::{NewOrganizationBody, OrganizationChangeBody};
use super::view::{self, EntitlementSetResource, OrganizationResource};
use crate::api::tfe::kit::{
    Body, ByAdministrator, Call, Document, Page, PageQuery, Reply, included, matches_part,
    no_content, ok, organization_of,
};
use crate::auth::{ManageOrganization, ReadModules};
use crate::domain::{Organization, Right};
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::Registry;
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
    /// A part of the name or the email address; `None` lists all organizations.
    q: Option<String>,
}

async fn list(call: Call, filter: Query<OrganizationQuery>, pages: Query<PageQuery>) -> Reply {
    let mut organizations = call.run_as_caller(Registry::list_organizations).await?;
    let q = filter.0.q.as_deref();
    organizations.retain(|it| {
        matches_part(q, &[it.name.as_str()])
            || (matches_part(q, &[it.email.as_str()]) && view::shows_email(&rights(&call, it)))
    });
    let organizations = pages.0.cut_or_all(organizations);
    let mut here = call.address("/organizations");
    let words = q.unwrap_or_default().trim();
    if !words.is_empty() {
        let mut query = form_urlencoded::Serializer::new(String::new());
        here = format!("{here}?{}", query.append_pair("q", words).finish());
    }
    let page = organizations.page(&here, |it| view::organization(it, &rights(&call, it)));
    Ok(page.answer())
}

async fn show(call: Call, name: web::Path<String>) -> Reply {
    let organization = organization_of(&call.grant::<ReadModules>(&name)?)?;
    let rights = rights(&call, &organization);
    Ok(ok(view::organization(&organization, &rights)))
}

async fn create(ByAdministrator(call, grant): ByAdministrator, payload: web::Payload) -> Reply {
    let body: NewOrganizationBody = call.attributes(payload).await?;
    // The user who creates an organization owns it. A token without a user creates one that only
    // administrators reach.
    let new = body.parse(call.caller.user().cloned())?;
    let organization = call
        .run(move |registry| registry.create_organization(&grant, new))
        .await?;
    let rights = rights(&call, &organization);
    let entitlements = included([view::entitlement_set(&organization)]);
    let document = Document::of(view::organization(&organization, &rights));
    let document = document.including(Some(entitlements));
    Ok(document.answer_with(StatusCode::CREATED))
}

async fn change(call: Call, name: web::Path<String>, payload: web::Payload) -> Reply {
    let grant = call.grant::<ManageOrganization>(&name)?;
    let body: OrganizationChangeBody = call.attributes(payload).await?;
    let current = grant.organization().map(|it| it.name.clone());
    let change = body.parse(current.as_ref())?;
    let organization = call
        .run(move |registry| registry.update_organization(&grant, change))
        .await?;
    let rights = rights(&call, &organization);
    Ok(ok(view::organization(&organization, &rights)))
}

async fn delete(call: Call, name: web::Path<String>) -> Reply {
    let grant = call.grant::<ManageOrganization>(&name)?;
    call.run(move |registry| registry.delete_organization(&grant))
        .await?;
    Ok(no_content())
}

async fn entitlements(call: Call, name: web::Path<String>) -> Reply {
    let organization = organization_of(&call.grant::<ReadModules>(&name)?)?;
    Ok(ok(view::entitlement_set(&organization)))
}

fn rights(call: &Call, organization: &Organization) -> Vec<Right> {
    call.app.registry.rights_in(&call.caller, organization)
}
