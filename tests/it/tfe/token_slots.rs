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
    let body = json!({ "data": { "type": "teams", "attributes":
        { "name": "ci", "visibility": "organization" } } });
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
    let unknown = format!("{OWN}?token=site");
    assert_eq!(ask(&registry, "GET", &unknown, "").status(), 404);
    assert_eq!(ask(&registry, "POST", &unknown, "").status(), 404);
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
    let (changed, _) = allow_members(&registry, &team, false);
    assert_eq!(changed, 200);
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

/// Lets the members of a team manage its tokens, or not; returns the status and the value that is
/// shown.
fn allow_members(registry: &Appliance, team: &str, allowed: bool) -> (u16, Value) {
    let body = json!({ "data": { "type": "teams", "attributes": {
        "allow-member-token-management": allowed } } });
    let path = format!("/api/v2/teams/{team}");
    let answer = ask(registry, "PATCH", &path, &body.to_string());
    let status = answer.status().as_u16();
    let shown: Value = answer.json().expect("JSON");
    let shown = shown["data"]["attributes"]["allow-member-token-management"].clone();
    (status, shown)
}

#[test]
fn t40_members_manage_the_tokens_of_their_team_while_it_allows_that() {
    let registry = Appliance::start();
    let team = team(&registry);
    let other = json!({ "data": { "attributes":
        { "name": "other", "visibility": "organization" } } });
    let other = made(
        &registry,
        "/api/v2/organizations/acme/teams",
        &other.to_string(),
    );
    assert_eq!(other["attributes"]["allow-member-token-management"], true);
    let other = other["id"].as_str().expect("an id");
    let member = registry.user("member");
    registry.join("acme", "ci", "member");
    let made = registry.command(&json!({ "subject": "token", "command": "create",
        "scope": "publish", "owner": { "kind": "user", "username": "member" } }));
    let narrow = made["token"].as_str().expect("a token");
    let status = |method: &str, path: &str, token: &str| {
        let request = registry.request(method, path, Some(token));
        request.send().expect("an answer").status().as_u16()
    };
    let of = |team: &str| format!("/api/v2/teams/{team}/authentication-token");
    let several = format!("/api/v2/teams/{team}/authentication-tokens");
    assert_eq!(status("POST", &of(&team), narrow), 403, "a narrow token");
    assert_eq!(status("POST", &of(&team), &member), 201);
    assert_eq!(status("GET", &of(&team), &member), 200);
    assert_eq!(status("POST", &several, &member), 201);
    assert_eq!(status("POST", &of(other), &member), 403, "another team");
    assert_eq!(status("POST", OWN, &member), 403, "the organization");
    let listed = |token: &str| -> Vec<Value> {
        let answer = registry.get("/api/v2/organizations/acme/team-tokens", Some(token));
        let list: Value = answer.json().expect("JSON");
        list["data"].as_array().expect("a list").clone()
    };
    assert_eq!(listed(&member).len(), 2);
    let id = listed(&member)[0]["id"].as_str().expect("an id").to_owned();
    let by_id = format!("/api/v2/authentication-tokens/{id}");
    let may_update = |token: &str| -> Value {
        let answer = registry.get(&format!("/api/v2/teams/{team}"), Some(token));
        let shown: Value = answer.json().expect("JSON");
        shown["data"]["attributes"]["permissions"]["can-update-api-token"].clone()
    };
    assert_eq!(may_update(&member), true);

    assert_eq!(allow_members(&registry, &team, false), (200, json!(false)));
    assert_eq!(status("GET", &of(&team), &member), 403);
    assert_eq!(status("POST", &several, &member), 403);
    assert_eq!(status("DELETE", &by_id, &member), 404);
    assert_eq!(listed(&member).len(), 0);
    assert_eq!(listed(&registry.admin).len(), 2, "owners may always");
    assert_eq!(may_update(&member), false);

    assert_eq!(allow_members(&registry, &team, true), (200, json!(true)));
    assert_eq!(status("DELETE", &by_id, &member), 204);
    registry.command(
        &json!({ "subject": "team", "command": "remove", "organization": "acme",
        "name": "ci", "username": "member" }),
    );
    assert_eq!(status("POST", &of(&team), &member), 403, "a former member");
}

#[test]
fn t40_who_manages_teams_makes_tokens_of_no_team_that_may_do_more() {
    let registry = Appliance::start();
    let create = |name: &str, access: Value| {
        let body =
            json!({ "data": { "attributes": { "name": name, "organization-access": access } } });
        let made = made(
            &registry,
            "/api/v2/organizations/acme/teams",
            &body.to_string(),
        );
        made["id"].as_str().expect("an id").to_owned()
    };
    let plain = create("plain", json!({}));
    let publishers = create("publishers", json!({ "manage-modules": true }));
    create("managers", json!({ "manage-teams": true }));
    let manager = registry.user("mia");
    registry.join("acme", "managers", "mia");
    let status = |team: &str| {
        let path = format!("/api/v2/teams/{team}/authentication-tokens");
        let request = registry.request("POST", &path, Some(&manager));
        request.send().expect("an answer").status().as_u16()
    };
    assert_eq!((status(&plain), status(&publishers)), (201, 403));
    let teams = registry.json("/api/v2/organizations/acme/teams?filter[names]=owners");
    assert_eq!(status(teams["data"][0]["id"].as_str().expect("an id")), 403);
}
