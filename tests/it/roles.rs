//! Who may do what: every route of the table, asked by every role (T50, T52, T53).

use std::time::{Duration, Instant};

use reqwest::blocking::Response;
use serde_json::{Value, json};
use terrakeep::http::access::Access;
use terrakeep::server::route_table;
use terrakeep::ui::files;

use crate::builders::{archive, module};
use crate::harness::Appliance;
use crate::providers::keys::Signer;
use crate::zips::package_of;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Anonymous,
    Expired,
    Revoked,
    ReadToken,
    PublishToken,
    OtherOrganization,
    Owner,
    Admin,
}

const ROLES: [Role; 8] = [
    Role::Anonymous,
    Role::Expired,
    Role::Revoked,
    Role::ReadToken,
    Role::PublishToken,
    Role::OtherOrganization,
    Role::Owner,
    Role::Admin,
];

/// What must come out: a class of status codes, or one exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    Status(u16),
}

/// The matrix. Both matches are exhaustive: an access or a role without a cell does not compile.
fn expected(access: Access, role: Role) -> Outcome {
    use Outcome::{Done, Status};
    let by_rank = |read: Outcome, publish: Outcome, other: Outcome, owner: Outcome| match role {
        Role::Anonymous | Role::Expired | Role::Revoked => Status(401),
        Role::ReadToken => read,
        Role::PublishToken => publish,
        Role::OtherOrganization => other,
        Role::Owner => owner,
        Role::Admin => Done,
    };
    match access {
        // Tokens do not count in pages: whoever comes with one is sent to sign in.
        Access::Open | Access::Session | Access::Page => Done,
        Access::Authenticated | Access::Listing => by_rank(Done, Done, Done, Done),
        Access::SshKeys => by_rank(Status(404), Status(404), Status(404), Done),
        Access::Nobody => match role {
            Role::Anonymous | Role::Expired | Role::Revoked => Status(401),
            Role::ReadToken
            | Role::PublishToken
            | Role::OtherOrganization
            | Role::Owner
            | Role::Admin => Status(403),
        },
        // Organizations and teams have no account.
        Access::Account => by_rank(Status(404), Status(404), Done, Done),
        // The matrix names nobody's.
        Access::ById => match role {
            Role::Anonymous | Role::Expired | Role::Revoked => Status(401),
            Role::ReadToken
            | Role::PublishToken
            | Role::OtherOrganization
            | Role::Owner
            | Role::Admin => Status(404),
        },
        Access::Read | Access::ReadMembers | Access::Signed => {
            by_rank(Done, Done, Status(404), Done)
        }
        Access::Publish | Access::PublishProviders => by_rank(Status(403), Done, Status(404), Done),
        Access::AdministerModules
        | Access::ManageProviders
        | Access::ManageOrganization
        | Access::ManageMembership
        | Access::ManageTokens
        | Access::ManageTeams => by_rank(Status(403), Status(403), Status(404), Done),
        Access::Site | Access::Command => {
            by_rank(Status(403), Status(403), Status(403), Status(403))
        }
        Access::HiddenSite => by_rank(Status(404), Status(404), Status(404), Status(404)),
        // An unknown ticket and a wrong password, whoever brings them.
        Access::Ticket => Status(404),
        // No form of this site has been sent.
        Access::Form => Status(403),
        Access::Password => Status(401),
    }
}

struct World {
    registry: Appliance,
    expired: String,
    revoked: String,
    read: String,
    publish: String,
    other: String,
    owner: String,
    signer: Signer,
    made: u32,
}

impl World {
    fn new() -> Self {
        let registry = Appliance::start();
        registry.organization("rival", false);
        let owner = registry.user("olivia");
        registry.join("acme", "owners", "olivia");
        let other = registry.user("otto");
        registry.join("rival", "owners", "otto");
        let revoked = registry.command(&json!({
            "subject": "token", "command": "create", "scope": "admin",
            "owner": { "kind": "organization", "organization": "acme" },
        }));
        registry.command(&json!({ "subject": "token", "command": "revoke", "id": revoked["id"] }));
        let expired = registry.command(&json!({
            "subject": "token", "command": "create", "scope": "admin", "lifetime_seconds": 1,
            "owner": { "kind": "organization", "organization": "acme" },
        }));
        let secret = |made: &Value| made["token"].as_str().expect("a token").to_owned();
        let world = Self {
            expired: secret(&expired),
            revoked: secret(&revoked),
            read: registry.organization_token("acme", "read"),
            publish: registry.organization_token("acme", "publish"),
            other,
            owner,
            registry,
            signer: Signer::ed25519(),
            made: 0,
        };
        world.wait_for_expiry();
        world
    }

    fn wait_for_expiry(&self) {
        let until = Instant::now() + Duration::from_secs(10);
        while self
            .registry
            .get("/v1/modules", Some(&self.expired))
            .status()
            != 401
        {
            assert!(
                Instant::now() < until,
                "a token of one second is still good after ten"
            );
            std::thread::yield_now();
        }
    }

    fn token(&self, role: Role) -> Option<&str> {
        match role {
            Role::Anonymous => None,
            Role::Expired => Some(&self.expired),
            Role::Revoked => Some(&self.revoked),
            Role::ReadToken => Some(&self.read),
            Role::PublishToken => Some(&self.publish),
            Role::OtherOrganization => Some(&self.other),
            Role::Owner => Some(&self.owner),
            Role::Admin => Some(&self.registry.admin),
        }
    }

    /// A module of its own for each cell, so that no cell sees what another did.
    fn fresh(&mut self, path: &str) -> String {
        self.made += 1;
        let name = format!("m{}", self.made);
        if path.contains("mirror/") {
            self.import(&name);
        } else if path.contains("providers/") {
            self.publish_provider(&name);
        } else {
            self.registry
                .publish(&format!("acme/{name}/null"), "1.0.0", module(&name));
        }
        name
    }

    fn import(&self, name: &str) {
        let to = format!(
            "/api/terrakeep/v1/mirror/registry.example.com/acme/{name}/1.0.0/packages/linux_amd64"
        );
        let request = self
            .registry
            .request("PUT", &to, Some(&self.registry.admin));
        let kept = request.body(package_of(name, "1.0.0", b"x")).send();
        assert_eq!(kept.expect("an answer").status(), 200);
    }

    fn publish_provider(&self, name: &str) {
        let base = format!("/api/terrakeep/v1/providers/acme/{name}/1.0.0");
        let admin = Some(self.registry.admin.as_str());
        let to = format!("{base}/packages/linux_amd64");
        let staged = self.registry.request("PUT", &to, admin);
        let staged = staged.body(package_of(name, "1.0.0", b"x")).send();
        assert_eq!(staged.expect("an answer").status(), 200);
        let to = format!("{base}/publication");
        let published = self.registry.request("POST", &to, admin).json(&json!({}));
        assert_eq!(published.send().expect("an answer").status(), 200);
    }

    /// A key to be shown, moved and deleted; it may be there already.
    fn add_key(&self) {
        let new = json!({ "namespace": "acme", "ascii-armor": self.signer.public() });
        let path = "/api/registry/private/v2/gpg-keys";
        let request = self
            .registry
            .request("POST", path, Some(&self.registry.admin));
        let request = request.json(&json!({ "data": { "attributes": new } }));
        request.send().expect("an answer");
    }

    /// The organization that a cell is about: one of its own, where it is deleted.
    fn organization_for(&self, method: &str, path: &str, role: Role, name: &str) -> String {
        let itself = [
            "/api/v2/organizations/{organization}",
            "/api/v2/admin/organizations/{organization}",
        ];
        let deletes = method == "DELETE" && itself.contains(&path);
        if !deletes || ![Role::Owner, Role::Admin].contains(&role) {
            return "acme".to_owned();
        }
        let organization = format!("gone-{name}");
        self.registry.organization(&organization, false);
        self.registry.join(&organization, "owners", "olivia");
        organization
    }

    /// A user of their own for each cell of the administration.
    fn user_for(&self, path: &str, name: &str) -> String {
        if !path.starts_with("/api/v2/admin/users/") {
            return "user-1111111111111111".to_owned();
        }
        self.registry.user(&format!("user-{name}"));
        let found = format!("/api/v2/admin/users?q=user-{name}");
        let found = self.registry.json(&found);
        found["data"][0]["id"].as_str().expect("an id").to_owned()
    }

    fn ask(&self, method: &str, path: &str, name: &str, role: Role) -> Response {
        let query = match path {
            _ if path.ends_with("/search") => "?q=hello",
            _ if path.ends_with("/private/v2/gpg-keys") => "?filter[namespace]=acme,rival",
            _ if path.ends_with("/version") => "?module_version=1.0.0",
            _ => "",
        };
        if path.ends_with("acme/authentication-token") {
            // There is one to be shown and revoked.
            let admin = Some(self.registry.admin.as_str());
            let made = self.registry.request("POST", path, admin).send();
            assert_eq!(made.expect("an answer").status(), 201);
        }
        if path.contains("/private/v2/gpg-keys/") {
            self.add_key();
        }
        let request = self
            .registry
            .request(method, &format!("{path}{query}"), self.token(role));
        let request = if path.contains("/packages/") {
            request.body(package_of(name, "1.0.0", b"x"))
        } else if method == "PUT" && path.ends_with("/docs") {
            request.body(archive(&[("docs/index.md", "# Pages\n")]))
        } else {
            request.json(&self.body(path, name))
        };
        request.send().expect("an answer")
    }

    fn body(&self, path: &str, name: &str) -> Value {
        match path {
            _ if path.ends_with("/commands") => json!({ "subject": "user", "command": "list" }),
            _ if path.ends_with("/1.0.0") => json!({ "data": { "attributes": {
                "deprecation": { "deprecated-status": "Deprecated", "reason": "old" },
            } } }),
            _ if path.ends_with("/publication") => json!({}),
            _ if path.ends_with("/sign-in") => json!({ "username": "admin", "password": "wrong" }),
            _ if path.ends_with("/backup") => {
                let directory = self
                    .registry
                    .data_dir()
                    .with_file_name(format!("backup-{name}"));
                json!({ "directory": directory })
            }
            _ if path.ends_with("/versions") => {
                json!({ "data": { "attributes": {
                    "version": "2.0.0", "key-id": "1111111111111111", "protocols": ["5.0"],
                } } })
            }
            _ if path.ends_with("/organization-memberships") => {
                let username = format!("user-{name}");
                let create =
                    json!({ "subject": "user", "command": "create", "username": username });
                let commands = "/api/terrakeep/v1/commands";
                let admin = Some(self.registry.admin.as_str());
                let request = self.registry.request("POST", commands, admin).json(&create);
                // It may be there already.
                request.send().expect("an answer");
                json!({ "data": { "attributes": { "email": username } } })
            }
            _ if path.ends_with("/registry-providers") => json!({ "data": { "attributes": {
                "name": format!("new-{name}"), "namespace": "acme", "registry-name": "private",
            } } }),
            _ if path.ends_with("/platforms") => json!({ "data": { "attributes": {
                "os": "darwin", "arch": "arm64", "shasum": "0".repeat(64),
                "filename": format!("terraform-provider-{name}_1.0.0_darwin_arm64.zip"),
            } } }),
            _ if path.ends_with("/gpg-keys") => json!({ "data": { "attributes": {
                "namespace": "nobody-there", "ascii-armor": "",
            } } }),
            _ if path.contains("/gpg-keys/") => {
                json!({ "data": { "attributes": { "namespace": "acme" } } })
            }
            _ if path.ends_with("/ssh-keys") => json!({ "data": { "attributes": {
                "name": "deploy", "value": "-----BEGIN PRIVATE KEY-----\nnothing\n",
            } } }),
            _ if path.ends_with("/module-consumers") => json!({ "data": [] }),
            _ if path.ends_with("/data-retention-policy") => {
                json!({ "data": { "type": "data-retention-policy-dont-deletes" } })
            }
            "/api/v2/organizations/acme" => {
                json!({ "data": { "attributes": { "email": "a@b.c" } } })
            }
            _ => {
                json!({ "data": { "attributes": { "name": format!("new-{name}"), "provider": "null" } } })
            }
        }
    }
}

/// A path of the table with its parameters filled in.
fn concrete(path: &str, organization: &str, name: &str) -> String {
    let unknown_ticket = "A".repeat(43);
    let file = if path.contains("/archives/providers/") {
        format!("terraform-provider-{name}_1.0.0_linux_amd64.zip")
    } else if path.starts_with("/mirror/") {
        "1.0.0.json".to_owned()
    } else {
        "1.0.0.tar.gz".to_owned()
    };
    [
        ("{namespace}", organization),
        ("{organization}", organization),
        ("{registry}", "private"),
        ("{name}", name),
        ("{system}", "null"),
        ("{provider}", "null"),
        ("{version}", "1.0.0"),
        ("{file}", &file),
        ("{platform}", "linux_amd64"),
        ("{host}", "registry.example.com"),
        ("{os}", "linux"),
        ("{arch}", "amd64"),
        ("{*path}", "main.tf"),
        ("{ticket}", &unknown_ticket),
        ("{provider_id}", "prov-1111111111111111"),
        ("{key_id}", "1111111111111111"),
        ("{module_id}", "mod-1111111111111111"),
        ("{team_id}", "team-1111111111111111"),
        ("{membership}", "ou-1111111111111111"),
        ("{user}", "user-1111111111111111"),
        ("{username}", "nobody"),
        ("{team}", "nobody"),
        ("{token}", "at-1111111111111111"),
        ("{ssh_key}", "sshkey-1111111111111111"),
        ("{page}", "use"),
        ("/static/{hash}/{asset}", &files::address("app.css")),
    ]
    .iter()
    .fold(path.to_owned(), |path, (parameter, value)| {
        path.replace(parameter, value)
    })
}

/// Publishing from a repository: whoever may ask for it is told that it is not done here.
fn is_refused_by_all_means(method: &str, path: &str) -> bool {
    let from_vcs = [
        "/api/v2/registry-modules",
        "/api/v2/organizations/{organization}/registry-modules/vcs",
    ];
    // And nobody's password is given there.
    method == "POST" && from_vcs.contains(&path) || path == "/api/v2/account/password"
}

fn fits(outcome: Outcome, status: u16) -> bool {
    match outcome {
        Outcome::Done => (200..400).contains(&status),
        Outcome::Status(expected) => status == expected,
    }
}

#[test]
fn t50_t53_every_route_asked_by_every_role_gives_what_the_matrix_says() {
    let mut world = World::new();
    let mut wrong = Vec::new();
    for (method, path, access) in route_table() {
        for role in ROLES {
            let name = world.fresh(&path);
            let organization = world.organization_for(method, &path, role, &name);
            let user = world.user_for(&path, &name);
            let path_of = path.replace("{user}", &user);
            let path_of = path_of.replace("{key_id}", &world.signer.id());
            let here = concrete(&path_of, &organization, &name);
            assert!(!here.contains('{'), "a parameter without a value: {here}");
            let status = world.ask(method, &here, &name, role).status().as_u16();
            let outcome = match expected(access, role) {
                Outcome::Done if is_refused_by_all_means(method, &path) => Outcome::Status(422),
                outcome @ (Outcome::Done | Outcome::Status(_)) => outcome,
            };
            if !fits(outcome, status) {
                wrong.push(format!(
                    "{method} {path} as {role:?}: {status}, expected {outcome:?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn t52_what_may_not_be_seen_is_answered_as_what_is_not_there() {
    let mut world = World::new();
    let module = world.fresh("");
    let provider = world.fresh("providers/");
    let organizations = world
        .registry
        .command(&json!({ "subject": "organization", "command": "list" }));
    let id = organizations[0]["id"].as_str().expect("an id").to_owned();
    let mut wrong = Vec::new();
    for (method, path, access) in route_table() {
        let about_modules = matches!(
            access,
            Access::Read
                | Access::Publish
                | Access::AdministerModules
                | Access::PublishProviders
                | Access::ManageProviders
                | Access::ManageOrganization
                | Access::ReadMembers
                | Access::ManageMembership
                | Access::ManageTokens
                | Access::SshKeys
                | Access::ManageTeams
                | Access::Signed
        );
        if !about_modules {
            continue;
        }
        for role in [
            Role::Anonymous,
            Role::Expired,
            Role::Revoked,
            Role::OtherOrganization,
        ] {
            let name = if path.contains("providers/") {
                &provider
            } else {
                &module
            };
            // By its name, by its name in another case, and by its id.
            for (there, gone) in [
                ("acme", "gone"),
                ("aCmE", "gOnE"),
                (id.as_str(), "org-1111111111111111"),
            ] {
                let hidden = world.ask(method, &concrete(&path, there, name), name, role);
                let absent = world.ask(method, &concrete(&path, gone, name), name, role);
                let (hidden, absent) = (answer(hidden, there), answer(absent, gone));
                if hidden != absent {
                    wrong.push(format!(
                        "{method} {path} as {role:?}: {hidden:?} and {absent:?}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// An answer without what names the organization that was asked for.
fn answer(response: Response, organization: &str) -> (u16, String) {
    let status = response.status().as_u16();
    (
        status,
        response.text().expect("a body").replace(organization, "…"),
    )
}

#[test]
fn t53_a_public_organization_is_read_by_anybody_and_written_by_nobody() {
    let registry = Appliance::start();
    registry.organization("open", true);
    registry.publish("open/vpc/aws", "1.0.0", module("public"));
    let status = |method: &str, path: &str, token: Option<&str>| {
        let request = registry.request(method, path, token);
        let body = json!({ "data": { "attributes": { "name": "x", "provider": "null", "version": "2.0.0" } } });
        request
            .json(&body)
            .send()
            .expect("an answer")
            .status()
            .as_u16()
    };
    for token in [None, Some("tkp_nonsense")] {
        assert_eq!(
            status("GET", "/v1/modules/open/vpc/aws/versions", token),
            200
        );
        assert_eq!(
            status("GET", "/v1/modules/open/vpc/aws/1.0.0/download", token),
            204
        );
        assert_eq!(
            status("GET", "/v1/modules/acme/hello/null/versions", token),
            401
        );
        let create = "/api/v2/organizations/open/registry-modules";
        assert_eq!(status("POST", create, token), 401);
        assert_eq!(
            status(
                "POST",
                &format!("{create}/private/open/vpc/aws/versions"),
                token
            ),
            401
        );
        assert_eq!(
            status("DELETE", &format!("{create}/private/open/vpc/aws"), token),
            401
        );
    }
    let list = registry
        .get("/v1/modules", None)
        .json::<Value>()
        .expect("JSON");
    let ids: Vec<_> = list["modules"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|m| &m["id"])
        .collect();
    assert_eq!(
        ids,
        ["open/vpc/aws/1.0.0"],
        "what is not public is not listed"
    );
}

#[test]
fn t40_the_last_owner_and_the_last_administrator_stay() {
    let registry = Appliance::start();
    let refused = |command: Value| {
        let request = registry.request("POST", "/api/terrakeep/v1/commands", Some(&registry.admin));
        request
            .json(&command)
            .send()
            .expect("an answer")
            .status()
            .as_u16()
    };
    let leave = json!({ "subject": "organization", "command": "remove-member", "name": "acme", "username": "admin" });
    let step_down = json!({ "subject": "team", "command": "remove", "organization": "acme", "name": "owners", "username": "admin" });
    let suspend =
        json!({ "subject": "user", "command": "update", "username": "admin", "suspended": true });
    let delete =
        json!({ "subject": "team", "command": "delete", "organization": "acme", "name": "owners" });
    for command in [&leave, &step_down, &suspend, &delete] {
        assert_eq!(refused(command.clone()), 409, "{command}");
    }
    registry.user("second");
    registry.join("acme", "owners", "second");
    assert_eq!(refused(step_down), 200);
}

#[test]
fn t40_nobody_hands_out_more_than_they_hold() {
    let registry = Appliance::start();
    let manager = registry.user("mia");
    registry.command(&json!({
        "subject": "team", "command": "create", "organization": "acme", "name": "managers",
        "access": { "manage-teams": true },
    }));
    registry.join("acme", "managers", "mia");
    let as_manager = |command: Value| {
        let request = registry.request("POST", "/api/terrakeep/v1/commands", Some(&manager));
        request
            .json(&command)
            .send()
            .expect("an answer")
            .status()
            .as_u16()
    };
    let create = |name: &str, access: Value| json!({ "subject": "team", "command": "create", "organization": "acme", "name": name, "access": access });
    assert_eq!(
        as_manager(create("publishers", json!({ "manage-modules": true }))),
        403
    );
    assert_eq!(as_manager(create("readers", json!({}))), 200);
    let own = json!({ "subject": "team", "command": "add", "organization": "acme", "name": "owners", "username": "mia" });
    assert_eq!(as_manager(own), 403);
    let token = json!({ "subject": "token", "command": "create", "scope": "admin",
                        "owner": { "kind": "organization", "organization": "acme" } });
    assert_eq!(as_manager(token), 403);
    let read = registry.organization_token("acme", "read");
    let widen = json!({ "subject": "token", "command": "create", "scope": "admin" });
    let request = registry.request("POST", "/api/terrakeep/v1/commands", Some(&read));
    assert_eq!(
        request.json(&widen).send().expect("an answer").status(),
        403
    );
}

#[test]
fn t29_a_look_alike_of_an_organization_cannot_be_made() {
    let registry = Appliance::start();
    registry.organization("my-corp", false);
    for name in ["my_corp", "My-Corp", "MY_CORP", "search", "api"] {
        let request = registry.request("POST", "/api/terrakeep/v1/commands", Some(&registry.admin));
        let create = json!({ "subject": "organization", "command": "create", "name": name });
        let answer = request.json(&create).send().expect("an answer");
        assert_eq!(answer.status(), 422, "{name}");
    }
}

#[test]
fn t50_an_upload_link_ends_with_the_rights_it_came_from() {
    let registry = Appliance::start();
    registry.create_module("acme/vpc/null");
    let refused_after = |username: &str, command: Value| {
        let token = registry.user(username);
        registry.join("acme", "owners", username);
        let version = format!("1.0.0-{username}");
        let announced = registry.announce("acme/vpc/null", &version, &token);
        let body: Value = announced.json().expect("JSON");
        let link = body["data"]["links"]["upload"].as_str().expect("a link");
        registry.command(&command);
        let answer = registry.upload(link, module(username));
        assert_eq!(answer.status(), 404, "{command}");
    };
    refused_after(
        "suspended",
        json!({ "subject": "user", "command": "update", "username": "suspended", "suspended": true }),
    );
    refused_after(
        "removed",
        json!({ "subject": "organization", "command": "remove-member", "name": "acme", "username": "removed" }),
    );
    assert_eq!(registry.versions("acme/vpc/null"), [""; 0]);
}

#[test]
fn t50_a_token_makes_none_that_outlives_or_outgrows_it() {
    let registry = Appliance::start();
    let as_holder = |token: &str, command: &Value| {
        let request = registry.request("POST", "/api/terrakeep/v1/commands", Some(token));
        let answer = request.json(command).send().expect("an answer");
        (
            answer.status().as_u16(),
            answer.json::<Value>().expect("JSON"),
        )
    };
    let make = |scope: &str, lifetime: Option<i64>, owner: Value| {
        json!({ "subject": "token", "command": "create", "scope": scope,
                "lifetime_seconds": lifetime, "owner": owner })
    };
    let myself = json!({ "kind": "myself" });
    let (_, short) = as_holder(&registry.admin, &make("admin", Some(600), myself.clone()));
    let short = short["token"].as_str().expect("a token");
    for owner in [
        myself.clone(),
        json!({ "kind": "user", "username": "admin" }),
        json!({ "kind": "organization", "organization": "acme" }),
    ] {
        let (status, token) = as_holder(short, &make("admin", None, owner));
        assert_eq!(status, 200);
        assert!(token["expires_at"].is_string(), "{token}");
    }
    let (_, read) = as_holder(&registry.admin, &make("read", None, myself.clone()));
    let read = read["token"].as_str().expect("a token");
    assert_eq!(as_holder(read, &make("read", None, myself)).0, 403);
    let (_, seen) = as_holder(read, &json!({ "subject": "token", "command": "list" }));
    assert_eq!(seen.as_array().expect("a list").len(), 1, "only itself");
}

#[test]
fn a_token_for_one_module_sees_it_in_lists_and_nothing_else() {
    let registry = Appliance::start();
    registry.publish("acme/vpc/null", "1.0.0", module("vpc"));
    let made = registry.command(&json!({
        "subject": "token", "command": "create", "scope": "read", "only_module": {
            "namespace": "acme", "name": "vpc", "system": "null",
        },
    }));
    let token = made["token"].as_str().expect("a token");
    let list: Value = registry
        .get("/v1/modules", Some(token))
        .json()
        .expect("JSON");
    let modules = list["modules"].as_array().expect("a list");
    let ids: Vec<_> = modules.iter().map(|entry| &entry["id"]).collect();
    assert_eq!(ids, ["acme/vpc/null/1.0.0"]);
    let other = registry.get("/v1/modules/acme/hello/null/versions", Some(token));
    assert_eq!(other.status(), 404);
}

#[test]
fn t13_a_text_too_long_to_be_kept_is_refused() {
    let registry = Appliance::start();
    let request = registry.request("POST", "/api/terrakeep/v1/commands", Some(&registry.admin));
    let create = json!({ "subject": "token", "command": "create", "scope": "read",
                         "description": "x".repeat(40_000) });
    assert_eq!(
        request.json(&create).send().expect("an answer").status(),
        422
    );
}
