//! Sends every hostile archive to a running registry (`tests/fixtures/contracts/threats.toml`, T01
//! to T10).

use std::time::{Duration, Instant};

use super::hostile::{Harmless, Hostile, corpus, harmless};
use crate::builders::module;
use crate::harness::Appliance;

/// Returns the peak memory of a process, in KiB.
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

/// Sends every archive of one row to a registry of its own.
fn refuses_all_of(row: &str) {
    let registry = Appliance::start();
    registry.publish("acme/first/null", "1.0.0", module("warm"));
    let before = peak_memory(registry.pid());
    let link = registry.upload_link("acme/hostile/null", "1.0.0");
    let hostile: Vec<_> = corpus()
        .into_iter()
        .filter(|hostile| hostile.name.starts_with(row))
        .collect();
    assert!(!hostile.is_empty(), "no archive is named after {row}");
    for Hostile {
        name,
        archive,
        says,
    } in hostile
    {
        let started = Instant::now();
        let answer = registry.upload(&link, archive);
        let (status, text) = (answer.status(), answer.text().expect("a body"));
        assert!(status.is_client_error(), "{name}: {status} {text}");
        let document: serde_json::Value = serde_json::from_str(&text).expect("an error document");
        let detail = document["errors"][0]["detail"].as_str().expect("a text");
        assert!(detail.contains(says), "{name}: {detail} should say {says}");
        let elapsed = started.elapsed();
        assert!(elapsed < Duration::from_secs(3), "{name} took {elapsed:?}");
        assert_eq!(registry.files_incoming(), 0, "{name}");
    }
    assert_eq!(registry.versions("acme/hostile/null"), [""; 0]);
    let grown = peak_memory(registry.pid()).saturating_sub(before) / 1024;
    assert!(grown < 64, "memory grew by {grown} MiB");
    // The same link still takes a good archive: a refusal uses nothing up.
    assert_eq!(registry.upload(&link, module("good")).status(), 200);
    assert_eq!(registry.versions("acme/hostile/null"), ["1.0.0"]);
    let canary = registry
        .data_dir()
        .parent()
        .expect("a folder")
        .join("evil_canary");
    assert!(
        !canary.exists(),
        "an archive wrote outside of the data directory"
    );
}

#[test]
fn t01_traversal() {
    refuses_all_of("t01");
}

#[test]
fn t02_links_that_lead_away() {
    refuses_all_of("t02");
}

#[test]
fn t03_devices_and_unknown_entries() {
    refuses_all_of("t03");
}

#[test]
fn t04_archives_that_readers_understand_differently() {
    refuses_all_of("t04");
}

#[test]
fn t06_names_that_clash_or_deceive() {
    refuses_all_of("t06");
}

#[test]
fn t07_paths_too_long_or_too_deep() {
    refuses_all_of("t07");
}

#[test]
fn t08_bombs() {
    refuses_all_of("t08");
}

#[test]
fn t09_gzip_members_and_trailing_data() {
    refuses_all_of("t09");
}

#[test]
fn t10_truncated_and_other_files() {
    refuses_all_of("t10");
}

#[test]
fn t05_odd_but_harmless_archives_are_served_with_plain_modes() {
    let registry = Appliance::start();
    for Harmless {
        name,
        archive,
        repacked,
        files,
    } in harmless()
    {
        let address = format!("acme/{}/null", name.replace('_', "-"));
        registry.publish(&address, "1.0.0", archive.clone());
        let served = registry.download(&address, "1.0.0");
        assert_eq!(served != archive, repacked, "{name}");
        let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(&served[..]));
        let mut paths = Vec::new();
        for entry in tar.entries().expect("an archive") {
            let entry = entry.expect("an entry");
            let mode = entry.header().mode().expect("a mode");
            assert_eq!(mode & 0o6002, 0, "{name}: {mode:o}");
            if entry.header().entry_type().is_file() {
                let path = entry.path().expect("a path").to_string_lossy().into_owned();
                paths.push(path.trim_start_matches("./").to_owned());
            }
        }
        paths.sort();
        let mut expected = files.to_vec();
        expected.sort_unstable();
        assert_eq!(paths, expected, "{name}");
    }
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
