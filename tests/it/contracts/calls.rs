//! Tests that the calls of the contracts and the routes of the program are the same.

use std::collections::BTreeSet;

use terrakeep::server::route_table;

use super::format::contracts;

/// The beginnings of paths that clients of public protocols call.
const PUBLIC: &[&str] = &[
    "/.well-known/",
    "/_archivist/",
    "/api/meta/",
    "/api/registry/",
    "/api/v2/",
    "/archives/",
    "/mirror/",
    "/v1/",
];

/// Returns a path without the names of its parameters.
pub(super) fn nameless(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        if segment.starts_with('{') {
            "*"
        } else {
            segment
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[test]
fn the_program_serves_each_call_of_a_contract_and_no_other() {
    let routes: BTreeSet<(String, String)> = route_table()
        .into_iter()
        .filter(|(_, path, _)| PUBLIC.iter().any(|start| path.starts_with(start)))
        .map(|(method, path, _)| (method.to_owned(), nameless(&path)))
        .collect();
    let mut calls = BTreeSet::new();
    for (name, contract) in contracts() {
        for call in &contract.calls {
            for path in contract.paths(call) {
                let call = (call.parts().0.to_owned(), nameless(&path));
                let (method, path) = &call;
                assert!(
                    !calls.contains(&call),
                    "{name}: {method} {path} is there twice"
                );
                calls.insert(call);
            }
        }
    }
    let unserved: Vec<_> = calls.difference(&routes).collect();
    assert!(
        unserved.is_empty(),
        "in a contract and not served: {unserved:#?}"
    );
    let unwritten: Vec<_> = routes.difference(&calls).collect();
    assert!(
        unwritten.is_empty(),
        "served and in no contract: {unwritten:#?}"
    );
    assert!(calls.len() >= 150, "{}", calls.len());
}
