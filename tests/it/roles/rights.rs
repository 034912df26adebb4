//! Tests rights that the matrix has no cell for: what is public, what nobody may take or hand out.

use serde_json::{Value, json};

use crate::builders::module;
use crate::harness::Appliance;

#[test]
fn t53_a_public_organization_is_read_by_anybody_and_written_by_nobody() {
    let registry = Appliance::start();
    registry.organization("open", true);
    registry.publish("open/vpc/aws", "1.0.0", module("public"));
    let status = |method: &str, path: &str, token: Option<&str>| {
        let request = registry.request(method, path, token);
        let body = json!({ "data": { "attributes": { "name": "x", "provider": "null", "version": "2.0.0" } } });
        request
            .json(&body)
            .send()
            .expect("an answer")
            .status()
            .as_u16()
    };
    for token in [None, Some("tkp_nonsense")] {
        assert_eq!(
            status("GET", "/v1/modules/open/vpc/aws/versions", token),
            200
        );
        assert_eq!(
            status("GET", "/v1/modules/open/vpc/aws/1.0.0/download", token),
            204
        );
        assert_eq!(
            status("GET", "/v1/modules/acme/hello/null/versions", token),
            401
        );
        let create = "/api/v2/organizations/open/registry-modules";
        assert_eq!(status("POST", create, token), 401);
        assert_eq!(
            status(
                "POST",
                &format!("{create}/private/open/vpc/aws/versions"),
                token
            ),
            401
        );
        assert_eq!(
            status("DELETE", &format!("{create}/private/open/vpc/aws"), token),
            401
        );
    }
    let list = registry
        .get("/v1/modules", None)
        .json::<Value>()
        .expect("JSON");
    let ids: Vec<_> = list["modules"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|m| &m["id"])
        .collect();
    assert_eq!(
        ids,
        ["open/vpc/aws/1.0.0"],
        "what is not public is not listed"
    );
}

#[test]
fn t40_the_last_owner_and_the_last_administrator_stay() {
    let registry = Appliance::start();
    let refused = |command: Value| {
        let request = registry.request("POST", "/api/terrakeep/v1/commands", Some(&registry.admin));
        request
            .json(&command)
            .send()
            .expect("an answer")
            .status()
            .as_u16()
    };
    let leave = json!({ "subject": "organization", "command": "remove-member", "name": "acme", "username": "admin" });
    let step_down = json!({ "subject": "team", "command": "remove", "organization": "acme", "name": "owners", "username": "admin" });
    let suspend =
        json!({ "subject": "user", "command": "update", "username": "admin", "suspended": true });
    let delete =
        json!({ "subject": "team", "command": "delete", "organization": "acme", "name": "owners" });
    for command in [&leave, &step_down, &suspend, &delete] {
        assert_eq!(refused(command.clone()), 409, "{command}");
    }
    registry.user("second");
    registry.join("acme", "owners", "second");
    assert_eq!(refused(step_down), 200);
}

#[test]
fn t40_nobody_hands_out_more_than_they_hold() {
    let registry = Appliance::start();
    let manager = registry.user("mia");
    registry.command(&json!({
        "subject": "team", "command": "create", "organization": "acme", "name": "managers",
        "access": { "manage-teams": true },
    }));
    registry.join("acme", "managers", "mia");
    let as_manager = |command: Value| {
        let request = registry.request("POST", "/api/terrakeep/v1/commands", Some(&manager));
        request
            .json(&command)
            .send()
            .expect("an answer")
            .status()
            .as_u16()
    };
    let create = |name: &str, access: Value| json!({ "subject": "team", "command": "create", "organization": "acme", "name": name, "access": access });
    assert_eq!(
        as_manager(create("publishers", json!({ "manage-modules": true }))),
        403
    );
    assert_eq!(as_manager(create("readers", json!({}))), 200);
    let own = json!({ "subject": "team", "command": "add", "organization": "acme", "name": "owners", "username": "mia" });
    assert_eq!(as_manager(own), 403);
    let token = json!({ "subject": "token", "command": "create", "scope": "admin",
                        "owner": { "kind": "organization", "organization": "acme" } });
    assert_eq!(as_manager(token), 403);
    let read = registry.organization_token("acme", "read");
    let widen = json!({ "subject": "token", "command": "create", "scope": "admin" });
    let request = registry.request("POST", "/api/terrakeep/v1/commands", Some(&read));
    assert_eq!(
        request.json(&widen).send().expect("an answer").status(),
        403
    );
}

#[test]
fn t29_a_look_alike_of_an_organization_cannot_be_made() {
    let registry = Appliance::start();
    registry.organization("my-corp", false);
    for (name, refused) in [
        ("my_corp", 422),
        ("My-Corp", 409),
        ("MY_CORP", 422),
        ("search", 422),
        ("api", 422),
    ] {
        let request = registry.request("POST", "/api/terrakeep/v1/commands", Some(&registry.admin));
        let create = json!({ "subject": "organization", "command": "create", "name": name });
        let answer = request.json(&create).send().expect("an answer");
        assert_eq!(answer.status(), refused, "{name}");
    }
}

#[test]
fn t50_an_upload_link_ends_with_the_rights_it_came_from() {
    let registry = Appliance::start();
    registry.create_module("acme/vpc/null");
    let refused_after = |username: &str, command: Value| {
        let token = registry.user(username);
        registry.join("acme", "owners", username);
        let version = format!("1.0.0-{username}");
        let announced = registry.announce("acme/vpc/null", &version, &token);
        let body: Value = announced.json().expect("JSON");
        let link = body["data"]["links"]["upload"].as_str().expect("a link");
        registry.command(&command);
        let answer = registry.upload(link, module(username));
        assert_eq!(answer.status(), 404, "{command}");
    };
    refused_after(
        "suspended",
        json!({ "subject": "user", "command": "update", "username": "suspended", "suspended": true }),
    );
    refused_after(
        "removed",
        json!({ "subject": "organization", "command": "remove-member", "name": "acme", "username": "removed" }),
    );
    assert_eq!(registry.versions("acme/vpc/null"), [""; 0]);
}

#[test]
fn t50_a_token_makes_none_that_outlives_or_outgrows_it() {
    let registry = Appliance::start();
    let as_holder = |token: &str, command: &Value| {
        let request = registry.request("POST", "/api/terrakeep/v1/commands", Some(token));
        let answer = request.json(command).send().expect("an answer");
        (
            answer.status().as_u16(),
            answer.json::<Value>().expect("JSON"),
        )
    };
    let make = |scope: &str, lifetime: Option<i64>, owner: Value| {
        json!({ "subject": "token", "command": "create", "scope": scope,
                "lifetime_seconds": lifetime, "owner": owner })
    };
    let myself = json!({ "kind": "myself" });
    let (_, short) = as_holder(&registry.admin, &make("admin", Some(600), myself.clone()));
    let short = short["token"].as_str().expect("a token");
    for owner in [
        myself.clone(),
        json!({ "kind": "user", "username": "admin" }),
        json!({ "kind": "organization", "organization": "acme" }),
    ] {
        let (status, token) = as_holder(short, &make("admin", None, owner));
        assert_eq!(status, 200);
        assert!(token["expires_at"].is_string(), "{token}");
    }
    let (_, read) = as_holder(&registry.admin, &make("read", None, myself.clone()));
    let read = read["token"].as_str().expect("a token");
    assert_eq!(as_holder(read, &make("read", None, myself)).0, 403);
    let (_, seen) = as_holder(read, &json!({ "subject": "token", "command": "list" }));
    assert_eq!(seen.as_array().expect("a list").len(), 1, "only itself");
}

#[test]
fn a_token_for_one_module_sees_it_in_lists_and_nothing_else() {
    let registry = Appliance::start();
    registry.publish("acme/vpc/null", "1.0.0", module("vpc"));
    let made = registry.command(&json!({
        "subject": "token", "command": "create", "scope": "read", "only_module": {
            "namespace": "acme", "name": "vpc", "system": "null",
        },
    }));
    let token = made["token"].as_str().expect("a token");
    let list: Value = registry
        .get("/v1/modules", Some(token))
        .json()
        .expect("JSON");
    let modules = list["modules"].as_array().expect("a list");
    let ids: Vec<_> = modules.iter().map(|entry| &entry["id"]).collect();
    assert_eq!(ids, ["acme/vpc/null/1.0.0"]);
    let other = registry.get("/v1/modules/acme/hello/null/versions", Some(token));
    assert_eq!(other.status(), 404);
}

#[test]
fn t13_a_text_too_long_to_be_kept_is_refused() {
    let registry = Appliance::start();
    let request = registry.request("POST", "/api/terrakeep/v1/commands", Some(&registry.admin));
    let create = json!({ "subject": "token", "command": "create", "scope": "read",
                         "description": "x".repeat(40_000) });
    assert_eq!(
        request.json(&create).send().expect("an answer").status(),
        422
    );
}
