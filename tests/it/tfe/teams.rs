//! Tests teams, their members, and memberships in the JSON:API.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::samples::{same_shape, sample};
use crate::harness::Appliance;

struct Api {
    registry: Appliance,
}

impl Api {
    fn start() -> Self {
        Self {
            registry: Appliance::start(),
        }
    }

    fn send(&self, method: &str, path: &str, token: &str, body: &Value) -> (StatusCode, Value) {
        let sent = self
            .registry
            .request(method, &format!("/api/v2{path}"), Some(token));
        let answer = sent.json(body).send().expect("an answer");
        let status = answer.status();
        let text = answer.text().expect("a body");
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    fn done(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.send(method, path, &self.registry.admin, body);
        assert!(status.is_success(), "{method} {path}: {status} {answer}");
        answer
    }

    fn team(&self, name: &str, access: &Value) -> String {
        let attributes = json!({ "name": name, "organization-access": access });
        let body = json!({ "data": { "type": "teams", "attributes": attributes } });
        let made = self.done("POST", "/organizations/acme/teams", &body);
        made["data"]["id"].as_str().expect("an id").to_owned()
    }

    /// Makes a user a member; returns the membership's id and the user's token.
    fn member(&self, username: &str) -> (String, String) {
        let token = self.registry.user(username);
        let body = json!({ "data": { "attributes": { "email": username } } });
        let path = "/organizations/acme/organization-memberships";
        let made = self.done("POST", path, &body);
        let id = made["data"]["id"].as_str().expect("an id").to_owned();
        (id, token)
    }
}

fn users(names: &[&str]) -> Value {
    let data: Vec<_> = names
        .iter()
        .map(|it| json!({ "type": "users", "id": it }))
        .collect();
    json!({ "data": data })
}

#[test]
fn a_team_is_created_found_renamed_filled_emptied_and_deleted() {
    let api = Api::start();
    let id = api.team(
        "publishers",
        &json!({ "manage-modules": true, "manage-workspaces": true }),
    );
    let path = format!("/teams/{id}");
    let shown = api.done("GET", &path, &Value::Null);
    let access = &shown["data"]["attributes"]["organization-access"];
    assert_eq!(access["manage-modules"], true);
    assert_eq!(access["manage-workspaces"], false, "there are none here");
    let change = json!({ "data": { "attributes": {
        "name": "releasers", "organization-access": { "manage-providers": true },
    } } });
    let changed = api.done("PATCH", &path, &change);
    assert_eq!(changed["data"]["attributes"]["name"], "releasers");
    let access = &changed["data"]["attributes"]["organization-access"];
    assert_eq!(
        (&access["manage-modules"], &access["manage-providers"]),
        (&json!(true), &json!(true))
    );
    let (membership, token) = api.member("mia");
    api.member("noa");
    api.done(
        "POST",
        &format!("{path}/relationships/users"),
        &users(&["mia", "noa"]),
    );
    let shown = api.done("GET", &format!("{path}?include=users"), &Value::Null);
    assert_eq!(shown["data"]["attributes"]["users-count"], 2);
    assert_eq!(shown["included"][0]["attributes"]["username"], "mia");
    // What the team may do, its members may do.
    let (status, _) = api.send(
        "POST",
        "/organizations/acme/registry-modules",
        &token,
        &json!({ "data": { "attributes": { "name": "vpc", "provider": "aws" } } }),
    );
    assert_eq!(status, 201);
    let by_id = json!({ "data": [{ "type": "organization-memberships", "id": membership }] });
    let relation = format!("{path}/relationships/organization-memberships");
    api.done("DELETE", &relation, &by_id);
    let list = api.done(
        "GET",
        "/organizations/acme/teams?filter%5Bnames%5D=releasers",
        &Value::Null,
    );
    assert_eq!(list["meta"]["pagination"]["total-count"], 1);
    assert_eq!(list["data"][0]["attributes"]["users-count"], 1);
    api.done("POST", &relation, &by_id);
    api.done("DELETE", &path, &Value::Null);
    let (status, _) = api.send("GET", &path, &api.registry.admin, &Value::Null);
    assert_eq!(status, 404);
    let (status, _) = api.send(
        "POST",
        "/organizations/acme/registry-modules",
        &token,
        &json!({ "data": { "attributes": { "name": "other", "provider": "aws" } } }),
    );
    assert_eq!(status, 403, "the right went with the team");
}

#[test]
fn several_members_come_into_a_team_all_or_none() {
    let api = Api::start();
    let id = api.team("readers", &json!({}));
    api.member("mia");
    let path = format!("/teams/{id}/relationships/users");
    let (status, problem) = api.send(
        "POST",
        &path,
        &api.registry.admin,
        &users(&["mia", "nobody"]),
    );
    assert_eq!(status, 404, "{problem}");
    let shown = api.done("GET", &format!("/teams/{id}"), &Value::Null);
    assert_eq!(shown["data"]["attributes"]["users-count"], 0);
}

#[test]
fn a_membership_is_made_listed_shown_and_removed_as_printed() {
    let api = Api::start();
    let team = api.team("readers", &json!({}));
    api.registry.user("test");
    let email = json!({ "subject": "user", "command": "update", "username": "test",
                        "email": "test@example.com" });
    api.registry.command(&email);
    let names = "organization-memberships";
    let file = |name: &str| sample(&format!("004/{names}-{name}.json"));
    let mut invitation = file("01-invite-a-user-to-an-organization.request").unwrap_or_else(|| {
        json!({ "data": { "attributes": { "email": "test@example.com" },
                          "relationships": { "teams": { "data": [{ "type": "teams", "id": "" }] } } } })
    });
    invitation["data"]["relationships"]["teams"]["data"][0]["id"] = json!(team);
    let here = format!("/organizations/acme/{names}");
    let made = api.done("POST", &here, &invitation);
    assert_eq!(
        made["data"]["relationships"]["teams"]["data"][0]["id"],
        json!(team)
    );
    let id = made["data"]["id"].as_str().expect("an id").to_owned();
    let list = api.done("GET", &format!("{here}?q=test&include=user"), &Value::Null);
    assert_eq!(list["data"].as_array().expect("a list").len(), 1);
    let own = api.done("GET", &format!("/{names}"), &Value::Null);
    assert_eq!(
        own["data"][0]["relationships"]["organization"]["data"]["id"],
        "acme"
    );
    let shown = api.done("GET", &format!("/{names}/{id}"), &Value::Null);
    for (name, found) in [
        ("02-invite-a-user-to-an-organization.response", &made),
        ("03-list-memberships-for-an-organization.response", &list),
        ("04-list-user-s-own-memberships.response", &own),
        ("05-show-a-membership.response", &shown),
    ] {
        // An invited user of the sample has no name yet; this one has.
        if let Some(expected) = file(name) {
            same_shape(&expected, found, name);
        }
    }
    let (status, _) = api.send("POST", &here, &api.registry.admin, &invitation);
    assert_eq!(status, 422, "a member already");
    api.done("DELETE", &format!("/{names}/{id}"), &Value::Null);
    let (status, _) = api.send(
        "GET",
        &format!("/{names}/{id}"),
        &api.registry.admin,
        &Value::Null,
    );
    assert_eq!(status, 404);
}

#[test]
fn t40_nobody_raises_themselves_or_others_by_teams_or_memberships() {
    let api = Api::start();
    let managers = api.team(
        "managers",
        &json!({ "manage-teams": true, "manage-membership": true }),
    );
    let publishers = api.team("publishers", &json!({ "manage-modules": true }));
    let (_, mia) = api.member("mia");
    let (_, noa) = api.member("noa");
    api.done(
        "POST",
        &format!("/teams/{managers}/relationships/users"),
        &users(&["mia"]),
    );
    let owners = api.done("GET", "/organizations/acme/teams?q=owners", &Value::Null);
    let owners = owners["data"][0]["id"].as_str().expect("an id").to_owned();
    let refused = |method: &str, path: &str, token: &str, body: &Value, expected: u16| {
        let (status, answer) = api.send(method, path, token, body);
        assert_eq!(status, expected, "{method} {path}: {answer}");
    };
    let into = |team: &str| format!("/teams/{team}/relationships/users");
    // A manager of teams makes nobody more than they are themselves.
    refused("POST", &into(&owners), &mia, &users(&["mia"]), 403);
    refused("POST", &into(&publishers), &mia, &users(&["mia"]), 403);
    refused("DELETE", &into(&owners), &mia, &users(&["admin"]), 403);
    let more =
        json!({ "data": { "attributes": { "organization-access": { "manage-modules": true } } } });
    refused("PATCH", &format!("/teams/{managers}"), &mia, &more, 403);
    refused("PATCH", &format!("/teams/{publishers}"), &mia, &more, 403);
    let team = json!({ "data": { "attributes": { "name": "x", "organization-access": { "manage-modules": true } } } });
    refused("POST", "/organizations/acme/teams", &mia, &team, 403);
    api.registry.user("eve");
    let invitation = json!({ "data": {
        "attributes": { "email": "eve" },
        "relationships": { "teams": { "data": [{ "type": "teams", "id": owners }] } },
    } });
    refused(
        "POST",
        "/organizations/acme/organization-memberships",
        &mia,
        &invitation,
        403,
    );
    let list = api.done(
        "GET",
        "/organizations/acme/organization-memberships?q=eve",
        &Value::Null,
    );
    assert_eq!(list["data"], json!([]), "and nothing of it was done");
    // A plain member sees teams and changes none.
    refused("GET", &format!("/teams/{owners}"), &noa, &Value::Null, 200);
    refused("POST", &into(&managers), &noa, &users(&["noa"]), 403);
    refused(
        "DELETE",
        &format!("/teams/{managers}"),
        &noa,
        &Value::Null,
        403,
    );
    // To a stranger, ids name nothing.
    let stranger = api.registry.user("sam");
    refused(
        "GET",
        &format!("/teams/{owners}"),
        &stranger,
        &Value::Null,
        404,
    );
    refused("POST", &into(&owners), &stranger, &users(&["sam"]), 404);
}

#[test]
fn t40_an_owner_who_is_shut_out_is_no_other_owner() {
    let api = Api::start();
    let owners = api.done("GET", "/organizations/acme/teams?q=owners", &Value::Null);
    let owners = owners["data"][0]["id"].as_str().expect("an id").to_owned();
    api.member("second");
    let path = format!("/teams/{owners}/relationships/users");
    api.done("POST", &path, &users(&["second"]));
    let suspend = |suspended: bool| {
        api.registry.command(&json!({
            "subject": "user", "command": "update", "username": "second", "suspended": suspended,
        }));
    };
    suspend(true);
    let (status, _) = api.send("DELETE", &path, &api.registry.admin, &users(&["admin"]));
    assert_eq!(status, 409);
    suspend(false);
    api.done("DELETE", &path, &users(&["admin"]));
    let (status, _) = api.send("DELETE", &path, &api.registry.admin, &users(&["second"]));
    assert_eq!(status, 409, "now that one is the last");
}
