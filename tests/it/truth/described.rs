//! Tests that the description of the API says which statuses there are.

use serde_json::Value;

use crate::roles::matrix::routes;
use crate::roles::role::Role;
use crate::roles::world::World;
use crate::shared::shared;

/// Returns the description of a route.
fn operation<'a>(document: &'a Value, method: &str, path: &str) -> &'a Value {
    // The description names the rest of a path as it names one segment.
    let path = path.replace("{*", "{");
    &document["paths"][path][method.to_ascii_lowercase()]
}

#[test]
fn s15_an_endpoint_that_always_refuses_is_described_so() {
    let document = shared().json("/api/openapi.json");
    let public = "/api/registry/public/v2/gpg-keys";
    let one = format!("{public}/{{namespace}}/{{key_id}}");
    for (method, path, status) in [
        ("POST", "/api/v2/registry-modules", "422"),
        (
            "POST",
            "/api/v2/organizations/{organization}/registry-modules/vcs",
            "422",
        ),
        ("GET", public, "403"),
        ("POST", public, "403"),
        ("GET", &one, "403"),
        ("PATCH", &one, "403"),
        ("DELETE", &one, "403"),
    ] {
        let responses = operation(&document, method, path)["responses"].as_object();
        let responses = responses.unwrap_or_else(|| panic!("{method} {path}"));
        let promised = responses.keys().find(|status| status.starts_with('2'));
        assert_eq!(promised, None, "{method} {path}");
        let refusal = &responses[status]["content"]["application/vnd.api+json"]["schema"];
        assert!(refusal.is_object(), "{method} {path}");
    }
}

#[test]
fn s11_s12_s13_every_refusal_that_is_answered_is_described() {
    let world = World::new();
    let document = world.registry.json("/api/openapi.json");
    let mut missing = Vec::new();
    for route in routes() {
        if route.is_in_browser() || route.path.ends_with("openapi.json") {
            continue;
        }
        let described = operation(&document, route.method, &route.path);
        let Some(responses) = described["responses"].as_object() else {
            continue;
        };
        for role in [
            Role::Anonymous,
            Role::OtherOwner,
            Role::Reader,
            Role::ReadToken,
            Role::Owner,
            Role::Admin,
        ] {
            let objects = world.objects_for(&route, role);
            let status = world.ask(&route, &objects, role).status;
            if status >= 400 && !responses.contains_key(&status.to_string()) {
                missing.push(format!("{} as {role:?}: {status}", route.line()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn s9_s10_the_description_says_which_attributes_are_taken_without_effect_and_which_are_refused() {
    let document = shared().json("/api/openapi.json");
    let attributes = |path: &str, method: &str| {
        let body = &operation(&document, method, path)["requestBody"]["content"];
        let schema = &body["application/vnd.api+json"]["schema"];
        schema["properties"]["data"]["properties"]["attributes"]["properties"].clone()
    };
    let organization = attributes("/api/v2/organizations/{organization}", "PATCH");
    let policy = &organization["collaborator-auth-policy"];
    assert_eq!(policy["enum"][0], "password", "{organization}");
    let stacks = organization["stacks-enabled"]["description"].as_str();
    assert!(stacks.is_some_and(|text| text.contains("without effect")));
    let team = attributes("/api/v2/teams/{team_id}", "PATCH");
    let inside = &team["organization-access"]["properties"];
    assert!(inside["manage-modules"].is_object(), "{team}");
    assert!(
        inside["manage-workspaces"]["description"].is_string(),
        "{team}"
    );
    let module = attributes(
        "/api/v2/organizations/{organization}/registry-modules",
        "POST",
    );
    assert!(module["vcs-repo"]["description"].is_string(), "{module}");
    let tests = &module["test-config"]["properties"]["tests-enabled"];
    assert_eq!(tests["enum"][0], false, "{module}");
}
