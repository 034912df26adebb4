//! `tfe_organization_token`, `tfe_audit_trail_token`, `tfe_team_token` and tokens of users, with and
//! without an expiry, and the policies of the longest life.

use serde_json::{Value, json};

use super::step::{Resource, Step, document};

const OF_ORGANIZATION: &str = "/api/v2/organizations/platform/authentication-token";
const AUDIT_TRAIL: &str = "/api/v2/organizations/platform/authentication-token?token=audit-trails";
/// An end of tokens, to the second.
pub(super) const EXPIRED_AT: &str = "2038-01-19T03:14:07Z";

const OF_TEAM: &str = "/api/v2/teams/{team}/authentication-token";

/// Returns every token, with the end that the configuration sets; null sets none.
pub(super) fn resources(end: &Value) -> Vec<Resource> {
    vec![
        only_token("tfe_organization_token", OF_ORGANIZATION, end),
        only_token("tfe_audit_trail_token", AUDIT_TRAIL, end),
        team(),
        only_token("tfe_team_token", OF_TEAM, end),
        described_token(end),
        user_token(end),
        longest_lives(),
    ]
}

/// Makes the document of a token with these attributes and this end, where there is one.
fn token(mut attributes: Value, end: &Value) -> Value {
    if !end.is_null() {
        attributes["expired-at"] = end.clone();
    }
    document("authentication-tokens", &attributes)
}

/// `tfe_organization_max_token_ttl_policy`: all four kinds in one request, and back to two years
/// where it is destroyed.
fn longest_lives() -> Resource {
    let path = "/api/v2/organizations/platform/token-ttl-policies";
    let all = |max_ttl_ms: i64| {
        let kinds = ["organization", "team", "user", "audit_trails"];
        let policies = kinds.map(|kind| json!({ "token-type": kind, "max-ttl-ms": max_ttl_ms }));
        document(
            "organization-token-ttl-policies",
            &json!({ "token-ttl-policies": policies }),
        )
    };
    let lives = |step: Step, max_ttl_ms: i64| {
        (0..4).fold(step, |step, number| {
            let pointer = format!("/data/{number}/attributes/max-ttl-ms");
            step.equal(&pointer, json!(max_ttl_ms))
        })
    };
    let (month, years) = (2_592_000_000, 63_072_000_000);
    Resource::new(
        "tfe_organization_max_token_ttl_policy",
        vec![
            lives(Step::update(path, all(month)), month),
            lives(Step::read(path), month),
            lives(Step::import(path), month),
            lives(
                Step::destroy(path)
                    .method("PATCH")
                    .body(all(years))
                    .status(200),
                years,
            ),
        ],
    )
}

/// The one token that has no description. The provider asks first whether there is one, and makes
/// none if so.
fn only_token(resource: &'static str, path: &str, end: &Value) -> Resource {
    let all = json!({ "expired-at": end, "description": null });
    Resource::new(
        resource,
        vec![
            Step::import(path).status(404),
            Step::create(path, token(json!({}), end))
                .attributes(&all)
                .keep("token", "/data/attributes/token"),
            Step::read(path)
                .attributes(&all)
                .equal("/data/attributes/token", Value::Null),
            Step::import(path).attributes(&all),
            Step::destroy(path),
            Step::gone(path),
        ],
    )
}

/// The team of the tokens.
fn team() -> Resource {
    let new = json!({ "name": "deployers" });
    Resource::new(
        "tfe_team",
        vec![
            Step::create(
                "/api/v2/organizations/platform/teams",
                document("teams", &new),
            )
            .keep("team", "/data/id"),
            Step::destroy("/api/v2/teams/{team}"),
        ],
    )
}

/// One of several tokens, which a description tells apart.
fn described_token(end: &Value) -> Resource {
    let list = "/api/v2/teams/{team}/authentication-tokens";
    let one = "/api/v2/authentication-tokens/{described-token}";
    let all = json!({ "description": "deploys the shop", "expired-at": end });
    let new = token(json!({ "description": "deploys the shop" }), end);
    Resource::new(
        "tfe_team_token, described",
        vec![
            Step::create(list, new)
                .attributes(&all)
                .keep("described-token", "/data/id"),
            Step::read(one)
                .attributes(&all)
                .equal("/data/attributes/token", Value::Null)
                .equal("/data/relationships/team/data/id", json!("{team}")),
            Step::import(one).attributes(&all),
            Step::destroy(one),
            Step::gone(one),
        ],
    )
}

/// A token of the user whose token the provider uses.
fn user_token(end: &Value) -> Resource {
    let list = "/api/v2/users/{user}/authentication-tokens";
    let one = "/api/v2/authentication-tokens/{user-token}";
    let all = json!({ "description": "laptop", "expired-at": end });
    Resource::new(
        "a token of a user",
        vec![
            // The data source of the current user.
            Step::import("/api/v2/account/details")
                .equal("/data/attributes/username", json!("admin"))
                .keep("user", "/data/id"),
            Step::create(list, token(json!({ "description": "laptop" }), end))
                .attributes(&all)
                .keep("user-token", "/data/id"),
            Step::read(one)
                .attributes(&all)
                .equal("/data/attributes/token", Value::Null),
            Step::import(one).attributes(&all),
            Step::destroy(one),
            Step::gone(one),
        ],
    )
}
