//! Requests that ask for what is not served, and documents of another type, as every role: only
//! those who may make the request learn why it is refused.

use serde_json::{Value, json};

use super::matrix::routes;
use super::role::ROLES;
use super::rules::Outcome;
use super::world::World;

/// The routes that take attributes which are refused, with such an attribute.
fn refused() -> Vec<(&'static str, Value)> {
    let modules = "POST /api/v2/organizations/{organization}/registry-modules";
    let module = "PATCH /api/v2/organizations/{organization}/registry-modules/{registry}/{namespace}/{name}/{provider}";
    vec![
        (modules, json!({ "vcs-repo": { "identifier": "acme/vpc" } })),
        (modules, json!({ "initial-version": "1.0.0" })),
        (module, json!({ "test-config": { "tests-enabled": true } })),
        (
            "POST /api/v2/organizations",
            json!({ "enforce-hyok": true }),
        ),
        (
            "PATCH /api/v2/organizations/{organization}",
            json!({ "collaborator-auth-policy": "two_factor_mandatory" }),
        ),
        (
            "POST /api/v2/organizations/{organization}/teams",
            json!({ "visibility": "hidden" }),
        ),
        (
            "PATCH /api/v2/teams/{team_id}",
            json!({ "visibility": "hidden" }),
        ),
        (
            "PATCH /api/v2/admin/organizations/{organization}",
            json!({ "workspace-limit": "many" }),
        ),
    ]
}

#[test]
fn t50_p12_only_those_who_may_ask_learn_why_it_is_refused() {
    let world = World::new();
    let mut wrong = Vec::new();
    for (line, attributes) in refused() {
        let route = routes().into_iter().find(|route| route.line() == line);
        let route = route.unwrap_or_else(|| panic!("no route {line}"));
        let path = world.objects().fill_in(&route.path);
        let asked = json!({ "data": { "attributes": attributes } });
        let other = json!({ "data": { "type": "nonsense", "attributes": {} } });
        for (body, refusal) in [(&asked, 422), (&other, 409)] {
            for role in ROLES {
                let expected = if let Outcome::Status(status) = route.expected(role) {
                    status
                } else {
                    refusal
                };
                let request = world
                    .registry
                    .request(route.method, &path, world.token(role));
                let status = request.json(body).send().expect("an answer").status();
                if status != expected {
                    wrong.push(format!(
                        "{line} {body} as {role:?}: {status}, not {expected}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let shown = world.registry.json("/api/v2/organizations/hush-corp");
    assert_eq!(
        shown["data"]["attributes"]["collaborator-auth-policy"],
        "password"
    );
}
