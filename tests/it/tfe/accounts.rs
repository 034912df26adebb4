//! Tests the caller's own account: what they may change, and the password.

use reqwest::blocking::Response;
use serde_json::{Value, json};

use crate::harness::Appliance;

fn patch(registry: &Appliance, path: &str, token: &str, attributes: &Value) -> Response {
    let body = json!({ "data": { "type": "users", "attributes": attributes } });
    let request = registry.request("PATCH", path, Some(token));
    let request = request.header("Content-Type", "application/vnd.api+json");
    request.body(body.to_string()).send().expect("an answer")
}

fn pointer(answer: Response) -> String {
    assert_eq!(answer.status(), 422);
    let problem: Value = answer.json().expect("JSON");
    let pointer = problem["errors"][0]["source"]["pointer"].as_str();
    pointer.expect("a pointer").to_owned()
}

fn update(registry: &Appliance, token: &str, attributes: &Value) -> Value {
    let answer = patch(registry, "/api/v2/account/update", token, attributes);
    let status = answer.status();
    let answer: Value = answer.json().expect("JSON");
    assert_eq!(status, 200, "{answer}");
    answer["data"]["attributes"].clone()
}

fn invite(registry: &Appliance, attributes: &Value) -> String {
    let path = "/api/v2/organizations/acme/organization-memberships";
    let body = json!({ "data": { "type": "organization-memberships", "attributes": attributes } });
    let request = registry.request("POST", path, Some(&registry.admin));
    let made: Value = request
        .json(&body)
        .send()
        .expect("an answer")
        .json()
        .expect("JSON");
    made["data"]["id"].as_str().expect("an id").to_owned()
}

fn status_of(registry: &Appliance, membership: &str) -> Value {
    let path = format!("/api/v2/organization-memberships/{membership}");
    registry.json(&path)["data"]["attributes"]["status"].clone()
}

#[test]
fn t40_an_own_address_waits_for_an_administrator_and_takes_no_invitation() {
    let registry = Appliance::start();
    let mia = registry.user("mia");
    let invited = invite(&registry, &json!({ "email": "boss@example.com" }));
    let changed = update(&registry, &mia, &json!({ "email": "Boss@example.com" }));
    assert_eq!(changed["email"], "");
    assert_eq!(changed["unconfirmed-email"], "Boss@example.com");
    assert_eq!(status_of(&registry, &invited), "invited");
    let again = invite_status(&registry, "boss@example.com");
    assert_eq!(again, 422, "still an invitation of the address");
    // Only the user and administrators see what waits.
    let listed = registry.json("/api/v2/admin/users?q=mia");
    assert_eq!(
        listed["data"][0]["attributes"]["unconfirmed-email"],
        "Boss@example.com"
    );
    // What is not an address is refused, and changes nothing.
    for wrong in ["notamailaddress", "a@b,c@d"] {
        let refused = patch(
            &registry,
            "/api/v2/account/update",
            &mia,
            &json!({ "email": wrong }),
        );
        assert_eq!(pointer(refused), "/data/attributes/email", "{wrong}");
    }
    // A token that may less than its user changes nothing.
    let narrow = registry.command(&json!({
        "subject": "token", "command": "create", "scope": "read",
    }));
    let narrow = narrow["token"].as_str().expect("a token");
    let refused = patch(
        &registry,
        "/api/v2/account/update",
        narrow,
        &json!({ "username": "other" }),
    );
    assert_eq!(refused.status(), 403);
    registry.command(&json!({
        "subject": "user", "command": "update", "username": "mia", "email": "Boss@example.com",
    }));
    let details: Value = registry
        .get("/api/v2/account/details", Some(&mia))
        .json()
        .expect("JSON");
    assert_eq!(details["data"]["attributes"]["email"], "Boss@example.com");
    assert_eq!(
        details["data"]["attributes"]["unconfirmed-email"],
        Value::Null
    );
    assert_eq!(status_of(&registry, &invited), "active");
    // The present address cancels another one that waits.
    update(&registry, &mia, &json!({ "email": "other@example.com" }));
    let changed = update(&registry, &mia, &json!({ "email": "Boss@example.com" }));
    assert_eq!(changed["unconfirmed-email"], Value::Null);
    // Administrators say who is who, of themselves, too.
    let own = update(
        &registry,
        &registry.admin,
        &json!({ "email": "admin@example.com" }),
    );
    assert_eq!(own["email"], "admin@example.com");
    let same = update(&registry, &mia, &json!({}));
    assert_eq!(same["username"], "mia");
}

fn invite_status(registry: &Appliance, email: &str) -> u16 {
    let path = "/api/v2/organizations/acme/organization-memberships";
    let body = json!({ "data": { "attributes": { "email": email } } });
    let request = registry.request("POST", path, Some(&registry.admin));
    request
        .json(&body)
        .send()
        .expect("an answer")
        .status()
        .as_u16()
}

#[test]
fn a_user_is_renamed_and_keeps_tokens_teams_and_the_old_name() {
    let registry = Appliance::start();
    let (mia, eve) = (registry.user("mia"), registry.user("eve"));
    registry.join("acme", "owners", "mia");
    let changed = update(&registry, &mia, &json!({ "username": "Maria" }));
    assert_eq!(changed["username"], "Maria");
    assert_eq!(changed["permissions"]["can-change-username"], true);
    let members =
        registry.json("/api/v2/organizations/acme/organization-memberships?q=maria&include=user");
    assert_eq!(members["included"][0]["attributes"]["username"], "Maria");
    // Another case of the own name is no other name.
    update(&registry, &mia, &json!({ "username": "maria" }));
    // Neither a name that others have or had is free, nor one that is invited.
    invite(&registry, &json!({ "username": "boss" }));
    for taken in ["Admin", "MARIA", "mia", "boss"] {
        let attributes = json!({ "username": taken });
        let refused = patch(&registry, "/api/v2/account/update", &eve, &attributes);
        assert_eq!(pointer(refused), "/data/attributes/username", "{taken}");
    }
    // The user may have the old one back; an administrator may give it to somebody else.
    update(&registry, &mia, &json!({ "username": "mia" }));
    update(&registry, &mia, &json!({ "username": "maria" }));
    registry.command(&json!({
        "subject": "user", "command": "rename", "username": "eve", "new_name": "mia",
    }));
    let details: Value = registry
        .get("/api/v2/account/details", Some(&eve))
        .json()
        .expect("JSON");
    assert_eq!(details["data"]["attributes"]["username"], "mia");
    let refused = patch(
        &registry,
        "/api/v2/account/update",
        &mia,
        &json!({ "username": "mia" }),
    );
    assert_eq!(pointer(refused), "/data/attributes/username");
}

#[test]
fn a_password_is_changed_by_who_knows_the_old_one() {
    let registry = Appliance::start();
    let mia = registry.user("mia");
    registry.command(&json!({
        "subject": "user", "command": "update", "username": "mia", "password": "the first one",
    }));
    let path = "/api/v2/account/password";
    let ask = |old: &str, new: &str, again: &str| {
        let attributes = json!({
            "current_password": old, "password": new, "password_confirmation": again,
        });
        patch(&registry, path, &mia, &attributes)
    };
    let wrong = ask("guessed", "the second one", "the second one");
    assert_eq!(pointer(wrong), "/data/attributes/current_password");
    let mistyped = ask("the first one", "the second one", "the secnd one");
    assert_eq!(pointer(mistyped), "/data/attributes/password_confirmation");
    let short = ask("the first one", "short", "short");
    assert_eq!(pointer(short), "/data/attributes/password");
    let changed = ask("the first one", "the second one", "the second one");
    assert_eq!(changed.status(), 200);
    let text = changed.text().expect("a text");
    assert!(!text.contains("second"), "{text}");
    let sign_in = |password: &str| {
        let body = json!({ "username": "mia", "password": password });
        let request = registry.request("POST", "/api/terrakeep/v1/sign-in", None);
        request
            .json(&body)
            .send()
            .expect("an answer")
            .status()
            .as_u16()
    };
    assert_eq!(sign_in("the second one"), 200);
    assert_eq!(sign_in("the first one"), 401);
}
