//! Tests the module registry protocol (`tests/fixtures/contracts/module-registry-protocol.toml`).

use serde_json::{Value, json};

use crate::builders::module;
use crate::harness::Appliance;

const BASES: [&str; 3] = [
    "/v1/modules",
    "/api/registry/v1/modules",
    "/api/registry/public/v1/modules",
];

fn with_versions(address: &str, versions: &[&str]) -> Appliance {
    let registry = Appliance::start();
    for version in versions {
        registry.publish(address, version, module(version));
    }
    registry
}

#[test]
fn versions_are_listed_in_order_of_precedence_at_every_base() {
    let registry = with_versions(
        "acme/vpc/aws",
        &["1.10.0", "1.9.0", "2.0.0-rc.1", "1.9.0-beta"],
    );
    for base in BASES {
        for slash in ["", "/"] {
            let body = registry.json(&format!("{base}/acme/vpc/aws/versions{slash}"));
            let module = &body["modules"][0];
            assert_eq!(module["source"], "acme/vpc/aws", "{base}");
            let versions = module["versions"].as_array().expect("a list").iter();
            let versions: Vec<_> = versions.map(|entry| &entry["version"]).collect();
            assert_eq!(
                versions,
                ["1.9.0-beta", "1.9.0", "1.10.0", "2.0.0-rc.1"],
                "{base}"
            );
        }
    }
}

#[test]
fn a_prerelease_is_never_latest_unless_there_is_nothing_else() {
    let registry = with_versions("acme/vpc/aws", &["1.0.0", "2.0.0-rc.1"]);
    assert_eq!(
        registry.json("/v1/modules/acme/vpc/aws")["version"],
        "1.0.0"
    );
    registry.publish("acme/new/aws", "0.1.0-alpha", module("alpha"));
    registry.publish("acme/new/aws", "0.1.0-beta", module("beta"));
    assert_eq!(
        registry.json("/v1/modules/acme/new/aws")["version"],
        "0.1.0-beta"
    );
    let moved = registry.get("/v1/modules/acme/vpc/aws/download", Some(&registry.admin));
    assert_eq!(moved.status(), 302);
    assert_eq!(
        moved.headers()["location"],
        "/v1/modules/acme/vpc/aws/1.0.0/download"
    );
}

#[test]
fn one_version_in_detail_has_the_members_that_clients_decode() {
    let registry = with_versions("acme/vpc/aws", &["1.0.0", "1.1.0"]);
    registry.publish("acme/vpc/google", "3.0.0", module("google"));
    let detail = registry.json("/api/registry/v1/modules/acme/vpc/aws/1.0.0");
    for (member, value) in [
        ("id", json!("acme/vpc/aws/1.0.0")),
        ("namespace", json!("acme")),
        ("name", json!("vpc")),
        ("provider", json!("aws")),
        ("version", json!("1.0.0")),
        ("verified", json!(false)),
        ("downloads", json!(0)),
        ("versions", json!(["1.0.0", "1.1.0"])),
        ("providers", json!(["aws", "google"])),
    ] {
        assert_eq!(detail[member], value, "{member}");
    }
    for member in ["owner", "description", "source", "published_at"] {
        assert!(detail[member].is_string(), "{member}");
    }
}

#[test]
fn lists_page_filter_and_search() {
    let registry = Appliance::start();
    for (address, mark) in [
        ("acme/vpc/aws", "a"),
        ("acme/vpc/google", "b"),
        ("acme/dns/aws", "c"),
        ("acme/mail/aws", "d"),
    ] {
        registry.publish(address, "1.0.0", module(mark));
    }
    registry.create_module("acme/empty/aws");
    let ids = |path: &str| -> Vec<String> {
        let list = registry.json(path);
        let modules = list["modules"].as_array().expect("a list").iter();
        modules
            .map(|entry| entry["id"].as_str().expect("an id").to_owned())
            .collect()
    };
    let all = ids("/v1/modules");
    assert_eq!(
        all.len(),
        5,
        "the unpublished module is not listed: {all:?}"
    );
    let mut paged = Vec::new();
    let mut next = "/v1/modules?limit=2".to_owned();
    loop {
        let page = registry.json(&next);
        assert!(page["modules"].as_array().expect("a list").len() <= 2);
        paged.extend(ids(&next));
        match page["meta"]["next_url"].as_str() {
            Some(url) => next = url.to_owned(),
            None => break,
        }
    }
    assert_eq!(paged, all);
    assert_eq!(
        ids("/v1/modules/acme?provider=google"),
        ["acme/vpc/google/1.0.0"]
    );
    assert_eq!(
        ids("/v1/modules/acme/vpc"),
        ["acme/vpc/aws/1.0.0", "acme/vpc/google/1.0.0"]
    );
    assert_eq!(
        ids("/v1/modules/search?q=vpc%20goo"),
        ["acme/vpc/google/1.0.0"]
    );
    assert_eq!(ids("/v1/modules/search?q=nothing-like-it"), [""; 0]);
    assert_eq!(
        registry
            .get("/v1/modules/search", Some(&registry.admin))
            .status(),
        422
    );
    let list_2017 = registry.request(
        "POST",
        "/api/registry/v1/modules/acme",
        Some(&registry.admin),
    );
    assert_eq!(list_2017.send().expect("an answer").status(), 200);
}

#[test]
fn what_a_client_has_is_not_sent_again() {
    let registry = with_versions("acme/vpc/aws", &["1.0.0"]);
    // The details have the version inspected; until that is done, its list still changes.
    registry.json("/v1/modules/acme/vpc/aws");
    for path in [
        "/v1/modules/acme/vpc/aws/versions",
        "/v1/modules",
        "/v1/modules/acme/vpc/aws",
    ] {
        let etag = registry.get(path, Some(&registry.admin)).headers()["etag"].clone();
        let again = |registry: &Appliance| {
            let request = registry.request("GET", path, Some(&registry.admin));
            request
                .header("If-None-Match", &etag)
                .send()
                .expect("an answer")
        };
        assert_eq!(again(&registry).status(), 304, "{path}");
        assert_eq!(again(&registry).text().expect("no body"), "");
    }
    let path = "/v1/modules/acme/vpc/aws/versions";
    let etag = registry.get(path, Some(&registry.admin)).headers()["etag"].clone();
    registry.publish("acme/vpc/aws", "1.1.0", module("new"));
    let request = registry.request("GET", path, Some(&registry.admin));
    let answer = request
        .header("If-None-Match", &etag)
        .send()
        .expect("an answer");
    assert_eq!(answer.status(), 200, "a new version shows at once");
}

#[test]
fn names_are_found_in_any_case_and_answered_in_their_own() {
    let registry = with_versions("acme/Vpc/aws", &["1.0.0"]);
    let body = registry.json("/v1/modules/ACME/vpc/AWS/versions");
    assert_eq!(body["modules"][0]["source"], "acme/Vpc/aws");
}

#[test]
fn download_answers_every_client_in_the_form_it_reads() {
    let registry = with_versions("acme/vpc/aws", &["1.0.0"]);
    let path = "/v1/modules/acme/vpc/aws/1.0.0/download";
    let terraform = registry.get(path, Some(&registry.admin));
    assert_eq!(terraform.status(), 204);
    let location = terraform.headers()["x-terraform-get"]
        .to_str()
        .expect("a text")
        .to_owned();
    assert!(location.starts_with("/archives/"), "{location}");
    assert!(
        location.contains("?archive=tar.gz&checksum=sha256:"),
        "{location}"
    );
    let tofu = registry
        .request("GET", path, Some(&registry.admin))
        .header("Accept", "application/json")
        .send()
        .expect("an answer");
    assert_eq!(tofu.status(), 200);
    assert!(tofu.headers().contains_key("x-terraform-get"));
    let body: Value = tofu.json().expect("JSON");
    assert!(
        body["location"]
            .as_str()
            .expect("a text")
            .starts_with("/archives/")
    );
}

#[test]
fn t20_odd_paths_are_not_found_and_nothing_else() {
    let registry = with_versions("acme/vpc/aws", &["1.0.0"]);
    for path in [
        "/v1/modules/acme/vpc%2faws/versions",
        "/v1/modules/acme/..%2f..%2fetc%2fpasswd/aws/versions",
        "/v1/modules/acme/%2e%2e/aws/versions",
        "/v1/modules/acme/%252e%252e/aws/versions",
        "/v1/modules/acme/vpc;x/aws/versions",
        "/v1/modules/acme/vpc./aws/versions",
        "/v1/modules/acme/%c0%ae/aws/versions",
        "/v1/modules/acme/%ff/aws/versions",
        "/v1/modules/acme/vpc/aws/1.0/download",
        "/v1/modules/acme/vpc/aws/latest/download",
        "/v1/modules/acme/vpc/aws/1.0.0%00/download",
        "/archives/modules/acme/vpc/aws/..%2f..%2fformat",
        "/%2F%2F..%2F..%2Fetc%2Fpasswd",
    ] {
        let status = registry.get(path, Some(&registry.admin)).status();
        assert!(matches!(status.as_u16(), 400 | 404), "{path}: {status}");
    }
}
