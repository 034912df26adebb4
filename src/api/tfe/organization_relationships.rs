//! What an organization is related to: `module-producers` and `data-retention-policy`; and
//! `ip-ranges`, which belong to nobody.
//!
//! Source: endpoints.tsv (hcp-org), hcp/organizations.md, hcp/ip-ranges.md, tfe-clients.md
//! (organizations, IP ranges).

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HttpDate, IF_MODIFIED_SINCE, LAST_MODIFIED};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::BASE;
use super::json_api::{PageQuery, answer, page};
use super::problem::Problem;
use crate::auth::{ManageOrganization, ReadModules};
use crate::domain::Organization;
use crate::http::access::Access;
use crate::http::{App, Query, RequestCaller, json_body};
use crate::registry::Error;
use crate::routes;

routes! {
    GET "/organizations/{organization}/relationships/module-producers" => producers [Access::Read],
    GET "/organizations/{organization}/relationships/data-retention-policy" => policy [Access::Read],
    POST "/organizations/{organization}/relationships/data-retention-policy" => set_policy [Access::ManageOrganization],
    PATCH "/organizations/{organization}/relationships/data-retention-policy" => set_policy [Access::ManageOrganization],
    DELETE "/organizations/{organization}/relationships/data-retention-policy" => remove_policy [Access::ManageOrganization],
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
    let shared: Vec<Value> = organizations
        .iter()
        .filter(|other| other.public && other.id != own.id)
        .map(|other| {
            json!({
                "id": other.name,
                "type": "organizations",
                "attributes": { "name": other.name, "external-id": other.id },
                "links": { "self": format!("{BASE}/organizations/{}", other.name) },
            })
        })
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

async fn policy(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let own = seen(&app, &caller, &name)?;
    Ok(answer(StatusCode::OK, &kept(&own)))
}

#[derive(Debug, Deserialize)]
struct Policy {
    data: PolicyData,
}

#[derive(Debug, Deserialize)]
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
    Ok(answer(StatusCode::CREATED, &kept(&own)))
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

fn kept(organization: &Organization) -> Value {
    let id = organization.id.as_str();
    let part = id.split_once('-').map_or(id, |(_, part)| part);
    json!({ "data": { "id": format!("drp-{part}"), "type": KEEP_EVERYTHING, "attributes": {} } })
}

/// The organization, for a caller who may see it.
fn seen(app: &App, caller: &RequestCaller, name: &str) -> Result<Organization, Error> {
    let grant = app.registry.grant::<ReadModules>(&caller.0, name)?;
    let organization = grant.organization().cloned();
    organization.ok_or_else(|| Error::NotFound(format!("the organization `{name}`")))
}

/// Where a registry connects from: it calls nobody, and its own address is the one that was asked.
pub mod ip_ranges {
    use super::{
        Access, CACHE_CONTROL, HttpDate, HttpRequest, HttpResponse, IF_MODIFIED_SINCE,
        LAST_MODIFIED, json, routes,
    };
    use std::time::UNIX_EPOCH;

    routes! {
        GET "/api/meta/ip-ranges" => show [Access::Open],
    }

    async fn show(request: HttpRequest) -> HttpResponse {
        // It has never changed.
        let known = request.headers().contains_key(IF_MODIFIED_SINCE);
        let mut answer = if known {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        answer
            .insert_header((LAST_MODIFIED, HttpDate::from(UNIX_EPOCH)))
            .insert_header((CACHE_CONTROL, "no-cache"));
        if known {
            return answer.finish();
        }
        answer.json(json!({ "api": [], "notifications": [], "sentinel": [], "vcs": [] }))
    }
}
