//! The URL space as a whole.

use terrakeep::domain::RESERVED_NAMESPACES;
use terrakeep::server::route_table;

#[test]
fn t21_no_namespace_can_hide_a_route() {
    // Wherever a namespace is a parameter, the fixed words that stand in its place are reserved.
    let table = route_table();
    let mut missing = Vec::new();
    for (_, with_parameter, _) in &table {
        let Some((before, _)) = with_parameter.split_once("/{namespace}") else {
            continue;
        };
        for (_, other, _) in &table {
            let Some(rest) = other
                .strip_prefix(before)
                .and_then(|rest| rest.strip_prefix('/'))
            else {
                continue;
            };
            let word = rest.split('/').next().unwrap_or_default();
            if !word.starts_with('{') && !RESERVED_NAMESPACES.contains(&word) {
                missing.push(format!("{word} ({other})"));
            }
        }
    }
    // And the first words of all paths, which pages of namespaces may stand beside one day.
    for (_, path, _) in &table {
        let word = path
            .trim_start_matches('/')
            .split('/')
            .next()
            .unwrap_or_default();
        let word = word.trim_start_matches('.');
        if !word.is_empty() && !word.starts_with('{') && !RESERVED_NAMESPACES.contains(&word) {
            missing.push(format!("{word} ({path})"));
        }
    }
    assert!(missing.is_empty(), "reserve {}", missing.join(", "));
}

#[test]
fn no_route_is_declared_twice() {
    let mut seen = std::collections::HashSet::new();
    for (method, path, _) in route_table() {
        assert!(seen.insert((method, path.clone())), "{method} {path}");
    }
}
