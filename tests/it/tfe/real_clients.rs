//! Runs real clients of the JSON:API, from the Python package index, against the running program.

use std::path::{Path, PathBuf};
use std::process::Command;

use terrakeep::domain::Sha256;

use crate::builders::module;
use crate::harness::Appliance;
use crate::left_out::left_out;
use crate::providers::keys::Signer;
use crate::zips::package_of;

/// Returns whether a Python package is installed, and reports if it is not.
pub(crate) fn has(package: &str) -> bool {
    let import = format!("import {package}");
    let found = Command::new("python3").args(["-c", &import]).output();
    let found = found.is_ok_and(|output| output.status.success());
    if !found {
        let why = format!("there is no {package}; python3 -m pip install {package}");
        left_out("CLIENTS", &why);
    }
    found
}

/// Writes a provider's release with its publisher's key; returns the folder.
fn release(within: &Path) -> PathBuf {
    let folder = within.join("release");
    std::fs::create_dir_all(&folder).expect("a folder");
    let signer = Signer::rsa();
    let package = package_of("widget", "1.0.0", b"a program");
    let sum = Sha256::of(&package);
    let sums = format!("{sum}  terraform-provider-widget_1.0.0_linux_amd64.zip\n");
    for (name, content) in [
        ("key.asc", signer.public().into_bytes()),
        ("package.zip", package),
        ("SHA256SUMS", sums.clone().into_bytes()),
        ("SHA256SUMS.sig", signer.sign(sums.as_bytes())),
    ] {
        std::fs::write(folder.join(name), content).expect("written");
    }
    folder
}

/// Starts a registry with a user who belongs to no organization.
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
        .arg(release(folder.path()))
        .env("TFE_ADDRESS", &registry.url)
        .env("TFE_TOKEN", &registry.admin)
        .env("SSL_CERT_FILE", &registry.ca_file)
        .output()
        .expect("python3 runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let made: Vec<String> = serde_json::from_slice(&output.stdout).expect("a list of calls");
    assert!(made.len() >= 105, "{made:?}");
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
        .arg(release(folder.path()))
        .output()
        .expect("python3 runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let made: Vec<String> = serde_json::from_slice(&output.stdout).expect("a list of calls");
    assert!(made.len() >= 78, "{made:?}");
}
