//! `organization-token-ttl-policies`: how long the tokens of each kind may live in an organization.
//!
//! Source: `tests/fixtures/contracts/token-ttl-policies.toml`.

use std::collections::BTreeMap;

use actix_web::web;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::tfe::kit::{
    AsText, Body, Call, OneOrList, Page, PageQuery, Reply, RequestAttributes, organization_of,
    parse,
};
use crate::auth::ManageOrganization;
use crate::domain::{Organization, Timestamp, TokenKind};
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::{AccessRulesChange, Error, OrganizationChange};
use crate::routes;

routes! {
    /// Lists how long tokens of each kind may live.
    GET "/organizations/{organization}/token-ttl-policies" => list [Access::ManageOrganization] query(PageQuery) -> 200 Page<PolicyResource>,
    /// Sets how long tokens of some kinds may live, and lists all kinds. `data` may also be a list with one resource for each policy.
    PATCH "/organizations/{organization}/token-ttl-policies" => change [Access::ManageOrganization] takes(Body<PoliciesBody>) -> 200 Page<PolicyResource>,
}

/// The attribute that errors name.
const FIELD: &str = "token-ttl-policies";

/// The policies to set.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct PoliciesBody {
    #[serde(default, alias = "token_ttl_policies")]
    token_ttl_policies: Vec<PolicyBody>,
}

/// The policy for one kind of token.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct PolicyBody {
    #[serde(alias = "token_type")]
    token_type: Option<String>,
    #[serde(alias = "max_ttl_ms")]
    max_ttl_ms: Option<i64>,
}

impl RequestAttributes for PoliciesBody {
    const TYPES: &'static [&'static str] = &["organization-token-ttl-policies"];
}

/// One policy of a list, as another client sends them.
impl RequestAttributes for PolicyBody {
    const TYPES: &'static [&'static str] = &["organization-token-ttl-policies"];
}

impl PoliciesBody {
    fn parse(&self) -> Result<OrganizationChange, Error> {
        let wrong = |reason: String| Error::invalid(FIELD, reason);
        let mut policies = BTreeMap::new();
        for it in &self.token_ttl_policies {
            let kind: TokenKind = parse(FIELD, Some(it.token_type.as_deref().unwrap_or_default()))?;
            let missing = || wrong(format!("`{kind}` needs its `max-ttl-ms`, in milliseconds"));
            let max_ttl_ms = it.max_ttl_ms.ok_or_else(missing)?;
            if policies.insert(kind, max_ttl_ms).is_some() {
                return Err(wrong(format!("the kind `{kind}` stands there twice")));
            }
        }
        if policies.is_empty() {
            let reason = "name at least one kind of token with its `max-ttl-ms`";
            return Err(wrong(reason.to_owned()));
        }
        Ok(OrganizationChange {
            rules: AccessRulesChange {
                token_policies: policies,
                ..AccessRulesChange::default()
            },
            ..OrganizationChange::default()
        })
    }
}

/// How long the tokens of one kind may live.
#[derive(Serialize, JsonSchema)]
struct PolicyResource {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: PolicyAttributes,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct PolicyAttributes {
    token_type: &'static str,
    max_ttl_ms: i64,
    created_at: AsText<Timestamp>,
    updated_at: AsText<Timestamp>,
}

/// Returns the policies of all kinds. An organization has them from the beginning.
fn policies(organization: &Organization) -> Vec<PolicyResource> {
    let part = organization.id.as_str();
    let part = part.split_once('-').map_or(part, |(_, part)| part);
    let policy = |kind: TokenKind| {
        let policy = organization.access_rules.policy(kind);
        PolicyResource {
            id: format!("ottp-{part}-{kind}"),
            kind: "organization-token-ttl-policies",
            attributes: PolicyAttributes {
                token_type: kind.as_str(),
                max_ttl_ms: policy.max_ttl_ms,
                created_at: AsText(organization.created_at),
                updated_at: AsText(policy.changed_at.unwrap_or(organization.created_at)),
            },
        }
    };
    TokenKind::ALL.into_iter().map(policy).collect()
}

async fn list(call: Call, name: web::Path<String>, pages: Query<PageQuery>) -> Reply {
    let organization = organization_of(&call.grant::<ManageOrganization>(&name)?)?;
    let page = pages.0.cut_or_all(policies(&organization));
    Ok(page.into_page(&call.list_address()).answer())
}

async fn change(call: Call, name: web::Path<String>, payload: web::Payload) -> Reply {
    let grant = call.grant::<ManageOrganization>(&name)?;
    let body = match call.one_or_list(payload).await? {
        OneOrList::One(body) => body,
        OneOrList::List(token_ttl_policies) => PoliciesBody { token_ttl_policies },
    };
    let change = body.parse()?;
    let organization = call
        .run(move |registry| registry.update_organization(&grant, change))
        .await?;
    let page = PageQuery::default().cut_or_all(policies(&organization));
    Ok(page.into_page(&call.list_address()).answer())
}
