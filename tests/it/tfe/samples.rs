//! The sample documents of each generation: the request is taken as it is printed, and the answer
//! has the sample's members, types and nesting. Without the folder of samples there is nothing to
//! compare with; the shapes are tested in `registry_modules.rs` too.

use std::path::PathBuf;

use serde_json::Value;

use crate::harness::Appliance;

fn sample(name: &str) -> Option<Value> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/samples");
    let text = std::fs::read_to_string(folder.join(name)).ok()?;
    Some(serde_json::from_str(&text).expect("the samples are JSON"))
}

/// Every member of `sample` is in `answer` with the same type.
fn same_shape(sample: &Value, answer: &Value, place: &str) {
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
        let request = |name: &str| sample(&format!("{seed}/{name}.request.json"));
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
