//! `tfe_organization_membership`, `tfe_team`, `tfe_team_member`, `tfe_team_members` and `tfe_team_organization_members`.

use serde_json::{Value, json};

use super::step::{Resource, Step, document};

const TEAMS: &str = "/api/v2/organizations/platform/teams";
const MEMBERSHIPS: &str = "/api/v2/organizations/platform/organization-memberships";

pub(super) fn resources() -> Vec<Resource> {
    vec![
        team(&DEVELOPERS),
        team(&PEOPLE),
        team(&OPERATORS),
        team(&RULES),
        teams_are_all(),
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
    let members = "/api/v2/teams/{rules}/relationships/organization-memberships";
    let with_members = "/api/v2/teams/{rules}?include=organization-memberships";
    let named = json!({ "data": [
        { "type": "organization-memberships", "id": "{first-invited}" },
        { "type": "organization-memberships", "id": "{second-invited}" },
    ] });
    Resource::new(
        "tfe_team_organization_members, invited",
        vec![
            Step::create(members, named.clone()).status(204),
            Step::read(with_members)
                .equal("/data/id", json!("{rules}"))
                .list(
                    "/data/relationships/organization-memberships/data",
                    "/id",
                    &[json!("{first-invited}"), json!("{second-invited}")],
                ),
            Step::import(with_members).equal("/data/id", json!("{rules}")),
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

/// A team of the configuration.
struct Team {
    name: &'static str,
    /// Under which name its id is kept, and how requests name it.
    keep: &'static str,
    id: &'static str,
    /// `None` where the configuration leaves it out.
    visibility: Option<&'static str>,
    sso_team_id: Option<&'static str>,
    /// The accesses that it has; the four teams together have every one.
    given: &'static [&'static str],
}

const DEVELOPERS: Team = Team {
    name: "developers",
    keep: "developers",
    id: "{developers}",
    visibility: None,
    sso_team_id: None,
    given: &["manage-modules", "manage-providers", "manage-vcs-settings"],
};

const PEOPLE: Team = Team {
    name: "team name with spaces",
    keep: "people",
    id: "{people}",
    visibility: Some("organization"),
    sso_team_id: None,
    given: &[
        "manage-membership",
        "manage-teams",
        "manage-organization-access",
        "access-secret-teams",
    ],
};

const OPERATORS: Team = Team {
    name: "team/name/with/slashes",
    keep: "operators",
    id: "{operators}",
    visibility: Some("secret"),
    sso_team_id: Some("operators-of-the-service"),
    given: &[
        "manage-workspaces",
        "read-workspaces",
        "manage-projects",
        "read-projects",
        "manage-run-tasks",
        "manage-agent-pools",
    ],
};

const RULES: Team = Team {
    name: "team-aaaabbbbcccc",
    keep: "rules",
    id: "{rules}",
    visibility: Some("organization"),
    sso_team_id: Some("a second one"),
    given: &[
        "manage-policies",
        "manage-policy-overrides",
        "delegate-policy-overrides",
    ],
};

impl Team {
    /// Returns what is sent and read back, with these accesses. A new team is secret where nothing
    /// else is said.
    fn attributes(&self, given: &[&str], tokens: bool) -> Value {
        let given = given.iter().map(|name| ((*name).to_owned(), json!(true)));
        json!({
            "name": self.name, "organization-access": access(&given.collect()),
            "allow-member-token-management": tokens,
            "visibility": self.visibility.unwrap_or("secret"),
            "sso-team-id": self.sso_team_id,
        })
    }

    /// Returns what is sent: only what the configuration sets.
    fn document(&self, attributes: &Value) -> Value {
        let mut sent = attributes.clone();
        let sent = sent.as_object_mut().expect("attributes");
        sent.retain(|name, value| {
            !value.is_null() && (name != "visibility" || self.visibility.is_some())
        });
        // A change takes away an id that the configuration does not have.
        sent.entry("sso-team-id").or_insert_with(|| json!(""));
        document("teams", &json!(sent))
    }
}

fn team(team: &Team) -> Resource {
    let one = format!("/api/v2/teams/{}", team.id);
    let (new, closed) = (
        team.attributes(team.given, true),
        team.attributes(&[], false),
    );
    let by_name = format!(
        "{TEAMS}?filter%5Bnames%5D={}",
        team.name.replace(' ', "%20").replace('/', "%2F")
    );
    Resource::new(
        "tfe_team",
        vec![
            Step::create(TEAMS, team.document(&new))
                .attributes(&new)
                .keep(team.keep, "/data/id"),
            Step::read(&one).attributes(&new),
            Step::update(&one, team.document(&closed)).attributes(&closed),
            Step::read(&one).attributes(&closed),
            Step::update(&one, team.document(&new)).attributes(&new),
            Step::read(&one)
                .attributes(&new)
                .equal("/data/id", json!(team.id)),
            // By the name: first as if it were an id, then through the list.
            Step::import(&by_name)
                .list("/data", "/id", &[json!(team.id)])
                .equal("/data/0/attributes/name", json!(team.name))
                .equal(
                    "/data/0/attributes/organization-access",
                    new["organization-access"].clone(),
                ),
            Step::import(&one).attributes(&new),
            Step::destroy(&one),
            Step::gone(&one),
        ],
    )
}

/// The data source of all teams, which a new organization has one of.
fn teams_are_all() -> Resource {
    let names = [
        "developers",
        "owners",
        "team name with spaces",
        "team-aaaabbbbcccc",
        "team/name/with/slashes",
    ];
    let list = format!("{TEAMS}?page%5Bnumber%5D=1&page%5Bsize%5D=100");
    Resource::new(
        "tfe_teams",
        vec![
            Step::read(&list)
                .list("/data", "/attributes/name", &names.map(Value::from))
                .equal("/meta/pagination/total-pages", json!(1)),
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
            Step::read(with_members).list(
                "/data/relationships/organization-memberships/data",
                "/id",
                &[json!("{membership}")],
            ),
            Step::import(with_members).equal("/data/id", json!("{operators}")),
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
