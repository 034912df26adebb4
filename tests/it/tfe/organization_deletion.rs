//! Deleting an organization takes everything in it along, and nothing of anybody else.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::builders::module;
use crate::harness::Appliance;

/// The rows that the journal leads to: by table and key, as it writes them.
fn rows(data_dir: &Path) -> BTreeMap<(String, String), String> {
    let mut segments: Vec<_> = fs::read_dir(data_dir.join("journal"))
        .expect("a journal")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|it| it == "log"))
        .collect();
    segments.sort();
    let mut rows = BTreeMap::new();
    for segment in segments {
        let text = fs::read_to_string(segment).expect("text");
        for line in text.lines() {
            let json = line.find('{').and_then(|start| line.get(start..));
            let record: Value = serde_json::from_str(json.expect("a record")).expect("JSON");
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            for put in record["puts"].as_array().expect("a list") {
                rows.insert((text(&put[0]), text(&put[1])), put[2].to_string());
            }
            for removed in record["removes"].as_array().expect("a list") {
                rows.remove(&(text(&removed[0]), text(&removed[1])));
            }
        }
    }
    rows
}

fn stored_files(data_dir: &Path) -> usize {
    let folders = fs::read_dir(data_dir.join("blobs/sha256")).expect("blobs");
    folders
        .map(|folder| {
            fs::read_dir(folder.expect("an entry").path())
                .expect("a folder")
                .count()
        })
        .sum()
}

fn delete(registry: &Appliance, organization: &str, token: &str) -> u16 {
    let path = format!("/api/v2/organizations/{organization}");
    let request = registry.request("DELETE", &path, Some(token));
    request.send().expect("an answer").status().as_u16()
}

/// An organization with one of everything; the secrets of a member, a team and itself.
fn furnish(registry: &Appliance, name: &str) -> [String; 3] {
    registry.organization(name, true);
    let member = registry.user("mia");
    registry.command(&json!({
        "subject": "team", "command": "create", "organization": name, "name": "ci",
        "access": { "manage-modules": true },
    }));
    registry.join(name, "ci", "mia");
    let team = registry.command(&json!({
        "subject": "token", "command": "create", "scope": "publish",
        "owner": { "kind": "team", "organization": name, "team": "ci" },
    }));
    for number in 0..6 {
        let address = format!("{name}/m{}/aws", number / 2);
        let version = format!("1.{}.0", number % 2);
        registry.publish(&address, &version, module(&format!("{address} {version}")));
        registry.download(&address, &version);
    }
    // A draft, and an upload link that nobody has used.
    registry.upload_link(&format!("{name}/draft/aws"), "0.1.0");
    let secret = team["token"].as_str().expect("a token").to_owned();
    [member, secret, registry.organization_token(name, "admin")]
}

#[test]
fn r1_everything_of_an_organization_goes_and_nothing_of_others() {
    let mut registry = Appliance::start();
    let before = stored_files(registry.data_dir());
    let [member, team, own] = furnish(&registry, "gone");
    let shared = module("the same for both");
    registry.publish("gone/shared/aws", "1.0.0", shared.clone());
    registry.publish("acme/shared/aws", "1.0.0", shared.clone());
    let organizations = registry.json("/api/v2/organizations/gone");
    let id = organizations["data"]["attributes"]["external-id"].as_str();
    let id = id.expect("an id").to_owned();
    let late = registry.upload_link("gone/late/aws", "1.0.0");

    // Who may not sees no difference, or is told so.
    assert_eq!(delete(&registry, "gone", &member), 403);
    assert_eq!(delete(&registry, "gone", &team), 403);
    assert_eq!(delete(&registry, "nothing", &registry.admin), 404);
    assert_eq!(delete(&registry, "GONE", &registry.admin), 204);
    assert_eq!(registry.upload(&late, module("late")).status(), 404);
    // What was answered survives a kill at once, before the files are gone.
    registry.kill();
    registry.restart();

    assert_eq!(delete(&registry, "gone", &registry.admin), 404);
    let status = |path: &str, token: &str| registry.get(path, Some(token)).status().as_u16();
    assert_eq!(status("/api/v2/organizations/gone", &registry.admin), 404);
    assert_eq!(
        status("/v1/modules/gone/m0/aws/versions", &registry.admin),
        404
    );
    assert_eq!(status("/api/v2/account/details", &team), 401);
    assert_eq!(status("/api/v2/account/details", &own), 401);
    assert_eq!(status("/api/v2/account/details", &member), 200);
    let found = registry.json("/v1/modules/search?q=aws");
    let found: Vec<_> = found["modules"]
        .as_array()
        .expect("a list")
        .iter()
        .collect();
    assert!(
        found.iter().all(|it| it["namespace"] != "gone"),
        "{found:?}"
    );
    assert_eq!(registry.download("acme/shared/aws", "1.0.0"), shared);

    registry.stop();
    // The start has swept: what is left is what was there before, and the shared one.
    assert_eq!(stored_files(registry.data_dir()), before + 1);
    let left: Vec<_> = rows(registry.data_dir())
        .into_iter()
        .filter(|((table, _), _)| table != "module_tombstones")
        .filter(|((_, key), row)| {
            [id.as_str(), "gone%00", "\"gone"]
                .iter()
                .any(|mark| key.contains(mark) || row.contains(mark))
        })
        .collect();
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn files_of_a_deleted_organization_go_while_the_registry_runs() {
    let registry = Appliance::start();
    let before = stored_files(registry.data_dir());
    registry.organization("gone", false);
    registry.publish("gone/vpc/aws", "1.0.0", module("gone"));
    assert_eq!(stored_files(registry.data_dir()), before + 1);
    assert_eq!(delete(&registry, "gone", &registry.admin), 204);
    let until = Instant::now() + Duration::from_secs(20);
    while stored_files(registry.data_dir()) > before {
        assert!(Instant::now() < until, "the files stay");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn t28_a_name_that_is_taken_again_gives_no_other_bytes() {
    let registry = Appliance::start();
    registry.organization("again", false);
    let first = module("first");
    registry.publish("again/vpc/aws", "1.0.0", first.clone());
    registry.command(&json!({ "subject": "organization", "command": "delete", "name": "again" }));
    registry.organization("again", false);
    assert!(registry.versions("again/vpc/aws").is_empty());
    let other = registry.try_publish("again/vpc/aws", "1.0.0", module("second"));
    assert!(other.status().is_client_error(), "{}", other.status());
    registry.publish("again/vpc/aws", "1.0.0", first.clone());
    assert_eq!(registry.download("again/vpc/aws", "1.0.0"), first);
}
