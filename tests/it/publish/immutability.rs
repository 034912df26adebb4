//! Tests that a published version never changes (T28).

use serde_json::json;

use crate::builders::module;
use crate::harness::Appliance;

fn delete(registry: &Appliance, path: &str) {
    let address = format!("/api/v2/organizations/acme/registry-modules/private/acme/{path}");
    let answer = registry
        .request("DELETE", &address, Some(&registry.admin))
        .send()
        .expect("an answer");
    assert_eq!(answer.status(), 204, "{path}");
}

#[test]
fn t28_the_same_bytes_again_are_fine_and_other_bytes_are_refused() {
    let registry = Appliance::start();
    let link = registry.upload_link("acme/vpc/aws", "1.0.0");
    assert_eq!(registry.upload(&link, module("one")).status(), 200);
    assert_eq!(registry.upload(&link, module("one")).status(), 200);
    let other = registry.upload(&link, module("two"));
    assert_eq!(other.status(), 409);
    assert!(other.text().expect("a body").contains("never change"));
    assert_eq!(registry.download("acme/vpc/aws", "1.0.0"), module("one"));
    let taken = registry.announce("acme/vpc/aws", "1.0.0", &registry.admin);
    assert_eq!(taken.status(), 422);
}

#[test]
fn t28_a_deleted_version_comes_back_only_as_it_was() {
    let mut registry = Appliance::start();
    registry.publish("acme/vpc/aws", "1.0.0", module("one"));
    registry.publish("acme/vpc/aws", "1.1.0", module("kept"));
    let location = registry.location("acme/vpc/aws", "1.0.0");
    delete(&registry, "vpc/aws/1.0.0");
    assert_eq!(registry.versions("acme/vpc/aws"), ["1.1.0"]);
    assert_eq!(
        registry.get(&location, None).status(),
        403,
        "a signed address ends with its version"
    );
    assert_eq!(
        registry
            .try_publish("acme/vpc/aws", "1.0.0", module("two"))
            .status(),
        409
    );
    // Neither a restart nor a lost index makes it forget.
    registry.stop();
    std::fs::remove_dir_all(registry.data_dir().join("index")).expect("removed");
    registry.restart();
    assert_eq!(
        registry
            .try_publish("acme/vpc/aws", "1.0.0", module("two"))
            .status(),
        409
    );
    registry.publish("acme/vpc/aws", "1.0.0", module("one"));
    assert_eq!(registry.download("acme/vpc/aws", "1.0.0"), module("one"));
}

#[test]
fn t61_an_organization_may_allow_reuse_and_the_journal_shows_it() {
    let registry = Appliance::start();
    registry.publish("acme/vpc/aws", "1.0.0", module("one"));
    delete(&registry, "vpc/aws/1.0.0");
    registry.command(&json!({
        "subject": "organization", "command": "update", "name": "acme", "allow_version_reuse": true,
    }));
    registry.publish("acme/vpc/aws", "1.0.0", module("two"));
    assert_eq!(registry.download("acme/vpc/aws", "1.0.0"), module("two"));
    let journal: String = std::fs::read_dir(registry.data_dir().join("journal"))
        .expect("a directory")
        .map(|entry| {
            String::from_utf8_lossy(
                &std::fs::read(entry.expect("an entry").path()).expect("a file"),
            )
            .into_owned()
        })
        .collect();
    for action in [
        "delete module version",
        "update organization",
        "publish module version",
    ] {
        assert!(journal.contains(action), "{action}");
    }
}

#[test]
fn the_module_goes_with_its_last_version_and_a_name_with_all_its_systems() {
    let registry = Appliance::start();
    for (address, version) in [
        ("acme/vpc/aws", "1.0.0"),
        ("acme/vpc/aws", "2.0.0"),
        ("acme/vpc/google", "1.0.0"),
    ] {
        registry.publish(address, version, module(&format!("{address}{version}")));
    }
    delete(&registry, "vpc/aws/1.0.0");
    delete(&registry, "vpc/aws/2.0.0");
    let shown = |path: &str| {
        let path = format!("/api/v2/organizations/acme/registry-modules/private/acme/{path}");
        registry.get(&path, Some(&registry.admin)).status().as_u16()
    };
    assert_eq!((shown("vpc/aws"), shown("vpc/google")), (404, 200));
    registry.publish("acme/vpc/azurerm", "1.0.0", module("azure"));
    delete(&registry, "vpc");
    assert_eq!((shown("vpc/google"), shown("vpc/azurerm")), (404, 404));
    let blobs = registry.data_dir().join("blobs/sha256");
    let files = walk(&blobs);
    assert_eq!(files, 1, "only the example module's archive is left");
}

fn walk(path: &std::path::Path) -> usize {
    std::fs::read_dir(path)
        .expect("a directory")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            if path.is_dir() { walk(&path) } else { 1 }
        })
        .sum()
}
