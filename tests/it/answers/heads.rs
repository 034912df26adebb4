//! Compares the `<head>` of every page with its snapshot.

use std::fmt::Write as _;

use super::snapshot::Snapshots;
use crate::roles::matrix::routes;
use crate::roles::role::Role;
use crate::roles::world::World;

#[test]
fn the_head_of_every_page_is_as_before() {
    let world = World::new();
    let mut text = String::new();
    for route in routes() {
        if route.method != "GET" || !route.is_in_browser() {
            continue;
        }
        let answer = world.ask(&route, world.objects(), Role::Admin);
        writeln!(
            text,
            "--- {}\n{} {}",
            route.line(),
            answer.status,
            answer.kind
        )
        .expect("a text");
        if answer.kind.starts_with("text/html") {
            let (_, rest) = answer.text.split_once("<head>").expect("a head");
            let (head, _) = rest.split_once("</head>").expect("its end");
            text.push_str(head.trim_matches('\n'));
            text.push('\n');
        }
    }
    let mut snapshots = Snapshots::in_folder("pages");
    snapshots.compare("heads", &text);
    snapshots.finish();
}
