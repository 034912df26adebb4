//! Tests releases whose number hides a breaking change, in an organization that refuses them.

use serde_json::{Value, json};

use crate::builders::archive;
use crate::harness::Appliance;

/// Makes a module with these inputs, all of which are optional.
fn inputs(names: &[&str]) -> Vec<u8> {
    let variable = |name: &&str| format!("variable \"{name}\" {{\n  default = 1\n}}\n");
    let main: String = names.iter().map(variable).collect();
    archive(&[("main.tf", &main)])
}

fn enforcing() -> Appliance {
    let registry = Appliance::start();
    enforce(&registry, true);
    registry
}

fn enforce(registry: &Appliance, wanted: bool) {
    registry.command(
        &json!({ "subject": "organization", "command": "update", "name": "acme",
                              "enforce_semver": wanted }),
    );
}

fn refused(registry: &Appliance, version: &str, archive: Vec<u8>) -> String {
    let answer = registry.try_publish("acme/vpc/aws", version, archive);
    assert_eq!(answer.status(), 422, "{version}");
    let body: Value = answer.json().expect("JSON");
    let error = &body["errors"][0];
    assert_eq!(error["source"]["pointer"], "/data/attributes/version");
    error["detail"].as_str().expect("a text").to_owned()
}

#[test]
fn a_breaking_change_needs_a_major_number() {
    let registry = enforcing();
    registry.publish("acme/vpc/aws", "1.0.0", inputs(&["a", "b"]));
    for version in ["1.0.1", "1.1.0"] {
        let said = refused(&registry, version, inputs(&["a"]));
        for part in ["breaks callers of 1.0.0", "2.0.0 or higher", "`b`"] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
    assert_eq!(registry.versions("acme/vpc/aws"), ["1.0.0"]);
    assert_eq!(registry.files_incoming(), 0, "nothing is left over");
    // What is only new needs no minor number, and a pre-release promises nothing.
    registry.publish("acme/vpc/aws", "1.0.1", inputs(&["a", "b", "c"]));
    registry.publish("acme/vpc/aws", "2.0.0-rc.1", inputs(&["a"]));
    registry.publish("acme/vpc/aws", "2.0.0", inputs(&["a"]));
    // The release below it counts, and not the highest of all.
    let said = refused(&registry, "1.0.2", inputs(&["a"]));
    assert!(said.contains("callers of 1.0.1"), "{said}");
    registry.publish("acme/vpc/aws", "1.0.2", inputs(&["a", "b", "c"]));
    // The same bytes again are fine, whatever was published since.
    let link = registry.upload_link("acme/vpc/aws", "2.1.0");
    assert_eq!(registry.upload(&link, inputs(&["a", "d"])).status(), 200);
    assert_eq!(registry.upload(&link, inputs(&["a", "d"])).status(), 200);
    assert_eq!(registry.upload(&link, inputs(&["a"])).status(), 409);
}

#[test]
fn a_refused_version_can_be_corrected_under_its_number() {
    let registry = enforcing();
    registry.publish("acme/vpc/aws", "1.0.0", inputs(&["a", "b"]));
    let link = registry.upload_link("acme/vpc/aws", "1.1.0");
    assert_eq!(registry.upload(&link, inputs(&["a"])).status(), 422);
    assert_eq!(
        registry.upload(&link, inputs(&["a", "b", "c"])).status(),
        200
    );
    assert_eq!(registry.versions("acme/vpc/aws"), ["1.0.0", "1.1.0"]);
}

#[test]
fn before_1_0_a_breaking_change_needs_a_minor_number() {
    let registry = enforcing();
    registry.publish("acme/vpc/aws", "0.1.0", inputs(&["a", "b"]));
    let said = refused(&registry, "0.1.1", inputs(&["a"]));
    assert!(said.contains("0.2.0 or higher"), "{said}");
    registry.publish("acme/vpc/aws", "0.2.0", inputs(&["a"]));
}

#[test]
fn a_long_list_of_what_breaks_has_an_end() {
    let registry = enforcing();
    let long = "x".repeat(3000);
    let names: Vec<String> = (0..50).map(|number| format!("v{number}_{long}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    registry.publish("acme/vpc/aws", "1.0.0", inputs(&names));
    let said = refused(&registry, "1.1.0", inputs(&[]));
    assert!(said.ends_with("and 40 more"), "{said}");
    assert!(said.len() < 4096, "{} bytes", said.len());
}

#[test]
fn a_revoked_version_promises_nothing_and_nobody_has_to_ask_for_any_of_it() {
    let registry = Appliance::start();
    registry.publish("acme/vpc/aws", "1.0.0", inputs(&["a"]));
    registry.publish("acme/vpc/aws", "1.1.0", inputs(&["a", "typo"]));
    registry.publish("acme/vpc/aws", "1.1.1", inputs(&["typo"]));
    enforce(&registry, true);
    let said = refused(&registry, "1.1.2", inputs(&["a"]));
    assert!(said.contains("callers of 1.1.1"), "{said}");
    for version in ["1.1.0", "1.1.1"] {
        for command in ["deprecate", "revoke"] {
            registry.command(&json!({
                "subject": "module", "command": command, "version": version, "reason": "a typo",
                "module": { "namespace": "acme", "name": "vpc", "system": "aws" },
            }));
        }
    }
    registry.publish("acme/vpc/aws", "1.1.2", inputs(&["a"]));
    enforce(&registry, false);
    registry.publish("acme/vpc/aws", "1.1.3", inputs(&[]));
}

#[test]
fn t26_of_two_releases_at_once_none_is_compared_with_what_is_no_longer_the_last() {
    let registry = enforcing();
    for round in 1..=5 {
        let address = format!("acme/m{round}/aws");
        registry.publish(&address, "1.0.0", inputs(&["a"]));
        let versions = ["1.1.0", "1.2.0"];
        let links = versions.map(|version| registry.upload_link(&address, version));
        // The second is compatible with 1.0.0, and breaks callers of the first.
        let archives = [inputs(&["a", "b"]), inputs(&["a"])];
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let uploads = links.iter().zip(archives).map(|(link, archive)| {
                let registry = &registry;
                scope.spawn(move || registry.upload(link, archive).status().as_u16())
            });
            let uploads: Vec<_> = uploads.collect();
            uploads
                .into_iter()
                .map(|upload| upload.join().expect("an answer"))
                .collect()
        });
        let published = registry.versions(&address);
        // Both may be there only if the second came first, which the first does not look at.
        let fits = match statuses[..] {
            [200, 200] => published == ["1.0.0", "1.1.0", "1.2.0"],
            [200, 409 | 422] => published == ["1.0.0", "1.1.0"],
            _ => false,
        };
        assert!(fits, "{statuses:?} {published:?}");
    }
}
