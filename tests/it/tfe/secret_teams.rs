//! Tests that a secret team is seen by its members and by those who may see it, and that for all
//! others it is not there: in no answer of the JSON:API, on no page, in no output of a command.

use serde_json::{Value, json};

use crate::harness::Appliance;
use crate::ui::browser::Browser;

/// The name of the secret team, which nothing else in the registry contains.
const NAME: &str = "hush/hush team";

struct World {
    registry: Appliance,
    /// The id of the secret team.
    team: String,
    /// The membership of somebody who is in the secret team.
    membership: String,
}

impl World {
    fn start() -> Self {
        let registry = Appliance::start();
        let attributes = json!({ "name": NAME });
        let team = Self::post(&registry, "/organizations/acme/teams", &attributes);
        let world = Self {
            team,
            membership: String::new(),
            registry,
        };
        world.registry.user("ida");
        world.registry.join("acme", NAME, "ida");
        let list = world.json(
            "/organizations/acme/organization-memberships?q=ida",
            &world.registry.admin,
        );
        let membership = list["data"][0]["id"].as_str().expect("an id").to_owned();
        Self {
            membership,
            ..world
        }
    }

    fn post(registry: &Appliance, path: &str, attributes: &Value) -> String {
        let request = registry.request("POST", &format!("/api/v2{path}"), Some(&registry.admin));
        let body = json!({ "data": { "attributes": attributes } });
        let answer = request.json(&body).send().expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        let document: Value = answer.json().expect("JSON");
        document["data"]["id"].as_str().expect("an id").to_owned()
    }

    /// Makes a member who is in one team with this access; returns their token.
    fn member(&self, username: &str, access: &Value) -> String {
        let token = self.registry.user(username);
        let name = format!("of {username}");
        self.registry.command(&json!({
            "subject": "team", "command": "create", "organization": "acme", "name": name,
            "access": access,
        }));
        self.registry.join("acme", &name, username);
        token
    }

    fn ask(&self, method: &str, path: &str, token: &str) -> (u16, String) {
        let request = self
            .registry
            .request(method, &format!("/api/v2{path}"), Some(token));
        let body = json!({ "data": [] });
        let answer = request.json(&body).send().expect("an answer");
        (answer.status().as_u16(), answer.text().expect("a body"))
    }

    fn json(&self, path: &str, token: &str) -> Value {
        let (status, text) = self.ask("GET", path, token);
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// Returns every answer that could show the team.
    fn lists(&self, token: &str) -> Vec<(String, String)> {
        let membership = &self.membership;
        let paths = [
            "/organizations/acme/teams?include=users,organization-memberships".to_owned(),
            "/organizations/acme/teams?q=hush".to_owned(),
            format!(
                "/organizations/acme/teams?filter%5Bnames%5D={}",
                NAME.replace(' ', "%20")
            ),
            "/organizations/acme/organization-memberships?include=user,teams".to_owned(),
            "/organizations/acme/organization-memberships?q=ida&include=teams".to_owned(),
            format!("/organization-memberships/{membership}?include=user,teams"),
            "/organization-memberships?include=user,teams".to_owned(),
        ];
        let ask = |path: String| {
            let (status, text) = self.ask("GET", &path, token);
            assert_eq!(status, 200, "{path}: {text}");
            // The address of the list repeats what was asked for.
            let text = text
                .replace("hush%2Fhush+team", "")
                .replace("hush/hush%20team", "");
            (path, text)
        };
        paths.map(ask).into_iter().collect()
    }

    fn shows(&self, text: &str) -> bool {
        text.contains("hush team") || text.contains(&self.team)
    }

    /// Checks whether a member sees the team, in every place.
    fn check(&self, username: &str, token: &str, sees: bool) {
        let (status, _) = self.ask("GET", &format!("/teams/{}", self.team), token);
        assert_eq!(status, if sees { 200 } else { 404 }, "{username}");
        for (path, text) in self.lists(token) {
            let is_own = path.starts_with("/organization-memberships?");
            if !sees || !is_own {
                assert_eq!(self.shows(&text), sees, "{username} {path}: {text}");
            }
        }
        for command in [
            json!({ "subject": "team", "command": "list", "organization": "acme" }),
            json!({ "subject": "organization", "command": "members", "name": "acme" }),
        ] {
            let request = self
                .registry
                .request("POST", "/api/terrakeep/v1/commands", Some(token));
            let answer = request.json(&command).send().expect("an answer");
            assert_eq!(answer.status(), 200, "{command}");
            let text = answer.text().expect("a body");
            assert_eq!(self.shows(&text), sees, "{username} {command}: {text}");
        }
        let mut browser = Browser::of(&self.registry, username);
        let page = browser.get("/settings/organizations/acme");
        assert_eq!(page.status, 200);
        assert_eq!(self.shows(&page.text), sees, "{username}: {}", page.text);
    }
}

#[test]
fn t52_a_secret_team_is_seen_by_its_members_and_by_those_who_may() {
    let world = World::start();
    for (number, (access, sees)) in [
        ("manage-teams", true),
        ("manage-membership", true),
        ("manage-organization-access", true),
        ("access-secret-teams", true),
        ("manage-modules", false),
        ("manage-providers", false),
        ("manage-vcs-settings", false),
        ("read-projects", false),
        ("manage-projects", false),
        ("manage-workspaces", false),
    ]
    .into_iter()
    .enumerate()
    {
        let username = format!("user-{number}");
        let token = world.member(&username, &json!({ access: true }));
        world.check(&username, &token, sees);
    }
    let ida = json!({ "subject": "token", "command": "create", "scope": "read",
                      "owner": { "kind": "user", "username": "ida" } });
    let ida = world.registry.command(&ida);
    world.check("ida", ida["token"].as_str().expect("a token"), true);
}

#[test]
fn t52_for_others_a_secret_team_is_answered_as_one_that_is_not_there() {
    let world = World::start();
    let token = world.member("pat", &json!({ "manage-modules": true }));
    let gone = "team-1111111111111111";
    for (method, path) in [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/relationships/users"),
        ("DELETE", "/relationships/users"),
        ("POST", "/relationships/organization-memberships"),
        ("DELETE", "/relationships/organization-memberships"),
        ("GET", "/authentication-token"),
        ("POST", "/authentication-token"),
        ("DELETE", "/authentication-token"),
        ("POST", "/authentication-tokens"),
    ] {
        let there = world.ask(method, &format!("/teams/{}{path}", world.team), &token);
        let missing = world.ask(method, &format!("/teams/{gone}{path}"), &token);
        assert_eq!(there.0, 404, "{method} {path}: {}", there.1);
        assert_eq!(
            there.1.replace(&world.team, "…"),
            missing.1.replace(gone, "…"),
            "{method} {path}"
        );
    }
    let page = "/settings/organizations/acme";
    let mut pat = Browser::of(&world.registry, "pat");
    for form in ["access", "delete", "members", "members/ida/remove"] {
        let fields = [("username", "pat"), ("name", "x")];
        let there = pat.submit(
            page,
            &format!("{page}/teams/{}/{form}", world.team),
            &fields,
        );
        let missing = pat.submit(page, &format!("{page}/teams/{gone}/{form}"), &fields);
        assert_eq!((there.status, missing.status), (404, 404), "{form}");
    }
    let command =
        json!({ "subject": "team", "command": "delete", "organization": "acme", "name": NAME });
    let request = world
        .registry
        .request("POST", "/api/terrakeep/v1/commands", Some(&token));
    let answer = request.json(&command).send().expect("an answer");
    assert_eq!(answer.status(), 403, "with every name");
}

#[test]
fn t52_a_module_does_not_say_which_secret_team_published_it() {
    let world = World::start();
    let path = format!("/api/v2/teams/{}", world.team);
    let change =
        json!({ "data": { "attributes": { "organization-access": { "manage-modules": true } } } });
    let request = world
        .registry
        .request("PATCH", &path, Some(&world.registry.admin));
    assert_eq!(
        request.json(&change).send().expect("an answer").status(),
        200
    );
    let path = format!("/teams/{}/authentication-token", world.team);
    let made = world.registry.request(
        "POST",
        &format!("/api/v2{path}"),
        Some(&world.registry.admin),
    );
    let made: Value = made
        .json(&json!({}))
        .send()
        .expect("an answer")
        .json()
        .expect("JSON");
    let secret = made["data"]["attributes"]["token"]
        .as_str()
        .expect("a token");
    world.registry.create_module("acme/vpc/aws");
    let announced = world.registry.announce("acme/vpc/aws", "1.0.0", secret);
    let announced: Value = announced.json().expect("JSON");
    let link = announced["data"]["links"]["upload"]
        .as_str()
        .expect("a link");
    let archive = crate::builders::module("by a team");
    assert_eq!(world.registry.upload(link, archive).status(), 200);
    let token = world.member("pat", &json!({}));
    let mut pat = Browser::of(&world.registry, "pat");
    let page = pat.get("/modules/acme/vpc/aws/1.0.0");
    assert_eq!(page.status, 200);
    assert!(page.text.contains("a secret team"), "{}", page.text);
    assert!(!world.shows(&page.text), "{}", page.text);
    let module = world
        .registry
        .get("/v1/modules/acme/vpc/aws/1.0.0", Some(&token));
    let text = module.text().expect("a body");
    assert!(!world.shows(&text), "{text}");
}
