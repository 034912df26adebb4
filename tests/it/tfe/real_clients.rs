//! Real clients of the JSON:API, from the Python package index, against the running program.

use std::process::Command;

use crate::builders::module;
use crate::harness::Appliance;

/// Set where the clients must be there: without it, a machine that has none passes over them.
const REQUIRED: &str = "TERRAKEEP_REQUIRE_CLIENTS";

#[expect(clippy::print_stderr, reason = "says why nothing was tested")]
pub(crate) fn has(package: &str) -> bool {
    let import = format!("import {package}");
    let found = Command::new("python3").args(["-c", &import]).output();
    let found = found.is_ok_and(|output| output.status.success());
    if !found {
        assert!(
            std::env::var_os(REQUIRED).is_none(),
            "install {package}: python3 -m pip install {package}"
        );
        eprintln!("passed over: there is no {package}; python3 -m pip install {package}");
    }
    found
}

/// A registry with a user who belongs to no organization.
fn with_a_user() -> Appliance {
    let registry = Appliance::start();
    registry.user("mia");
    registry.command(&serde_json::json!({
        "subject": "user", "command": "update", "username": "mia", "email": "mia@example.com",
    }));
    registry
}

#[test]
fn pytfe_creates_reads_lists_changes_and_deletes_and_knows_our_refusals() {
    if !has("pytfe") {
        return;
    }
    let registry = with_a_user();
    let folder = tempfile::tempdir().expect("a folder");
    let archive = folder.path().join("module.tar.gz");
    std::fs::write(&archive, module("vpc")).expect("a file");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tfe/pytfe_calls.py");
    let output = Command::new("python3")
        .arg(script)
        .arg(&archive)
        .arg("mia")
        .env("TFE_ADDRESS", &registry.url)
        .env("TFE_TOKEN", &registry.admin)
        .env("SSL_CERT_FILE", &registry.ca_file)
        .output()
        .expect("python3 runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let made: Vec<String> = serde_json::from_slice(&output.stdout).expect("a list of calls");
    assert!(made.len() >= 46, "{made:?}");
}

#[test]
fn terrasnek_creates_reads_lists_changes_and_deletes_and_knows_our_refusals() {
    if !has("terrasnek") {
        return;
    }
    let registry = with_a_user();
    let folder = tempfile::tempdir().expect("a folder");
    let archive = folder.path().join("module.tar.gz");
    std::fs::write(&archive, module("vpc")).expect("a file");
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/it/tfe/terrasnek_calls.py"
    );
    let output = Command::new("python3")
        .arg(script)
        .args([
            &registry.url,
            &registry.ca_file.display().to_string(),
            &registry.admin,
        ])
        .arg(&archive)
        .arg(folder.path())
        .arg("mia")
        .output()
        .expect("python3 runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let made: Vec<String> = serde_json::from_slice(&output.stdout).expect("a list of calls");
    assert!(made.len() >= 55, "{made:?}");
}
