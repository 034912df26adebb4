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
        let attributes =
            json!({ "name": name, "organization-access": access, "visibility": "organization" });
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
    assert_eq!(access["manage-workspaces"], true, "kept for later");
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

#[test]
fn a_team_has_the_defaults_of_terraform_enterprise_and_gives_back_what_is_set() {
    let api = Api::start();
    let body = json!({ "data": { "type": "teams", "attributes": { "name": "new" } } });
    let made = api.done("POST", "/organizations/acme/teams", &body);
    let path = format!("/teams/{}", made["data"]["id"].as_str().expect("an id"));
    let attributes = |document: &Value| document["data"]["attributes"].clone();
    let new = attributes(&made);
    assert_eq!(new["visibility"], "secret");
    assert_eq!(new["sso-team-id"], Value::Null);
    let access = new["organization-access"].as_object().expect("an object");
    assert_eq!(access.len(), 16, "{access:?}");
    assert!(access.values().all(|given| given == false), "{access:?}");
    for permission in [
        "can-destroy",
        "can-update-membership",
        "can-update-organization-access",
        "can-update-api-token",
        "can-update-visibility",
    ] {
        assert_eq!(new["permissions"][permission], true, "{permission}");
    }
    let change = |attributes: &Value| {
        let body = json!({ "data": { "type": "teams", "attributes": attributes } });
        api.send("PATCH", &path, &api.registry.admin, &body)
    };
    // Each change keeps everything that it does not name.
    let mut expected = new.clone();
    let kinds: Vec<String> = access.keys().cloned().collect();
    for kind in &kinds {
        let (status, changed) = change(&json!({ "organization-access": { kind: true } }));
        assert_eq!(status, 200, "{changed}");
        expected["organization-access"][kind] = json!(true);
        assert_eq!(attributes(&changed), expected, "{kind}");
        assert_eq!(
            attributes(&api.done("GET", &path, &Value::Null)),
            expected,
            "{kind}"
        );
    }
    for (name, value, back) in [
        ("name", json!("team/name/with/slashes"), None),
        ("name", json!("team name with spaces"), None),
        ("name", json!("team-aaaabbbbcccc"), None),
        ("visibility", json!("organization"), None),
        (
            "sso-team-id",
            json!("7dddb675-73e0-4858-a8ad-0e597064301b"),
            None,
        ),
        ("sso-team-id", json!(""), Some(Value::Null)),
        ("visibility", Value::Null, Some(json!("organization"))),
    ] {
        let (status, changed) = change(&json!({ name: value }));
        assert_eq!(status, 200, "{changed}");
        expected[name] = back.unwrap_or(value);
        assert_eq!(attributes(&changed), expected, "{name}");
        assert_eq!(
            attributes(&api.done("GET", &path, &Value::Null)),
            expected,
            "{name}"
        );
    }
    for (name, value) in [
        ("name", json!(" a")),
        ("name", json!("a\u{a0}b")),
        ("name", json!("a\u{200b}")),
        ("name", json!("")),
        ("name", json!("OWNERS")),
        ("visibility", json!("hidden")),
        ("sso-team-id", json!("a\nb")),
    ] {
        let (status, problem) = change(&json!({ name: value }));
        assert_eq!(status, 422, "{name} {value}: {problem}");
    }
    let (status, problem) = change(&json!({ "organization-access": { "manage-teams": "yes" } }));
    assert!(status.is_client_error(), "{problem}");
    assert_eq!(attributes(&api.done("GET", &path, &Value::Null)), expected);
}

#[test]
fn a_team_is_found_by_any_name_that_it_may_have() {
    let api = Api::start();
    for name in ["foo bar", "team/name/with/slashes", "a, b", "Zürich & co"] {
        let id = api.team(name, &json!({}));
        let bytes = name.bytes().map(|byte| format!("%{byte:02X}"));
        let encoded = bytes.collect::<Vec<_>>().concat();
        for query in [
            format!("filter%5Bnames%5D={encoded}"),
            format!("q={encoded}"),
        ] {
            let list = api.done(
                "GET",
                &format!("/organizations/acme/teams?{query}"),
                &Value::Null,
            );
            assert_eq!(list["meta"]["pagination"]["total-count"], 1, "{query}");
            assert_eq!(list["data"][0]["id"], json!(id), "{query}");
            assert_eq!(list["data"][0]["attributes"]["name"], name);
        }
        // The name is taken, in any case.
        let body = json!({ "data": { "attributes": { "name": name.to_uppercase() } } });
        let (status, _) = api.send(
            "POST",
            "/organizations/acme/teams",
            &api.registry.admin,
            &body,
        );
        assert_eq!(status, 422, "{name}");
        api.done("DELETE", &format!("/teams/{id}"), &Value::Null);
    }
}

#[test]
fn t40_what_is_kept_for_later_is_guarded_like_what_has_an_effect() {
    let api = Api::start();
    let (_, mia) = api.member("mia");
    let managers = api.team(
        "managers",
        &json!({ "manage-teams": true, "manage-organization-access": true }),
    );
    let into = format!("/teams/{managers}/relationships/users");
    api.done("POST", &into, &users(&["mia"]));
    for kind in [
        "manage-policies",
        "manage-policy-overrides",
        "delegate-policy-overrides",
        "manage-workspaces",
        "read-workspaces",
        "manage-run-tasks",
        "manage-agent-pools",
        "manage-projects",
        "read-projects",
        "manage-vcs-settings",
        "access-secret-teams",
    ] {
        let new = json!({ "data": { "attributes": {
            "name": "x", "organization-access": { kind: true },
        } } });
        let (status, answer) = api.send("POST", "/organizations/acme/teams", &mia, &new);
        assert_eq!(status, 403, "{kind}: {answer}");
        let change = json!({ "data": { "attributes": { "organization-access": { kind: true } } } });
        let (status, answer) = api.send("PATCH", &format!("/teams/{managers}"), &mia, &change);
        assert_eq!(status, 403, "{kind}: {answer}");
    }
    // Who may not say what teams may do gives nothing at all, not even what they have.
    let (_, noa) = api.member("noa");
    let only_teams = api.team(
        "only teams",
        &json!({ "manage-teams": true, "manage-workspaces": true }),
    );
    api.done(
        "POST",
        &format!("/teams/{only_teams}/relationships/users"),
        &users(&["noa"]),
    );
    let new = json!({ "data": { "attributes": {
        "name": "x", "organization-access": { "manage-workspaces": true },
    } } });
    let (status, answer) = api.send("POST", "/organizations/acme/teams", &noa, &new);
    assert_eq!(status, 403, "{answer}");
    let shown = api
        .send("GET", &format!("/teams/{only_teams}"), &noa, &Value::Null)
        .1;
    let permissions = &shown["data"]["attributes"]["permissions"];
    assert_eq!(permissions["can-update-organization-access"], false);
    assert_eq!(permissions["can-update-visibility"], true);
}

#[test]
fn t40_the_owners_team_keeps_its_name_its_access_and_is_seen() {
    let api = Api::start();
    let owners = api.done("GET", "/organizations/acme/teams?q=owners", &Value::Null);
    let path = format!(
        "/teams/{}",
        owners["data"][0]["id"].as_str().expect("an id")
    );
    let change = |token: &str, attributes: &Value| {
        let body = json!({ "data": { "attributes": attributes } });
        api.send("PATCH", &path, token, &body).0.as_u16()
    };
    let admin = &api.registry.admin;
    assert_eq!(change(admin, &json!({ "visibility": "secret" })), 409);
    assert_eq!(change(admin, &json!({ "name": "others" })), 409);
    let less = json!({ "organization-access": { "manage-teams": false } });
    assert_eq!(change(admin, &less), 409);
    let same = json!({ "name": "owners", "visibility": "organization", "sso-team-id": "top" });
    assert_eq!(change(admin, &same), 200);
    // Somebody with every access is no owner.
    let every = owners["data"][0]["attributes"]["organization-access"].clone();
    let team = api.team("all", &every);
    let (_, mia) = api.member("mia");
    api.done(
        "POST",
        &format!("/teams/{team}/relationships/users"),
        &users(&["mia"]),
    );
    assert_eq!(change(&mia, &json!({ "sso-team-id": "mine" })), 403);
    let shown = api.done("GET", &path, &Value::Null);
    assert_eq!(shown["data"]["attributes"]["sso-team-id"], "top");
}

#[test]
fn a_member_with_the_right_to_vcs_settings_manages_ssh_keys_and_nothing_else() {
    let api = Api::start();
    let (_, mia) = api.member("mia");
    let (_, noa) = api.member("noa");
    let team = api.team("keys", &json!({ "manage-vcs-settings": true }));
    api.done(
        "POST",
        &format!("/teams/{team}/relationships/users"),
        &users(&["mia"]),
    );
    let list = "/organizations/acme/ssh-keys";
    assert_eq!(api.send("GET", list, &mia, &Value::Null).0, 200);
    assert_eq!(api.send("GET", list, &noa, &Value::Null).0, 403);
    let settings = json!({ "data": { "attributes": { "email": "x@example.com" } } });
    assert_eq!(
        api.send("PATCH", "/organizations/acme", &mia, &settings).0,
        403
    );
    let new = json!({ "data": { "attributes": { "name": "x" } } });
    assert_eq!(
        api.send("POST", "/organizations/acme/teams", &mia, &new).0,
        403
    );
}

#[test]
fn the_command_line_says_whether_members_manage_tokens() {
    let api = Api::start();
    let id = api.team("publishers", &json!({}));
    let allowed = || {
        let shown = api.done("GET", &format!("/teams/{id}"), &Value::Null);
        shown["data"]["attributes"]["allow-member-token-management"].clone()
    };
    assert_eq!(allowed(), true, "the default of Terraform Enterprise");
    for value in ["false", "true"] {
        let words = ["team", "update", "acme", "publishers"];
        let output = api
            .registry
            .cli(&words)
            .args(["--members-manage-tokens", value])
            .output()
            .expect("the command runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        assert_eq!(allowed().to_string(), value);
    }
}
