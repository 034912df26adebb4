//! `tfe_organization_membership`, `tfe_team`, `tfe_team_member`, `tfe_team_members` and `tfe_team_organization_members`.

use serde_json::{Value, json};

use super::step::{Resource, Step, document};

const TEAMS: &str = "/api/v2/organizations/platform/teams";
const MEMBERSHIPS: &str = "/api/v2/organizations/platform/organization-memberships";

pub(super) fn resources() -> Vec<Resource> {
    vec![
        team(
            "developers",
            "{developers}",
            "developers",
            &json!({ "manage-modules": true, "manage-providers": true }),
        ),
        team(
            "people",
            "{people}",
            "people",
            &json!({ "manage-membership": true, "manage-teams": true,
                     "manage-organization-access": true }),
        ),
        team(
            "operators",
            "{operators}",
            "operators",
            &json!({ "manage-modules": true }),
        ),
        team_member(),
        team_members(),
        team_organization_members(),
        membership("new.one@example.com", "first-invited", "{first-invited}"),
        membership("second@example.com", "second-invited", "{second-invited}"),
        membership("Third@Example.com", "third-invited", "{third-invited}"),
        team_of_invited(),
    ]
}

/// The membership of somebody who has no account yet.
fn membership(email: &'static str, keep: &'static str, id: &'static str) -> Resource {
    let one = format!("/api/v2/organization-memberships/{id}");
    let with_user = format!("{one}?include=user");
    let new = json!({ "email": email });
    let owner = "/data/relationships/organization/data/id";
    let all = json!({ "email": email, "status": "invited" });
    let sent = email.replace('@', "%40");
    Resource::new(
        "tfe_organization_membership",
        vec![
            Step::create(MEMBERSHIPS, document("organization-memberships", &new))
                .attributes(&all)
                .equal("/included/0/attributes/email", json!(email))
                .keep(keep, "/data/id"),
            Step::read(&with_user)
                .attributes(&all)
                .equal("/data/id", json!(id))
                .equal(owner, json!("platform"))
                .equal("/data/relationships/user/data/type", json!("users"))
                .equal("/included/0/attributes/email", json!(email)),
            Step::import(&with_user).attributes(&all),
            // By the organization and the address.
            Step::import(&format!(
                "{MEMBERSHIPS}?filter%5Bemail%5D={sent}&include=user"
            ))
            .equal("/data/0/id", json!(id))
            .equal("/included/0/attributes/email", json!(email)),
            Step::destroy(&one),
            Step::gone(&with_user),
        ],
    )
}

/// Invited people are members of a team before they have an account.
fn team_of_invited() -> Resource {
    let members = "/api/v2/teams/{developers}/relationships/organization-memberships";
    let with_members = "/api/v2/teams/{developers}?include=organization-memberships";
    let named = json!({ "data": [
        { "type": "organization-memberships", "id": "{first-invited}" },
        { "type": "organization-memberships", "id": "{second-invited}" },
    ] });
    Resource::new(
        "tfe_team_organization_members, invited",
        vec![
            Step::create(members, named.clone()).status(204),
            Step::read(with_members).equal("/data/id", json!("{developers}")),
            Step::destroy(members).body(named),
        ],
    )
}

/// Returns all accesses: the provider sends each of them as soon as one is set.
fn access(given: &Value) -> Value {
    let mut all = json!({
        "manage-policies": false, "manage-policy-overrides": false,
        "delegate-policy-overrides": false, "manage-workspaces": false,
        "manage-vcs-settings": false, "manage-providers": false, "manage-modules": false,
        "manage-run-tasks": false, "manage-projects": false, "read-workspaces": false,
        "read-projects": false, "manage-membership": false, "manage-teams": false,
        "manage-organization-access": false, "access-secret-teams": false,
        "manage-agent-pools": false,
    });
    for (name, value) in given.as_object().expect("accesses") {
        all[name] = value.clone();
    }
    all
}

fn team(name: &'static str, id: &'static str, keep: &'static str, given: &Value) -> Resource {
    let one = format!("/api/v2/teams/{id}");
    let with = |given: &Value, tokens: bool| {
        json!({
            "name": name, "organization-access": access(given),
            "allow-member-token-management": tokens,
        })
    };
    let (new, closed) = (with(given, true), with(&json!({}), false));
    let has = |step: Step, given: &Value| {
        let given = given.as_object().expect("accesses");
        given.iter().fold(
            step.equal("/data/attributes/name", json!(name)),
            |step, (access, value)| {
                let pointer = format!("/data/attributes/organization-access/{access}");
                step.equal(&pointer, value.clone())
            },
        )
    };
    let all = access(given);
    Resource::new(
        "tfe_team",
        vec![
            has(Step::create(TEAMS, document("teams", &new)), given).keep(keep, "/data/id"),
            has(Step::read(&one), given),
            has(
                Step::update(&one, document("teams", &closed)),
                &json!({ "manage-modules": false, "manage-teams": false }),
            )
            .equal(
                "/data/attributes/allow-member-token-management",
                json!(false),
            ),
            has(Step::update(&one, document("teams", &new)), given),
            has(Step::read(&one), given).equal(
                "/data/attributes/allow-member-token-management",
                json!(true),
            ),
            Step::import(&format!("{TEAMS}?filter%5Bnames%5D={name}"))
                .equal("/data/0/id", json!(id))
                .equal(
                    "/data/0/attributes/organization-access/manage-modules",
                    all["manage-modules"].clone(),
                ),
            Step::destroy(&one),
            Step::gone(&one),
        ],
    )
}

fn users(names: &[&str]) -> Value {
    let people = names
        .iter()
        .map(|name| json!({ "type": "users", "id": name }));
    json!({ "data": people.collect::<Vec<_>>() })
}

const USERS: &str = "/api/v2/teams/{developers}/relationships/users";
const WITH_USERS: &str = "/api/v2/teams/{developers}?include=users";

fn team_member() -> Resource {
    Resource::new(
        "tfe_team_member",
        vec![
            Step::create(USERS, users(&["anna"])).status(204),
            Step::read(WITH_USERS)
                .equal("/included/0/type", json!("users"))
                .equal("/included/0/attributes/username", json!("anna")),
            Step::import(WITH_USERS).equal("/included/0/attributes/username", json!("anna")),
            Step::destroy(USERS).body(users(&["anna"])),
        ],
    )
}

/// New members are added before old ones are removed.
fn team_members() -> Resource {
    let users_of = "/api/v2/teams/{people}/relationships/users";
    let with_users = "/api/v2/teams/{people}?include=users";
    Resource::new(
        "tfe_team_members",
        vec![
            Step::create(users_of, users(&["anna"])).status(204),
            Step::read(with_users).equal("/included/0/attributes/username", json!("anna")),
            Step::update(users_of, users(&["bert"]))
                .method("POST")
                .status(204),
            Step::update(users_of, users(&["anna"]))
                .method("DELETE")
                .status(204),
            Step::read(with_users)
                .equal("/included/0/attributes/username", json!("bert"))
                .equal("/included/1", Value::Null),
            Step::import(with_users).equal("/included/0/attributes/username", json!("bert")),
            Step::destroy(users_of).body(users(&["bert"])),
        ],
    )
}

/// A member by the membership, which is found by the address or the name.
fn team_organization_members() -> Resource {
    let members = "/api/v2/teams/{operators}/relationships/organization-memberships";
    let with_members = "/api/v2/teams/{operators}?include=organization-memberships";
    let named = json!({ "data": [
        { "type": "organization-memberships", "id": "{membership}" },
    ] });
    Resource::new(
        "tfe_team_organization_members",
        vec![
            Step::import(&format!("{MEMBERSHIPS}?q=anna&include=user"))
                .equal("/data/0/type", json!("organization-memberships"))
                .keep("membership", "/data/0/id"),
            Step::create(members, named.clone()).status(204),
            Step::read(with_members).equal("/data/id", json!("{operators}")),
            Step::read("/api/v2/organization-memberships/{membership}?include=user")
                .equal("/data/attributes/status", json!("active"))
                .equal(
                    "/data/relationships/organization/data/id",
                    json!("platform"),
                )
                .equal("/included/0/attributes/username", json!("anna")),
            Step::destroy(members).body(named),
        ],
    )
}
