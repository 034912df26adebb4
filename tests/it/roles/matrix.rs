//! The matrix: every role requests every route.

use std::collections::BTreeSet;

use terrakeep::server::route_table;

use super::cells;
use super::question::{Route, fault};
use super::role::ROLES;
use super::world::World;

/// Returns every route, with its rule.
pub(crate) fn routes() -> Vec<Route> {
    route_table().into_iter().filter_map(Route::of).collect()
}

#[test]
fn t50_every_route_says_what_it_is_about() {
    let table = route_table();
    let without: Vec<_> = table
        .iter()
        .filter(|(method, path, access)| cells::rule(method, path, *access).is_none())
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    assert!(without.is_empty(), "no line in cells.rs: {without:#?}");
    let lines: BTreeSet<String> = table
        .iter()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    let gone: Vec<_> = cells::lines()
        .filter(|line| !lines.contains(*line))
        .collect();
    assert!(gone.is_empty(), "no routes: {gone:#?}");
    let mut seen = BTreeSet::new();
    let twice: Vec<_> = cells::lines().filter(|line| !seen.insert(*line)).collect();
    assert!(twice.is_empty(), "two lines: {twice:#?}");
}

#[test]
fn t50_t53_every_route_asked_by_every_role_gives_what_the_matrix_says() {
    let world = World::new();
    let mut wrong = Vec::new();
    for route in routes() {
        // What is done in spite of all is done to objects that no other route is asked about.
        let spare = (route.method != "GET").then(|| world.spare(&route.path));
        for role in ROLES {
            let objects = match &spare {
                Some(spare) if !route.expected(role).is_done() => spare.clone(),
                Some(_) | None => world.objects_for(&route, role),
            };
            let answer = world.ask(&route, &objects, role);
            if let Some(fault) = fault(&route, &objects, (role, &answer)) {
                let fault: String = fault.chars().take(300).collect();
                wrong.push(format!("{} as {role:?}: {fault}", route.line()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} cells\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
