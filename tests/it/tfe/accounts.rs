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

#[test]
fn t40_nobody_takes_a_name_or_an_address_that_others_are_invited_by() {
    let registry = Appliance::start();
    let mia = registry.user("mia");
    let update = "/api/v2/account/update";
    let same = patch(&registry, update, &mia, &json!({ "username": "mia" }));
    assert_eq!(same.status(), 200);
    let own = same.json::<Value>().expect("JSON");
    assert_eq!(own["data"]["attributes"]["username"], "mia");
    let address = json!({ "email": "boss@example.com" });
    let refused = patch(&registry, update, &mia, &address);
    assert_eq!(pointer(refused), "/data/attributes/email");
    let refused = patch(&registry, update, &mia, &json!({ "username": "boss" }));
    assert_eq!(pointer(refused), "/data/attributes/username");
    // Administrators say who is who, of themselves, too.
    let changed = patch(&registry, update, &registry.admin, &address);
    assert_eq!(changed.status(), 200);
    let details = registry.json("/api/v2/account/details");
    assert_eq!(details["data"]["attributes"]["email"], "boss@example.com");
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
