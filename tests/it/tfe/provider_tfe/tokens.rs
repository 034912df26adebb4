//! `tfe_organization_token` and `tfe_team_token`, with and without an expiry, and the policies of the
//! longest life.

use serde_json::{Value, json};

use super::step::{Resource, Step, document};

const OF_ORGANIZATION: &str = "/api/v2/organizations/platform/authentication-token";
const EXPIRED_AT: &str = "2038-01-19T03:14:07Z";

pub(super) fn resources() -> Vec<Resource> {
    vec![
        only_token("tfe_organization_token", OF_ORGANIZATION, &json!({})),
        team(),
        only_token(
            "tfe_team_token",
            "/api/v2/teams/{team}/authentication-token",
            &json!({ "expired-at": EXPIRED_AT }),
        ),
        described_token(),
        longest_lives(),
    ]
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
fn only_token(resource: &'static str, path: &str, attributes: &Value) -> Resource {
    let expiry = attributes["expired-at"].clone();
    Resource::new(
        resource,
        vec![
            Step::import(path).status(404),
            Step::create(path, document("authentication-tokens", attributes))
                .equal("/data/attributes/expired-at", expiry.clone())
                .keep("token", "/data/attributes/token"),
            Step::read(path)
                .equal("/data/attributes/expired-at", expiry.clone())
                .equal("/data/attributes/token", Value::Null),
            Step::import(path).equal("/data/attributes/expired-at", expiry),
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
fn described_token() -> Resource {
    let list = "/api/v2/teams/{team}/authentication-tokens";
    let one = "/api/v2/authentication-tokens/{described-token}";
    let new = json!({ "description": "deploys the shop", "expired-at": EXPIRED_AT });
    Resource::new(
        "tfe_team_token, described",
        vec![
            Step::create(list, document("authentication-tokens", &new))
                .attributes(&new)
                .keep("described-token", "/data/id"),
            Step::read(one)
                .attributes(&new)
                .equal("/data/relationships/team/data/id", json!("{team}")),
            Step::import(one).attributes(&new),
            Step::destroy(one),
            Step::gone(one),
        ],
    )
}
