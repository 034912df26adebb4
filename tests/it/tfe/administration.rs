//! Tests `admin/organizations` and `admin/users`: for administrators, they work; for all others,
//! they do not exist.

use serde_json::{Value, json};

use crate::harness::Appliance;

const USERS: &str = "/api/v2/admin/users";

fn send(registry: &Appliance, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let request = registry.request(method, path, Some(&registry.admin));
    let answer = request.json(body).send().expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().unwrap_or_default())
}

fn act(registry: &Appliance, user: &str, action: &str) -> (u16, Value) {
    let path = format!("{USERS}/{user}/actions/{action}");
    send(registry, "POST", &path, &Value::Null)
}

/// Returns the id of a user.
fn id_of(registry: &Appliance, username: &str) -> String {
    let found = registry.json(&format!("{USERS}?q={username}"));
    let id = found["data"][0]["id"].as_str().expect("a user");
    id.to_owned()
}

fn works(registry: &Appliance, token: &str) -> bool {
    let answer = registry.get("/api/v2/account/details", Some(token));
    answer.status().is_success()
}

#[test]
fn users_are_found_suspended_promoted_and_deleted() {
    let registry = Appliance::start();
    let uma = registry.user("uma");
    registry.command(&json!({ "subject": "organization", "command": "add-member",
                              "name": "acme", "username": "uma" }));
    let id = id_of(&registry, "uma");
    let (status, suspended) = act(&registry, &id, "suspend");
    assert_eq!(status, 200, "{suspended}");
    assert_eq!(suspended["data"]["attributes"]["is-suspended"], true);
    let organizations = &suspended["data"]["relationships"]["organizations"]["data"];
    assert_eq!(organizations[0]["id"], "acme");
    assert!(!works(&registry, &uma));
    let listed = registry.json(&format!(
        "{USERS}?filter[suspended]=true&include=organizations"
    ));
    assert_eq!(listed["meta"]["pagination"]["total-count"], 1);
    assert_eq!(listed["included"][0]["id"], "acme");
    act(&registry, &id, "unsuspend");
    assert!(works(&registry, &uma));
    act(&registry, &id, "grant_admin");
    assert!(registry.get(USERS, Some(&uma)).status().is_success());
    act(&registry, &id, "revoke_admin");
    assert_eq!(registry.get(USERS, Some(&uma)).status(), 404);
    let (status, _) = send(&registry, "DELETE", &format!("{USERS}/{id}"), &Value::Null);
    assert_eq!(status, 204);
    assert!(!works(&registry, &uma));
    let members = registry.json("/api/v2/organizations/acme/organization-memberships");
    assert_eq!(members["meta"]["pagination"]["total-count"], 1, "{members}");
    // The name is free again, and nothing of the one before comes with it.
    let again = registry.user("uma");
    assert_ne!(id_of(&registry, "uma"), id);
    assert!(works(&registry, &again) && !works(&registry, &uma));
}

#[test]
fn people_who_are_invited_are_found_and_deleted() {
    let registry = Appliance::start();
    registry.organization("shop", false);
    for organization in ["acme", "shop"] {
        let path = format!("/api/v2/organizations/{organization}/organization-memberships");
        let body = json!({ "data": { "attributes": { "email": "new@example.com" } } });
        assert_eq!(send(&registry, "POST", &path, &body).0, 201);
    }
    let listed = registry.json(&format!("{USERS}?q=NEW@&include=organizations"));
    assert_eq!(listed["meta"]["pagination"]["total-count"], 1, "one person");
    let found = &listed["data"][0];
    assert_eq!(found["attributes"]["email"], "new@example.com");
    assert_eq!(found["attributes"]["username"], Value::Null);
    assert_eq!(found["attributes"]["two-factor"]["enabled"], false);
    assert_eq!(found["attributes"]["is-suspended"], false);
    let organizations = found["relationships"]["organizations"]["data"].as_array();
    assert_eq!(organizations.expect("a list").len(), 2);
    assert_eq!(listed["included"].as_array().expect("a list").len(), 2);
    let id = found["id"].as_str().expect("an id").to_owned();
    let (status, problem) = act(&registry, &id, "suspend");
    assert_eq!(status, 409, "{problem}");
    let (status, _) = send(&registry, "DELETE", &format!("{USERS}/{id}"), &Value::Null);
    assert_eq!(status, 204);
    let listed = registry.json(&format!("{USERS}?q=new@"));
    assert_eq!(listed["data"], json!([]));
    let (status, _) = send(&registry, "DELETE", &format!("{USERS}/{id}"), &Value::Null);
    assert_eq!(status, 404);
}

#[test]
fn neither_the_registry_nor_an_organization_is_left_alone() {
    let registry = Appliance::start();
    registry.user("uma");
    let uma = id_of(&registry, "uma");
    let admin = registry.json(&format!("{USERS}?filter[admin]=true"));
    let admin = admin["data"][0]["id"].as_str().expect("one").to_owned();
    for refused in [
        act(&registry, &admin, "revoke_admin"),
        act(&registry, &admin, "suspend"),
        send(
            &registry,
            "DELETE",
            &format!("{USERS}/{admin}"),
            &Value::Null,
        ),
    ] {
        assert_eq!(refused.0, 409, "{refused:?}");
        let detail = refused.1["errors"][0]["detail"].as_str().expect("a text");
        assert!(detail.contains("last administrator"), "{detail}");
    }
    // Still the owner of acme, who is not the last administrator any more.
    act(&registry, &uma, "grant_admin");
    let (status, problem) = send(
        &registry,
        "DELETE",
        &format!("{USERS}/{admin}"),
        &Value::Null,
    );
    assert_eq!(status, 409);
    let detail = problem["errors"][0]["detail"].as_str().expect("a text");
    assert!(detail.contains("last owner"), "{detail}");
}

#[test]
fn organizations_are_listed_with_their_owners_and_deleted() {
    let registry = Appliance::start();
    registry.organization("open", true);
    let path = "/api/v2/admin/organizations";
    let listed = registry.json(&format!("{path}?q=acme&include=owners"));
    let acme = &listed["data"][0];
    assert_eq!(acme["id"], "acme");
    assert_eq!(acme["attributes"]["global-module-sharing"], false);
    let owner = &acme["relationships"]["owners"]["data"][0]["id"];
    assert_eq!(listed["included"][0]["id"], *owner);
    let change = |name: &str, attributes: Value| {
        let body = json!({ "data": { "attributes": attributes } });
        send(&registry, "PATCH", &format!("{path}/{name}"), &body).0
    };
    assert_eq!(
        change("open", json!({ "global-module-sharing": true })),
        200
    );
    assert_eq!(change("none", json!({})), 404);
    let (status, _) = send(&registry, "DELETE", &format!("{path}/open"), &Value::Null);
    assert_eq!(status, 204);
    assert_eq!(registry.json(path)["meta"]["pagination"]["total-count"], 1);
}
