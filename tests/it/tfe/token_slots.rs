//! Tests the primary token of an organization and that of a team.

use reqwest::blocking::Response;
use serde_json::{Value, json};

use crate::harness::Appliance;

const OWN: &str = "/api/v2/organizations/acme/authentication-token";

fn ask(registry: &Appliance, method: &str, path: &str, body: &str) -> Response {
    let request = registry.request(method, path, Some(&registry.admin));
    let request = request.header("Content-Type", "application/vnd.api+json");
    request.body(body.to_owned()).send().expect("an answer")
}

fn made(registry: &Appliance, path: &str, body: &str) -> Value {
    let answer = ask(registry, "POST", path, body);
    assert_eq!(answer.status(), 201, "{path} {body}");
    let mut document: Value = answer.json().expect("JSON");
    document["data"].take()
}

fn secret(token: &Value) -> &str {
    let secret = token["attributes"]["token"].as_str();
    secret.expect("a secret, once")
}

fn works(registry: &Appliance, secret: &str) -> bool {
    let answer = registry.get("/api/v2/account/details", Some(secret));
    answer.status() == 200
}

fn team(registry: &Appliance) -> String {
    let body = json!({ "data": { "type": "teams", "attributes": { "name": "ci" } } });
    let path = "/api/v2/organizations/acme/teams";
    let made = made(registry, path, &body.to_string());
    made["id"].as_str().expect("an id").to_owned()
}

#[test]
fn a_new_token_takes_the_place_of_the_old_one_and_no_other() {
    let registry = Appliance::start();
    let other = registry.organization_token("acme", "read");
    let of_team = format!("/api/v2/teams/{}/authentication-token", team(&registry));
    // As clients ask for one that say nothing, nothing much, or everything.
    let full = r#"{"data":{"type":"authentication-token","attributes":{"expired-at":"2099-01-01T00:00:00.000Z","description":"CI"}}}"#;
    for path in [OWN, of_team.as_str()] {
        assert_eq!(ask(&registry, "GET", path, "").status(), 404);
        assert_eq!(ask(&registry, "DELETE", path, "null").status(), 404);
        let mut before: Option<Value> = None;
        for body in ["", "null", "{}", r#"{"data":{"type":""}}"#, full] {
            let token = made(&registry, path, body);
            assert!(works(&registry, secret(&token)));
            if let Some(before) = before {
                assert!(!works(&registry, secret(&before)), "{body}");
                assert_ne!(before["id"], token["id"]);
            }
            let shown: Value = ask(&registry, "GET", path, "").json().expect("JSON");
            assert_eq!(shown["data"]["id"], token["id"]);
            assert_eq!(shown["data"]["attributes"]["token"], Value::Null);
            before = Some(token);
        }
        let last = before.expect("the last one");
        assert_eq!(last["attributes"]["expired-at"], "2099-01-01T00:00:00.000Z");
        assert_eq!(last["attributes"]["description"], "CI");
        assert_eq!(ask(&registry, "DELETE", path, "null").status(), 204);
        assert!(!works(&registry, secret(&last)));
        assert_eq!(ask(&registry, "GET", path, "").status(), 404);
    }
    assert!(works(&registry, &other), "it is nobody's only one");
    let audit = format!("{OWN}?token=audit-trails");
    assert_eq!(ask(&registry, "GET", &audit, "").status(), 404);
    assert_eq!(ask(&registry, "POST", &audit, "").status(), 404);
    let bad = r#"{"data":{"attributes":{"expired-at":"soon"}}}"#;
    assert_eq!(ask(&registry, "POST", OWN, bad).status(), 422);
}

#[test]
fn r1_a_replaced_token_stays_replaced_after_a_kill() {
    let mut registry = Appliance::start();
    let before = made(&registry, OWN, "");
    let after = made(&registry, OWN, "");
    registry.kill();
    registry.restart();
    assert!(!works(&registry, secret(&before)));
    assert!(works(&registry, secret(&after)));
}

#[test]
fn a_team_has_several_tokens_that_are_listed_shown_and_revoked_by_id() {
    let registry = Appliance::start();
    let team = team(&registry);
    let path = format!("/api/v2/teams/{team}/authentication-tokens");
    let tokens: Vec<Value> = ["one", "two"]
        .iter()
        .map(|name| {
            let body = json!({ "data": { "attributes": { "description": name } } });
            made(&registry, &path, &body.to_string())
        })
        .collect();
    let listed =
        registry.json("/api/v2/organizations/acme/team-tokens?page[size]=1&page[number]=2");
    assert_eq!(listed["meta"]["pagination"]["total-count"], 2);
    assert_eq!(listed["data"][0]["id"], tokens[1]["id"]);
    assert_eq!(listed["data"][0]["attributes"]["token"], Value::Null);
    assert_eq!(
        listed["data"][0]["relationships"]["team"]["data"]["id"],
        team
    );
    let id = tokens[0]["id"].as_str().expect("an id");
    let by_id = format!("/api/v2/authentication-tokens/{id}");
    assert_eq!(
        registry.json(&by_id)["data"]["attributes"]["description"],
        "one"
    );
    // Of others, nobody learns whether it is there.
    let stranger = registry.user("stranger");
    assert_eq!(registry.get(&by_id, Some(&stranger)).status(), 404);
    assert_eq!(ask(&registry, "DELETE", &by_id, "null").status(), 204);
    assert!(!works(&registry, secret(&tokens[0])));
    assert!(works(&registry, secret(&tokens[1])));
}

#[test]
fn t40_only_who_manages_tokens_sees_replaces_or_revokes_them() {
    let registry = Appliance::start();
    let team = team(&registry);
    let of_team = format!("/api/v2/teams/{team}/authentication-token");
    let member = registry.user("member");
    registry.join("acme", "ci", "member");
    let stranger = registry.user("stranger");
    let own = made(&registry, &of_team, "");
    for (who, token, expected) in [
        ("a member", member.as_str(), 403),
        ("the team itself", secret(&own), 403),
        ("a stranger", stranger.as_str(), 404),
        ("nobody", "tkp_nonsense", 401),
    ] {
        for path in [OWN, of_team.as_str()] {
            for method in ["GET", "POST", "DELETE"] {
                let request = registry.request(method, path, Some(token));
                let status = request.send().expect("an answer").status();
                assert_eq!(status, expected, "{method} {path} as {who}");
            }
        }
    }
    assert!(works(&registry, secret(&own)));
}
