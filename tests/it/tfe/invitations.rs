//! Tests invitations of people who have no account yet: made, found, put into teams, taken and
//! removed; and who may do and see that.

use serde_json::{Value, json};

use crate::harness::Appliance;

const LIST: &str = "/organizations/acme/organization-memberships";

fn send(
    registry: &Appliance,
    (method, path): (&str, &str),
    token: &str,
    body: &Value,
) -> (u16, Value) {
    let request = registry.request(method, &format!("/api/v2{path}"), Some(token));
    let answer = request.json(body).send().expect("an answer");
    let status = answer.status().as_u16();
    let text = answer.text().expect("a body");
    (status, serde_json::from_str(&text).unwrap_or_default())
}

fn get(registry: &Appliance, path: &str) -> Value {
    registry.json(&format!("/api/v2{path}"))
}

fn invitation(attributes: &Value, teams: &[&str]) -> Value {
    let teams: Vec<_> = teams
        .iter()
        .map(|team| json!({ "type": "teams", "id": team }))
        .collect();
    json!({ "data": { "type": "organization-memberships", "attributes": attributes,
                      "relationships": { "teams": { "data": teams } } } })
}

fn invite(registry: &Appliance, email: &str, teams: &[&str]) -> Value {
    let body = invitation(&json!({ "email": email }), teams);
    let (status, made) = send(registry, ("POST", LIST), &registry.admin, &body);
    assert_eq!(status, 201, "{made}");
    made
}

fn team(registry: &Appliance, name: &str, access: &Value) -> String {
    let body = json!({ "data": { "type": "teams", "attributes": {
        "name": name, "organization-access": access,
    } } });
    let path = "/organizations/acme/teams";
    let (status, made) = send(registry, ("POST", path), &registry.admin, &body);
    assert_eq!(status, 201, "{made}");
    id(&made)
}

fn id(document: &Value) -> String {
    document["data"]["id"].as_str().expect("an id").to_owned()
}

fn user_id(document: &Value) -> String {
    let user = &document["data"]["relationships"]["user"]["data"]["id"];
    user.as_str().expect("an id").to_owned()
}

/// Makes a user with an address; returns their token.
fn user(registry: &Appliance, username: &str, email: &str) -> String {
    let made = registry.command(&json!({
        "subject": "user", "command": "create", "username": username, "email": email,
    }));
    made["token"].as_str().expect("a token").to_owned()
}

fn ids(list: &Value) -> Vec<String> {
    let all = list["data"].as_array().expect("a list").iter();
    all.map(|one| one["id"].as_str().expect("an id").to_owned())
        .collect()
}

#[test]
fn an_address_that_nobody_has_is_invited_and_found() {
    let registry = Appliance::start();
    let (readers, writers) = (
        team(&registry, "readers", &json!({})),
        team(&registry, "writers", &json!({ "manage-modules": true })),
    );
    let made = invite(&registry, "New.One@example.com", &[&readers, &writers]);
    assert_eq!(made["data"]["attributes"]["status"], "invited");
    assert_eq!(made["data"]["attributes"]["email"], "New.One@example.com");
    let teams = &made["data"]["relationships"]["teams"]["data"];
    assert_eq!(
        (&teams[0]["id"], &teams[1]["id"]),
        (&json!(readers), &json!(writers))
    );
    let organization = &made["data"]["relationships"]["organization"]["data"]["id"];
    assert_eq!(organization, "acme");
    let user = &made["included"][0];
    assert_eq!(user["id"], json!(user_id(&made)));
    assert_eq!(user["attributes"]["email"], "New.One@example.com");
    assert_eq!(user["attributes"]["username"], Value::Null);
    assert_eq!(user["attributes"]["two-factor"]["enabled"], false);
    // It reads as it was made, alone and in lists.
    let id = id(&made);
    let one = get(
        &registry,
        &format!("/organization-memberships/{id}?include=user"),
    );
    assert_eq!(one, made);
    let both = get(
        &registry,
        &format!("/organization-memberships/{id}?include=user,teams"),
    );
    assert_eq!(both["included"].as_array().expect("a list").len(), 3);
    let other = id_of_other(&registry);
    for (query, expected) in [
        ("", 3),
        ("filter%5Bstatus%5D=invited", 2),
        ("filter%5Bstatus%5D=active", 1),
        ("filter%5Bemail%5D=new.one%40example.com", 1),
        (
            "filter%5Bemail%5D=new.one%40example.com,other%40example.com",
            2,
        ),
        ("q=ew.on", 1),
        ("q=nobody", 0),
    ] {
        let list = get(&registry, &format!("{LIST}?{query}"));
        assert_eq!(ids(&list).len(), expected, "{query}");
        assert_eq!(list["meta"]["status-counts"]["total"], expected, "{query}");
    }
    let list = get(&registry, &format!("{LIST}?include=user&page%5Bsize%5D=2"));
    assert_eq!(list["meta"]["status-counts"]["invited"], 2);
    assert_eq!(list["meta"]["pagination"]["total-pages"], 2);
    let shown = get(&registry, &format!("/users/{}", user_id(&made)));
    assert_eq!(shown["data"]["attributes"]["email"], "New.One@example.com");
    // Both are removed as members are.
    for id in [&id, &other] {
        let path = format!("/organization-memberships/{id}");
        assert_eq!(
            send(&registry, ("DELETE", &path), &registry.admin, &Value::Null).0,
            204
        );
        assert_eq!(
            send(&registry, ("GET", &path), &registry.admin, &Value::Null).0,
            404
        );
    }
    assert_eq!(ids(&get(&registry, LIST)).len(), 1);
    let path = format!("/users/{}", user_id(&made));
    assert_eq!(
        send(&registry, ("GET", &path), &registry.admin, &Value::Null).0,
        404
    );
}

fn id_of_other(registry: &Appliance) -> String {
    id(&invite(registry, "other@example.com", &[]))
}

#[test]
fn what_cannot_be_invited_is_refused_with_its_reason() {
    let registry = Appliance::start();
    invite(&registry, "new@example.com", &[]);
    for (attributes, reason) in [
        (
            json!({ "email": "not-an-email-address" }),
            "name@example.com",
        ),
        (
            json!({ "email": "a@example.com,b@example.com" }),
            "name@example.com",
        ),
        (json!({}), "name@example.com"),
        (json!({ "email": "NEW@example.com" }), "already exists"),
        (json!({ "email": "admin" }), "already exists"),
        (
            json!({ "email": "x@example.com", "username": "x" }),
            "not both",
        ),
        (json!({ "username": "no name" }), "username"),
    ] {
        let body = invitation(&attributes, &[]);
        let (status, answer) = send(&registry, ("POST", LIST), &registry.admin, &body);
        assert_eq!(status, 422, "{attributes}: {answer}");
        let detail = answer["errors"][0]["detail"].as_str().expect("a text");
        assert!(detail.contains(reason), "{attributes}: {detail}");
    }
    let id = ids(&get(&registry, &format!("{LIST}?q=new")))[0].clone();
    let path = format!("/organization-memberships/{id}?include=users");
    let (status, answer) = send(&registry, ("GET", &path), &registry.admin, &Value::Null);
    assert_eq!(status, 400);
    assert!(answer.to_string().contains("include parameter"), "{answer}");
}

#[test]
fn an_invitation_is_taken_by_the_user_whom_an_administrator_makes() {
    let registry = Appliance::start();
    registry.organization("other", false);
    let writers = team(&registry, "writers", &json!({ "manage-modules": true }));
    let made = invite(&registry, "new@example.com", &[]);
    let body = invitation(&json!({ "email": "New@example.com" }), &[]);
    let elsewhere = "/organizations/other/organization-memberships";
    let (_, second) = send(&registry, ("POST", elsewhere), &registry.admin, &body);
    assert_eq!(user_id(&second), user_id(&made), "one person, one id");
    // In a team beforehand: among its memberships, and not yet among its users.
    let by_id = json!({ "data": [{ "type": "organization-memberships", "id": id(&made) }] });
    let relation = format!("/teams/{writers}/relationships/organization-memberships");
    assert_eq!(
        send(&registry, ("POST", &relation), &registry.admin, &by_id).0,
        204
    );
    let shown = get(
        &registry,
        &format!("/teams/{writers}?include=organization-memberships"),
    );
    let relationships = &shown["data"]["relationships"];
    assert_eq!(
        relationships["organization-memberships"]["data"][0]["id"],
        json!(id(&made))
    );
    assert_eq!(relationships["users"]["data"], json!([]));
    assert_eq!(shown["data"]["attributes"]["users-count"], 0);
    assert_eq!(shown["included"][0]["attributes"]["status"], "invited");
    // A user of another address is somebody else.
    user(&registry, "eve", "eve@example.com");
    let token = user(&registry, "newbie", "NEW@example.com");
    let active = get(
        &registry,
        &format!("/organization-memberships/{}?include=user", id(&made)),
    );
    assert_eq!(active["data"]["attributes"]["status"], "active");
    assert_eq!(user_id(&active), user_id(&made));
    assert_eq!(active["included"][0]["attributes"]["username"], "newbie");
    let shown = get(&registry, &format!("/teams/{writers}"));
    assert_eq!(shown["data"]["attributes"]["users-count"], 1);
    let own = registry.get("/api/v2/organization-memberships", Some(&token));
    let own: Value = own.json().expect("JSON");
    assert_eq!(ids(&own).len(), 2, "of both organizations");
    let module = json!({ "data": { "attributes": { "name": "vpc", "provider": "aws" } } });
    let path = "/organizations/acme/registry-modules";
    assert_eq!(send(&registry, ("POST", path), &token, &module).0, 201);
    // Nothing waits any more, and the same address can be made a user again.
    let invited = get(&registry, &format!("{LIST}?filter%5Bstatus%5D=invited"));
    assert_eq!(ids(&invited).len(), 0);
}

#[test]
fn an_invitation_is_taken_by_a_user_who_is_given_its_address_by_an_administrator() {
    let registry = Appliance::start();
    let readers = team(&registry, "readers", &json!({}));
    let gone = team(&registry, "gone", &json!({}));
    let made = invite(&registry, "ann@example.com", &[&readers, &gone]);
    let path = format!("/teams/{gone}");
    assert_eq!(
        send(&registry, ("DELETE", &path), &registry.admin, &Value::Null).0,
        204
    );
    registry.user("ann");
    registry.command(&json!({
        "subject": "user", "command": "update", "username": "ann", "email": "Ann@example.com",
    }));
    let path = format!("/organization-memberships/{}", id(&made));
    let active = get(&registry, &path);
    assert_eq!(active["data"]["attributes"]["status"], "active");
    let teams = active["data"]["relationships"]["teams"]["data"].as_array();
    assert_eq!(teams.expect("a list").len(), 1, "a deleted team is dropped");
    // Who is a member already comes into the teams of the invitation as well.
    let writers = team(&registry, "writers", &json!({}));
    invite(&registry, "ann@work.example", &[&writers]);
    registry.command(&json!({
        "subject": "user", "command": "update", "username": "ann", "email": "ann@work.example",
    }));
    let active = get(&registry, &path);
    let teams = active["data"]["relationships"]["teams"]["data"].as_array();
    assert_eq!(teams.expect("a list").len(), 2);
    assert_eq!(
        ids(&get(&registry, LIST)).len(),
        2,
        "the administrator and ann"
    );
}

#[test]
fn a_name_is_invited_and_taken_by_the_user_whom_an_administrator_makes() {
    let registry = Appliance::start();
    let body = invitation(&json!({ "username": "Bob" }), &[]);
    let (status, made) = send(&registry, ("POST", LIST), &registry.admin, &body);
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["data"]["attributes"]["status"], "invited");
    assert_eq!(made["included"][0]["attributes"]["username"], "Bob");
    registry.user("bob");
    let shown = get(
        &registry,
        &format!("/organization-memberships/{}", id(&made)),
    );
    assert_eq!(shown["data"]["attributes"]["status"], "active");
    assert_eq!(user_id(&shown), user_id(&made));
}

#[test]
fn t40_nobody_is_raised_by_an_invitation() {
    let registry = Appliance::start();
    let managers = team(
        &registry,
        "managers",
        &json!({ "manage-teams": true, "manage-membership": true }),
    );
    let inviters = team(&registry, "inviters", &json!({ "manage-membership": true }));
    let publishers = team(&registry, "publishers", &json!({ "manage-modules": true }));
    let owners = ids(&get(&registry, "/organizations/acme/teams?q=owners"))[0].clone();
    let tokens: Vec<_> = [("mia", "managers"), ("ivo", "inviters")]
        .iter()
        .map(|(name, team)| {
            let token = registry.user(name);
            registry.join("acme", team, name);
            token
        })
        .collect();
    let ask = |token: &str, teams: &[&str]| {
        let body = invitation(&json!({ "email": "friend@example.com" }), teams);
        send(&registry, ("POST", LIST), token, &body).0
    };
    let (mia, ivo) = (&*tokens[0], &*tokens[1]);
    assert_eq!(ask(mia, &[&owners]), 403);
    assert_eq!(ask(mia, &[&publishers]), 403);
    assert_eq!(ask(ivo, &[&inviters]), 403, "ivo manages no teams");
    assert_eq!(ask(ivo, &[]), 201);
    let friend = ids(&get(&registry, &format!("{LIST}?q=friend")))[0].clone();
    let by_id = json!({ "data": [{ "type": "organization-memberships", "id": friend }] });
    let into = |token: &str, method: &str, team: &str| {
        let path = format!("/teams/{team}/relationships/organization-memberships");
        send(&registry, (method, &path), token, &by_id).0
    };
    assert_eq!(into(mia, "POST", &owners), 403);
    assert_eq!(into(mia, "POST", &publishers), 403);
    assert_eq!(into(mia, "POST", &managers), 204);
    assert_eq!(into(ivo, "POST", &managers), 403);
    // The invitation of an owner is for owners to take back.
    assert_eq!(into(&registry.admin, "POST", &owners), 204);
    assert_eq!(into(mia, "DELETE", &owners), 403);
    let path = format!("/organization-memberships/{friend}");
    assert_eq!(send(&registry, ("DELETE", &path), mia, &Value::Null).0, 403);
    assert_eq!(
        send(&registry, ("DELETE", &path), &registry.admin, &Value::Null).0,
        204
    );
    // An invited owner is no owner: the last one stays.
    let boss = invite(&registry, "boss@example.com", &[&owners]);
    let path = format!("/teams/{owners}/relationships/users");
    let admin = json!({ "data": [{ "type": "users", "id": "admin" }] });
    assert_eq!(
        send(&registry, ("DELETE", &path), &registry.admin, &admin).0,
        409
    );
    // To those who see no members, an invitation is not there.
    let stranger = registry.user("sam");
    let path = format!("/organization-memberships/{}", id(&boss));
    for method in ["GET", "DELETE"] {
        assert_eq!(
            send(&registry, (method, &path), &stranger, &Value::Null).0,
            404
        );
    }
    let path = format!("/users/{}", user_id(&boss));
    assert_eq!(
        send(&registry, ("GET", &path), &stranger, &Value::Null).0,
        404
    );
    assert_eq!(send(&registry, ("GET", &path), ivo, &Value::Null).0, 200);
}
