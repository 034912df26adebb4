//! Makes the objects of the organization: one of everything, and fresh ones for requests that
//! change them.

use serde_json::{Value, json};

use super::world::{MARK, ORGANIZATION, World};
use crate::builders::{archive, module};
use crate::providers::keys::Signer;
use crate::zips::package_of;

/// One of everything, by the names and ids that the parameters of paths are filled in with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Objects {
    pub(crate) organization: String,
    pub(crate) module: String,
    pub(crate) module_id: String,
    pub(crate) provider: String,
    pub(crate) provider_id: String,
    /// A provider of another registry, which everybody with a valid token may see.
    pub(crate) imported: String,
    pub(crate) team: String,
    pub(crate) team_id: String,
    pub(crate) username: String,
    /// The user whom by-id routes name: the reader, or a fresh one for administrators.
    pub(crate) user_id: String,
    pub(crate) membership: String,
    /// The membership that an invitation will be, and the user whom it waits for.
    pub(crate) invitation: String,
    pub(crate) invited: String,
    pub(crate) token: String,
    pub(crate) ssh_key: String,
    pub(crate) project: String,
    pub(crate) key_id: String,
    pub(crate) ticket: String,
    /// A user who belongs to no organization.
    pub(crate) stranger: String,
}

/// The files of the first module: something for each of its pages.
const FILES: &[(&str, &str)] = &[
    ("README.md", "# A network\n\n![badge](badge.png)\n"),
    ("badge.png", "a picture"),
    (
        "main.tf",
        "variable \"size\" {}\noutput \"size\" {\n  value = var.size\n}\n",
    ),
    ("modules/inside/main.tf", "variable \"size\" {}\n"),
    (
        "examples/simple/main.tf",
        "module \"network\" {\n  source = \"../..\"\n}\n",
    ),
];

/// The documentation of providers.
const DOCS: &[(&str, &str)] = &[
    ("docs/index.md", "# Pages\n\n![badge](badge.png)\n"),
    ("docs/resources/thing.md", "# A thing\n"),
    ("docs/badge.png", "a picture"),
];

impl World {
    /// Makes one of everything, for the requests that change nothing.
    pub(crate) fn make_objects(&self) -> Objects {
        let (reader, user_id) = self.reader();
        let mut objects = Objects {
            organization: ORGANIZATION.to_owned(),
            username: reader,
            user_id,
            stranger: self.make_stranger(),
            ..Objects::default()
        };
        objects.membership = self.membership_of(&objects.username);
        self.make_invitation(&mut objects);
        self.make_module(&mut objects);
        let address = format!("{ORGANIZATION}/{}/null", objects.module);
        let with_pages = archive(FILES);
        self.registry.publish(&address, "1.1.0", with_pages);
        self.make_provider(&mut objects);
        self.import(&mut objects);
        self.make_team(&mut objects);
        self.make_token(&mut objects);
        self.make_ssh_key(&mut objects);
        self.make_project(&mut objects);
        self.add_key(&mut objects);
        self.make_ticket(&mut objects);
        let change =
            json!({ "data": { "attributes": { "email": format!("{MARK}mail@example.com") } } });
        self.must_do(
            "PATCH",
            &format!("/api/v2/organizations/{ORGANIZATION}"),
            &change,
        );
        let to = format!("/api/v2/organizations/{ORGANIZATION}/authentication-token");
        self.must_do("POST", &to, &json!({}));
        objects
    }

    /// Returns the objects with fresh ones for those that the path names, so that no cell sees what
    /// another did.
    pub(crate) fn fresh(&self, path: &str) -> Objects {
        let mut objects = self.objects().clone();
        if ends_organization(path) {
            self.make_organization(&mut objects);
        } else if path.contains("/mirror/") {
            self.import(&mut objects);
        } else if path.contains("providers/") {
            self.make_provider(&mut objects);
        } else if path.contains("{name}") {
            self.make_module(&mut objects);
        }
        if path.contains("{team") {
            self.make_team(&mut objects);
        }
        if path.contains("{username}")
            || path.contains("{membership}")
            || path.contains("/admin/users/")
            || path.contains("{team")
        {
            self.make_member(&mut objects);
        }
        if path.contains("{invit") {
            self.make_invitation(&mut objects);
        }
        if path.contains("{token}") {
            self.make_token(&mut objects);
        }
        if path.contains("{ssh_key}") {
            self.make_ssh_key(&mut objects);
        }
        if path.contains("{project}") {
            self.make_project(&mut objects);
        }
        if path.contains("{key_id}") {
            self.add_key(&mut objects);
        }
        if path.contains("{ticket}") {
            self.make_ticket(&mut objects);
        }
        if path.ends_with("members") || path.ends_with("organization-memberships") {
            objects.stranger = self.make_stranger();
        }
        self.fill_slots(path, &objects);
        objects
    }

    /// Returns the objects for roles that are refused: fresh ones, except for the organization
    /// itself, to which the tokens of the roles belong.
    pub(crate) fn spare(&self, path: &str) -> Objects {
        if ends_organization(path) {
            self.objects().clone()
        } else {
            self.fresh(path)
        }
    }

    /// Makes the primary token that a path is about.
    fn fill_slots(&self, path: &str, objects: &Objects) {
        if path.ends_with("/authentication-token") {
            let path = objects.fill_in(path);
            self.must_do("POST", &path, &json!({}));
        }
    }

    /// Makes a request as the administrator that must succeed; returns the response.
    fn must_do(&self, method: &str, path: &str, body: &Value) -> Value {
        let request = self
            .registry
            .request(method, path, Some(&self.registry.admin));
        let answer = request.json(body).send().expect("an answer");
        let status = answer.status();
        let text = answer.text().expect("a body");
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    fn must_send(&self, method: &str, path: &str, body: Vec<u8>) {
        let request = self
            .registry
            .request(method, path, Some(&self.registry.admin));
        let answer = request.body(body).send().expect("an answer");
        assert_eq!(answer.status(), 200, "{method} {path}");
    }

    fn make_organization(&self, objects: &mut Objects) {
        objects.organization = format!("{MARK}org-{}", self.next());
        self.registry.organization(&objects.organization, false);
        self.fill_organization(&objects.organization);
    }

    fn make_module(&self, objects: &mut Objects) {
        objects.module = format!("{MARK}vpc-{}", self.next());
        let address = format!("{ORGANIZATION}/{}/null", objects.module);
        self.registry.publish(&address, "1.0.0", archive(FILES));
        let path =
            format!("/api/v2/organizations/{ORGANIZATION}/registry-modules/private/{address}");
        objects.module_id = id_of(&self.registry.json(&path)["data"]);
    }

    fn make_provider(&self, objects: &mut Objects) {
        let name = format!("{MARK}cloud-{}", self.next());
        let base = format!("/api/terrakeep/v1/providers/{ORGANIZATION}/{name}/1.0.0");
        let package = package_of(&name, "1.0.0", b"x");
        self.must_send("PUT", &format!("{base}/packages/linux_amd64"), package);
        self.must_send("PUT", &format!("{base}/docs"), archive_of_docs());
        self.must_do("POST", &format!("{base}/publication"), &json!({}));
        let path = format!(
            "/api/v2/organizations/{ORGANIZATION}/registry-providers/private/{ORGANIZATION}/{name}"
        );
        objects.provider_id = id_of(&self.registry.json(&path)["data"]);
        objects.provider = name;
    }

    fn import(&self, objects: &mut Objects) {
        let name = format!("imported-{}", self.next());
        let to = format!(
            "/api/terrakeep/v1/mirror/registry.example.com/elsewhere/{name}/1.0.0/packages/linux_amd64"
        );
        self.must_send("PUT", &to, package_of(&name, "1.0.0", b"x"));
        objects.imported = name;
    }

    fn make_team(&self, objects: &mut Objects) {
        objects.team = format!("{MARK}team-{}", self.next());
        let path = format!("/api/v2/organizations/{ORGANIZATION}/teams");
        let body = json!({ "data": { "attributes": {
            "name": objects.team, "visibility": "organization",
        } } });
        objects.team_id = id_of(&self.must_do("POST", &path, &body)["data"]);
        self.registry
            .join(ORGANIZATION, &objects.team, &objects.username);
        let slot = format!("/api/v2/teams/{}/authentication-token", objects.team_id);
        self.must_do("POST", &slot, &json!({}));
    }

    /// Makes a team that only owners and administrators see, with a token.
    pub(crate) fn make_secret_team(&self, objects: &mut Objects) {
        objects.team = format!("{MARK}secret-{}", self.next());
        let path = format!("/api/v2/organizations/{ORGANIZATION}/teams");
        let body = json!({ "data": { "attributes": { "name": objects.team } } });
        objects.team_id = id_of(&self.must_do("POST", &path, &body)["data"]);
        let slot = format!("/api/v2/teams/{}/authentication-token", objects.team_id);
        objects.token = id_of(&self.must_do("POST", &slot, &json!({}))["data"]);
    }

    /// Makes a user who is a member of the organization, and of the team.
    fn make_member(&self, objects: &mut Objects) {
        objects.username = self.make_stranger();
        self.add_member(ORGANIZATION, &objects.username, Some(&objects.team));
        objects.membership = self.membership_of(&objects.username);
        objects.user_id = self.id_of_user(&objects.username);
    }

    fn make_stranger(&self) -> String {
        let username = format!("{MARK}user-{}", self.next());
        self.registry.user(&username);
        username
    }

    fn make_invitation(&self, objects: &mut Objects) {
        let path = format!("/api/v2/organizations/{ORGANIZATION}/organization-memberships");
        let email = format!("{MARK}new-{}@example.com", self.next());
        let body = json!({ "data": { "attributes": { "email": email } } });
        let made = self.must_do("POST", &path, &body);
        objects.invitation = id_of(&made["data"]);
        objects.invited = id_of(&made["data"]["relationships"]["user"]["data"]);
    }

    fn make_token(&self, objects: &mut Objects) {
        let made = self.registry.command(&json!({
            "subject": "token", "command": "create", "scope": "read",
            "description": format!("{MARK}robot"),
            "owner": { "kind": "organization", "organization": ORGANIZATION },
        }));
        objects.token = id_of(&made);
    }

    fn make_ssh_key(&self, objects: &mut Objects) {
        let path = format!("/api/v2/organizations/{ORGANIZATION}/ssh-keys");
        let body = json!({ "data": { "attributes": {
            "name": format!("{MARK}deploy"), "value": "-----BEGIN PRIVATE KEY-----\nnothing\n",
        } } });
        objects.ssh_key = id_of(&self.must_do("POST", &path, &body)["data"]);
    }

    fn make_project(&self, objects: &mut Objects) {
        let path = format!("/api/v2/organizations/{ORGANIZATION}/projects");
        let name = format!("{MARK}project-{}", self.next());
        let body = json!({ "data": { "attributes": { "name": name } } });
        objects.project = id_of(&self.must_do("POST", &path, &body)["data"]);
    }

    /// Adds a key that signs nothing.
    fn add_key(&self, objects: &mut Objects) {
        let signer = Signer::ed25519();
        let body = json!({ "data": { "attributes": {
            "namespace": ORGANIZATION, "ascii-armor": signer.public(),
        } } });
        self.must_do("POST", "/api/registry/private/v2/gpg-keys", &body);
        objects.key_id = signer.id();
    }

    fn make_ticket(&self, objects: &mut Objects) {
        let address = format!("{ORGANIZATION}/{}/null", objects.module);
        let version = format!("2.0.{}", self.next());
        let link = self.registry.upload_link(&address, &version);
        let (_, ticket) = link.rsplit_once('/').expect("a link");
        objects.ticket = ticket.to_owned();
    }

    fn reader(&self) -> (String, String) {
        let username = super::role::Role::Reader.username().expect("a user");
        (username.to_owned(), self.id_of_user(username))
    }

    fn id_of_user(&self, username: &str) -> String {
        let path = format!("/api/v2/admin/users?q={username}");
        id_of(&self.registry.json(&path)["data"][0])
    }

    fn membership_of(&self, username: &str) -> String {
        let path =
            format!("/api/v2/organizations/{ORGANIZATION}/organization-memberships?q={username}");
        id_of(&self.registry.json(&path)["data"][0])
    }
}

/// Returns the archive of a module that is uploaded or published by a form.
pub(crate) fn archive_of_module() -> Vec<u8> {
    module("fresh")
}

/// Returns the archive of a provider's documentation.
pub(crate) fn archive_of_docs() -> Vec<u8> {
    archive(DOCS)
}

fn id_of(resource: &Value) -> String {
    resource["id"].as_str().expect("an id").to_owned()
}

/// Returns whether a route deletes an organization, or the caller's membership in it.
fn ends_organization(path: &str) -> bool {
    path.ends_with("/organizations/{organization}")
        || path.ends_with("{organization}/leave")
        || path.ends_with("{organization}/delete")
}
