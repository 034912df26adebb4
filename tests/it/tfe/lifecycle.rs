//! Tests deprecating and revoking versions: the responses, and their consequences.

use serde_json::{Value, json};

use crate::builders::module;
use crate::harness::Appliance;

const MODULE: &str = "/api/v2/organizations/acme/registry-modules/private/acme/vpc/aws";

/// Requests a change of a version; returns the status and the document.
fn change(registry: &Appliance, version: &str, attributes: &Value) -> (u16, Value) {
    let request = registry.request(
        "PATCH",
        &format!("{MODULE}/{version}"),
        Some(&registry.admin),
    );
    let document = json!({ "data": { "type": "module-versions", "attributes": attributes } });
    let answer = request.json(&document).send().expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().expect("JSON"))
}

fn done(registry: &Appliance, version: &str, attributes: &Value) -> Value {
    let (status, document) = change(registry, version, attributes);
    assert_eq!(status, 200, "{attributes}: {document}");
    document
}

fn deprecate(reason: &str) -> Value {
    json!({ "deprecation": { "deprecated-status": "Deprecated", "reason": reason } })
}

fn revoke(message: &str) -> Value {
    json!({ "revocation": { "status": "Revoked", "message": message,
                            "link": "https://example.com/why" } })
}

fn with_versions(versions: &[&str]) -> Appliance {
    let registry = Appliance::start();
    for version in versions {
        registry.publish("acme/vpc/aws", version, module(version));
    }
    registry
}

#[test]
fn a_deprecation_is_seen_at_once_by_everybody_who_asks() {
    let registry = with_versions(&["1.0.0", "1.1.0"]);
    let seen = || {
        let all = registry.json("/v1/modules/acme/vpc/aws/versions");
        let one = registry.json("/v1/modules/acme/vpc/aws/1.0.0");
        let listed = &all["modules"][0]["versions"];
        assert_eq!(listed[0]["version"], "1.0.0");
        assert_eq!(listed[1]["deprecation"], Value::Null, "{all}");
        assert_eq!(listed[0]["deprecation"], one["deprecation"]);
        one["deprecation"].clone()
    };
    // Asked twice, so that the second answer is the one that was kept.
    for _ in 0..2 {
        assert_eq!(seen(), Value::Null);
    }
    let document = done(&registry, "1.0.0", &deprecate("Use 1.1.0."));
    assert_eq!(
        document["included"][0]["attributes"]["reason"],
        "Use 1.1.0."
    );
    assert_eq!(seen(), json!({ "reason": "Use 1.1.0.", "link": null }));
    registry.download("acme/vpc/aws", "1.0.0");
    let with_link = json!({ "deprecation": { "deprecated-status": "DEPRECATED",
        "reason": "Again.", "link": "https://example.com/" } });
    done(&registry, "1.0.0", &with_link);
    assert_eq!(
        seen(),
        json!({ "reason": "Again.", "link": "https://example.com/" })
    );
    let back = json!({ "deprecation": { "deprecated-status": "undeprecated" } });
    assert_eq!(done(&registry, "1.0.0", &back).get("included"), None);
    assert_eq!(seen(), Value::Null);
    done(&registry, "1.0.0", &back);
}

#[test]
fn a_revoked_version_is_listed_and_not_handed_out() {
    let registry = with_versions(&["1.0.0", "1.1.0", "1.2.0"]);
    let location = registry.location("acme/vpc/aws", "1.1.0");
    for version in ["1.0.0", "1.1.0"] {
        done(&registry, version, &deprecate("Old."));
    }
    let document = done(&registry, "1.1.0", &revoke("It leaks."));
    let said =
        json!({ "status": "Revoked", "message": "It leaks.", "link": "https://example.com/why" });
    assert_eq!(document["data"]["attributes"]["revocation"], said);
    let shown = registry.json(&format!("{MODULE}/version?module_version=1.1.0"));
    assert_eq!(
        shown["data"]["attributes"]["revocation"]["status"],
        "revoked"
    );
    assert_eq!(
        registry.json(MODULE)["data"]["attributes"]["revoked-versions"],
        json!(["1.1.0"])
    );
    assert_eq!(
        registry.versions("acme/vpc/aws"),
        ["1.0.0", "1.1.0", "1.2.0"]
    );

    let (status, back) = change(
        &registry,
        "1.1.0",
        &json!({ "deprecation": { "deprecated-status": "Undeprecated" } }),
    );
    assert_eq!(status, 422, "revoked, so not undeprecated: {back}");

    let download = "/v1/modules/acme/vpc/aws/1.1.0/download";
    let answer = registry.get(download, Some(&registry.admin));
    assert_eq!(answer.status(), 403);
    assert!(answer.headers().get("x-terraform-get").is_none());
    let body: Value = answer.json().expect("JSON");
    assert_eq!(
        body["errors"][0],
        "acme/vpc/aws 1.1.0 is revoked: It leaks. (https://example.com/why); use version 1.2.0"
    );
    let direct = "/archives/modules/acme/vpc/aws/1.1.0.tar.gz";
    assert_eq!(registry.get(direct, Some(&registry.admin)).status(), 403);
    assert_eq!(registry.get(direct, None).status(), 401);
    // What was signed before runs out by itself.
    assert_eq!(registry.get(&location, None).status(), 200);
    registry.download("acme/vpc/aws", "1.0.0");

    let unrevoke = json!({ "revocation": { "status": "Unrevoked" } });
    let document = done(&registry, "1.1.0", &unrevoke);
    assert_eq!(
        document["data"]["attributes"]["revocation"],
        json!({ "status": "Unrevoked" })
    );
    registry.download("acme/vpc/aws", "1.1.0");
    let shown = registry.json(&format!("{MODULE}/version?module_version=1.1.0"));
    assert_eq!(shown["data"]["attributes"].get("revocation"), None);
    let kept = registry.json("/v1/modules/acme/vpc/aws/1.1.0");
    assert_eq!(kept["deprecation"]["reason"], "Old.", "it stays deprecated");
}

#[test]
fn p16_in_an_emergency_a_version_is_revoked_and_deprecated_in_one_step() {
    let registry = with_versions(&["1.0.0", "1.1.0"]);
    let before = records(&registry);
    let document = done(&registry, "1.1.0", &revoke("It leaks."));
    assert_eq!(records(&registry), before + 1, "one write");
    let revocation = &document["data"]["attributes"]["revocation"];
    assert_eq!(revocation["status"], "Revoked", "{document}");
    let download = "/v1/modules/acme/vpc/aws/1.1.0/download";
    let answer = registry.get(download, Some(&registry.admin));
    assert_eq!(answer.status(), 403);
    let deprecated = |reason: &str| {
        let shown = registry.json("/v1/modules/acme/vpc/aws/1.1.0");
        assert_eq!(shown["deprecation"]["reason"], reason, "{shown}");
    };
    deprecated("It leaks.");
    // What is said later about the revocation leaves the notice of the deprecation as it is.
    done(&registry, "1.1.0", &revoke("It leaks passwords."));
    deprecated("It leaks.");
    done(
        &registry,
        "1.1.0",
        &json!({ "revocation": { "status": "Unrevoked" } }),
    );
    deprecated("It leaks.");
    registry.download("acme/vpc/aws", "1.1.0");
}

/// Returns how often a version's lifecycle was changed, according to the journal.
fn records(registry: &Appliance) -> usize {
    let journal = registry.data_dir().join("journal");
    let segments = std::fs::read_dir(journal).expect("a directory");
    let count = |path: std::path::PathBuf| {
        let bytes = std::fs::read(path).expect("a segment");
        let text = String::from_utf8_lossy(&bytes);
        ["deprecate module version", "revoke module version"]
            .iter()
            .map(|action| text.matches(&format!("\"{action}\"")).count())
            .sum::<usize>()
    };
    segments
        .map(|entry| count(entry.expect("an entry").path()))
        .sum()
}

#[test]
fn an_organization_may_go_on_handing_out_what_is_revoked() {
    let registry = with_versions(&["1.0.0"]);
    done(&registry, "1.0.0", &deprecate("Old."));
    done(&registry, "1.0.0", &revoke("It leaks."));
    let download = "/v1/modules/acme/vpc/aws/1.0.0/download";
    let status = || {
        registry
            .get(download, Some(&registry.admin))
            .status()
            .as_u16()
    };
    let allow = |allowed: bool| {
        registry.command(
            &json!({ "subject": "organization", "command": "update", "name": "acme",
                                  "allow_revoked_downloads": allowed }),
        )
    };
    assert_eq!(status(), 403);
    assert_eq!(allow(true)["allow_revoked_downloads"], true);
    assert_eq!(status(), 204);
    allow(false);
    assert_eq!(status(), 403);
}

#[test]
fn latest_passes_over_what_is_revoked() {
    let registry = with_versions(&["1.0.0", "1.1.0"]);
    let latest = || registry.json("/v1/modules/acme/vpc/aws")["version"].clone();
    done(&registry, "1.1.0", &deprecate("Broken."));
    assert_eq!(latest(), "1.1.0", "deprecated is still there");
    done(&registry, "1.1.0", &revoke("Broken."));
    assert_eq!(latest(), "1.0.0");
    let answer = registry.get("/v1/modules/acme/vpc/aws/download", Some(&registry.admin));
    let to = answer.headers()["location"].to_str().expect("a text");
    assert!(to.ends_with("/1.0.0/download"), "{to}");
    let listed = registry.json("/v1/modules/search?q=vpc");
    assert_eq!(listed["modules"][0]["version"], "1.0.0");
}

#[test]
fn t13_a_change_that_cannot_be_read_changes_nothing() {
    let registry = with_versions(&["1.0.0"]);
    let link = |link: &str| json!({ "deprecation": { "deprecated-status": "Deprecated", "reason": "x", "link": link } });
    for attributes in [
        json!({}),
        json!({ "deprecation": {} }),
        json!({ "deprecation": "Deprecated" }),
        json!({ "deprecation": { "deprecated-status": "Deprecated" } }),
        json!({ "deprecation": { "deprecated-status": true, "reason": "x" } }),
        json!({ "deprecation": { "deprecated-status": "Gone", "reason": "x" } }),
        json!({ "revocation": { "status": "Revoked" } }),
        json!({ "revocation": { "status": "Revoked", "message": "a\u{1b}[2J" } }),
        json!({ "deprecation": { "deprecated-status": "Undeprecated" },
                "revocation": { "status": "Unrevoked" } }),
        link("javascript:alert(1)"),
        link("www.hashicorp.com"),
        deprecate(&"x".repeat(1001)),
    ] {
        let (status, document) = change(&registry, "1.0.0", &attributes);
        assert_eq!(status, 422, "{attributes}: {document}");
        assert_eq!(document["errors"][0]["status"], "422");
    }
    let (status, _) = change(&registry, "9.9.9", &deprecate("x"));
    assert_eq!(status, 404);
    let one = registry.json("/v1/modules/acme/vpc/aws/1.0.0");
    assert_eq!(one["deprecation"], Value::Null);
    registry.upload_link("acme/vpc/aws", "2.0.0");
    let (status, document) = change(&registry, "2.0.0", &deprecate("x"));
    assert_eq!(status, 422, "still pending: {document}");
}

#[test]
fn r1_a_notice_survives_a_kill() {
    let mut registry = with_versions(&["1.0.0"]);
    done(&registry, "1.0.0", &deprecate("Old."));
    done(&registry, "1.0.0", &revoke("It leaks."));
    registry.kill();
    registry.restart();
    let shown = registry.json(&format!("{MODULE}/version?module_version=1.0.0"));
    assert_eq!(
        shown["data"]["attributes"]["revocation"]["message"],
        "It leaks."
    );
    let download = "/v1/modules/acme/vpc/aws/1.0.0/download";
    assert_eq!(registry.get(download, Some(&registry.admin)).status(), 403);
}
