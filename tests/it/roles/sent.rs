//! Makes the body for a route that changes something: with it, the request succeeds if the role may
//! make it.

use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use super::made::{Objects, archive_of_docs, archive_of_module};
use super::role::Role;
use super::world::{ALLY, MARK, ORGANIZATION, World};
use crate::login::program::Program;
use crate::providers::keys::Signer;
use crate::ui::browser::{Browser, PASSWORD};
use crate::zips::package_of;

/// The body of a request.
pub(crate) enum Sent {
    Bytes(Vec<u8>),
    Json(Value),
    Form(Vec<(&'static str, String)>),
}

/// Makes a document of the JSON:API with these attributes.
fn attributes(attributes: &Value) -> Value {
    json!({ "data": { "attributes": attributes } })
}

/// Returns the password that a role knows: its own, or a wrong one.
fn credentials(role: Role) -> (&'static str, &'static str) {
    match role.username() {
        Some(username) => (username, PASSWORD),
        None => ("admin", "not the password"),
    }
}

impl World {
    /// Returns the body for a route of a program.
    pub(crate) fn body(&self, line: &str, objects: &Objects, role: Role) -> Sent {
        let name = format!("new-{}", self.next());
        let (_, path) = line.split_once(' ').expect("a method and a path");
        if path.contains("/packages/") {
            let name = if path.contains("/mirror/") {
                &objects.imported
            } else {
                &objects.provider
            };
            return Sent::Bytes(package_of(name, "1.0.0", b"x"));
        }
        if path.contains("/object/") {
            return Sent::Bytes(archive_of_module());
        }
        if path == "/oauth/token" {
            return Sent::Form(self.code_for_a_token());
        }
        if path.ends_with("/docs") {
            return Sent::Bytes(archive_of_docs());
        }
        let named = |kind: &str, id: &str| json!({ "data": [{ "type": kind, "id": id }] });
        Sent::Json(match path {
            "/api/terrakeep/v1/commands" => json!({ "subject": "user", "command": "list" }),
            "/api/terrakeep/v1/sign-in" => {
                let (username, password) = credentials(role);
                json!({ "username": username, "password": password })
            }
            "/api/terrakeep/v1/backup" => json!({ "name": name }),
            "/api/v2/organizations/{organization}/token-ttl-policies" => attributes(&json!({
                "token-ttl-policies": [
                    { "token-type": "team", "max-ttl-ms": 31_536_000_000_i64 },
                ],
            })),
            "/api/v2/account/password" => attributes(&json!({
                "current_password": PASSWORD, "password": PASSWORD, "password_confirmation": PASSWORD,
            })),
            "/api/v2/account/update" => {
                attributes(&json!({ "email": format!("{name}@example.com") }))
            }
            "/api/registry/private/v2/gpg-keys" => attributes(&json!({
                "namespace": ORGANIZATION, "ascii-armor": Signer::ed25519().public(),
            })),
            "/api/v2/organizations" => attributes(&json!({ "name": name, "email": "a@b.c" })),
            "/api/v2/teams/{team_id}/relationships/users" => named("users", &objects.username),
            "/api/v2/teams/{team_id}/relationships/organization-memberships" => {
                named("organization-memberships", &objects.membership)
            }
            _ if path.ends_with("/organization-memberships") => {
                attributes(&json!({ "email": objects.stranger }))
            }
            _ if path.ends_with("/publication") => json!({}),
            _ if path.contains("/gpg-keys/") => attributes(&json!({ "namespace": ORGANIZATION })),
            _ if path.contains("ssh-key") => attributes(&json!({
                "name": name, "value": "-----BEGIN PRIVATE KEY-----\nnothing\n",
            })),
            _ if path.ends_with("/{version}") => attributes(&json!({
                "deprecation": { "deprecated-status": "Deprecated", "reason": "old" },
            })),
            _ if path.ends_with("/versions") => attributes(&json!({
                "version": "2.0.0", "key-id": "1111111111111111", "protocols": ["5.0"],
            })),
            _ if path.ends_with("/platforms") => attributes(&json!({
                "os": "darwin", "arch": "arm64", "shasum": "0".repeat(64),
                "filename": format!(
                    "terraform-provider-{}_1.0.0_darwin_arm64.zip", objects.provider
                ),
            })),
            _ if path.ends_with("/registry-providers") => attributes(&json!({
                "name": name, "namespace": ORGANIZATION, "registry-name": "private",
            })),
            _ if path.ends_with("-consumers") => named("organizations", ALLY),
            _ if path.ends_with("/tag-bindings") => json!({ "data": [
                { "type": "tag-bindings", "attributes": { "key": "stage", "value": name } },
            ] }),
            _ if path.ends_with("/data-retention-policy") => {
                json!({ "data": { "type": "data-retention-policy-dont-deletes" } })
            }
            _ if path.ends_with("/{organization}") => {
                attributes(&json!({ "email": format!("{MARK}mail@example.com") }))
            }
            _ => attributes(&json!({ "name": name, "provider": "null" })),
        })
    }

    /// Returns the fields with which a program brings a code that the administrator allowed.
    fn code_for_a_token(&self) -> Vec<(&'static str, String)> {
        let mut browser = Browser::new(&self.registry);
        browser.cookies = self.session(Role::Admin).cookies;
        let program = Program::new();
        let code = program.allowed(&mut browser, "read");
        program.exchange(&code)
    }

    /// Returns the fields of a form, except its token.
    pub(crate) fn fields(
        &self,
        line: &str,
        objects: &Objects,
        role: Role,
    ) -> Vec<(&'static str, String)> {
        let name = || format!("new-{}", self.next());
        let (username, password) = credentials(role);
        let password_again = || PASSWORD.to_owned();
        match line.split_once(' ').expect("a method and a path").1 {
            "/login" => vec![
                ("username", username.to_owned()),
                ("password", password.to_owned()),
                ("next", "/".to_owned()),
            ],
            "/settings/password" => vec![
                ("old", password_again()),
                ("new", password_again()),
                ("again", password_again()),
            ],
            "/settings/account" => vec![("username", username.to_owned())],
            "/oauth/authorize" => vec![
                ("request", Program::new().query()),
                ("answer", "yes".to_owned()),
                ("scope", "read".to_owned()),
            ],
            "/settings/users" => vec![("username", name()), ("password", password_again())],
            "/settings/theme" => vec![("theme", "dark".to_owned())],
            "/organizations/new" | "/settings/organizations/{organization}/teams" => {
                vec![("name", name())]
            }
            path if path.ends_with("/ssh-keys") => {
                vec![("name", name()), ("value", "a key".to_owned())]
            }
            path if path.ends_with("/{ssh_key}/name") => vec![("name", name())],
            // What comes later needs the tokens of users.
            "/settings/organizations/{organization}/rules" => {
                vec![("user_tokens", "yes".to_owned())]
            }
            "/settings/organizations/{organization}/sharing" => {
                vec![("kind", "modules".to_owned()), ("with", ALLY.to_owned())]
            }
            path if path.ends_with("/projects") || path.ends_with("/{project}") => {
                vec![("name", name())]
            }
            path if path.ends_with("/tags") => vec![("key", name())],
            "/settings/organizations/{organization}/members" => {
                vec![("username", objects.stranger.clone())]
            }
            path if path.ends_with("/{team}/members") => {
                vec![("username", objects.username.clone())]
            }
            path if path.ends_with("/tokens") => vec![("scope", "read".to_owned())],
            path if path.ends_with("{organization}/delete") => {
                vec![("confirm", objects.organization.clone())]
            }
            path if path.ends_with("{system}/delete") => vec![(
                "confirm",
                format!("{}/{}/null", objects.organization, objects.module),
            )],
            path if path.ends_with("/lifecycle") => vec![
                ("act", "deprecate".to_owned()),
                ("reason", "It is old.".to_owned()),
            ],
            _ => Vec::new(),
        }
    }

    /// Makes the form for publishing, with its file after the fields.
    pub(crate) fn form_with_file(&self, line: &str, form_token: String) -> Form {
        let name = format!("sent-{}", self.next());
        let form = Form::new()
            .text("csrf", form_token)
            .text("organization", ORGANIZATION);
        if line.ends_with("/provider") {
            let package = package_of(&name, "1.0.0", b"x");
            let file = format!("terraform-provider-{name}_1.0.0_linux_amd64.zip");
            return form.part("files", Part::bytes(package).file_name(file));
        }
        let archive = Part::bytes(archive_of_module()).file_name("module.tar.gz");
        form.text("name", name)
            .text("provider", "null")
            .text("version", "1.0.0")
            .part("archive", archive)
    }
}
