//! Tests that deleting an organization removes everything in it, and nothing of others.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use terrakeep::storage::Ownership;
use terrakeep::storage::tables::TABLES;

use crate::builders::module;
use crate::harness::Appliance;
use crate::providers::release::{Release, command};

/// Returns the rows that the journal results in, by table and key, in their written form.
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

/// Makes an organization with one of everything; returns the secrets of a member, a team and the
/// organization.
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
    furnish_providers(registry, name);
    for (path, kind, attributes) in [
        (
            "organization-memberships",
            "organization-memberships",
            json!({ "email": format!("new@{name}.example") }),
        ),
        (
            "ssh-keys",
            "ssh-keys",
            json!({ "name": "deploy", "value": PRIVATE_KEY }),
        ),
        ("projects", "projects", json!({ "name": "Network" })),
        (
            "registry-modules",
            "registry-modules",
            json!({ "name": "vpc", "namespace": "others", "provider": "aws",
                "registry-name": "public" }),
        ),
        (
            "registry-providers",
            "registry-providers",
            json!({ "name": "aws", "namespace": "others", "registry-name": "public" }),
        ),
    ] {
        let path = format!("/api/v2/organizations/{name}/{path}");
        let body = json!({ "data": { "type": kind, "attributes": attributes } });
        let made = registry
            .request("POST", &path, Some(&registry.admin))
            .header("Content-Type", "application/vnd.api+json")
            .body(body.to_string())
            .send()
            .expect("an answer");
        assert_eq!(made.status(), 201, "{path}");
    }
    // A draft, and an upload link that nobody has used.
    registry.upload_link(&format!("{name}/draft/aws"), "0.1.0");
    let secret = team["token"].as_str().expect("a token").to_owned();
    [member, secret, registry.organization_token(name, "admin")]
}

const PRIVATE_KEY: &str =
    "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----\n";

/// Makes a provider with documentation that was downloaded; the registry's key signs it.
fn furnish_providers(registry: &Appliance, name: &str) {
    let release = Release::of("widget", "1.0.0").with_docs();
    let folder = release.path().display().to_string();
    let address = format!("{name}/widget");
    let words = ["publish-provider", &folder, &address, "1.0.0", "--json"];
    let output = command(registry, &words);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}");
    let path = format!("/v1/providers/{address}/1.0.0/download/linux/amd64");
    let package = registry.json(&path);
    let url = package["download_url"].as_str().expect("a URL");
    let page = reqwest::Url::parse(&format!("{}{path}", registry.url)).expect("a URL");
    let url = page.join(url).expect("a URL");
    let sent = registry.client().get(url).send().expect("an answer");
    assert!(!sent.bytes().expect("bytes").is_empty());
}

/// Returns the tables that must hold nothing of an organization once it is deleted.
fn owned_tables() -> impl Iterator<Item = &'static str> {
    let owned = TABLES.iter().filter(|table| match table.owner {
        Ownership::Organization | Ownership::Namespace | Ownership::TokenOwner => true,
        Ownership::Site | Ownership::User | Ownership::Tombstone | Ownership::Index => false,
    });
    owned.map(|table| table.name)
}

/// Waits until each table has a row of the organization: a table that `furnish` forgets could be
/// forgotten in the deletion, too, and no test would fail.
fn wait_for_rows_of(registry: &Appliance, id: &str, name: &str) {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let rows = rows(registry.data_dir());
        let is_there = |table: &str| {
            rows.iter().any(|((of, key), row)| {
                of == table
                    && [id, &format!("{name}%00")]
                        .iter()
                        .any(|part| key.contains(part) || row.contains(part))
            })
        };
        let missing: Vec<_> = owned_tables().filter(|table| !is_there(table)).collect();
        if missing.is_empty() {
            return;
        }
        assert!(Instant::now() < until, "without a row: {missing:?}");
        std::thread::sleep(Duration::from_millis(200));
    }
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

    wait_for_rows_of(&registry, &id, "gone");

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
        .filter(|((table, _), _)| {
            let table = TABLES.iter().find(|known| known.name == table);
            table.is_none_or(|table| table.owner != Ownership::Tombstone)
        })
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
