//! `organizations`: list, show, create, change, delete; and the features they can use.
//!
//! Source: `tests/fixtures/contracts/organizations.toml`.

use actix_web::http::StatusCode;
use actix_web::web;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::body::{NewOrganizationBody, OrganizationChangeBody, RelationshipsBody};
use super::view::{self, EntitlementSetResource, OrganizationResource};
use crate::api::tfe::kit::{
    Body, ByAdministrator, Call, Document, IncludeQuery, Included, Page, PageQuery, Reply,
    included, matches_part, no_content, ok, organization_of,
};
use crate::api::tfe::projects::view as project_view;
use crate::auth::{Caller, ManageOrganization, ReadOrganization, ReadProjects};
use crate::domain::{Organization, Right};
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::{Error, PrimaryKind, Registry};
use crate::routes;

routes! {
    /// Lists the organizations that the caller may see.
    GET "/organizations" => list [Access::Listing] query(OrganizationQuery, IncludeQuery, PageQuery) -> 200 Page<OrganizationResource<'_>>,
    /// Creates an organization. The caller is its first owner.
    POST "/organizations" => create [Access::HiddenSite] takes(Body<NewOrganizationBody, RelationshipsBody>) -> 201 Document<OrganizationResource<'_>>,
    /// Shows an organization, by its name or its id.
    GET "/organizations/{organization}" => show [Access::Read] query(IncludeQuery) -> 200 Document<OrganizationResource<'_>>,
    /// Changes an organization's settings. Its name cannot be changed.
    PATCH "/organizations/{organization}" => change [Access::ManageOrganization] takes(Body<OrganizationChangeBody, RelationshipsBody>) -> 200 Document<OrganizationResource<'_>>,
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

/// The resources that a response can include; the documentation writes `_`.
const INCLUDES: &[&str] = &["entitlement_set", "default_project"];

async fn list(
    call: Call,
    filter: Query<OrganizationQuery>,
    include: Query<IncludeQuery>,
    pages: Query<PageQuery>,
) -> Reply {
    let mut organizations = call.run_as_caller(Registry::list_organizations).await?;
    let q = filter.0.q.as_deref();
    organizations.retain(|it| {
        matches_part(q, &[it.name.as_str()])
            || (matches_part(q, &[it.email.as_str()]) && view::shows_email(&rights(&call, it)))
    });
    let include = include.0.parse(INCLUDES)?;
    let organizations = pages.0.cut_or_all(organizations);
    let organizations = call
        .run_as_caller(move |registry, caller| {
            organizations.try_map(|it| {
                let has_token = has_token(registry, caller, &it)?;
                Ok((it, has_token))
            })
        })
        .await?;
    let page = organizations.page(&call.list_address(), |(it, has_token)| {
        view::organization(it, &rights(&call, it), *has_token)
    });
    let listed = organizations.items.iter().map(|(it, _)| it.clone());
    let beside = beside(&call, &include, listed.collect()).await?;
    Ok(page.including(beside).answer())
}

async fn show(call: Call, name: web::Path<String>, include: Query<IncludeQuery>) -> Reply {
    let organization = organization_of(&call.grant::<ReadOrganization>(&name)?)?;
    let include = include.0.parse(INCLUDES)?;
    let beside = beside(&call, &include, vec![organization.clone()]).await?;
    answer(&call, &organization, beside, StatusCode::OK).await
}

/// Returns the resources beside these organizations for `included`; `None` if the request does not
/// ask for any.
async fn beside(
    call: &Call,
    include: &Included,
    organizations: Vec<Organization>,
) -> Result<Option<Vec<Value>>, Error> {
    if include.is_empty() {
        return Ok(None);
    }
    let mut all = Vec::new();
    if include.has("entitlement_set") {
        all.extend(included(organizations.iter().map(view::entitlement_set)));
    }
    if include.has("default_project") {
        all.extend(default_projects(call, organizations).await?);
    }
    Ok(Some(all))
}

/// Returns the default projects of those of the organizations whose projects the caller may see.
async fn default_projects(
    call: &Call,
    organizations: Vec<Organization>,
) -> Result<Vec<Value>, Error> {
    call.run_as_caller(move |registry, caller| {
        let mut found = Vec::new();
        for organization in &organizations {
            let Ok(grant) = registry.grant::<ReadProjects>(caller, organization.id.as_str()) else {
                continue;
            };
            if let Some(project) = registry.default_project(&grant)? {
                let rights = registry.rights_in(caller, organization);
                found.extend(included([project_view::project(
                    &project,
                    organization,
                    &rights,
                )]));
            }
        }
        Ok(found)
    })
    .await
}

async fn create(ByAdministrator(call, grant): ByAdministrator, payload: web::Payload) -> Reply {
    let (body, related): (NewOrganizationBody, RelationshipsBody) = call.resource(payload).await?;
    related.check()?;
    // The user who creates an organization owns it. A token without a user creates one that only
    // administrators reach.
    let new = body.parse(call.caller.user().cloned())?;
    let organization = call
        .run(move |registry| registry.create_organization(&grant, new))
        .await?;
    let entitlements = included([view::entitlement_set(&organization)]);
    answer(
        &call,
        &organization,
        Some(entitlements),
        StatusCode::CREATED,
    )
    .await
}

async fn change(call: Call, name: web::Path<String>, payload: web::Payload) -> Reply {
    let grant = call.grant::<ManageOrganization>(&name)?;
    let (body, related): (OrganizationChangeBody, RelationshipsBody) =
        call.resource(payload).await?;
    related.check()?;
    let current = grant.organization().map(|it| it.name.clone());
    let change = body.parse(current.as_ref())?;
    let organization = call
        .run(move |registry| registry.update_organization(&grant, change))
        .await?;
    answer(&call, &organization, None, StatusCode::OK).await
}

async fn delete(call: Call, name: web::Path<String>) -> Reply {
    let grant = call.grant::<ManageOrganization>(&name)?;
    call.run(move |registry| registry.delete_organization(&grant))
        .await?;
    Ok(no_content())
}

async fn entitlements(call: Call, name: web::Path<String>) -> Reply {
    let organization = organization_of(&call.grant::<ReadOrganization>(&name)?)?;
    Ok(ok(view::entitlement_set(&organization)))
}

/// Makes a response with one organization.
async fn answer(
    call: &Call,
    organization: &Organization,
    beside: Option<Vec<Value>>,
    status: StatusCode,
) -> Reply {
    let of = organization.clone();
    let has_token = call
        .run_as_caller(move |registry, caller| has_token(registry, caller, &of))
        .await?;
    let resource = view::organization(organization, &rights(call, organization), has_token);
    let document = Document::of(resource).including(beside);
    Ok(document.answer_with(status))
}

/// Returns whether the organization has a token that the caller may see, so that a link to it leads
/// somewhere.
fn has_token(
    registry: &Registry,
    caller: &Caller,
    organization: &Organization,
) -> Result<bool, Error> {
    let Ok(grant) = registry.token_grant(caller, organization.id.as_str()) else {
        return Ok(false);
    };
    match registry.primary_token(&grant, PrimaryKind::Full) {
        Ok(_) => Ok(true),
        Err(Error::NotFound(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

fn rights(call: &Call, organization: &Organization) -> Vec<Right> {
    call.app.registry.rights_in(&call.caller, organization)
}
