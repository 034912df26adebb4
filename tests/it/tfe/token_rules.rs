//! Tests what organizations demand of tokens and sessions, and what the registry gives a token that
//! nobody gave an end.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::harness::Appliance;

const ACME: &str = "/api/v2/organizations/acme";
const OWN: &str = "/api/v2/organizations/acme/authentication-token";
const POLICIES: &str = "/api/v2/organizations/acme/token-ttl-policies";
const TRAIL: &str = "/api/v2/organization/audit-trail";

fn send(
    registry: &Appliance,
    method: &str,
    path: &str,
    token: &str,
    attributes: &Value,
) -> (StatusCode, Value) {
    let request = registry.request(method, path, Some(token));
    let body = json!({ "data": { "attributes": attributes } });
    let answer = request.json(&body).send().expect("an answer");
    let status = answer.status();
    let text = answer.text().expect("a body");
    (status, serde_json::from_str(&text).unwrap_or_default())
}

fn done(registry: &Appliance, method: &str, path: &str, attributes: &Value) -> Value {
    let (status, mut answer) = send(registry, method, path, &registry.admin, attributes);
    assert!(status.is_success(), "{method} {path}: {status} {answer}");
    answer["data"].take()
}

fn status(registry: &Appliance, path: &str, token: &str) -> u16 {
    registry.get(path, Some(token)).status().as_u16()
}

fn owners_team_token(registry: &Appliance) -> String {
    let teams = registry.json(&format!("{ACME}/teams?filter[names]=owners"));
    let owners = teams["data"][0]["id"].as_str().expect("an id");
    let path = format!("/api/v2/teams/{owners}/authentication-token");
    let made = done(registry, "POST", &path, &json!({}));
    secret(&made)
}

fn secret(token: &Value) -> String {
    let secret = token["attributes"]["token"].as_str();
    secret.expect("a secret, once").to_owned()
}

fn policies(list: &Value) -> Vec<(String, i64)> {
    let list = list.as_array().expect("a list").iter();
    let policy = |it: &Value| {
        let kind = it["attributes"]["token-type"].as_str().expect("a kind");
        let most = it["attributes"]["max-ttl-ms"].as_i64();
        (kind.to_owned(), most.expect("a number"))
    };
    list.map(policy).collect()
}

#[test]
fn tokens_of_users_reach_no_organization_that_does_not_take_them() {
    let registry = Appliance::start();
    let shown = registry.json(ACME);
    assert_eq!(shown["data"]["attributes"]["user-tokens-enabled"], true);
    let team = owners_team_token(&registry);
    let member = registry.user("mia");
    registry.join("acme", "owners", "mia");
    let stranger = registry.user("stranger");
    registry.organization("globex", false);
    registry.join("globex", "owners", "mia");

    let off = json!({ "user-tokens-enabled": false });
    let (changed, answer) = send(&registry, "PATCH", ACME, &team, &off);
    assert_eq!(changed, 200, "{answer}");
    assert_eq!(answer["data"]["attributes"]["user-tokens-enabled"], false);

    let modules = format!("{ACME}/registry-modules");
    for path in [ACME, &modules, "/v1/modules/acme/hello/null/versions"] {
        for token in [&member, &registry.admin] {
            let answer = registry.get(path, Some(token));
            assert_eq!(answer.status(), 401, "{path}");
            assert!(answer.text().expect("a body").contains("unauthorized"));
        }
        assert_eq!(status(&registry, path, &team), 200, "{path}");
        // Who does not belong to it learns nothing.
        assert_eq!(status(&registry, path, &stranger), 404, "{path}");
    }
    let listed = |token: &str| {
        let answer = registry.get("/api/v2/organizations", Some(token));
        let list: Value = answer.json().expect("JSON");
        let names = list["data"].as_array().expect("a list").clone();
        names.iter().map(|it| it["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(listed(&member), ["globex"], "the others are as they were");
    assert_eq!(listed(&team), ["acme"]);
    assert_eq!(
        status(&registry, "/api/v2/organizations/globex", &member),
        200
    );

    let on = json!({ "user-tokens-enabled": true });
    let (changed, _) = send(&registry, "PATCH", ACME, &team, &on);
    assert_eq!(changed, 200);
    assert_eq!(status(&registry, ACME, &member), 200);
}

#[test]
fn policies_are_listed_for_all_kinds_and_set_for_those_that_are_named() {
    let registry = Appliance::start();
    let two_years = 63_072_000_000_i64;
    let before = registry.json(POLICIES);
    let kinds = ["organization", "team", "user", "audit_trails"];
    let all = kinds.map(|kind| (kind.to_owned(), two_years));
    assert_eq!(policies(&before["data"]), all);
    let new = json!({ "token-ttl-policies": [
        { "token-type": "team", "max-ttl-ms": 3_600_000 },
        { "token-type": "user", "max-ttl-ms": 63_113_904_000_i64 },
    ] });
    let after = done(&registry, "PATCH", POLICIES, &new);
    assert_eq!(policies(&after)[1], ("team".to_owned(), 3_600_000));
    assert_eq!(policies(&after)[2], ("user".to_owned(), 63_113_904_000));
    assert_eq!(policies(&after)[3], all[3]);
    assert_eq!(after[0]["type"], "organization-token-ttl-policies");
    assert_eq!(registry.json(POLICIES)["data"], after);
    let one = |kind: &str, max_ttl_ms: i64| {
        json!({ "type": "organization-token-ttl-policies",
                "attributes": { "token-type": kind, "max-ttl-ms": max_ttl_ms } })
    };
    let patch = |data: &Value| {
        let request = registry.request("PATCH", POLICIES, Some(&registry.admin));
        let answer = request.json(&json!({ "data": data })).send();
        answer.expect("an answer").status()
    };
    let list = json!([one("team", 5_000), one("audit_trails", 6_000)]);
    assert_eq!(patch(&list), 200, "a list of resources");
    let listed = policies(&registry.json(POLICIES)["data"]);
    assert_eq!((listed[1].1, listed[3].1), (5_000, 6_000));
    assert_eq!(listed[2], policies(&after)[2]);
    let after = registry.json(POLICIES)["data"].clone();
    for wrong in [
        json!([]),
        json!(["team"]),
        json!([one("team", 5_000), one("team", 6_000)]),
        json!([{ "type": "teams", "attributes": { "token-type": "team" } }]),
    ] {
        assert!(patch(&wrong).is_client_error(), "{wrong}");
    }
    for wrong in [
        json!([]),
        json!([{ "token-type": "site", "max-ttl-ms": 3_600_000 }]),
        json!([{ "token-type": "team", "max-ttl-ms": 0 }]),
        json!([{ "token-type": "team" }]),
        json!([{ "token-type": "team", "max-ttl-ms": 3_600_000 },
               { "token-type": "team", "max-ttl-ms": 7_200_000 }]),
    ] {
        let new = json!({ "token-ttl-policies": wrong });
        let (refused, answer) = send(&registry, "PATCH", POLICIES, &registry.admin, &new);
        assert_eq!(refused, 422, "{new}: {answer}");
    }
    assert_eq!(registry.json(POLICIES)["data"], after, "all or nothing");
    let member = registry.user("member");
    registry.join("acme", "owners", "member");
    registry.command(
        &json!({ "subject": "team", "command": "remove", "organization": "acme",
        "name": "owners", "username": "member" }),
    );
    assert_eq!(status(&registry, POLICIES, &member), 403);
    let stranger = registry.user("stranger");
    assert_eq!(status(&registry, POLICIES, &stranger), 404);
}

#[test]
fn a_policy_holds_when_a_token_is_made_and_only_while_it_is_in_force() {
    let registry = Appliance::start();
    let hour = json!({ "token-ttl-policies": [
        { "token-type": "organization", "max-ttl-ms": 3_600_000 } ] });
    done(&registry, "PATCH", POLICIES, &hour);
    let late = json!({ "expired-at": "2099-01-01T00:00:00Z" });
    let endless = done(&registry, "POST", OWN, &json!({}));
    assert_eq!(endless["attributes"]["expired-at"], Value::Null);
    let made = done(&registry, "POST", OWN, &late);
    assert_eq!(made["attributes"]["expired-at"], "2099-01-01T00:00:00.000Z");

    let shown = done(
        &registry,
        "PATCH",
        ACME,
        &json!({ "max-ttl-enabled": true }),
    );
    assert_eq!(shown["attributes"]["max-ttl-enabled"], true);
    let (refused, answer) = send(&registry, "POST", OWN, &registry.admin, &late);
    assert_eq!(refused, 422);
    let reason = answer["errors"][0]["detail"].as_str().expect("a reason");
    assert!(reason.contains("1 hour"), "{reason}");
    assert_eq!(status(&registry, ACME, &secret(&made)), 200, "it is young");
    let cut = done(&registry, "POST", OWN, &json!({}));
    let end = cut["attributes"]["expired-at"].as_str().expect("an end");
    assert!(end > cut["attributes"]["created-at"].as_str().expect("a time"));
    // Another kind has another policy, which is the default.
    let path = format!("{OWN}?token=audit-trails");
    let other = done(&registry, "POST", &path, &json!({ "expired-at": year(1) }));
    assert!(other["attributes"]["expired-at"].is_string());
    let (refused, _) = send(
        &registry,
        "POST",
        &path,
        &registry.admin,
        &json!({ "expired-at": year(3) }),
    );
    assert_eq!(refused, 422);
}

/// Returns a time that lies about so many years ahead.
fn year(ahead: i64) -> String {
    let now = jiff::Timestamp::now().as_second();
    let then = jiff::Timestamp::from_second(now + ahead * 365 * 86_400 - 60);
    then.expect("a time").to_string()
}

#[test]
fn a_policy_holds_for_tokens_that_were_made_before_it() {
    let registry = Appliance::start();
    let team = owners_team_token(&registry);
    let member = registry.user("mia");
    registry.join("acme", "owners", "mia");
    assert_eq!(
        (
            status(&registry, ACME, &team),
            status(&registry, ACME, &member)
        ),
        (200, 200)
    );
    let second = json!({ "token-ttl-policies": [
        { "token-type": "team", "max-ttl-ms": 1000 },
        { "token-type": "user", "max-ttl-ms": 1000 } ] });
    let organization = secret(&done(&registry, "POST", OWN, &json!({})));
    done(&registry, "PATCH", POLICIES, &second);
    done(
        &registry,
        "PATCH",
        ACME,
        &json!({ "max-ttl-enabled": true }),
    );
    let until = Instant::now() + Duration::from_secs(20);
    while status(&registry, ACME, &team) != 401 || status(&registry, ACME, &member) != 401 {
        assert!(Instant::now() < until, "they are older than a second");
        std::thread::sleep(Duration::from_millis(100));
    }
    let answer = registry.get(ACME, Some(&member)).text().expect("a body");
    assert!(answer.contains("expired"), "{answer}");
    // What the user does elsewhere is nobody's business here.
    assert_eq!(status(&registry, "/api/v2/account/details", &member), 200);
    let off = json!({ "max-ttl-enabled": false });
    let (changed, answer) = send(&registry, "PATCH", ACME, &organization, &off);
    assert_eq!(changed, 200, "{answer}");
    assert_eq!(status(&registry, ACME, &team), 200);
}

#[test]
fn a_token_without_an_end_gets_the_default_of_the_registry() {
    let registry = Appliance::start_with(&[("auth.token_default_lifetime", "2y")]);
    let user = registry.json("/api/v2/account/details");
    let user = user["data"]["id"].as_str().expect("an id");
    for path in [OWN, &format!("/api/v2/users/{user}/authentication-tokens")] {
        let made = done(&registry, "POST", path, &json!({}));
        let (created, end) = (
            &made["attributes"]["created-at"],
            &made["attributes"]["expired-at"],
        );
        let (created, end) = (
            created.as_str().expect("a time"),
            end.as_str().expect("a time"),
        );
        let year = |time: &str| time[..4].parse::<i32>().expect("a year");
        assert_eq!(year(end), year(created) + 2, "{created} {end}");
        assert_eq!((&end[4..19], &end[19..]), (&created[4..19], ".000Z"));
        let given = json!({ "expired-at": "2027-12-24T12:00:00Z" });
        let made = done(&registry, "POST", path, &given);
        assert_eq!(made["attributes"]["expired-at"], "2027-12-24T12:00:00.000Z");
    }
    let short = Appliance::start_with(&[
        ("auth.token_default_lifetime", "2y"),
        ("auth.token_max_lifetime", "1d"),
    ]);
    let made = done(&short, "POST", OWN, &json!({}));
    let end = made["attributes"]["expired-at"].as_str().expect("a time");
    assert!(
        end < year(1).as_str(),
        "at most as long as the longest life: {end}"
    );
}

#[test]
fn a_team_s_descriptions_differ_and_each_token_says_who_made_it() {
    let registry = Appliance::start();
    let team = done(
        &registry,
        "POST",
        &format!("{ACME}/teams"),
        &json!({ "name": "ci" }),
    );
    let team = team["id"].as_str().expect("an id");
    let (one, several) = (
        format!("/api/v2/teams/{team}/authentication-token"),
        format!("/api/v2/teams/{team}/authentication-tokens"),
    );
    let legacy = done(&registry, "POST", &one, &json!({}));
    assert_eq!(legacy["attributes"]["description"], Value::Null);
    let empty = done(&registry, "POST", &several, &json!({ "description": "" }));
    assert_eq!(empty["attributes"]["description"], "");
    let named = done(&registry, "POST", &several, &json!({ "description": "x" }));
    for description in ["x", ""] {
        let again = json!({ "description": description });
        let (refused, answer) = send(&registry, "POST", &several, &registry.admin, &again);
        assert_eq!(refused, 422);
        let error = &answer["errors"][0];
        assert_eq!(error["title"], "invalid attributes");
        let detail = "Validation failed: Description has already been taken";
        assert_eq!(error["detail"], detail);
    }
    let replaced = done(&registry, "POST", &one, &json!({}));
    assert_ne!(replaced["id"], legacy["id"]);
    let by_id = |token: &Value| {
        let id = token["id"].as_str().expect("an id");
        registry.json(&format!("/api/v2/authentication-tokens/{id}"))["data"].clone()
    };
    assert_eq!(by_id(&named)["relationships"]["team"]["data"]["id"], team);
    let creator = |token: &Value| token["relationships"]["created-by"]["data"].clone();
    assert_eq!(creator(&by_id(&named))["type"], "users");
    let owners = owners_team_token(&registry);
    let (_, made) = send(
        &registry,
        "POST",
        &several,
        &owners,
        &json!({ "description": "y" }),
    );
    assert_eq!(creator(&made["data"])["type"], "teams");
    let own = secret(&done(&registry, "POST", OWN, &json!({})));
    let (_, made) = send(
        &registry,
        "POST",
        &several,
        &own,
        &json!({ "description": "z" }),
    );
    let organization = json!({ "type": "organizations", "id": "acme" });
    assert_eq!(creator(&made["data"]), organization);
}

#[test]
fn the_tokens_of_teams_are_found_by_team_and_sorted() {
    let registry = Appliance::start();
    let made: Vec<Value> = [("blue", "2031"), ("azure", "2030"), ("bronze", "2032")]
        .iter()
        .map(|(name, end)| {
            let team = done(
                &registry,
                "POST",
                &format!("{ACME}/teams"),
                &json!({ "name": name }),
            );
            let team = team["id"].as_str().expect("an id");
            let path = format!("/api/v2/teams/{team}/authentication-token");
            let end = json!({ "expired-at": format!("{end}-01-01T00:00:00Z") });
            done(&registry, "POST", &path, &end)["id"].clone()
        })
        .collect();
    let ids = |query: &str| -> Vec<Value> {
        let list = registry.json(&format!("{ACME}/team-tokens?{query}"));
        let list = list["data"].as_array().expect("a list").clone();
        list.iter().map(|it| it["id"].clone()).collect()
    };
    let order =
        |places: &[usize]| -> Vec<Value> { places.iter().map(|at| made[*at].clone()).collect() };
    assert_eq!(ids("sort=expired-at"), order(&[1, 0, 2]));
    assert_eq!(ids("sort=-expired-at"), order(&[2, 0, 1]));
    assert_eq!(ids("sort=team-name"), order(&[1, 0, 2]));
    assert_eq!(ids("sort=-team-name&q=b"), order(&[2, 0]));
    assert_eq!(ids("sort=last-used-at").len(), 3);
    assert_eq!(ids("sort=created-by").len(), 3);
    assert_eq!(ids("q=azu"), order(&[1]));
    let (refused, _) = send(
        &registry,
        "GET",
        &format!("{ACME}/team-tokens?sort=colour"),
        &registry.admin,
        &json!({}),
    );
    assert_eq!(refused, 400);
}

#[test]
fn the_second_token_of_an_organization_reads_its_audit_log_and_nothing_else() {
    let registry = Appliance::start();
    registry.organization("globex", false);
    let first = secret(&done(&registry, "POST", OWN, &json!({})));
    let path = format!("{OWN}?token=audit-trails");
    assert_eq!(status(&registry, &path, &registry.admin), 404);
    let second = done(&registry, "POST", &path, &json!({}));
    let token = secret(&second);
    let (first_id, second_id) = (
        registry.json(OWN)["data"]["id"].clone(),
        registry.json(&path)["data"]["id"].clone(),
    );
    assert_eq!(second_id, second["id"]);
    assert_ne!(first_id, second_id, "one beside the other");

    let trail: Value = registry.get(TRAIL, Some(&token)).json().expect("JSON");
    let events = trail["data"].as_array().expect("a list");
    assert_eq!(events[0]["resource"]["action"], "replace token", "{trail}");
    assert_eq!(trail["pagination"]["total_count"], events.len());
    assert!(!trail.to_string().contains("globex"), "its own one only");
    assert_eq!(status(&registry, TRAIL, &first), 200);
    let page = format!("{TRAIL}?page[number]=2&page[size]=1");
    let page: Value = registry.get(&page, Some(&token)).json().expect("JSON");
    assert_eq!(page["data"][0], events[1]);
    assert_eq!(page["pagination"]["prev_page"], 1);
    let later = format!("{TRAIL}?since=2099-01-01T00:00:00Z");
    let later: Value = registry.get(&later, Some(&token)).json().expect("JSON");
    assert_eq!(later["data"], json!([]));

    for path in [
        ACME,
        OWN,
        POLICIES,
        "/api/v2/organizations/acme/registry-modules",
        "/v1/modules/acme/hello/null/versions",
        "/api/v2/organizations/acme/teams",
    ] {
        assert_eq!(status(&registry, path, &token), 404, "{path}");
    }
    let (refused, _) = send(
        &registry,
        "PATCH",
        ACME,
        &token,
        &json!({ "email": "x@y.example" }),
    );
    assert_eq!(refused, 404);
    for (who, expected) in [
        (registry.admin.clone(), 403),
        (registry.organization_token("acme", "read"), 403),
        (owners_team_token(&registry), 403),
        ("tkp_nonsense".to_owned(), 401),
    ] {
        assert_eq!(status(&registry, TRAIL, &who), expected);
    }
    let request = registry.request("DELETE", &path, Some(&registry.admin));
    assert_eq!(request.send().expect("an answer").status(), 204);
    assert_eq!(status(&registry, TRAIL, &token), 401);
    assert_eq!(status(&registry, TRAIL, &first), 200);
}

#[test]
fn limits_of_sessions_come_back_and_a_change_keeps_what_it_does_not_name() {
    let registry = Appliance::start();
    let limits = |shown: &Value| {
        let attributes = &shown["attributes"];
        (
            attributes["session-timeout"].clone(),
            attributes["session-remember"].clone(),
        )
    };
    assert_eq!(
        limits(&registry.json(ACME)["data"]),
        (Value::Null, Value::Null)
    );
    let both = json!({ "session-timeout": 3600, "session-remember": 20160 });
    let shown = done(&registry, "PATCH", ACME, &both);
    assert_eq!(limits(&shown), (json!(3600), json!(20160)));
    let shown = done(
        &registry,
        "PATCH",
        ACME,
        &json!({ "session-timeout": null }),
    );
    assert_eq!(limits(&shown), (Value::Null, json!(20160)));
    let shown = done(
        &registry,
        "PATCH",
        ACME,
        &json!({ "email": "x@example.com" }),
    );
    assert_eq!(limits(&shown), (Value::Null, json!(20160)));
    let shown = done(&registry, "PATCH", ACME, &json!({ "session-remember": 0 }));
    assert_eq!(limits(&shown), (Value::Null, Value::Null));
    for wrong in [json!(-1), json!(99_999_999), json!("soon")] {
        let change = json!({ "session-timeout": wrong });
        let (refused, answer) = send(&registry, "PATCH", ACME, &registry.admin, &change);
        assert_eq!(refused, 422, "{change}: {answer}");
    }
    let new = json!({ "name": "globex", "email": "x@example.com", "session-timeout": 30,
                      "max-ttl-enabled": true });
    let made = done(&registry, "POST", "/api/v2/organizations", &new);
    assert_eq!(limits(&made), (json!(30), Value::Null));
    assert_eq!(made["attributes"]["max-ttl-enabled"], true);
}
