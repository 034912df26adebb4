//! Tests that connections that nobody uses do not stay, and do not keep others out (P16).

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::harness::{Appliance, program, quickstart};

#[test]
fn p16_idle_connections_do_not_silence_a_registry_that_may_open_few_files() {
    let dir = tempfile::tempdir().expect("a directory");
    let program = program();
    let mut few = Command::new("sh");
    few.args(["-c", "ulimit -n 100; exec \"$0\" \"$@\""])
        .arg(program.get_program())
        .env_clear();
    for (name, value) in program.get_envs() {
        few.env(name, value.unwrap_or_default());
    }
    for tls in ["off", "auto"] {
        let settings = vec![("tls.mode".to_owned(), tls.to_owned())];
        let data_dir = dir.path().join(tls);
        let command = quickstart(clone_of(&few), &data_dir, &settings);
        let registry = Appliance::begin(command, &data_dir, settings);
        let address = registry.url.split("://").nth(1).expect("an address");
        let idle: Vec<_> = (0..300)
            .map(|_| TcpStream::connect(address).expect("the system accepts it"))
            .collect();
        let started = Instant::now();
        registry.publish("acme/crowd/null", "1.0.0", crate::builders::module(tls));
        assert_eq!(registry.get("/readyz", None).status(), 200);
        let took = started.elapsed();
        // By their time limits alone, it would be a minute until all of them have been given up.
        assert!(took < Duration::from_secs(20), "{tls}: {took:?}");
        drop(idle);
    }
}

fn clone_of(command: &Command) -> Command {
    let mut clone = Command::new(command.get_program());
    clone.args(command.get_args()).env_clear();
    for (name, value) in command.get_envs() {
        clone.env(name, value.unwrap_or_default());
    }
    clone
}

/// A connection that speaks HTTP/2 and asks nothing.
struct SilentClient(StreamOwned<ClientConnection, TcpStream>);

const SETTINGS: u8 = 4;
const PING: u8 = 6;
const ACKNOWLEDGED: u8 = 1;

impl SilentClient {
    fn connect(registry: &Appliance) -> Self {
        let mut roots = RootCertStore::empty();
        let ca = CertificateDer::from_pem_file(&registry.ca_file).expect("a certificate");
        roots.add(ca).expect("a CA");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("TLS 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let stream = TcpStream::connect(registry.host()).expect("connected");
        let wait = Some(Duration::from_secs(30));
        stream.set_read_timeout(wait).expect("set");
        let name = ServerName::try_from("localhost").expect("a name");
        let session = ClientConnection::new(Arc::new(config), name).expect("a session");
        let mut client = Self(StreamOwned::new(session, stream));
        let hello = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        client.0.write_all(hello).expect("written");
        client.send(SETTINGS, 0, &[]);
        client
    }

    fn send(&mut self, kind: u8, flags: u8, content: &[u8]) {
        let length = u8::try_from(content.len()).expect("a short frame");
        let head = [0, 0, length, kind, flags, 0, 0, 0, 0];
        // The connection may be closed already.
        drop(self.0.write_all(&[&head[..], content].concat()));
        drop(self.0.flush());
    }

    /// Answers every ping, until the registry closes the connection.
    fn until_closed(mut self) {
        while let Some((kind, flags, content)) = self.frame() {
            match (kind, flags & ACKNOWLEDGED) {
                (PING, 0) => self.send(PING, ACKNOWLEDGED, &content),
                (SETTINGS, 0) => self.send(SETTINGS, ACKNOWLEDGED, &[]),
                _ => {}
            }
        }
    }

    fn frame(&mut self) -> Option<(u8, u8, Vec<u8>)> {
        let mut head = [0; 9];
        match self.0.read_exact(&mut head) {
            Ok(()) => {}
            Err(error) => {
                let is_end = !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
                assert!(is_end, "the connection stays open");
                return None;
            }
        }
        let [a, b, c, kind, flags, ..] = head;
        let length = u32::from_be_bytes([0, a, b, c]);
        let mut content = vec![0; usize::try_from(length).expect("it fits")];
        self.0.read_exact(&mut content).ok()?;
        Some((kind, flags, content))
    }
}

#[test]
fn p16_a_client_of_http_2_that_answers_pings_and_asks_nothing_is_given_up() {
    let limits = [("limits.head_timeout", "2s"), ("limits.idle_timeout", "4s")];
    let registry = Appliance::start_with(&limits);
    let started = Instant::now();
    SilentClient::connect(&registry).until_closed();
    let took = started.elapsed();
    assert!(took > Duration::from_secs(1), "{took:?}");
    assert!(took < Duration::from_secs(10), "{took:?}");
}
