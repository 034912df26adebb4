//! Tests TLS from the first start (T56).

use std::process::Command;

use crate::harness::Appliance;
use crate::left_out::left_out;
use crate::shared::shared;

fn handshake(registry: &Appliance, version: &str) -> bool {
    let output = Command::new("openssl")
        .args(["s_client", "-connect", registry.host(), version, "-CAfile"])
        .arg(&registry.ca_file)
        .args(["-verify_return_error", "-brief"])
        .stdin(std::process::Stdio::null())
        .output()
        .expect("openssl runs");
    output.status.success()
}

#[test]
fn t56_only_tls_1_2_and_1_3_are_spoken_and_the_ca_vouches() {
    if Command::new("openssl").arg("version").output().is_err() {
        return left_out("TOOLS", "there is no openssl");
    }
    let registry = shared();
    assert!(handshake(registry, "-tls1_3"));
    assert!(handshake(registry, "-tls1_2"));
    assert!(!handshake(registry, "-tls1_1"));
    assert!(!handshake(registry, "-tls1"));
}

#[test]
fn the_certificate_stays_over_restarts() {
    let mut registry = Appliance::start();
    let read =
        |name: &str| std::fs::read(registry.data_dir().join("secrets").join(name)).expect("a file");
    let before = [read("ca.pem"), read("server.pem")];
    registry.stop();
    registry.restart();
    let read =
        |name: &str| std::fs::read(registry.data_dir().join("secrets").join(name)).expect("a file");
    assert!(before == [read("ca.pem"), read("server.pem")]);
    assert_eq!(registry.get("/healthz", None).status(), 200);
}
