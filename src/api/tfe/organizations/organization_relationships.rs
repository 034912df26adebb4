//! The relationships of an organization: `module-producers` and `data-retention-policy`.
//!
//! Source: `tests/fixtures/contracts/organizations.toml`.

use actix_web::web;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::view::{KEEP_EVERYTHING, retention_policy_id};
use crate::api::tfe::kit::{
    BASE, Call, Document, Page, PageQuery, Reply, SelfLink, check_type, created, no_content, ok,
    organization_of,
};
use crate::api::tfe::not_served::RETENTION;
use crate::auth::{Grant, ManageOrganization, ReadOrganization};
use crate::domain::Organization;
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::{Error, OrganizationChange, Registry};
use crate::routes;

routes! {
    /// Lists the other organizations that share their modules with this one.
    GET "/organizations/{organization}/relationships/module-producers" => producers [Access::Read] query(PageQuery) -> 200 Page<ProducerResource>,
    /// Shows the data retention policy, if one was set. Nothing is deleted automatically in any case.
    GET "/organizations/{organization}/relationships/data-retention-policy" => policy [Access::Read] -> 200 Document<PolicyResource>,
    /// Sets the policy to keep everything, which is the only one here.
    POST "/organizations/{organization}/relationships/data-retention-policy" => set_policy [Access::ManageOrganization] takes(Policy) -> 201 Document<PolicyResource>,
    /// Sets the policy to keep everything, which is the only one here.
    PATCH "/organizations/{organization}/relationships/data-retention-policy" => set_policy [Access::ManageOrganization] takes(Policy) -> 201 Document<PolicyResource>,
    /// Takes the policy away. Nothing is deleted automatically without one either.
    DELETE "/organizations/{organization}/relationships/data-retention-policy" => remove_policy [Access::ManageOrganization] -> 204,
}

/// The types of policies that clients send.
const POLICIES: &[&str] = &[
    KEEP_EVERYTHING,
    "data-retention-policy-delete-olders",
    "data-retention-policies",
];

/// Lists the organizations whose modules this one can use too: those that share them with it, and
/// those that everybody may read.
async fn producers(call: Call, name: web::Path<String>, pages: Query<PageQuery>) -> Reply {
    let own = organization_of(&call.grant::<ReadOrganization>(&name)?)?;
    let mut others = call.run_as_caller(Registry::list_namespaces).await?;
    others.retain(|other| {
        let readable = other.public || other.module_sharing.includes(&own.id);
        readable && other.id != own.id
    });
    let page = pages.0.cut(others).page(&call.list_address(), producer);
    Ok(page.answer())
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

async fn policy(call: Call, name: web::Path<String>) -> Reply {
    let own = organization_of(&call.grant::<ReadOrganization>(&name)?)?;
    if !own.keeps_all_data {
        let what = format!("a data retention policy of `{}`: none was set", own.name);
        return Err(Error::NotFound(what).into());
    }
    Ok(ok(retention_policy(&own)))
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Policy {
    data: PolicyData,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct PolicyData {
    #[serde(rename = "type")]
    #[schemars(with = "String")]
    kind: Value,
}

/// Sets the policy that nothing is deleted, and refuses every other one with the reason.
async fn set_policy(call: Call, name: web::Path<String>, payload: web::Payload) -> Reply {
    let grant = call.grant::<ManageOrganization>(&name)?;
    let policy: Policy = call.read(payload).await?;
    check_type(Some(&policy.data.kind), POLICIES, "/data/type")?;
    if policy.data.kind != KEEP_EVERYTHING {
        return Err(RETENTION.refuse("/type").into());
    }
    let organization = keep_all_data(&call, grant, true).await?;
    Ok(created(retention_policy(&organization)))
}

/// Takes the policy away. Nothing is deleted automatically without one either.
async fn remove_policy(call: Call, name: web::Path<String>) -> Reply {
    let grant = call.grant::<ManageOrganization>(&name)?;
    keep_all_data(&call, grant, false).await?;
    Ok(no_content())
}

async fn keep_all_data(
    call: &Call,
    grant: Grant<ManageOrganization>,
    keeps: bool,
) -> Result<Organization, Error> {
    let change = OrganizationChange {
        keeps_all_data: Some(keeps),
        ..OrganizationChange::default()
    };
    call.run(move |registry| registry.update_organization(&grant, change))
        .await
}

/// The retention policy, by which nothing is deleted automatically.
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
    PolicyResource {
        id: retention_policy_id(&organization.id),
        kind: KEEP_EVERYTHING,
        attributes: NoAttributes {},
    }
}
