//! Tests the table of what is not served: each feature of it is refused with its reason, or shown
//! with the value that is true.

use serde_json::{Value, json};
use terrakeep::api::tfe::NOT_SERVED;

use super::{attributes, fault, send};
use crate::harness::Appliance;
use crate::shared::shared;

const ORGANIZATION: &str = "/api/v2/organizations/acme";
const MODULES: &str = "/api/v2/organizations/acme/registry-modules";
const HELLO: &str = "/api/v2/organizations/acme/registry-modules/private/acme/hello/null";

/// Checks that each of these attributes is refused at its place, with a reason that says more than
/// that it is wrong.
fn refuses(
    registry: &Appliance,
    method: &str,
    path: &str,
    beside: &Value,
    asked: &[(&str, Value)],
) {
    for (place, value) in asked {
        let mut all = beside.clone();
        let (name, inside) = place.split_once('/').unwrap_or((place, ""));
        all[name] = if inside.is_empty() {
            value.clone()
        } else {
            json!({ inside: value })
        };
        let (status, answer) = send(registry, method, path, &attributes(&all));
        assert_eq!(status, 422, "{method} {path} {all}: {answer}");
        let (pointer, reason) = fault(&answer);
        assert_eq!(pointer, format!("/data/attributes/{place}"), "{answer}");
        assert!(reason.len() > 30, "{answer}");
    }
}

#[test]
fn s1_s2_s3_a_module_is_not_given_what_nothing_here_does() {
    let registry = Appliance::start();
    let asked = [
        (
            "vcs-repo",
            json!({ "identifier": "acme/vpc", "oauth-token-id": "ot-1" }),
        ),
        (
            "vcs_repo",
            json!({ "identifier": "acme/vpc", "branch": "main" }),
        ),
        ("initial-version", json!("1.0.0")),
        ("test-config/tests-enabled", json!(true)),
        ("test-config/agent-execution-mode", json!("agent")),
        ("test-config/agent-pool-id", json!("apool-yoGUFz5zcRMMz53i")),
    ]
    .map(|(name, value)| (name, value));
    let private = json!({ "name": "vpc", "provider": "aws" });
    let public = json!({ "name": "vpc", "provider": "aws", "namespace": "hashicorp",
                         "registry-name": "public" });
    let dashed = |asked: &[(&'static str, Value)]| -> Vec<(&'static str, Value)> {
        asked
            .iter()
            .filter(|(name, _)| !name.contains('_'))
            .cloned()
            .collect()
    };
    for (method, path, beside) in [
        ("POST", MODULES, &private),
        ("POST", MODULES, &public),
        ("PATCH", HELLO, &json!({})),
    ] {
        refuses(&registry, method, path, beside, &dashed(&asked));
        // The other spelling is refused too, at the place that the documentation names.
        for (name, value) in asked.iter().filter(|(name, _)| name.contains('_')) {
            let mut all = beside.clone();
            all[*name] = value.clone();
            let (status, answer) = send(&registry, method, path, &attributes(&all));
            assert_eq!(status, 422, "{all}: {answer}");
            let place = format!("/data/attributes/{}", name.replace('_', "-"));
            assert_eq!(fault(&answer).0, place);
        }
    }
    let list = registry.json(MODULES);
    assert_eq!(
        list["meta"]["pagination"]["total-count"], 1,
        "nothing was made"
    );
    // The values that mean nothing are taken, and the answer says what is so.
    let nothing = json!({
        "name": "vpc", "provider": "aws", "no-code": false, "vcs-repo": null,
        "test-config": { "tests-enabled": false, "agent-execution-mode": "remote" },
    });
    let (status, made) = send(&registry, "POST", MODULES, &attributes(&nothing));
    assert_eq!(status, 201, "{made}");
    let shown = made["data"]["attributes"].as_object().expect("attributes");
    assert_eq!(shown["no-code"], false);
    assert_eq!(shown["publishing-mechanism"], "non_vcs");
    assert!(!shown.contains_key("vcs-repo") && !shown.contains_key("test-config"));
}

#[test]
fn s5_s6_no_permission_and_no_entitlement_is_shown_that_is_none() {
    let registry = shared();
    let module = registry.json(HELLO);
    let permissions = &module["data"]["attributes"]["permissions"];
    assert_eq!(
        *permissions,
        json!({ "can-delete": true, "can-resync": true, "can-retry": true })
    );
    let set = registry.json(&format!("{ORGANIZATION}/entitlement-set"));
    let entitled = set["data"]["attributes"].as_object().expect("attributes");
    let entitled: Vec<_> = entitled
        .iter()
        .filter(|(_, is)| **is == json!(true))
        .collect();
    let names: Vec<_> = entitled.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["audit-logging", "private-module-registry", "teams"]);
    let organization = registry.json(ORGANIZATION);
    let may = &organization["data"]["attributes"]["permissions"];
    for done in [
        "can-manage-auditing",
        "can-create-provider",
        "can-manage-public-providers",
        "can-create-module",
    ] {
        assert_eq!(may[done], true, "{done}");
    }
}

#[test]
fn p12_what_would_be_believed_to_protect_is_refused_with_the_reason() {
    let registry = Appliance::start();
    let asked = [
        ("collaborator-auth-policy", json!("two_factor_mandatory")),
        ("enforce-hyok", json!(true)),
    ];
    let new = json!({ "name": "globex", "email": "it@example.com" });
    refuses(&registry, "POST", "/api/v2/organizations", &new, &asked);
    refuses(&registry, "PATCH", ORGANIZATION, &json!({}), &asked);
}

#[test]
fn p12_what_clients_always_send_is_taken() {
    let registry = Appliance::start();
    let always = json!({
        "name": "globex", "email": "it@example.com", "collaborator-auth-policy": "password",
        "allow-force-delete-workspaces": false, "speculative-plan-management-enabled": true,
        "user-tokens-enabled": true, "enforce-hyok": false, "max-ttl-enabled": false,
        "session-timeout": 0, "session-remember": null, "owners-team-saml-role-id": "",
        "cost-estimation-enabled": true, "stacks-enabled": true,
    });
    let (status, made) = send(
        &registry,
        "POST",
        "/api/v2/organizations",
        &attributes(&always),
    );
    assert_eq!(status, 201, "{made}");
    let globex = "/api/v2/organizations/globex";
    let (status, changed) = send(&registry, "PATCH", globex, &attributes(&always));
    assert_eq!(status, 200, "{changed}");
    let shown = &changed["data"]["attributes"];
    assert_eq!(shown["collaborator-auth-policy"], "password");
    assert_eq!(shown["session-timeout"], Value::Null);
    // A change without attributes changes nothing.
    for nothing in [
        json!({ "data": {} }),
        json!({ "data": { "type": "organizations" } }),
    ] {
        assert_eq!(
            send(&registry, "PATCH", globex, &nothing).0,
            200,
            "{nothing}"
        );
    }
}

#[test]
fn s4_s20_the_documentation_names_each_feature_that_is_not_served() {
    let page = include_str!("../../../assets/docs/apis.md");
    for it in NOT_SERVED {
        assert!(page.contains(it.feature), "{}", it.feature);
        assert!(it.reason.len() > 30, "{}", it.feature);
        let plain = it.reason.starts_with(char::is_lowercase) && !it.reason.ends_with('.');
        assert!(plain, "the reason is a part of a sentence: {}", it.reason);
    }
    assert!(page.contains("nothing uses SSH keys yet"));
}

#[test]
fn s14_only_a_date_makes_a_request_for_the_ranges_conditional() {
    let registry = shared();
    for (since, status) in [
        ("Tue, 26 May 2099 15:10:05 GMT", 304),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 304),
        ("yesterday", 200),
        ("", 200),
    ] {
        let request = registry.request("GET", "/api/meta/ip-ranges", None);
        let answer = request.header("If-Modified-Since", since).send();
        assert_eq!(answer.expect("an answer").status(), status, "{since}");
    }
}
