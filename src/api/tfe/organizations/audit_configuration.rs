//! `audit-configurations`: where the audit log of an organization goes. It is kept here, and read at
//! `organization/audit-trail`.
//!
//! Source: `tests/fixtures/contracts/audit-configuration.toml`.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::tfe::kit::{
    AsText, Body, Call, Document, Reply, RequestAttributes, ToOne, ok, organization_of,
};
use crate::api::tfe::not_served::{Constants, Part, part};
use crate::auth::ManageOrganization;
use crate::domain::{Organization, Timestamp};
use crate::http::access::Access;
use crate::http::operation::PlainJson;
use crate::registry::Registry;
use crate::routes;

routes! {
    /// Shows where the audit log of an organization goes.
    GET "/organizations/{organization}/audit-configuration" => show [Access::ManageOrganization] -> 200 Document<ConfigurationResource>,
    /// Takes what is so already: the audit log is always kept, and sent nowhere else.
    PATCH "/organizations/{organization}/audit-configuration" => change [Access::ManageOrganization] takes(Body<ConfigurationBody>) -> 200 Document<ConfigurationResource>,
    /// Writes an event into the audit log that says nothing else than that somebody tests it.
    POST "/organizations/{organization}/audit-configuration/test" => test [Access::ManageOrganization] -> 200 PlainJson<TestResult>,
}

/// Where the audit log goes.
#[derive(Serialize, JsonSchema)]
struct ConfigurationResource {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: ConfigurationAttributes,
    relationships: ConfigurationRelationships,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ConfigurationAttributes {
    audit_trails: AuditTrails,
    hcp_audit_log_streaming: Streaming,
    /// What the caller may change about such a copy: nothing.
    permissions: Constants<part::AuditConfiguration>,
    timestamps: Timestamps,
    updated_at: AsText<Timestamp>,
}

/// The log that is read at `organization/audit-trail`.
#[derive(Serialize, JsonSchema)]
struct AuditTrails {
    enabled: bool,
}

/// A copy for another service, which is never made here.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Streaming {
    enabled: bool,
    organization_id: Option<String>,
    use_default_organization: bool,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Timestamps {
    /// The log begins with the organization.
    audit_trails_enabled_at: AsText<Timestamp>,
}

#[derive(Serialize, JsonSchema)]
struct ConfigurationRelationships {
    organization: ToOne,
}

fn configuration(organization: &Organization) -> ConfigurationResource {
    let id = organization.id.as_str();
    let part = id.split_once('-').map_or(id, |(_, part)| part);
    ConfigurationResource {
        id: format!("aconf-{part}"),
        kind: "audit-configurations",
        attributes: ConfigurationAttributes {
            audit_trails: AuditTrails { enabled: true },
            hcp_audit_log_streaming: Streaming {
                enabled: false,
                organization_id: None,
                use_default_organization: false,
            },
            permissions: Constants::default(),
            timestamps: Timestamps {
                audit_trails_enabled_at: AsText(organization.created_at),
            },
            updated_at: AsText(organization.created_at),
        },
        relationships: ConfigurationRelationships {
            organization: ToOne::of("organizations", &organization.name),
        },
    }
}

/// A change, which must ask for what is so: the table of what is not served refuses the rest.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ConfigurationBody {
    #[serde(rename = "audit-trails", alias = "audit_trails")]
    _audit_trails: Option<AuditTrailsBody>,
    #[serde(rename = "hcp-audit-log-streaming", alias = "hcp_audit_log_streaming")]
    _hcp_audit_log_streaming: Option<StreamingBody>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct AuditTrailsBody {
    #[serde(rename = "enabled")]
    _enabled: Option<bool>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct StreamingBody {
    #[serde(rename = "enabled")]
    _enabled: Option<bool>,
    #[serde(rename = "organization-id", alias = "organization_id")]
    _organization_id: Option<String>,
    #[serde(
        rename = "use-default-organization",
        alias = "use_default_organization"
    )]
    _use_default_organization: Option<bool>,
}

impl RequestAttributes for ConfigurationBody {
    const TYPES: &'static [&'static str] = &["audit-configurations"];
    const PART: Option<Part> = Some(Part::AuditConfiguration);
}

/// The event that a test wrote.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct TestResult {
    /// The `request.id` of the event in the audit log.
    request_id: String,
}

async fn show(call: Call, name: web::Path<String>) -> Reply {
    let organization = organization_of(&call.grant::<ManageOrganization>(&name)?)?;
    Ok(ok(configuration(&organization)))
}

async fn change(call: Call, name: web::Path<String>, payload: web::Payload) -> Reply {
    let organization = organization_of(&call.grant::<ManageOrganization>(&name)?)?;
    call.attributes::<ConfigurationBody>(payload).await?;
    Ok(ok(configuration(&organization)))
}

async fn test(call: Call, name: web::Path<String>) -> Reply {
    let grant = call.grant::<ManageOrganization>(&name)?;
    let sequence = call
        .run(move |registry: &Registry| registry.test_audit_log(&grant))
        .await?;
    Ok(HttpResponse::Ok().json(TestResult {
        request_id: sequence.to_string(),
    }))
}
