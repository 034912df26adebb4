//! Tests large archives without TLS, which the connection writes itself.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use crate::builders::module_of;
use crate::harness::Appliance;

/// A size in bytes that is more than the kernel buffers for a connection whose reader takes
/// nothing.
const LARGE: usize = 24_000_000;

/// The state of an open connection, as the system writes it.
const ESTABLISHED: &str = "01";

/// Reads the next answer on a connection: its head and its body.
fn answer(stream: &mut impl Read, has_body: bool) -> (String, Vec<u8>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < 8192 {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("a head");
        head.extend(byte);
    }
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let length = head.lines().find_map(|line| {
        let length = line.strip_prefix("content-length: ")?;
        length.parse::<usize>().ok()
    });
    let mut body = vec![
        0;
        if has_body {
            length.expect("a length")
        } else {
            0
        }
    ];
    stream.read_exact(&mut body).expect("a body");
    (head, body)
}

fn published(settings: &[(&str, &str)], bytes: usize) -> (Appliance, String, Vec<u8>) {
    let registry = Appliance::start_with(&[&[("tls.mode", "off")], settings].concat());
    let archive = module_of(bytes, 7);
    registry.publish("acme/large/null", "1.0.0", archive.clone());
    let location = registry.location("acme/large/null", "1.0.0");
    (registry, location, archive)
}

/// Returns whether the server's end of a connection is open, as the system sees it: the client's
/// end notices the close only after it has read what was sent before.
fn server_holds(client: SocketAddr) -> bool {
    let SocketAddr::V4(client) = client else {
        panic!("{client} is none of the addresses that this test connects from");
    };
    let address = u32::from_ne_bytes(client.ip().octets());
    let peer = format!("{address:08X}:{:04X}", client.port());
    let connections = fs::read_to_string("/proc/net/tcp").expect("the system's connections");
    connections.lines().any(|line| {
        let mut columns = line.split_whitespace().skip(2);
        columns.next() == Some(peer.as_str()) && columns.next() == Some(ESTABLISHED)
    })
}

#[test]
fn large_and_small_answers_follow_each_other_on_one_connection() {
    let (registry, location, archive) = published(&[], 3_000_000);
    let host = registry.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).expect("connected");
    let ask = |stream: &mut TcpStream, asked: &[(&str, &str, &str)]| {
        // All at once, so that each has to wait for its turn.
        let request = |(method, path, header): &(&str, &str, &str)| {
            format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{header}\r\n")
        };
        let requests = asked.iter().map(request).collect::<Vec<_>>().concat();
        stream.write_all(requests.as_bytes()).expect("written");
    };
    let (middle, end) = ("Range: bytes=1000000-2999999\r\n", "Range: bytes=-10\r\n");
    let asked: [(&str, &[u8]); 4] = [
        ("", &archive),
        (middle, &archive[1_000_000..3_000_000]),
        (end, &archive[archive.len() - 10..]),
        ("If-None-Match: \"x\"\r\n", &archive),
    ];
    let requests = asked.map(|(header, _)| [("GET", &*location, header), ("GET", "/healthz", "")]);
    ask(&mut stream, requests.as_flattened());
    for (header, expected) in asked {
        let (head, body) = answer(&mut stream, true);
        assert!(body == expected, "{header}: {head}");
        let status = if header.starts_with("Range") {
            "206"
        } else {
            "200"
        };
        assert_eq!(head.get(9..12), Some(status), "{head}");
        assert!(!head.contains("transfer-encoding"), "{head}");
        assert_eq!(answer(&mut stream, true).1, b"ok\n");
    }
    ask(&mut stream, &[("HEAD", &location, "")]);
    let (head, _) = answer(&mut stream, false);
    let length = format!("\r\ncontent-length: {}\r\n", archive.len());
    assert!(head.contains(&length), "{head}");
    ask(&mut stream, &[("GET", "/healthz", "")]);
    assert_eq!(answer(&mut stream, true).1, b"ok\n");
}

#[test]
fn t25_a_reader_that_takes_nothing_is_given_up_and_others_go_on() {
    let settings = [
        ("limits.body_grace", "1s"),
        ("limits.body_min_rate", "1 GiB/s"),
        ("storage.archive_cache", "64 MiB"),
    ];
    let (registry, location, archive) = published(&settings, LARGE);
    let host = registry.url.trim_start_matches("http://");
    let request = format!("GET {location} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let connect = || {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.set_recv_buffer_size(4096).expect("set");
        let address: SocketAddr = host.parse().expect("an address");
        socket.connect(&address.into()).expect("connected");
        let mut stream = TcpStream::from(socket);
        stream.write_all(request.as_bytes()).expect("written");
        stream
    };
    let (gone, mut slow) = (connect(), connect());
    // Both answers have begun when one reader goes away.
    for stream in [&gone, &slow] {
        stream.peek(&mut [0]).expect("a byte");
    }
    drop(gone);
    let address = slow.local_addr().expect("an address");
    let started = Instant::now();
    while server_holds(address) {
        assert!(started.elapsed() < Duration::from_secs(60), "not given up");
        thread::sleep(Duration::from_millis(20));
    }
    let mut received = Vec::new();
    // However it ends: what comes is what was on its way when the server gave it up.
    slow.read_to_end(&mut received).unwrap_or_default();
    assert!(received.starts_with(b"HTTP/1.1 200"));
    assert!(received.len() < archive.len(), "{}", received.len());
    assert!(registry.download("acme/large/null", "1.0.0") == archive);
}
