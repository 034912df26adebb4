//! Runs the integration tests of go-tfe, the Go client of HCP Terraform, against the running
//! program. They lie beside the project, with the list of those that may fail and why.
//!
//! The compiled tests are kept in the cache of the user, outside of `target/`; `.ci/run` builds them
//! where they are missing.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::harness::Appliance;
use crate::left_out::left_out;

/// Returns the folder of the script that runs the tests; reports if it is missing.
fn checks() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/checks/go-tfe");
    if !folder.is_dir() {
        left_out("SHARED", "there is no ../shared/checks/go-tfe");
        return None;
    }
    Some(folder)
}

/// Returns the folder of the compiled tests; reports if they or Go are missing.
fn compiled() -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let folder = cache.or(home)?.join("terrakeep-tests/go-tfe");
    let go = Command::new("go").arg("version").output();
    if !go.is_ok_and(|output| output.status.success()) {
        left_out(
            "CLIENTS",
            "there is no Go; install it, then `.ci/run` builds go-tfe's tests",
        );
        return None;
    }
    if !folder.join("gotfe.test").is_file() {
        let why = format!(
            "go-tfe's tests are not built in {}; `.ci/run` does that",
            folder.display()
        );
        left_out("CLIENTS", &why);
        return None;
    }
    Some(folder)
}

#[test]
fn the_tests_of_go_tfe_pass_but_for_those_that_may_fail() {
    let (Some(checks), Some(compiled)) = (checks(), compiled()) else {
        return;
    };
    // The tests make a few thousand requests in seconds.
    let registry = Appliance::start_with(&[
        ("limits.requests_per_second", "100000"),
        ("limits.burst", "100000"),
        // They expect the default of HCP Terraform.
        ("auth.token_default_lifetime", "2y"),
    ]);
    // They look for this user, whom Terraform Enterprise makes by itself.
    registry.command(&json!({ "subject": "user", "command": "create",
        "username": "admin-security-maintenance", "email": "maintenance@example.com" }));
    registry.join("acme", "owners", "admin-security-maintenance");
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new("bash")
        .arg(checks.join("run.sh"))
        .env("TFE_ADDRESS", &registry.url)
        .env("TFE_TOKEN", &registry.admin)
        .env("SSL_CERT_FILE", &registry.ca_file)
        .env("GOTFE_DIR", &compiled)
        .env("OUT", folder.path().join("out.json"))
        .output()
        .expect("bash runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{errors}");
    assert!(said.contains(" passed, 0 failed"), "{said}");
}
