//! Tests what a client without TLS gets on the port for TLS.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::{run, said};
use crate::harness::Appliance;
use crate::shared::shared;

fn answer(registry: &Appliance, request: &str) -> String {
    let mut stream = TcpStream::connect(registry.host()).expect("a connection");
    let limit = Some(Duration::from_secs(30));
    stream.set_read_timeout(limit).expect("a timeout");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    String::from_utf8(answer).expect("text")
}

#[test]
fn f7_a_browser_without_https_is_sent_to_https() {
    let registry = shared();
    let host = registry.host();
    let text = answer(
        registry,
        &format!("GET /modules?q=vpc HTTP/1.1\r\nHost: {host}\r\n\r\n"),
    );
    assert!(text.starts_with("HTTP/1.1 308 "), "{text}");
    let location = format!("\r\nLocation: https://{host}/modules?q=vpc\r\n");
    assert!(text.contains(&location), "{text}");
    // Nobody is sent elsewhere.
    let text = answer(registry, "GET / HTTP/1.1\r\nHost: evil.example.org\r\n\r\n");
    assert!(!text.contains("evil"), "{text}");
}

#[test]
fn t56_a_token_without_tls_is_refused_and_its_owner_warned() {
    let registry = shared();
    let host = registry.host();
    let text = answer(
        registry,
        &format!("GET / HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer tkp_x\r\n\r\n"),
    );
    assert!(text.starts_with("HTTP/1.1 400 "), "{text}");
    assert!(text.contains("revoke it"), "{text}");
    let mut command = registry.cli(&["whoami", "--plain-http"]);
    let output = run(command.env("TERRAKEEP_URL", format!("http://{host}")));
    assert!(said(&output).contains("use https://"), "{}", said(&output));
}

#[test]
fn what_is_neither_tls_nor_http_gets_nothing() {
    let registry = shared();
    let start = Instant::now();
    for request in ["SSH-2.0-OpenSSH_9.2\r\n\r\n", "\r\n\r\n\r\n\r\n"] {
        assert_eq!(answer(registry, request), "", "{request}");
    }
    let long = format!("GET /{} HTTP/1.1\r\n", "x".repeat(16 << 10));
    let mut stream = TcpStream::connect(registry.host()).expect("a connection");
    stream.write_all(long.as_bytes()).expect("sent");
    let mut rest = Vec::new();
    // The connection may end with a reset, since not all was read.
    drop(stream.read_to_end(&mut rest));
    assert!(rest.is_empty());
    assert!(start.elapsed() < Duration::from_secs(30));
    assert_eq!(registry.get("/healthz", None).status(), 200);
}
