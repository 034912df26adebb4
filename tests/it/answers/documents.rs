//! Compares every response to a program with its snapshot: the one for callers with the right, and
//! the errors for those without it.

use std::fmt::Write as _;

use serde_json::Value;

use super::snapshot::Snapshots;
use crate::roles::matrix::routes;
use crate::roles::question::{Answer, Route};
use crate::roles::role::Role;
use crate::roles::world::World;

/// The address of the API description, whose own tests are in `openapi.rs`.
const DESCRIPTION: &str = "/api/openapi.json";

/// The roles that make each request, in this order: first one that may, then those that may not.
const ASKED_BY: [Role; 5] = [
    Role::Owner,
    Role::Admin,
    Role::Reader,
    Role::OtherOwner,
    Role::Anonymous,
];

/// Prefixes under which the same protocol is served, and the prefix that stands for all of them.
const SAME: [(&str, &str); 4] = [
    ("/api/registry/public/v1/", "/v1/"),
    ("/api/registry/private/v1/", "/v1/"),
    ("/api/registry/v1/", "/v1/"),
    ("/_archivist/v1/", "/v1/"),
];

/// Returns the name of a route's snapshot: routes with the same responses share one.
fn name_of(route: &Route) -> String {
    let mut path = route.path.clone();
    for (prefix, instead) in SAME {
        if let Some(rest) = path.strip_prefix(prefix) {
            path = format!("{instead}{rest}");
        }
    }
    let name: String = path
        .trim_matches('/')
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        })
        .collect();
    format!(
        "{}_{}",
        name.replace("__", "_").trim_matches('_'),
        route.method
    )
}

/// Returns a response as a text: its status, its media type, and its document.
fn text_of(answer: &Answer) -> String {
    let mut text = format!("{} {}\n", answer.status, answer.kind);
    if answer.kind.contains("json") {
        let document: Value = serde_json::from_str(&answer.text).expect("JSON");
        writeln!(text, "{document:#}").expect("a text");
    }
    text
}

/// Requests a route as every role whose response differs, each about a fresh object if the route
/// changes one.
fn ask_everybody(world: &World, route: &Route) -> String {
    let mut text = String::new();
    let mut is_done = false;
    for role in ASKED_BY {
        let may = route.expected(role).is_done();
        if may && is_done {
            continue;
        }
        is_done |= may;
        let objects = world.objects_for(route, role);
        let answer = world.ask(route, &objects, role);
        writeln!(text, "--- {} as {role:?}", route.method).expect("a text");
        text.push_str(&text_of(&answer));
    }
    text
}

#[test]
fn every_answer_to_a_program_is_as_before() {
    let world = World::new();
    let mut snapshots = Snapshots::in_folder("documents");
    let (reading, changing): (Vec<Route>, Vec<Route>) = routes()
        .into_iter()
        .filter(|route| !route.is_in_browser() && route.path != DESCRIPTION)
        .partition(|route| route.method == "GET");
    // First what only reads, so that lists have nothing in them that another question made.
    for route in reading.iter().chain(&changing) {
        snapshots.compare(&name_of(route), &ask_everybody(&world, route));
    }
    snapshots.finish();
}
