//! What an organization is related to: `module-producers` and `data-retention-policy`; and
//! `ip-ranges`, which belong to nobody.
//!
//! Source: `tests/fixtures/contracts/organizations.toml`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::tfe::kit::{
    BASE, Document, Page, PageQuery, Problem, SelfLink, answer, answer_one, page,
};
use crate::auth::{ManageOrganization, ReadModules};
use crate::domain::Organization;
use crate::http::access::Access;
use crate::http::{App, Query, RequestCaller, json_body};
use crate::registry::Error;
use crate::routes;

routes! {
    /// Lists the other organizations that share their modules with this one.
    GET "/organizations/{organization}/relationships/module-producers" => producers [Access::Read] query(PageQuery) -> 200 Page<ProducerResource>,
    /// Shows the data retention policy: nothing is deleted automatically.
    GET "/organizations/{organization}/relationships/data-retention-policy" => policy [Access::Read] -> 200 Document<PolicyResource>,
    /// Sets the policy to keep everything, which is the only one here.
    POST "/organizations/{organization}/relationships/data-retention-policy" => set_policy [Access::ManageOrganization] takes(Policy) -> 201 Document<PolicyResource>,
    /// Sets the policy to keep everything, which is the only one here.
    PATCH "/organizations/{organization}/relationships/data-retention-policy" => set_policy [Access::ManageOrganization] takes(Policy) -> 201 Document<PolicyResource>,
    /// Resets the policy to the default, which is the same.
    DELETE "/organizations/{organization}/relationships/data-retention-policy" => remove_policy [Access::ManageOrganization] -> 204,
}

/// The policy of every organization here.
const KEEP_EVERYTHING: &str = "data-retention-policy-dont-deletes";

/// Whose modules an organization can use beside its own: those that everybody may read.
async fn producers(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let own = seen(&app, &caller, &name)?;
    let organizations = app
        .run(move |registry| registry.list_organizations(&caller.0))
        .await?;
    let shared: Vec<_> = organizations
        .iter()
        .filter(|other| other.public && other.id != own.id)
        .map(producer)
        .collect();
    let total = shared.len();
    let asked = shared
        .into_iter()
        .skip(pages.0.offset())
        .take(pages.0.size());
    let here = format!(
        "{}{BASE}/organizations/{}/relationships/module-producers",
        app.public_url(),
        own.name
    );
    let document = page(asked.collect(), &pages.0, total, &here);
    Ok(answer(StatusCode::OK, &document))
}

/// An organization whose modules others can use.
#[derive(Serialize, JsonSchema)]
struct ProducerResource {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: ProducerAttributes,
    links: SelfLink,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ProducerAttributes {
    name: String,
    external_id: String,
}

fn producer(organization: &Organization) -> ProducerResource {
    let name = organization.name.to_string();
    ProducerResource {
        id: name.clone(),
        kind: "organizations",
        links: SelfLink::at(format!("{BASE}/organizations/{name}")),
        attributes: ProducerAttributes {
            name,
            external_id: organization.id.to_string(),
        },
    }
}

async fn policy(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let own = seen(&app, &caller, &name)?;
    Ok(answer_one(StatusCode::OK, retention_policy(&own)))
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Policy {
    data: PolicyData,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct PolicyData {
    #[serde(rename = "type")]
    kind: String,
}

/// Takes the policy that is in force, and says why there is no other.
async fn set_policy(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    app.registry.grant::<ManageOrganization>(&caller.0, &name)?;
    let own = seen(&app, &caller, &name)?;
    let policy: Policy = json_body::document(&app, payload).await?;
    if policy.data.kind != KEEP_EVERYTHING {
        let reason = "this registry has no runs and states for such a policy to delete, and \
                      modules are kept until somebody deletes them";
        return Err(Error::invalid("/type", reason).into());
    }
    Ok(answer_one(StatusCode::CREATED, retention_policy(&own)))
}

/// Back to the default, which is the same.
async fn remove_policy(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    app.registry.grant::<ManageOrganization>(&caller.0, &name)?;
    Ok(HttpResponse::NoContent().finish())
}

/// What is deleted by itself: nothing.
#[derive(Serialize, JsonSchema)]
struct PolicyResource {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: NoAttributes,
}

#[derive(Serialize, JsonSchema)]
struct NoAttributes {}

fn retention_policy(organization: &Organization) -> PolicyResource {
    let id = organization.id.as_str();
    let part = id.split_once('-').map_or(id, |(_, part)| part);
    PolicyResource {
        id: format!("drp-{part}"),
        kind: KEEP_EVERYTHING,
        attributes: NoAttributes {},
    }
}

/// The organization, for a caller who may see it.
fn seen(app: &App, caller: &RequestCaller, name: &str) -> Result<Organization, Error> {
    let grant = app.registry.grant::<ReadModules>(&caller.0, name)?;
    let organization = grant.organization().cloned();
    organization.ok_or_else(|| Error::NotFound(format!("the organization `{name}`")))
}
