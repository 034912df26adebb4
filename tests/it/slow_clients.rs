//! Tests that clients that keep connections open do not keep others out (T25).

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::builders::module;
use crate::harness::Appliance;

#[test]
fn t25_two_hundred_slow_clients_do_not_keep_out_the_next() {
    let registry = Appliance::start();
    let address = registry.host().to_owned();
    let link = registry.upload_link("acme/slow/null", "1.0.0");
    let mut slow: Vec<TcpStream> = (0..200)
        .map(|number| {
            let mut stream = TcpStream::connect(&address).expect("connected");
            // Some say nothing, some begin a handshake and stop.
            if number % 2 == 0 {
                stream.write_all(&[0x16, 0x03, 0x01]).expect("written");
            }
            stream
        })
        .collect();
    let started = Instant::now();
    assert_eq!(
        registry.get("/.well-known/terraform.json", None).status(),
        200
    );
    assert_eq!(registry.upload(&link, module("fast")).status(), 200);
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );
    for stream in &mut slow {
        stream.write_all(&[0]).unwrap_or_default();
    }
}

#[test]
fn t25_a_body_that_trickles_is_given_up_and_leaves_nothing() {
    let registry = Appliance::start_with(&[
        ("tls.mode", "off"),
        ("limits.body_grace", "1s"),
        ("limits.body_min_rate", "1 KiB/s"),
    ]);
    let link = registry.upload_link("acme/slow/null", "1.0.0");
    let path = link.trim_start_matches(&registry.url);
    let address = registry.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("connected");
    let head = format!("PUT {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 100000\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("written");
    stream.write_all(&[0; 10]).expect("written");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("set");
    let mut answer = Vec::new();
    let started = Instant::now();
    // The server answers, or closes; either way it does not wait for the rest.
    let read = stream.read_to_end(&mut answer);
    assert!(started.elapsed() < Duration::from_secs(15), "{read:?}");
    let text = String::from_utf8_lossy(&answer);
    assert!(
        text.is_empty() || text.starts_with("HTTP/1.1 400"),
        "{text}"
    );
    assert_eq!(registry.files_incoming(), 0);
}

#[test]
fn t19_a_request_whose_end_is_disputed_is_refused_and_the_connection_closed() {
    let registry = Appliance::start_with(&[("tls.mode", "off")]);
    let address = registry.url.trim_start_matches("http://").to_owned();
    for head in [
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Content-Length: 4\r\nContent-Length: 5",
        "Content-Length: +4",
        "Content-Length: -1",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, identity",
        "Broken header",
    ] {
        let mut stream = TcpStream::connect(&address).expect("connected");
        let request = format!(
            "POST /api/terrakeep/v1/commands HTTP/1.1\r\nHost: {address}\r\n{head}\r\n\r\n\
             0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: {address}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).expect("written");
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("set");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap_or_default();
        let text = String::from_utf8_lossy(&answer);
        assert!(
            !text.contains("ok\n"),
            "{head}: what was smuggled was answered: {text}"
        );
        assert!(!text.starts_with("HTTP/1.1 2"), "{head}: {text}");
    }
}

#[test]
fn t25_a_sign_in_is_small_and_comes_at_once() {
    let registry = Appliance::start_with(&[
        ("tls.mode", "off"),
        ("limits.body_grace", "1s"),
        // By the rate alone, the first kilobyte would buy the rest of it a quarter of an hour.
        ("limits.body_min_rate", "1 B/s"),
    ]);
    let address = registry.url.trim_start_matches("http://");
    let answer_to = |length: usize, sent: usize| {
        let mut stream = TcpStream::connect(address).expect("connected");
        let head = format!(
            "POST /api/terrakeep/v1/sign-in HTTP/1.1\r\nHost: {address}\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).expect("written");
        stream.write_all(&vec![b' '; sent]).expect("written");
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("set");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    };
    assert_eq!(answer_to(1025, 1024), "HTTP/1.1 400");
    assert_eq!(answer_to(4097, 4097), "HTTP/1.1 413");
}
