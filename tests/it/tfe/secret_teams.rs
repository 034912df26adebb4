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

    /// Sends a request as an administrator, which must succeed.
    fn must(&self, method: &str, path: &str, body: &Value) {
        let path = format!("/api/v2{path}");
        let admin = Some(self.registry.admin.as_str());
        let request = self.registry.request(method, &path, admin).json(body);
        let answer = request.send().expect("an answer");
        assert!(answer.status().is_success(), "{method} {path}");
    }

    /// Makes the token of a team with the rights of another token; returns its secret.
    fn token_of(&self, team: &str, by: &str) -> String {
        let path = format!("/api/v2/teams/{team}/authentication-token");
        let request = self.registry.request("POST", &path, Some(by));
        let answer = request.json(&json!({})).send().expect("an answer");
        assert_eq!(answer.status(), 201);
        let made: Value = answer.json().expect("JSON");
        let secret = made["data"]["attributes"]["token"].as_str();
        secret.expect("a token").to_owned()
    }

    /// Publishes the module `acme/vpc/aws` with the token of a team.
    fn publish_as_team(&self, team: &str) {
        let change = json!({ "data": { "attributes": {
            "organization-access": { "manage-modules": true },
        } } });
        self.must("PATCH", &format!("/teams/{team}"), &change);
        let secret = self.token_of(team, &self.registry.admin);
        self.registry.create_module("acme/vpc/aws");
        let announced = self.registry.announce("acme/vpc/aws", "1.0.0", &secret);
        let announced: Value = announced.json().expect("JSON");
        let link = announced["data"]["links"]["upload"].as_str();
        let archive = crate::builders::module("by a team");
        let link = link.expect("a link");
        assert_eq!(self.registry.upload(link, archive).status(), 200);
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
        let acme = "/settings/organizations/acme";
        for below in ["teams", "members"] {
            let page = browser.get(&format!("{acme}/{below}"));
            assert_eq!(page.status, 200);
            assert_eq!(self.shows(&page.text), sees, "{username}: {}", page.text);
        }
        let page = browser.get(&format!("{acme}/teams/{}", self.team));
        assert_eq!(page.status, if sees { 200 } else { 404 }, "{username}");
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
    for form in [
        "access",
        "delete",
        "members",
        "members/ida/remove",
        "tokens",
    ] {
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
    world.publish_as_team(&world.team);
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

/// Returns every place that a member or an outsider may ask, and that could name the team.
fn places(world: &World, user: &str) -> (Vec<String>, Vec<String>) {
    let api = [
        "/api/v2/organizations?include=entitlement_set,default_project".to_owned(),
        "/api/v2/organizations/acme?include=entitlement_set,default_project".to_owned(),
        "/api/v2/organizations/acme/teams?include=users,organization-memberships".to_owned(),
        "/api/v2/organizations/acme/team-tokens".to_owned(),
        "/api/v2/organizations/acme/team-tokens?sort=created-by".to_owned(),
        "/api/v2/organizations/acme/organization-memberships?include=user,teams".to_owned(),
        "/api/v2/organization-memberships?include=user,teams".to_owned(),
        format!(
            "/api/v2/organization-memberships/{}?include=user,teams",
            world.membership
        ),
        "/api/v2/organizations/acme/projects?include=effective_tag_bindings".to_owned(),
        "/api/v2/organizations/acme/ssh-keys".to_owned(),
        "/api/v2/organizations/acme/audit-configuration".to_owned(),
        "/api/v2/organizations/acme/registry-modules".to_owned(),
        "/api/v2/organizations/acme/registry-providers".to_owned(),
        "/api/v2/organizations/acme/authentication-token".to_owned(),
        "/api/v2/organization/audit-trail".to_owned(),
        format!("/api/v2/users/{user}"),
        format!("/api/v2/users/{user}/authentication-tokens"),
        "/api/v2/account/details".to_owned(),
        "/api/v2/admin/users".to_owned(),
        "/v1/modules".to_owned(),
        "/v1/modules/search?q=team".to_owned(),
        "/v1/modules/acme".to_owned(),
        "/v1/modules/acme/vpc/aws".to_owned(),
        "/v1/modules/acme/vpc/aws/versions".to_owned(),
    ];
    let pages = [
        "/",
        "/search?q=team",
        "/modules/acme",
        "/modules/acme/vpc/aws/1.0.0",
        "/modules/acme/vpc/aws/versions",
        "/settings/tokens",
        "/settings/account",
        "/settings/organizations",
        "/settings/organizations/acme",
        "/settings/organizations/acme/audit",
        "/settings/organizations/acme/ssh-keys",
        "/settings/organizations/acme/projects",
        "/settings/organizations/acme/rules",
        "/settings/users",
        "/settings/audit",
    ];
    (api.into(), pages.map(str::to_owned).into())
}

#[test]
fn t52_no_place_names_a_secret_team_to_members_outsiders_and_other_teams() {
    let world = World::start();
    world.publish_as_team(&world.team);
    let member = world.member(
        "pat",
        &json!({ "manage-modules": true, "manage-vcs-settings": true,
                                              "read-projects": true }),
    );
    let outsider = world.registry.user("otto");
    world.registry.organization("globex", false);
    world.registry.join("globex", "owners", "otto");
    world.registry.command(&json!({
        "subject": "organization", "command": "share", "name": "acme", "kind": "modules",
        "with": ["globex"],
    }));
    // A team that the secret one may not be known to, with a token that the secret one made.
    let other = json!({ "name": "seen by all", "visibility": "organization" });
    let other = World::post(&world.registry, "/organizations/acme/teams", &other);
    world.registry.join("acme", "seen by all", "pat");
    let change = json!({ "data": { "attributes": { "organization-access": {
        "manage-teams": true, "manage-modules": true,
    } } } });
    world.must("PATCH", &format!("/teams/{}", world.team), &change);
    let secret = world.token_of(&world.team, &world.registry.admin);
    let made_by_secret = world.token_of(&other, &secret);
    let user = world.json("/account/details", &world.registry.admin)["data"]["id"].clone();
    let (api, pages) = places(&world, user.as_str().expect("an id"));
    for (who, token) in [
        ("pat", &member),
        ("otto", &outsider),
        ("team", &made_by_secret),
    ] {
        let slot = format!("/api/v2/teams/{other}/authentication-token");
        for path in api.iter().chain([&slot]) {
            let answer = world.registry.get(path, Some(token));
            assert!(answer.status().as_u16() < 500, "{who} {path}");
            let text = answer.text().expect("a body");
            assert!(!world.shows(&text), "{who} {path}: {text}");
        }
    }
    for who in ["pat", "otto"] {
        let mut browser = Browser::of(&world.registry, who);
        for path in &pages {
            let page = browser.get(path);
            assert!(page.status < 500, "{who} {path}");
            assert!(!world.shows(&page.text), "{who} {path}: {}", page.text);
        }
    }
    // In the place of the team that made the token stands the organization.
    let slot = world.json(&format!("/teams/{other}/authentication-token"), &member);
    let creator = &slot["data"]["relationships"]["created-by"]["data"];
    assert_eq!(*creator, json!({ "type": "organizations", "id": "acme" }));
    let slot = world.json(
        &format!("/teams/{other}/authentication-token"),
        &world.registry.admin,
    );
    let creator = &slot["data"]["relationships"]["created-by"]["data"];
    assert_eq!(*creator, json!({ "type": "teams", "id": world.team }));
}

#[test]
fn t52_commands_about_tokens_do_not_know_a_secret_team() {
    let world = World::start();
    let token = world.member("pat", &json!({ "manage-modules": true }));
    for command in ["create", "list"] {
        let ask = |team: &str| {
            let request =
                world
                    .registry
                    .request("POST", "/api/terrakeep/v1/commands", Some(&token));
            let command = json!({
                "subject": "token", "command": command, "scope": "read",
                "owner": { "kind": "team", "organization": "acme", "team": team },
            });
            let answer = request.json(&command).send().expect("an answer");
            let status = answer.status().as_u16();
            (status, answer.text().expect("a body").replace(team, "…"))
        };
        let there = ask(NAME);
        assert_eq!(there.0, 404, "{command}: {}", there.1);
        assert_eq!(there, ask("nobody's team"), "{command}");
        assert_eq!(ask("owners").0, 403, "{command}");
    }
}

#[test]
fn t52_a_team_that_becomes_secret_is_not_named_by_what_it_published_before() {
    let world = World::start();
    let visible = json!({ "name": "hush team, early", "visibility": "organization" });
    let team = World::post(&world.registry, "/organizations/acme/teams", &visible);
    world.publish_as_team(&team);
    let token = world.member("pat", &json!({}));
    let mut pat = Browser::of(&world.registry, "pat");
    let mut shown = |what: &str| {
        let page = pat.get("/modules/acme/vpc/aws/1.0.0").text;
        let path = "/v1/modules/acme/vpc/aws/1.0.0";
        let document = world.registry.get(path, Some(&token)).text().expect("text");
        page.contains(what) && document.contains(what)
    };
    assert!(shown("team hush team, early"));
    let path = format!("/teams/{team}");
    let change = |attributes: Value| {
        world.must(
            "PATCH",
            &path,
            &json!({ "data": { "attributes": attributes } }),
        );
    };
    change(json!({ "name": "hush team, late" }));
    assert!(shown("team hush team, late"), "the name follows the team");
    change(json!({ "visibility": "secret" }));
    assert!(shown("a secret team"));
    for path in [
        "/v1/modules/acme/vpc/aws/1.0.0",
        "/v1/modules/search?q=vpc",
        "/v1/modules/acme",
    ] {
        let answer = world.registry.get(path, Some(&token));
        let text = answer.text().expect("a body");
        assert!(!text.contains("hush team"), "{path}: {text}");
    }
}
