//! Tests the sample documents of each generation: the request is accepted as printed, and the
//! response has the sample's members, types and nesting. Without the folder of samples this
//! compares nothing; `tests/fixtures/contracts/` has the shapes, and `contracts/` always tests
//! them.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::builders::module;
use crate::harness::Appliance;
use crate::left_out::left_out;

/// Returns a sample; without the folder of samples, reports that and returns `None`.
pub(super) fn sample(name: &str) -> Option<Value> {
    let folder = samples()?;
    let text = std::fs::read_to_string(folder.join(name));
    let text = text.unwrap_or_else(|error| panic!("{name}: {error}"));
    Some(serde_json::from_str(&text).expect("the samples are JSON"))
}

/// Returns the folder of samples; if it is missing, reports that and returns `None`.
pub(super) fn samples() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/samples");
    if !folder.is_dir() {
        left_out("SHARED", "there is no ../shared/reference/samples");
        return None;
    }
    Some(folder)
}

/// Returns a printed request without `no-code`, which is refused here.
pub(super) fn without_no_code(mut printed: Value) -> Value {
    let attributes = printed["data"]["attributes"].as_object_mut();
    attributes.expect("attributes").remove("no-code");
    printed
}

/// Checks that every member of `sample` is in `answer` with the same type.
pub(super) fn same_shape(sample: &Value, answer: &Value, place: &str) {
    match (sample, answer) {
        (Value::Object(expected), Value::Object(members)) => {
            for (name, value) in expected {
                let found = members
                    .get(name)
                    .unwrap_or_else(|| panic!("{place}/{name} is missing"));
                same_shape(value, found, &format!("{place}/{name}"));
            }
        }
        (Value::Array(expected), Value::Array(items)) => {
            if let (Some(expected), Some(item)) = (expected.first(), items.first()) {
                same_shape(expected, item, &format!("{place}/0"));
            }
        }
        // The sample has a next page, and there are too few modules for one here.
        (Value::String(_) | Value::Number(_), Value::Null)
            if place.ends_with("/next") || place.ends_with("/next-page") => {}
        (Value::Null, _)
        | (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_)) => {}
        _ => panic!("{place}: {answer} instead of {sample}"),
    }
}

#[test]
fn modules_without_vcs_are_as_printed_in_2018_2021_and_today() {
    let generations = [
        (
            "001",
            "03-create-a-module",
            "04-create-a-module",
            "05-create-a-module-version",
            "06-create-a-module-version",
        ),
        (
            "002",
            "04-create-a-module-with-no-vcs-connection-private-module",
            "06-create-a-module-with-no-vcs-connection-private-module",
            "08-create-a-module-version",
            "09-create-a-module-version",
        ),
        (
            "004",
            "pr-modules-04-create-a-module-with-no-vcs-connection-private-module",
            "pr-modules-06-create-a-module-with-no-vcs-connection-private-module",
            "pr-modules-08-create-a-module-version",
            "pr-modules-09-create-a-module-version",
        ),
    ];
    for (seed, create, created, announce, announced) in generations {
        let request =
            |name: &str| sample(&format!("{seed}/{name}.request.json")).map(without_no_code);
        let answer = |name: &str| sample(&format!("{seed}/{name}.response.json"));
        let (Some(create), Some(created)) = (request(create), answer(created)) else {
            return;
        };
        let (Some(announce), Some(announced)) = (request(announce), answer(announced)) else {
            return;
        };
        let registry = Appliance::start();
        registry.organization("my-organization", false);
        let post = |path: &str, body: &Value| {
            let request = registry.request("POST", path, Some(&registry.admin));
            let answer = request
                .header("Content-Type", "application/vnd.api+json")
                .body(body.to_string())
                .send()
                .expect("an answer");
            assert_eq!(answer.status(), 201, "{seed} {path}");
            assert_eq!(answer.headers()["content-type"], "application/vnd.api+json");
            answer.json::<Value>().expect("JSON")
        };
        let base = "/api/v2/organizations/my-organization/registry-modules";
        same_shape(&created, &post(base, &create), seed);
        let versions = if seed == "001" {
            "/api/v2/registry-modules/my-organization/my-module/aws/versions".to_owned()
        } else {
            format!("{base}/private/my-organization/my-module/aws/versions")
        };
        same_shape(&announced, &post(&versions, &announce), seed);
        for (name, path) in [
            (
                "002/01-list-registry-modules-for-an-organization.response.json",
                base.to_owned(),
            ),
            (
                "004/pr-modules-01-list-registry-modules-for-an-organization.response.json",
                base.to_owned(),
            ),
            (
                "001/04-create-a-module.response.json",
                "/api/v2/registry-modules/show/my-organization/my-module/aws".to_owned(),
            ),
        ] {
            if let Some(sample) = sample(name) {
                same_shape(&sample, &registry.json(&path), name);
            }
        }
    }
}

#[test]
fn versions_are_deprecated_and_revoked_as_printed() {
    // Requests and answers are numbered through.
    let pair = |request: &str, response: &str, what: &str| {
        let file = |number: &str, kind: &str| {
            sample(&format!(
                "004/pr-manage-module-versions-{number}-{what}.{kind}.json"
            ))
        };
        file(request, "request").zip(file(response, "response"))
    };
    let registry = Appliance::start();
    registry.organization("hashicorp", false);
    registry.create_module("hashicorp/lb-http/google");
    let base = "/api/v2/organizations/hashicorp/registry-modules/private/hashicorp/lb-http/google";
    let commit = "ea18e73d8da502870fdcbfc54155046bc0cf2679";
    let announced = registry
        .request("POST", &format!("{base}/versions"), Some(&registry.admin))
        .json(&json!({ "data": { "attributes": { "version": "11.0.0", "commit-sha": commit } } }))
        .send()
        .expect("an answer");
    let announced: Value = announced.json().expect("JSON");
    let link = announced["data"]["links"]["upload"].as_str();
    let sent = registry.upload(link.expect("a link"), module("lb"));
    assert_eq!(sent.status(), 200);
    let change = |name: &str, numbers: [&str; 2]| {
        let Some((request, expected)) = pair(numbers[0], numbers[1], name) else {
            return;
        };
        let patch = registry.request("PATCH", &format!("{base}/11.0.0"), Some(&registry.admin));
        let answer = patch
            .header("Content-Type", "application/vnd.api+json")
            .body(request.to_string())
            .send()
            .expect("an answer");
        assert_eq!(answer.status(), 200, "{name}");
        assert_eq!(answer.headers()["content-type"], "application/vnd.api+json");
        let answer: Value = answer.json().expect("JSON");
        same_shape(&expected, &answer, name);
        assert_eq!(answer["data"]["type"], expected["data"]["type"], "{name}");
        let revocation = |document: &Value| document["data"]["attributes"]["revocation"].clone();
        assert_eq!(revocation(&answer), revocation(&expected), "{name}");
        let members = |document: &Value| {
            let members = document.as_object().expect("an object");
            members.keys().cloned().collect::<Vec<_>>()
        };
        assert_eq!(members(&answer), members(&expected), "{name}");
    };
    let shown = |number: &str, what: &str, path: &str| {
        let name = format!("004/pr-manage-module-versions-{number}-{what}.response.json");
        if let Some(sample) = sample(&name) {
            same_shape(&sample, &registry.json(path), &name);
        }
    };
    change("deprecate-a-module-version", ["01", "02"]);
    let deprecation = "fetch-a-module-version-s-deprecation-data";
    let protocol = "/api/registry/v1/modules/hashicorp/lb-http/google";
    shown("05", deprecation, &format!("{protocol}/11.0.0"));
    shown("06", deprecation, &format!("{protocol}/versions"));
    change("revoke-a-module-version", ["07", "08"]);
    let revocation = "fetch-data-about-a-module-version-s-revocation";
    shown(
        "11",
        revocation,
        &format!("{base}/version?module_version=11.0.0"),
    );
    shown("12", revocation, base);
    change(
        "revert-the-revocation-status-for-a-module-version",
        ["09", "10"],
    );
    change(
        "revert-the-deprecation-status-for-a-module-version",
        ["03", "04"],
    );
}
