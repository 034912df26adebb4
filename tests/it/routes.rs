//! Tests the URL space as a whole.

use std::io::{Read, Write};
use std::net::TcpStream;

use terrakeep::domain::RESERVED_NAMESPACES;
use terrakeep::server::route_table;

use crate::harness::Appliance;
use crate::shared::shared;

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

#[test]
fn t15_trace_and_connect_get_405_wherever_they_ask() {
    let registry = Appliance::start_with(&[("tls.mode", "off")]);
    let address = registry.url.trim_start_matches("http://");
    for line in ["TRACE /v1/modules", "TRACE /", "CONNECT 192.0.2.1:443"] {
        let mut stream = TcpStream::connect(address).expect("connected");
        let request =
            format!("{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nX-Mine: 1\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("written");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 405"), "{line}: {answer}");
        assert!(!answer.contains("X-Mine"), "{line}: {answer}");
    }
}

#[test]
fn t23_an_odd_query_neither_fails_nor_comes_before_the_token() {
    let registry = shared();
    for path in [
        "/v1/modules?q=a&q=hello",
        "/v1/modules/acme?limit=1&limit=x&provider=null&provider=null",
        "/v1/modules/search?q=hello&q=hello&verified=%ff",
        "/api/v2/organizations/acme/registry-modules?q=a&q=hello&page[size]=x&page[size]=1",
    ] {
        assert_eq!(registry.get(path, None).status(), 401, "{path}");
        let found = registry.json(path).to_string();
        assert!(found.contains("hello"), "{path}: {found}");
    }
    let archive = "/archives/modules/acme/hello/null/1.0.0.tar.gz?expires=soon&signature=x";
    assert_eq!(registry.get(archive, None).status(), 401);
    assert_eq!(registry.get(archive, Some(&registry.admin)).status(), 200);
}
