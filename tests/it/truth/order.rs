//! Tests the order of checks over all routes: what is not there is 404 before a body is judged, and
//! a wrong `type` is 409 before the attributes are.

use serde_json::{Value, json};

use super::attributes;
use crate::harness::Appliance;
use crate::roles::made::Objects;
use crate::roles::matrix::routes;
use crate::roles::question::Route;
use crate::roles::role::Role;
use crate::roles::sent::Sent;
use crate::roles::world::World;

/// Returns the routes of the JSON:API that change something.
fn changing() -> Vec<Route> {
    let is_json_api =
        |path: &str| path.starts_with("/api/v2/") || path.starts_with("/api/registry/private/v2/");
    let all = routes().into_iter();
    all.filter(|route| route.method != "GET" && is_json_api(&route.path))
        .collect()
}

fn ask(registry: &Appliance, method: &str, path: &str, body: &Value) -> (u16, String) {
    let request = registry.request(method, path, Some(&registry.admin));
    let answer = request.json(body).send().expect("an answer");
    (answer.status().as_u16(), answer.text().expect("a body"))
}

/// A parameter of a path, and a value of something that is not there.
const ABSENT: &[(&str, &str)] = &[
    ("{organization}", "nobody-here"),
    ("{namespace}", "nobody-here"),
    ("{name}", "no-such-thing"),
    ("{provider}", "nosuch"),
    ("{version}", "9.9.9"),
    ("{os}", "plan9"),
    ("{key_id}", "0123456789ABCDEF"),
    ("{team_id}", "team-1111111111111111"),
    ("{membership}", "ou-1111111111111111"),
    ("{ssh_key}", "sshkey-1111111111111111"),
    ("{user}", "user-1111111111111111"),
    ("{token}", "at-1111111111111111"),
];

#[test]
fn what_is_not_there_is_404_before_the_body_is_judged() {
    let world = World::new();
    let nonsense = json!({ "data": { "type": "nonsense", "attributes": { "name": 7 } } });
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for route in changing() {
        for (parameter, absent) in ABSENT {
            if !route.path.contains(parameter) {
                continue;
            }
            let pattern = route.path.replace(parameter, absent);
            let path = world.objects().fill_in(&pattern);
            let (status, text) = ask(&world.registry, route.method, &path, &nonsense);
            asked += 1;
            if status != 404 {
                wrong.push(format!(
                    "{} without {parameter}: {status} {text}",
                    route.line()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(asked > 60, "{asked}");
}

/// Replaces the type in a document; `None` if the document has no place for one.
fn with_type(body: &Value, kind: &Value) -> Option<Value> {
    let mut body = body.clone();
    match &mut body["data"] {
        Value::Object(data) => {
            data.insert("type".to_owned(), kind.clone());
        }
        Value::Array(all) if all.is_empty() => all.push(json!({ "type": kind, "id": "one" })),
        Value::Array(all) => all[0]["type"] = kind.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
    }
    Some(body)
}

/// Returns the body that a route takes; `None` if it takes none.
fn body_of(world: &World, described: &Value, route: &Route, objects: &Objects) -> Option<Value> {
    let operation = &described["paths"][&route.path][route.method.to_ascii_lowercase()];
    operation.get("requestBody")?;
    match world.body(&route.line(), objects, Role::Admin) {
        Sent::Json(body) => Some(body),
        Sent::Bytes(_) | Sent::Form(_) => None,
    }
}

#[test]
fn a_wrong_type_is_409_on_every_write_and_an_empty_one_is_taken() {
    let world = World::new();
    let described = world.registry.json("/api/openapi.json");
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for route in changing() {
        if !route.expected(Role::Admin).is_done() {
            continue;
        }
        let objects = world.objects().clone();
        let Some(body) = body_of(&world, &described, &route, &objects) else {
            continue;
        };
        let path = objects.fill_in(&route.path);
        for kind in [json!("nonsense"), json!(7)] {
            let Some(body) = with_type(&body, &kind) else {
                continue;
            };
            let (status, text) = ask(&world.registry, route.method, &path, &body);
            asked += 1;
            let says = text.contains("/type") && text.contains("the type is");
            if status != 409 || !says {
                wrong.push(format!("{} with {kind}: {status} {text}", route.line()));
            }
        }
        if body["data"].is_object() && !path.ends_with("/data-retention-policy") {
            let objects = world.objects_for(&route, Role::Admin);
            let path = objects.fill_in(&route.path);
            let body = body_of(&world, &described, &route, &objects).expect("a body");
            let body = with_type(&body, &json!("")).expect("a type");
            let (status, text) = ask(&world.registry, route.method, &path, &body);
            if status >= 300 {
                wrong.push(format!("{} with no type: {status} {text}", route.line()));
            }
            if path.ends_with("/account/password") {
                world.sign_in(Role::Admin);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(asked > 40, "{asked}");
}

#[test]
fn the_types_that_clients_send_for_one_resource_are_all_taken() {
    let registry = Appliance::start();
    registry.create_module("acme/vpc/aws");
    let own = "/api/v2/organizations/acme/authentication-token";
    for kind in ["authentication-tokens", "authentication-token", ""] {
        let body = json!({ "data": { "type": kind, "attributes": {} } });
        assert_eq!(ask(&registry, "POST", own, &body).0, 201, "{kind}");
    }
    let tags = |kind: &str| {
        let tag = json!({ "type": kind, "attributes": { "key": "a", "value": "b" } });
        json!({ "data": { "relationships": { "tag-bindings": { "data": [tag] } } } })
    };
    let vpc = "/api/v2/organizations/acme/registry-modules/private/acme/vpc/aws";
    assert_eq!(ask(&registry, "PATCH", vpc, &tags("tag-bindings")).0, 200);
    assert_eq!(ask(&registry, "PATCH", vpc, &tags("tags")).0, 409);
    let retention = "/api/v2/organizations/acme/relationships/data-retention-policy";
    for (kind, status) in [
        ("data-retention-policy-dont-deletes", 201),
        ("data-retention-policy-delete-olders", 422),
        ("data-retention-policies", 422),
        ("organizations", 409),
    ] {
        let body = json!({ "data": { "type": kind } });
        assert_eq!(ask(&registry, "POST", retention, &body).0, status, "{kind}");
    }
}

#[test]
fn a_document_without_data_says_what_is_missing() {
    let registry = Appliance::start();
    let list = "/api/v2/organizations/acme/registry-modules";
    for body in [json!({}), json!({ "data": [] }), json!({ "data": null })] {
        let (status, text) = ask(&registry, "POST", list, &body);
        assert_eq!(status, 422, "{body}");
        assert!(text.contains("`data`"), "{text}");
    }
    let (status, text) = ask(&registry, "POST", list, &attributes(&json!([])));
    assert_eq!(status, 422);
    assert!(text.contains("/data/attributes"), "{text}");
}
