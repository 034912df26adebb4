//! Makes every call about organizations, people and their tokens to a running registry. The status,
//! the keys and the types are as the contracts write them.

use serde_json::{Value, json};

use super::conversation::{Conversation, id, of};

/// The contracts that are tested here.
pub(super) const PEOPLE: &[&str] = &[
    "administration",
    "audit-configuration",
    "audit-trail",
    "organization-memberships",
    "organizations",
    "projects",
    "ssh-keys",
    "teams",
    "token-ttl-policies",
    "tokens",
    "users-and-accounts",
];

#[test]
fn organizations_and_people_are_as_written() {
    let mut api = Conversation::start();
    organizations(&mut api);
    let team = people(&mut api);
    tokens(&mut api, &team);
    ssh_keys(&mut api);
    projects(&mut api);
    api.call("DELETE", &format!("/api/v2/teams/{team}"));
    administration(&mut api);
    api.finish(PEOPLE, &[]);
}

fn organizations(api: &mut Conversation) {
    let list = "/api/v2/organizations";
    let new = json!({ "name": "globex", "email": "ops@example.com" });
    api.send("POST", list, &of("organizations", &new));
    let globex = format!("{list}/globex");
    let change = json!({ "email": "it@example.com" });
    api.send("PATCH", &globex, &of("organizations", &change));
    api.call("GET", list);
    api.call("GET", &globex);
    api.call("GET", &format!("{globex}/entitlement-set"));
    api.registry.organization_is_public("acme");
    api.call("GET", &format!("{globex}/relationships/module-producers"));
    let policy = format!("{globex}/relationships/data-retention-policy");
    let keep = json!({ "data": { "type": "data-retention-policy-dont-deletes" } });
    api.send("POST", &policy, &keep);
    api.call("GET", &policy);
    api.send("PATCH", &policy, &keep);
    api.call("DELETE", &policy);
    api.call("GET", "/api/meta/ip-ranges");
    api.call("DELETE", &globex);
}

/// Makes the calls about people; returns the id of a team with members.
fn people(api: &mut Conversation) -> String {
    let mia = api.registry.user("mia");
    api.registry.command(&json!({
        "subject": "user", "command": "update", "username": "mia", "password": "the first one",
    }));
    let own = api.send_as(&mia, "GET", "/api/v2/account/details", &Value::Null);
    api.call("GET", &format!("/api/v2/users/{}", id(&own)));
    let name = of("users", &json!({ "username": "mia" }));
    api.send_as(&mia, "PATCH", "/api/v2/account/update", &name);
    let password = json!({
        "current_password": "the first one",
        "password": "the second one",
        "password_confirmation": "the second one",
    });
    let password = of("users", &password);
    api.send_as(&mia, "PATCH", "/api/v2/account/password", &password);

    let teams = "/api/v2/organizations/acme/teams";
    let access = json!({ "manage-modules": true });
    let new = json!({ "name": "publishers", "organization-access": access });
    let team = id(&api.send("POST", teams, &of("teams", &new)));
    let memberships = "/api/v2/organizations/acme/organization-memberships";
    let mut invitation = of("organization-memberships", &json!({ "email": "mia" }));
    let teams_of_mia = json!({ "teams": { "data": [{ "type": "teams", "id": team }] } });
    invitation["data"]["relationships"] = teams_of_mia;
    let membership = id(&api.send("POST", memberships, &invitation));
    let by_id = format!("/api/v2/organization-memberships/{membership}");
    api.call("GET", memberships);
    api.send_as(
        &mia,
        "GET",
        "/api/v2/organization-memberships",
        &Value::Null,
    );
    api.call("GET", &format!("{by_id}?include=user,teams"));

    let one = format!("/api/v2/teams/{team}");
    let users = json!({ "data": [{ "type": "users", "id": "mia" }] });
    let members = json!({ "data": [{ "type": "organization-memberships", "id": membership }] });
    let users_of_team = format!("{one}/relationships/users");
    let members_of_team = format!("{one}/relationships/organization-memberships");
    api.send("DELETE", &users_of_team, &users);
    api.send("POST", &users_of_team, &users);
    api.send("DELETE", &members_of_team, &members);
    api.send("POST", &members_of_team, &members);
    api.call("GET", teams);
    api.call("GET", &format!("{one}?include=users"));
    let access = json!({ "manage-providers": true });
    let change = json!({ "name": "releasers", "organization-access": access });
    api.send("PATCH", &one, &of("teams", &change));
    api.call("DELETE", &by_id);
    team
}

fn tokens(api: &mut Conversation, team: &str) {
    let own = api.call("GET", "/api/v2/account/details");
    let list = format!("/api/v2/users/{}/authentication-tokens", id(&own));
    let new = json!({ "description": "CI", "expired-at": "2099-01-01T00:00:00.000Z" });
    let new = of("authentication-tokens", &new);
    let made = id(&api.send("POST", &list, &new));
    api.call("GET", &list);
    let one = format!("/api/v2/authentication-tokens/{made}");
    api.call("GET", &one);
    api.call("DELETE", &one);
    let of_team = format!("/api/v2/teams/{team}/authentication-token");
    for slot in ["/api/v2/organizations/acme/authentication-token", &of_team] {
        api.send("POST", slot, &new);
        api.call("GET", slot);
        if slot == of_team {
            api.call("GET", "/api/v2/organizations/acme/team-tokens");
        }
        api.call("DELETE", slot);
    }
    api.send("POST", &format!("{of_team}s"), &new);
    let policies = "/api/v2/organizations/acme/token-ttl-policies";
    api.call("GET", policies);
    let year = json!({ "token-type": "team", "max-ttl-ms": 31_536_000_000_i64 });
    let year = json!({ "token-ttl-policies": [year] });
    let year = of("organization-token-ttl-policies", &year);
    api.send("PATCH", policies, &year);
    let log = "/api/v2/organizations/acme/audit-configuration";
    api.call("GET", log);
    let on = json!({ "audit-trails": { "enabled": true } });
    api.send("PATCH", log, &of("audit-configurations", &on));
    api.send("POST", &format!("{log}/test"), &Value::Null);
    let audit = "/api/v2/organizations/acme/authentication-token?token=audit-trails";
    let made = api.send("POST", audit, &new);
    let secret = made["data"]["attributes"]["token"].as_str();
    let secret = secret.expect("a secret").to_owned();
    api.send_as(
        &secret,
        "GET",
        "/api/v2/organization/audit-trail",
        &Value::Null,
    );
}

fn ssh_keys(api: &mut Conversation) {
    let list = "/api/v2/organizations/acme/ssh-keys";
    let secret =
        "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----\n";
    let new = of("ssh-keys", &json!({ "name": "deploy", "value": secret }));
    let key = id(&api.send("POST", list, &new));
    let one = format!("/api/v2/ssh-keys/{key}");
    api.call("GET", list);
    api.call("GET", &one);
    api.send("PATCH", &one, &of("ssh-keys", &json!({ "name": "other" })));
    api.call("DELETE", &one);
}

fn projects(api: &mut Conversation) {
    let list = "/api/v2/organizations/acme/projects";
    let tags =
        json!([{ "type": "tag-bindings", "attributes": { "key": "stage", "value": "test" } }]);
    let new = json!({ "data": {
        "type": "projects",
        "attributes": {
            "name": "Network", "description": "cables", "auto-destroy-activity-duration": "14d",
            "default-execution-mode": "local",
        },
        "relationships": { "tag-bindings": { "data": tags } },
    } });
    let project = id(&api.send("POST", list, &new));
    let one = format!("/api/v2/projects/{project}");
    api.call("GET", list);
    api.call("GET", &one);
    api.send("PATCH", &one, &of("projects", &json!({ "name": "Cables" })));
    api.call("GET", &format!("{one}/tag-bindings"));
    api.send(
        "PATCH",
        &format!("{one}/tag-bindings"),
        &json!({ "data": tags }),
    );
    api.call("GET", &format!("{one}/effective-tag-bindings"));
    api.call("GET", "/api/v2/organizations/acme/workspaces");
    api.call("DELETE", &one);
}

fn administration(api: &mut Conversation) {
    api.registry.organization("globex", true);
    let list = "/api/v2/admin/organizations";
    let globex = format!("{list}/globex");
    api.call("GET", list);
    api.call("GET", &globex);
    let change = json!({ "access-beta-tools": false });
    api.send("PATCH", &globex, &of("organizations", &change));
    let acme = json!({ "data": [{ "type": "organizations", "id": "acme" }] });
    for kind in ["module-consumers", "provider-consumers"] {
        let consumers = format!("{globex}/relationships/{kind}");
        api.send("PATCH", &consumers, &acme);
        api.call("GET", &consumers);
    }
    api.call("DELETE", &globex);

    api.registry.user("noa");
    let users = api.call("GET", "/api/v2/admin/users");
    let users = users["data"].as_array().cloned().unwrap_or_default();
    let noa = users
        .iter()
        .find(|it| it["attributes"]["username"] == "noa");
    let noa = noa.and_then(|it| it["id"].as_str()).expect("noa");
    let noa = format!("/api/v2/admin/users/{noa}");
    for action in [
        "suspend",
        "unsuspend",
        "grant_admin",
        "revoke_admin",
        "disable_two_factor",
    ] {
        api.call("POST", &format!("{noa}/actions/{action}"));
    }
    api.call("DELETE", &noa);
}
