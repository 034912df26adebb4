//! The list of the sample documents, with the test for each, or the reason why there is none. If
//! the samples are there, each of them must be in this list.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::samples::{same_shape, sample, samples};
use crate::builders::module;
use crate::harness::Appliance;

/// How a sample is tested.
enum Fate {
    /// This test sends it, or compares an answer with it.
    Test(&'static str),
    /// No test uses it, for this reason.
    Passed(&'static str),
}
use Fate::{Passed, Test};

const PRINTED: &str = "modules_without_vcs_are_as_printed_in_2018_2021_and_today";
const LIFECYCLE: &str = "versions_are_deprecated_and_revoked_as_printed";
const CURATED: &str = "a_public_module_is_as_printed_in_2021_and_today";
const REST: &str = "modules_are_listed_shown_and_changed_as_printed";
const PROVIDERS: &str = "providers_versions_platforms_and_keys_are_as_printed";
const PROVIDERS_ASKED: &str = "printed_requests_about_providers_are_understood";
const FROM_VCS: &str = "publishing_from_a_repository_as_printed_says_why_it_is_not_done";
const NOT_FROM_VCS: &str = "nothing is published from repositories yet, so no call is answered so";

/// The start of each sample's name, and what happens to it; the first that fits counts.
const SAMPLES: &[(&str, Fate)] = &[
    ("000/01", Test(REST)),
    ("000/02", Test(FROM_VCS)),
    ("000/03", Passed(NOT_FROM_VCS)),
    ("001/01", Test(FROM_VCS)),
    ("001/02", Passed(NOT_FROM_VCS)),
    ("001/", Test(PRINTED)),
    ("002/01", Test(PRINTED)),
    ("002/02", Test(FROM_VCS)),
    ("002/03", Passed(NOT_FROM_VCS)),
    ("002/05", Test(CURATED)),
    ("002/07", Test(CURATED)),
    ("002/10", Test(REST)),
    ("002/11", Test(CURATED)),
    ("002/", Test(PRINTED)),
    ("004/pr-modules-02", Test(FROM_VCS)),
    ("004/pr-modules-03", Passed(NOT_FROM_VCS)),
    ("004/pr-modules-05", Test(CURATED)),
    ("004/pr-modules-07", Test(CURATED)),
    ("004/pr-modules-10", Test(REST)),
    ("004/pr-modules-11", Test(CURATED)),
    ("004/pr-modules-12", Test(REST)),
    ("004/pr-modules-13", Test(REST)),
    ("004/pr-modules-", Test(PRINTED)),
    ("004/pr-manage-module-versions-", Test(LIFECYCLE)),
    (
        "004/organizations-08",
        Test("module_producers_are_the_organizations_that_share_with_everybody"),
    ),
    ("004/pr-gpg-keys-02", Test(PROVIDERS_ASKED)),
    ("004/pr-gpg-keys-05", Test(PROVIDERS_ASKED)),
    ("004/pr-gpg-keys-", Test(PROVIDERS)),
    (
        "004/pr-provider-versions-platforms-01",
        Test(PROVIDERS_ASKED),
    ),
    (
        "004/pr-provider-versions-platforms-05",
        Test(PROVIDERS_ASKED),
    ),
    ("004/pr-provider-versions-platforms-", Test(PROVIDERS)),
    ("004/pr-providers-02", Test(PROVIDERS_ASKED)),
    ("004/pr-providers-03", Test(PROVIDERS_ASKED)),
    ("004/pr-providers-", Test(PROVIDERS)),
    ("004/organizations-", Test("organizations_are_as_printed")),
    (
        "004/organization-memberships-",
        Test("a_membership_is_made_listed_shown_and_removed_as_printed"),
    ),
    ("004/ssh-keys-", Test("ssh_keys_are_as_printed")),
    (
        "004/user-tokens-03",
        Test("the_printed_request_is_understood_and_refused_for_its_end_in_the_past_only"),
    ),
    (
        "004/user-tokens-",
        Test("a_user_makes_lists_shows_and_revokes_their_own_tokens"),
    ),
    (
        "004/users-01",
        Test("an_account_tells_who_is_behind_a_token"),
    ),
];

/// The families of seed 004 that are about modules, providers, organizations, people and tokens.
const FAMILIES: [&str; 10] = [
    "organization-memberships-",
    "organizations-",
    "pr-gpg-keys-",
    "pr-manage-module-versions-",
    "pr-modules-",
    "pr-provider-versions-platforms-",
    "pr-providers-",
    "ssh-keys-",
    "user-tokens-",
    "users-",
];

fn samples_beside() -> Option<BTreeSet<String>> {
    let folder = samples()?;
    let mut names = BTreeSet::new();
    for seed in ["000", "001", "002", "004"] {
        for entry in std::fs::read_dir(folder.join(seed)).expect("samples") {
            let name = entry.expect("an entry").file_name();
            let name = name.to_str().expect("a name").to_owned();
            let is_ours = seed != "004" || FAMILIES.iter().any(|family| name.starts_with(family));
            if is_ours {
                names.insert(format!("{seed}/{name}"));
            }
        }
    }
    Some(names)
}

#[test]
fn every_sample_is_tested_or_passed_over_for_a_reason() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tfe");
    let sources: String = std::fs::read_dir(folder)
        .expect("the tests")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
        .map(|path| std::fs::read_to_string(path).expect("a text"))
        .collect();
    for (start, fate) in SAMPLES {
        match fate {
            Test(name) => assert!(
                sources.contains(&format!("fn {name}(")),
                "{start}: there is no test `{name}`"
            ),
            Passed(reason) => assert!(reason.len() > 20, "{start}: {reason}"),
        }
    }
    let Some(samples) = samples_beside() else {
        return;
    };
    for name in &samples {
        let is_listed = SAMPLES.iter().any(|(start, _)| name.starts_with(start));
        assert!(is_listed, "{name} is in no test");
    }
    for (start, _) in SAMPLES {
        let is_there = samples.iter().any(|name| name.starts_with(start));
        assert!(is_there, "no sample is called {start}…");
    }
}

fn send(registry: &Appliance, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let request = registry.request(method, path, Some(&registry.admin));
    let request = request.header("Content-Type", "application/vnd.api+json");
    let answer = request.body(body.to_string()).send().expect("an answer");
    (answer.status().as_u16(), answer.json().expect("JSON"))
}

#[test]
fn modules_are_listed_shown_and_changed_as_printed() {
    let registry = Appliance::start();
    registry.organization("my-organization", false);
    registry.publish("my-organization/my-module/aws", "1.0.0", module("one"));
    let base = "/api/v2/organizations/my-organization/registry-modules";
    let path = format!("{base}/private/my-organization/my-module/aws");
    let list = "000/01-list-modules.response.json";
    if let Some(printed) = sample(list) {
        for method in ["GET", "POST"] {
            let here = "/api/registry/v1/modules/my-organization";
            let (status, answer) = send(&registry, method, here, &Value::Null);
            assert_eq!(status, 200);
            same_shape(&printed, &answer, list);
        }
    }
    for name in ["002/10", "004/pr-modules-10"] {
        let file = format!("{name}-get-a-module-private-module.response.json");
        if let Some(printed) = sample(&file) {
            same_shape(&not_from_vcs(printed), &registry.json(&path), name);
        }
    }
    let update = "004/pr-modules-12-update-a-private-registry-module.request.json";
    let updated = "004/pr-modules-13-update-a-private-registry-module.response.json";
    let Some((request, printed)) = sample(update).zip(sample(updated)) else {
        return;
    };
    // With a trailing slash, as printed.
    let path = format!("{path}/");
    let mut request = request;
    for asked in ["vcs-repo", "test-config"] {
        let (status, refused) = send(&registry, "PATCH", &path, &request);
        assert_eq!(status, 422, "there is nothing of {asked} here: {refused}");
        let pointer = refused["errors"][0]["source"]["pointer"].as_str();
        assert!(pointer.is_some_and(|it| it.contains(asked)), "{refused}");
        let attributes = request["data"]["attributes"].as_object_mut();
        attributes.expect("attributes").remove(asked);
    }
    let (status, answer) = send(&registry, "PATCH", &path, &request);
    assert_eq!(status, 200, "{answer}");
    same_shape(&not_from_vcs(printed), &answer, updated);
}

/// Returns the document of a module without the members that need a connection to a repository, or
/// something that runs tests.
fn not_from_vcs(mut printed: Value) -> Value {
    let attributes = printed["data"]["attributes"].as_object_mut();
    let attributes = attributes.expect("attributes");
    attributes.remove("vcs-repo");
    attributes.remove("test-config");
    printed
}

#[test]
fn publishing_from_a_repository_as_printed_says_why_it_is_not_done() {
    let registry = Appliance::start();
    registry.organization("my-organization", false);
    let old = "/api/v2/registry-modules";
    let new = "/api/v2/organizations/my-organization/registry-modules/vcs";
    for (name, path) in [
        ("000/02-publish-a-module", old),
        ("001/01-publish-a-module-from-a-vcs", old),
        ("002/02-publish-a-private-module-from-a-vcs", new),
        ("004/pr-modules-02-publish-a-private-module-from-a-vcs", new),
    ] {
        let Some(request) = sample(&format!("{name}.request.json")) else {
            return;
        };
        let (status, answer) = send(&registry, "POST", path, &request);
        assert_eq!(status, 422, "{name}");
        let detail = answer["errors"][0]["detail"].as_str().expect("a text");
        assert!(
            detail.contains("does not publish from repositories"),
            "{name}: {detail}"
        );
    }
}

#[test]
fn ssh_keys_are_as_printed() {
    let registry = Appliance::start();
    let keys = "/api/v2/organizations/acme/ssh-keys";
    let file = |name: &str| sample(&format!("004/ssh-keys-{name}.json"));
    let Some(request) = file("03-create-an-ssh-key.request") else {
        return;
    };
    let (status, made) = send(&registry, "POST", keys, &request);
    assert_eq!(status, 201, "{made}");
    let id = made["data"]["id"].as_str().expect("an id");
    let by_id = format!("/api/v2/ssh-keys/{id}");
    let update = file("05-update-an-ssh-key.request").expect("a request");
    let shown = registry.json(&by_id);
    let (status, updated) = send(&registry, "PATCH", &by_id, &update);
    assert_eq!(status, 200);
    for (name, answer) in [
        ("04-create-an-ssh-key.response", &made),
        ("02-get-an-ssh-key.response", &shown),
        ("06-update-an-ssh-key.response", &updated),
        ("01-list-ssh-keys.response", &registry.json(keys)),
    ] {
        same_shape(&file(name).expect("an answer"), answer, name);
    }
}
