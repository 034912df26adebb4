//! Tests SSH keys: their secrets are stored outside the rows, and never shown.

use std::fs;
use std::path::Path;

use reqwest::blocking::Response;
use serde_json::{Value, json};

use super::samples::{same_shape, sample};
use crate::harness::Appliance;

const KEYS: &str = "/api/v2/organizations/acme/ssh-keys";
const SECRET: &str = "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0IG9mIGFjbWU=\n-----END OPENSSH PRIVATE KEY-----\n";
/// What ssh takes for a key without a passphrase.
const READABLE: &str = "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----\n";
const INSIDE: &str = "c2VjcmV0IG9mIGFjbWU";

fn send(
    registry: &Appliance,
    method: &str,
    path: &str,
    token: &str,
    attributes: &Value,
) -> Response {
    let body = json!({ "data": { "type": "ssh-keys", "attributes": attributes } });
    let request = registry.request(method, path, Some(token));
    let request = request.header("Content-Type", "application/vnd.api+json");
    request.body(body.to_string()).send().expect("an answer")
}

fn kept(registry: &Appliance, organization: &str) -> String {
    let path = format!("/api/v2/organizations/{organization}/ssh-keys");
    let attributes = json!({ "name": "deploy", "value": SECRET });
    let made = send(registry, "POST", &path, &registry.admin, &attributes);
    assert_eq!(made.status(), 201);
    let made: Value = made.json().expect("JSON");
    if let Some(sample) = sample("004/ssh-keys-04-create-an-ssh-key.response.json") {
        same_shape(&sample, &made, "created");
    }
    assert!(!made.to_string().contains(INSIDE), "{made}");
    made["data"]["id"].as_str().expect("an id").to_owned()
}

/// Returns the files of a directory that hold the secret.
fn with_secret(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(with_secret(&path));
        } else if fs::read(&path).is_ok_and(|bytes| {
            bytes
                .windows(INSIDE.len())
                .any(|part| part == INSIDE.as_bytes())
        }) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn t33_a_private_key_is_in_its_own_file_and_goes_with_its_row() {
    let mut registry = Appliance::start();
    let id = kept(&registry, "acme");
    let by_id = format!("/api/v2/ssh-keys/{id}");
    let shown = registry.json(&by_id);
    assert_eq!(shown["data"]["attributes"], json!({ "name": "deploy" }));
    if let Some(sample) = sample("004/ssh-keys-01-list-ssh-keys.response.json") {
        same_shape(&sample, &registry.json(KEYS), "list");
    }
    let found = with_secret(registry.data_dir());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("secrets"), "{found:?}");
    let renamed = send(
        &registry,
        "PATCH",
        &by_id,
        &registry.admin,
        &json!({ "name": "build" }),
    );
    assert_eq!(renamed.status(), 200);
    registry.kill();
    registry.restart();
    assert_eq!(registry.json(&by_id)["data"]["attributes"]["name"], "build");
    assert_eq!(with_secret(registry.data_dir()).len(), 1);
    let gone = send(&registry, "DELETE", &by_id, &registry.admin, &Value::Null);
    assert_eq!(gone.status(), 204);
    assert!(with_secret(registry.data_dir()).is_empty());
    assert_eq!(registry.get(&by_id, Some(&registry.admin)).status(), 404);
}

#[test]
fn a_secret_goes_with_its_organization_and_where_a_crash_left_it() {
    let mut registry = Appliance::start();
    registry.organization("gone", false);
    kept(&registry, "gone");
    registry.command(&json!({ "subject": "organization", "command": "delete", "name": "gone" }));
    assert!(with_secret(registry.data_dir()).is_empty());
    registry.stop();
    let left = registry
        .data_dir()
        .join("secrets/of-sshkey-1111111111111111");
    fs::write(&left, SECRET).expect("written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&left, fs::Permissions::from_mode(0o600)).expect("private");
    }
    registry.restart();
    assert!(!left.exists());
}

#[test]
fn t40_only_owners_reach_keys_and_organization_tokens_never() {
    let registry = Appliance::start();
    let id = kept(&registry, "acme");
    let by_id = format!("/api/v2/ssh-keys/{id}");
    let member = registry.user("member");
    registry.join("acme", "owners", "member");
    let stranger = registry.user("stranger");
    let own = registry.organization_token("acme", "admin");
    for (token, list, one) in [(&member, 200, 200), (&stranger, 404, 404), (&own, 404, 404)] {
        assert_eq!(registry.get(KEYS, Some(token)).status(), list);
        assert_eq!(registry.get(&by_id, Some(token)).status(), one);
    }
    assert_eq!(registry.get(&by_id, None).status(), 401);
}

/// Adds a key, and returns its id and the warning of the answer.
fn warned(registry: &Appliance, value: &str) -> (String, Value) {
    let attributes = json!({ "name": "deploy", "value": value });
    let made = send(registry, "POST", KEYS, &registry.admin, &attributes);
    assert_eq!(made.status(), 201, "{value}");
    let made: Value = made.json().expect("JSON");
    let id = made["data"]["id"].as_str().expect("an id").to_owned();
    (id, made["meta"]["warnings"][0].clone())
}

#[test]
fn any_text_is_taken_and_what_ssh_cannot_read_is_said() {
    let registry = Appliance::start();
    for (value, because) in [
        ("ssh-ed25519 AAAA me@here", "public key"),
        ("SSH-KEY-CONTENT", "no private key"),
        (SECRET, "no private key"),
    ] {
        let (id, warning) = warned(&registry, value);
        let warning = warning.as_str().expect("a warning");
        assert!(warning.contains(because), "{warning}");
        assert!(!warning.contains(INSIDE), "{warning}");
        let by_id = format!("/api/v2/ssh-keys/{id}");
        let shown = registry.json(&by_id);
        assert_eq!(shown["meta"]["warnings"][0], *warning);
        // Only the name changes, and the warning stays.
        let change = json!({ "name": "renamed", "value": READABLE });
        let changed = send(&registry, "PATCH", &by_id, &registry.admin, &change);
        let changed: Value = changed.json().expect("JSON");
        assert_eq!(changed["data"]["attributes"], json!({ "name": "renamed" }));
        assert_eq!(changed["meta"]["warnings"][0], *warning);
        assert_eq!(registry.json(&by_id)["meta"]["warnings"][0], *warning);
    }
    let (id, warning) = warned(&registry, READABLE);
    assert_eq!(warning, Value::Null);
    let shown = registry.json(&format!("/api/v2/ssh-keys/{id}"));
    assert_eq!(shown.get("meta"), None);
}

#[test]
fn a_key_without_a_name_or_a_value_is_refused() {
    let registry = Appliance::start();
    for (attributes, pointer) in [
        (json!({ "name": "deploy" }), "value"),
        (json!({ "name": "deploy", "value": " \n" }), "value"),
        (
            json!({ "name": "deploy", "value": format!("{SECRET}{}", "A".repeat(20_000)) }),
            "value",
        ),
        (json!({ "name": " ", "value": SECRET }), "name"),
        (json!({ "value": SECRET }), "name"),
    ] {
        let refused = send(&registry, "POST", KEYS, &registry.admin, &attributes);
        assert_eq!(refused.status(), 422, "{attributes}");
        let problem: Value = refused.json().expect("JSON");
        let found = &problem["errors"][0]["source"]["pointer"];
        assert_eq!(*found, format!("/data/attributes/{pointer}"), "{problem}");
        assert!(!problem.to_string().contains(INSIDE), "{problem}");
    }
    assert!(with_secret(registry.data_dir()).is_empty());
}
