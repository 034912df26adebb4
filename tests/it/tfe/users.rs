//! Tests users and their tokens in the JSON:API.

use reqwest::blocking::Response;
use serde_json::{Value, json};

use super::samples::{same_shape, sample};
use crate::harness::Appliance;

fn id_of(registry: &Appliance, token: &str) -> String {
    let details: Value = registry
        .get("/api/v2/account/details", Some(token))
        .json()
        .expect("JSON");
    details["data"]["id"].as_str().expect("an id").to_owned()
}

fn make(registry: &Appliance, token: &str, user: &str, attributes: &Value) -> Response {
    let path = format!("/api/v2/users/{user}/authentication-tokens");
    let body = json!({ "data": { "type": "authentication-tokens", "attributes": attributes } });
    let request = registry.request("POST", &path, Some(token));
    request.json(&body).send().expect("an answer")
}

#[test]
fn a_user_makes_lists_shows_and_revokes_their_own_tokens() {
    let registry = Appliance::start();
    let uma = registry.user("uma");
    let id = id_of(&registry, &uma);
    let wanted = json!({ "description": "api", "expired-at": "2099-04-06T12:00:00.000Z" });
    let made = make(&registry, &uma, &id, &wanted);
    assert_eq!(made.status(), 201);
    let made: Value = made.json().expect("JSON");
    let secret = made["data"]["attributes"]["token"].as_str();
    let secret = secret.expect("shown once").to_owned();
    assert_eq!(
        made["data"]["attributes"]["expired-at"],
        "2099-04-06T12:00:00.000Z"
    );
    assert_eq!(
        id_of(&registry, &secret),
        id,
        "it is a token of the same user"
    );
    let list: Value = registry
        .get(
            &format!("/api/v2/users/{id}/authentication-tokens"),
            Some(&secret),
        )
        .json()
        .expect("JSON");
    assert_eq!(list["data"].as_array().expect("a list").len(), 2);
    assert!(
        !list.to_string().contains(&secret),
        "no secret a second time"
    );
    let one = made["data"]["id"].as_str().expect("an id");
    let path = format!("/api/v2/authentication-tokens/{one}");
    let shown: Value = registry.get(&path, Some(&uma)).json().expect("JSON");
    assert_eq!(shown["data"]["attributes"]["token"], Value::Null);
    assert_eq!(shown["data"]["attributes"]["description"], "api");
    for (name, found) in [
        ("01-list-user-tokens", &list),
        ("02-show-a-user-token", &shown),
        ("04-create-a-user-token", &made),
    ] {
        if let Some(expected) = sample(&format!("004/user-tokens-{name}.response.json")) {
            same_shape(&expected, found, name);
        }
    }
    let gone = registry
        .request("DELETE", &path, Some(&uma))
        .send()
        .expect("an answer");
    assert_eq!(gone.status(), 204);
    assert_eq!(
        registry
            .get("/api/v2/account/details", Some(&secret))
            .status(),
        401
    );
    assert_eq!(registry.get(&path, Some(&uma)).status(), 404);
}

#[test]
fn the_printed_request_is_understood_and_refused_for_its_end_in_the_past_only() {
    let Some(mut request) = sample("004/user-tokens-03-create-a-user-token.request.json") else {
        return;
    };
    let registry = Appliance::start();
    let id = id_of(&registry, &registry.admin);
    let send = |request: &Value| {
        make(
            &registry,
            &registry.admin,
            &id,
            &request["data"]["attributes"],
        )
    };
    let refused = send(&request);
    assert_eq!(refused.status(), 422);
    let problem: Value = refused.json().expect("JSON");
    let pointer = "/data/attributes/expired-at";
    assert_eq!(problem["errors"][0]["source"]["pointer"], pointer);
    request["data"]["attributes"]["expired-at"] = json!("2098-04-06T12:00:00.000Z");
    assert_eq!(send(&request).status(), 201);
}

#[test]
fn tokens_of_others_are_neither_seen_nor_made_nor_revoked() {
    let registry = Appliance::start();
    let (uma, eve) = (registry.user("uma"), registry.user("eve"));
    let (id, eves) = (id_of(&registry, &uma), id_of(&registry, &eve));
    let made: Value = make(&registry, &uma, &id, &json!({})).json().expect("JSON");
    let token = made["data"]["id"].as_str().expect("an id");
    let path = format!("/api/v2/authentication-tokens/{token}");
    assert_eq!(registry.get(&path, Some(&eve)).status(), 404);
    let revoke = registry.request("DELETE", &path, Some(&eve)).send();
    assert_eq!(revoke.expect("an answer").status(), 404);
    assert_eq!(registry.get(&path, Some(&uma)).status(), 200, "still there");
    let listed: Value = registry
        .get(
            &format!("/api/v2/users/{id}/authentication-tokens"),
            Some(&eve),
        )
        .json()
        .expect("JSON");
    assert_eq!(listed["data"], json!([]));
    // Not even for administrators: a token is its owner's.
    for stranger in [&eve, &registry.admin] {
        assert_eq!(make(&registry, stranger, &id, &json!({})).status(), 404);
    }
    // A token that may less cannot make one that may more.
    let narrow = registry.command(&json!({
        "subject": "token", "command": "create", "scope": "read",
    }));
    let narrow = narrow["token"].as_str().expect("a token");
    let admin = id_of(&registry, &registry.admin);
    assert_eq!(make(&registry, narrow, &admin, &json!({})).status(), 403);
    // Whoever shares an organization is seen by those who may see its members.
    let seen = |who: &str, of: &str| {
        registry
            .get(&format!("/api/v2/users/{of}"), Some(who))
            .status()
    };
    assert_eq!(seen(&eve, &id), 404);
    assert_eq!(seen(&eve, &eves), 200);
    assert_eq!(seen(&registry.admin, &id), 200);
    registry.join("acme", "owners", "eve");
    registry.join("acme", "owners", "uma");
    assert_eq!(seen(&eve, &id), 200);
}
