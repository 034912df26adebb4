//! Tests the commands of the management API: one route carries out all of them, so each has its own
//! cells.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use terrakeep::http::access::Access;

use super::made::Objects;
use super::role::{ROLES, Role};
use super::rules::{Outcome, Rule, expected};
use super::world::{ALLY, MARK, World};
use crate::providers::keys::Signer;

const PATH: &str = "/api/terrakeep/v1/commands";

/// A command: its subject and name, its rule, and the objects that it changes, as parameters of
/// paths.
type Row = (&'static str, &'static str, Rule, &'static str);

#[rustfmt::skip]
const COMMANDS: &[Row] = &[
    ("organization", "create", Rule::Site, ""),
    ("organization", "list", Rule::Lists, ""),
    ("organization", "update", Rule::Owns, ""),
    ("organization", "usage", Rule::Reads, ""),
    ("organization", "budget", Rule::Site, ""),
    ("organization", "share", Rule::Site, ""),
    ("organization", "delete", Rule::Owns, "{organization}/delete"),
    ("organization", "members", Rule::Reads, ""),
    ("organization", "add-member", Rule::Owns, "members"),
    ("organization", "remove-member", Rule::Owns, "{username}"),
    ("organization", "invite", Rule::Owns, "members"),
    ("organization", "remove-invitation", Rule::Owns, "{invitation}"),
    ("user", "create", Rule::Site, ""),
    ("user", "list", Rule::Site, ""),
    ("user", "show", Rule::Site, ""),
    ("user", "update", Rule::Site, "{username}"),
    ("user", "rename", Rule::Site, "{username}"),
    ("user", "delete", Rule::Site, "{username}"),
    ("team", "create", Rule::Owns, ""),
    ("team", "update", Rule::Owns, "{team}"),
    ("team", "list", Rule::Reads, ""),
    ("team", "delete", Rule::Owns, "{team}"),
    ("team", "add", Rule::Owns, "{team}"),
    ("team", "remove", Rule::Owns, "{team}"),
    ("token", "create", Rule::Owns, ""),
    ("token", "list", Rule::Owns, ""),
    ("token", "revoke", Rule::OwnsUnseen, "{token}"),
    ("module", "deprecate", Rule::Owns, "{name}"),
    ("module", "undeprecate", Rule::Owns, "{name}"),
    ("module", "revoke", Rule::Owns, "{name}"),
    ("module", "unrevoke", Rule::Owns, "{name}"),
    ("audit", "list", Rule::Owns, ""),
    ("key", "list", Rule::Reads, ""),
    ("key", "show", Rule::Reads, ""),
    ("key", "add", Rule::Publishes, ""),
    ("key", "rotate", Rule::ManagesProviders, "providers/{name}"),
    ("key", "delete", Rule::ManagesProviders, "{key_id}"),
];

/// Returns a command with every parameter that it may need.
fn command_words(world: &World, objects: &Objects, (subject, command, _, _): Row) -> Value {
    let organization = &objects.organization;
    let mut words = match subject {
        "organization" => json!({
            "name": organization, "username": objects.username, "kind": "modules",
            "with": [ALLY],
        }),
        "user" => json!({ "username": objects.username }),
        "team" => json!({
            "organization": organization, "name": objects.team, "username": objects.username,
            "access": {},
        }),
        "token" => json!({
            "id": objects.token, "scope": "read",
            "owner": { "kind": "organization", "organization": organization },
        }),
        "module" => json!({
            "module": { "namespace": organization, "name": objects.module, "system": "null" },
            "version": "1.0.0", "reason": "It is old.",
        }),
        _ => json!({
            "organization": organization, "key_id": objects.key_id,
            "ascii_armor": Signer::ed25519().public(),
        }),
    };
    let new = format!("{MARK}new-{}", world.next());
    match (subject, command) {
        ("organization" | "team", "create") => words["name"] = json!(new),
        ("user", "create") => words["username"] = json!(new),
        ("organization", "add-member") => words["username"] = json!(objects.stranger),
        ("organization", "invite") => words["who"] = json!(objects.stranger),
        ("organization", "remove-invitation") => words["who"] = json!(objects.invitation),
        ("user", "rename") => words["new_name"] = json!(new),
        _ => {}
    }
    words["subject"] = json!(subject);
    words["command"] = json!(command);
    words
}

fn send(world: &World, role: Role, words: &Value) -> (u16, String) {
    let request = world.registry.request("POST", PATH, world.token(role));
    let answer = request.json(words).send().expect("an answer");
    (answer.status().as_u16(), answer.text().expect("a body"))
}

/// Returns every subject or command that the registry knows, as it lists them itself when it gets
/// an unknown one.
fn known_words(world: &World, words: &Value) -> BTreeSet<String> {
    let (status, text) = send(world, Role::Admin, words);
    assert!((400..500).contains(&status), "{words}: {status} {text}");
    let (_, known) = text.split_once(", expected").expect("what is known");
    let words = known.split('`').skip(1).step_by(2);
    words.map(str::to_owned).collect()
}

#[test]
fn t50_every_command_asked_by_every_role_gives_what_the_matrix_says() {
    let world = World::new();
    let mut wrong = Vec::new();
    for row in COMMANDS {
        let (subject, command, rule, changed) = *row;
        for role in ROLES {
            let mut outcome = expected(rule, Access::Command, false, role);
            // Keys belong to the providers that are shared.
            if role == Role::Consumer && subject == "key" && rule == Rule::Reads {
                outcome = Outcome::Done;
            }
            let objects = if outcome.is_done() && !changed.is_empty() {
                world.fresh(changed)
            } else {
                world.objects().clone()
            };
            if command == "revoke" && outcome.is_done() && subject == "module" {
                let first = (subject, "deprecate", rule, changed);
                send(&world, Role::Admin, &command_words(&world, &objects, first));
            }
            let (status, text) = send(&world, role, &command_words(&world, &objects, *row));
            let fits = match outcome {
                Outcome::Done | Outcome::DoneAlone => status == 200,
                Outcome::Shows => status == 200 && text.contains(MARK),
                Outcome::Hides => status == 200 && !text.contains(MARK),
                Outcome::Status(expected) => status == expected,
                Outcome::SignIn => false,
            };
            if !fits {
                wrong.push(format!(
                    "{subject} {command} as {role:?}: expected {outcome:?}, came {status} {text}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let subjects: BTreeSet<String> = COMMANDS.iter().map(|row| row.0.to_owned()).collect();
    let nothing = json!({ "subject": "nothing", "command": "nothing" });
    assert_eq!(known_words(&world, &nothing), subjects);
    for subject in subjects {
        let asked = known_words(&world, &json!({ "subject": subject, "command": "nothing" }));
        let rows = COMMANDS.iter().filter(|row| row.0 == subject);
        let rows: BTreeSet<String> = rows.map(|row| row.1.to_owned()).collect();
        assert_eq!(rows, asked, "{subject}");
    }
}
