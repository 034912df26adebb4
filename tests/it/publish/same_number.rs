//! Tests that no second version gets a number that clients cannot tell from another one: numbers
//! that differ in build metadata only.

use std::sync::Arc;

use reqwest::blocking::Response;
use serde_json::json;
use terrakeep::config::Config;
use terrakeep::domain::{Actor, ModuleVersion, ModuleVersionAddress, ModuleVersionId, Timestamp};
use terrakeep::server::store_options;
use terrakeep::storage::tables::modules;
use terrakeep::storage::{DataDir, Disk, RealDisk, Stamp, Store, StoreError};

use crate::builders::module;
use crate::harness::Appliance;
use crate::providers::release::command;
use crate::ui::browser::Browser;

const MODULE: &str = "acme/vpc/aws";

fn delete(registry: &Appliance, version: &str) {
    let path = format!("/api/v2/organizations/acme/registry-modules/private/{MODULE}/{version}");
    let request = registry.request("DELETE", &path, Some(&registry.admin));
    assert_eq!(request.send().expect("an answer").status(), 204);
}

/// Announces a version that must be refused because of another one.
fn refused(registry: &Appliance, version: &str, other: &str) {
    says(registry.announce(MODULE, version, &registry.admin), other);
}

fn says(answer: Response, other: &str) {
    let status = answer.status();
    let text = answer.text().expect("a body");
    assert_eq!(status, 422, "{text}");
    let reason = format!("from `{other}` in its build metadata only");
    assert!(text.contains(&reason), "{reason}: {text}");
}

#[test]
fn p4_a_number_that_pins_take_for_a_published_one_is_refused() {
    let registry = Appliance::start();
    registry.publish(MODULE, "1.0.0", module("one"));
    registry.publish(MODULE, "1.0.0-rc.1+a", module("rc"));
    for (version, other) in [
        ("1.0.0+x", "1.0.0"),
        ("v1.0.0+x.1", "1.0.0"),
        ("1.0.0-rc.1", "1.0.0-rc.1+a"),
        ("1.0.0-rc.1+b", "1.0.0-rc.1+a"),
    ] {
        refused(&registry, version, other);
    }
    let mut browser = Browser::of(&registry, "admin");
    let fields = [
        ("organization", "acme"),
        ("name", "vpc"),
        ("provider", "aws"),
        ("version", "1.0.0+x"),
    ];
    // The same bytes, too: a number is one version.
    let page = browser.publish(&fields, module("one"));
    assert_eq!(page.status, 422, "{}", page.text);
    assert!(
        page.text.contains("in its build metadata only"),
        "{}",
        page.text
    );
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("main.tf"), "").expect("written");
    let folder = folder.path().to_str().expect("a path");
    let output = command(&registry, &["publish", folder, MODULE, "1.0.0+x"]);
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("in its build metadata only"), "{text}");
    assert_eq!(registry.versions(MODULE), ["1.0.0-rc.1+a", "1.0.0"]);
    assert_eq!(registry.files_incoming(), 0);
    // The very number with its own bytes stays welcome.
    let link = registry.upload_link("acme/vpc/google", "1.0.0+x");
    for _ in 0..2 {
        assert_eq!(registry.upload(&link, module("one")).status(), 200);
    }
    registry.publish(MODULE, "1.0.1+x", module("other"));
}

#[test]
fn p4_a_number_is_taken_from_its_announcement_on_and_beyond_its_deletion() {
    let registry = Appliance::start();
    let link = registry.upload_link(MODULE, "1.0.0+a");
    refused(&registry, "1.0.0", "1.0.0+a");
    assert_eq!(registry.upload(&link, module("one")).status(), 200);
    registry.publish(MODULE, "2.0.0", module("two"));
    delete(&registry, "1.0.0+a");
    refused(&registry, "1.0.0", "1.0.0+a");
    refused(&registry, "1.0.0+b", "1.0.0+a");
    registry.publish(MODULE, "1.0.0+a", module("one"));
    // A version that was announced and never published leaves its number free.
    registry.upload_link(MODULE, "3.0.0+a");
    delete(&registry, "3.0.0+a");
    registry.publish(MODULE, "3.0.0", module("three"));
    // Where numbers may be used again, those of deleted versions are free, and no others.
    delete(&registry, "1.0.0+a");
    registry.command(&json!({
        "subject": "organization", "command": "update", "name": "acme", "allow_version_reuse": true,
    }));
    refused(&registry, "2.0.0+a", "2.0.0");
    registry.publish(MODULE, "1.0.0", module("again"));
}

/// Copies a version's row under another number, as a registry of before the rule may have it.
fn copy_row(registry: &Appliance, from: &str, to: &str) {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let dir = DataDir::open(registry.data_dir(), &*disk).expect("a data directory");
    let options = store_options(&Config::default());
    let store = Store::open(&dir, disk, options, |_| {}).expect("a store");
    let address = |number: &str| ModuleVersionAddress {
        module: MODULE.parse().expect("an address"),
        version: number.parse().expect("a version"),
    };
    let found = modules::find_version(&store, &address(from)).expect("read");
    let row = ModuleVersion {
        id: ModuleVersionId::from_random(7),
        address: address(to),
        ..found.expect("a version")
    };
    let stamp = Stamp {
        at: Timestamp::from_micros(0),
        actor: Actor::System,
        action: "publish module version",
    };
    let written: Result<(), StoreError> = store.write(stamp, |tx| modules::put_version(tx, &row));
    written.expect("written");
    store.close().expect("closed");
}

#[test]
fn p4_a_registry_that_has_both_numbers_goes_on_with_both() {
    let mut registry = Appliance::start();
    registry.publish(MODULE, "1.0.0", module("one"));
    registry.stop();
    copy_row(&registry, "1.0.0", "1.0.0+a");
    registry.restart();
    assert_eq!(registry.versions(MODULE), ["1.0.0", "1.0.0+a"]);
    for version in ["1.0.0", "1.0.0+a"] {
        assert_eq!(registry.download(MODULE, version), module("one"));
    }
    refused(&registry, "1.0.0+b", "1.0.0");
    for version in ["1.0.0", "1.0.0+a"] {
        delete(&registry, version);
        registry.publish(MODULE, version, module("one"));
        let other = registry.announce(MODULE, version, &registry.admin);
        assert_eq!(other.status(), 422, "it is there again");
    }
    assert_eq!(registry.versions(MODULE), ["1.0.0", "1.0.0+a"]);
}
