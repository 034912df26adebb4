//! Tests the texts of errors that clients compare.

use serde_json::{Value, json};

use super::{attributes, fault, send};
use crate::harness::Appliance;
use crate::providers::keys::Signer;

/// Returns the title and the detail of each error.
fn errors(document: &Value) -> Vec<(&str, &str)> {
    let errors = document["errors"].as_array().expect("errors").iter();
    let text = |error: &'_ Value, name: &str| error[name].is_string();
    errors
        .inspect(|error| assert!(text(error, "title") && text(error, "status"), "{error}"))
        .map(|error| {
            let of = |name: &str| error[name].as_str().expect("a text");
            (of("title"), of("detail"))
        })
        .collect()
}

#[test]
fn a_provider_without_a_registry_name_gets_both_errors_word_for_word() {
    let registry = Appliance::start();
    let list = "/api/v2/organizations/acme/registry-providers";
    let blank = ("invalid attribute", "Registry name can't be blank");
    let unknown = (
        "invalid attribute",
        "Registry name is not included in the list",
    );
    for (name, expected) in [
        (Value::Null, vec![blank, unknown]),
        (json!(""), vec![blank, unknown]),
        (json!("invalid"), vec![unknown]),
    ] {
        let new = json!({ "name": "cloud", "namespace": "acme", "registry-name": name });
        let (status, answer) = send(&registry, "POST", list, &attributes(&new));
        assert_eq!(status, 422, "{answer}");
        assert_eq!(errors(&answer), expected, "{answer}");
        assert_eq!(fault(&answer).0, "/data/attributes/registry-name");
    }
}

#[test]
fn a_key_goes_to_no_namespace_that_the_caller_may_not_use() {
    let registry = Appliance::start();
    let signer = Signer::ed25519();
    let keys = "/api/registry/private/v2/gpg-keys";
    let new = json!({ "namespace": "acme", "ascii-armor": signer.public() });
    assert_eq!(send(&registry, "POST", keys, &attributes(&new)).0, 201);
    let key = format!("{keys}/acme/{}", signer.id());
    let (status, answer) = send(
        &registry,
        "PATCH",
        &key,
        &attributes(&json!({ "namespace": "invalid_namespace_org" })),
    );
    assert_eq!(status, 403, "{answer}");
    assert!(
        fault(&answer).1.contains("namespace not authorized"),
        "{answer}"
    );
    assert_eq!(
        registry.json(&key)["data"]["attributes"]["namespace"],
        "acme"
    );
}
