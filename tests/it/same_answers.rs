//! Tests that a registry gives the same answers, from the first request on, after everything that
//! can be made again was lost: the index, derived files, the data directory itself.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::builders::archive;
use crate::harness::{Appliance, program};
use crate::left_out::left_out;
use crate::tidy::files_below;

const MODULES: [&str; 2] = ["acme/vpc/aws", "acme/dns/aws"];

/// The paths that are asked: the lists of versions come first, since a page about one version has
/// it inspected, and later answers profit from that.
const PATHS: &[&str] = &[
    "/v1/modules/acme/vpc/aws/versions",
    "/v1/modules/acme/dns/aws/versions",
    "/v1/modules",
    "/v1/modules/acme?limit=1",
    "/v1/modules/acme/vpc/aws",
    "/v1/modules/acme/vpc/aws/1.0.0",
    "/v1/modules/search?q=network",
    "/api/v2/organizations/acme/registry-modules",
];

/// Makes a module with a README, an input, a provider and a submodule.
fn module(mark: &str) -> Vec<u8> {
    let main = format!(
        "terraform {{\n  required_providers {{\n    aws = {{\n      source = \"hashicorp/aws\"\n    }}\n  }}\n}}\n\
         variable \"name\" {{\n  default = \"{mark}\"\n}}\n\
         module \"part\" {{\n  source = \"./modules/part\"\n}}\n"
    );
    let readme = format!("# {mark}\n\nMakes a network called {mark}.\n");
    archive(&[
        ("main.tf", &main),
        ("README.md", &readme),
        (
            "modules/part/main.tf",
            "resource \"null_resource\" \"x\" {}\n",
        ),
    ])
}

fn filled() -> Appliance {
    let registry = Appliance::start();
    for address in MODULES {
        for version in ["1.0.0", "1.1.0", "2.0.0-beta.1"] {
            registry.publish(address, version, module(&format!("{address} {version}")));
        }
    }
    registry
}

/// Returns what the registry answers to each path; it has another port after each start.
fn answers(registry: &Appliance) -> Vec<Value> {
    let answer = |path: &&str| {
        let text = registry.json(path).to_string();
        serde_json::from_str(&text.replace(&registry.url, "https://registry")).expect("JSON")
    };
    PATHS.iter().map(answer).collect()
}

/// Checks that the registry gives the answers that it gave before.
fn same(registry: &Appliance, before: &[Value], when: &str) {
    for ((path, now), before) in PATHS.iter().zip(answers(registry)).zip(before) {
        assert_eq!(now, *before, "{path} {when}");
    }
}

fn run(words: &[&str], data_dir: &Path) {
    let output = program()
        .args(words)
        .arg("--data-dir")
        .arg(data_dir)
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {said}");
}

#[test]
fn what_is_made_again_answers_the_same_from_the_first_request_on() {
    let mut registry = filled();
    let before = answers(&registry);
    let versions = &before[0]["modules"][0]["versions"];
    assert!(versions[0]["root"].is_object(), "{versions}");
    assert_eq!(versions[0]["submodules"][0]["path"], "modules/part");

    registry.stop();
    run(&["index", "rebuild"], registry.data_dir());
    registry.restart();
    same(&registry, &before, "after `index rebuild`");

    registry.stop();
    fs::remove_dir_all(registry.data_dir().join("derived")).expect("it goes");
    registry.restart();
    same(&registry, &before, "without `derived`");

    registry.kill();
    for folder in ["derived", "index"] {
        fs::remove_dir_all(registry.data_dir().join(folder)).expect("it goes");
    }
    registry.restart();
    same(&registry, &before, "after a kill, without `index`");

    registry.stop();
    let temp = tempfile::tempdir().expect("a directory");
    let (backup, restored) = (temp.path().join("backup"), temp.path().join("restored"));
    let backup = backup.to_str().expect("a path");
    run(&["backup", backup], registry.data_dir());
    run(&["restore", backup], &restored);
    let copy = Appliance::start_in(&restored, &[]);
    same(&copy, &before, "after a restore");
}

#[test]
fn a_list_shows_the_other_versions_while_one_archive_is_gone() {
    let mut registry = filled();
    let list = "/v1/modules/acme/vpc/aws/versions";
    let before = registry.json(list);
    registry.stop();
    let sum = terrakeep::domain::Sha256::of(&module("acme/vpc/aws 1.0.0")).to_string();
    let blob = registry.data_dir().join("blobs/sha256").join(&sum[..2]);
    fs::remove_file(blob.join(sum)).expect("it goes");
    fs::remove_dir_all(registry.data_dir().join("derived")).expect("it goes");
    registry.restart();
    let after = registry.json(list);
    let (before, after) = (
        &before["modules"][0]["versions"],
        &after["modules"][0]["versions"],
    );
    assert_eq!(after[1], before[1]);
    assert_eq!(after[0]["version"], before[0]["version"]);
    assert!(after[0].get("root").is_none(), "{after}");
}

/// Unpacks the data directory that an older program wrote; returns what that program answered, or
/// `None` if the machine has no such directory.
fn older_directory(into: &Path) -> Option<Value> {
    let archive = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/checks/upgrade/data-2026-11-30.tar.gz");
    let Ok(file) = fs::File::open(&archive) else {
        left_out("SHARED", "there is no ../shared/checks/upgrade");
        return None;
    };
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    archive.unpack(into).expect("it is unpacked");
    for path in files_below(into) {
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("private");
    }
    fs::set_permissions(into.join("data"), fs::Permissions::from_mode(0o700)).expect("private");
    let secrets = into.join("data/secrets");
    fs::set_permissions(secrets, fs::Permissions::from_mode(0o700)).expect("private");
    let answers = fs::read_to_string(into.join("answers.json")).expect("answers");
    Some(serde_json::from_str(&answers).expect("JSON"))
}

/// Asks what the older program was asked, and compares the status of each answer and the versions
/// of each module.
fn answers_as_before(registry: &Appliance, before: &Value, when: &str) {
    for asked in before["answers"].as_array().expect("a list") {
        let path = asked["path"].as_str().expect("a path");
        let who = asked["who"].as_str().unwrap_or_default();
        let token = before["tokens"][who].as_str();
        let answer = registry.get(path, token);
        let status = answer.status().as_u16();
        assert_eq!(status, asked["status"], "{when}: {who} {path}");
        if path.contains("/modules/") && path.ends_with("/versions") && status == 200 {
            let now: Value = answer.json().expect("JSON");
            assert_eq!(now, asked["body"], "{when}: {who} {path}");
        }
    }
}

#[test]
fn a_directory_of_an_older_program_gives_the_answers_that_it_gave() {
    let temp = tempfile::tempdir().expect("a directory");
    let Some(before) = older_directory(temp.path()) else {
        return;
    };
    let data = temp.path().join("data");
    run(&["verify"], &data);
    let mut registry = Appliance::start_in(&data, &[]);
    answers_as_before(&registry, &before, "at the first start");
    registry.stop();
    run(&["index", "rebuild"], &data);
    registry.restart();
    answers_as_before(&registry, &before, "after `index rebuild`");
    registry.kill();
    fs::remove_dir_all(data.join("derived")).expect("it goes");
    registry.restart();
    answers_as_before(&registry, &before, "without `derived`");
    registry.stop();
    run(&["verify"], &data);
    let (backup, restored) = (temp.path().join("backup"), temp.path().join("restored"));
    let backup = backup.to_str().expect("a path");
    run(&["backup", backup], &data);
    run(&["restore", backup], &restored);
    let copy = Appliance::start_in(&restored, &[]);
    answers_as_before(&copy, &before, "after a restore");
}
