//! Every hostile archive, sent to a running registry (security.md T01–T10).

use std::time::{Duration, Instant};

use super::hostile::corpus;
use crate::builders::module;
use crate::harness::Appliance;

/// Peak memory of a process, in KiB.
fn peak_memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("the process runs");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .expect("a peak");
    line.split_whitespace()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .expect("a number")
}

#[test]
fn t01_to_t10_every_refusal_names_its_reason_and_leaves_nothing() {
    let registry = Appliance::start();
    registry.publish("acme/first/null", "1.0.0", module("warm"));
    let before = peak_memory(registry.pid());
    let link = registry.upload_link("acme/hostile/null", "1.0.0");
    for hostile in corpus() {
        let started = Instant::now();
        let answer = registry.upload(&link, hostile.archive);
        let (status, text) = (answer.status(), answer.text().expect("a body"));
        assert!(
            status.is_client_error(),
            "{}: {status} {text}",
            hostile.name
        );
        assert!(
            text.contains(hostile.says),
            "{}: {text} should say {}",
            hostile.name,
            hostile.says
        );
        assert!(text.contains("\"errors\""), "{}: {text}", hostile.name);
        assert!(
            started.elapsed() < Duration::from_secs(3),
            "{} took too long",
            hostile.name
        );
        assert_eq!(registry.files_incoming(), 0, "{}", hostile.name);
    }
    assert_eq!(registry.versions("acme/hostile/null"), [""; 0]);
    let grown = peak_memory(registry.pid()).saturating_sub(before) / 1024;
    assert!(grown < 64, "memory grew by {grown} MiB");
    // The same link still takes a good archive: a refusal uses nothing up.
    assert_eq!(registry.upload(&link, module("good")).status(), 200);
    assert_eq!(registry.versions("acme/hostile/null"), ["1.0.0"]);
}

#[test]
fn t18_a_body_over_the_limit_is_refused_before_it_is_read() {
    let registry = Appliance::start_with(&[("limits.archive", "1 KiB")]);
    let link = registry.upload_link("acme/big/null", "1.0.0");
    let answer = registry.upload(&link, vec![0; 100_000]);
    assert_eq!(answer.status(), 413);
    assert_eq!(registry.files_incoming(), 0);
}

#[test]
fn t22_a_version_that_is_none_is_refused() {
    let registry = Appliance::start();
    registry.create_module("acme/vpc/aws");
    for version in ["1.0", "01.0.0", "latest", "1.0.0\n", "", &"1".repeat(200)] {
        let answer = registry.announce("acme/vpc/aws", version, &registry.admin);
        assert_eq!(answer.status(), 422, "{version:?}");
        let text = answer.text().expect("a body");
        assert!(text.contains("/data/attributes/version"), "{text}");
    }
    let prefixed = registry.announce("acme/vpc/aws", "v1.2.3", &registry.admin);
    assert_eq!(prefixed.status(), 201);
    assert!(prefixed.text().expect("a body").contains("\"1.2.3\""));
}
