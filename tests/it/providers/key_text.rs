//! Tests that the text of a key comes back byte for byte as its publisher sent it.

use serde_json::{Value, json};

use super::keys::Signer;
use super::release::{Release, command};
use super::signing::sign;
use crate::harness::Appliance;

const KEYS: &str = "/api/registry/private/v2/gpg-keys";

fn add(registry: &Appliance, text: &str) -> (u16, Value) {
    let attributes = json!({ "namespace": "acme", "ascii-armor": text });
    let body = json!({ "data": { "type": "gpg-keys", "attributes": attributes } });
    let request = registry.request("POST", KEYS, Some(&registry.admin));
    let answer = request.json(&body).send().expect("an answer");
    (answer.status().as_u16(), answer.json().expect("JSON"))
}

/// A way to change the text of a key without changing the key.
type Change = fn(&str) -> String;

const CHANGES: [(&str, Change); 7] = [
    ("as it is", str::to_owned),
    ("without the last line break", |key| {
        key.trim_end().to_owned()
    }),
    ("with line breaks of Windows", |key| {
        key.replace('\n', "\r\n")
    }),
    ("with a comment", |key| {
        key.replacen("-----\n", "-----\nComment: made by hand\n", 1)
    }),
    ("with an empty line before", |key| format!("\n{key}")),
    ("with spaces around", |key| format!("  \n{key}\n \n")),
    ("with all of them", |key| {
        let key = key.replacen("-----\n", "-----\nComment: by hand\n", 1);
        format!("\n{}", key.trim_end().replace('\n', "\r\n"))
    }),
];

#[test]
fn pr15_a_key_comes_back_as_it_was_sent_everywhere_and_after_a_restart() {
    let mut registry = Appliance::start();
    let mut sent = Vec::new();
    for (what, change) in CHANGES {
        let signer = Signer::rsa();
        let text = change(&signer.public());
        let (status, answer) = add(&registry, &text);
        assert_eq!(status, 201, "{what}: {answer}");
        assert_eq!(answer["data"]["attributes"]["ascii-armor"], text, "{what}");
        sent.push((what, signer, text));
    }
    registry.stop();
    registry.restart();
    for (number, (what, signer, text)) in sent.iter().enumerate() {
        let shown = registry.json(&format!("{KEYS}/acme/{}", signer.id()));
        assert_eq!(shown["data"]["attributes"]["ascii-armor"], *text, "{what}");
        // What it signed is installed with the same text.
        let name = format!("widget{number}");
        let release = Release::of(&name, "1.0.0");
        sign(&release, |sums| signer.sign(sums));
        release.published(&registry, &[]);
        let path = format!("/v1/providers/acme/{name}/1.0.0/download/linux/amd64");
        let found = registry.json(&path);
        let key = &found["signing_keys"]["gpg_public_keys"][0];
        assert_eq!(key["ascii_armor"], *text, "{what}");
        let shown = command(&registry, &["key", "show", "acme", &signer.id(), "--json"]);
        let shown: Value = serde_json::from_slice(&shown.stdout).expect("JSON");
        assert_eq!(shown["ascii_armor"], *text, "{what}");
    }
}

#[test]
fn pr15_a_text_that_clients_would_not_read_is_refused() {
    let registry = Appliance::start();
    let key = Signer::rsa().public();
    let body = key.lines().nth(3).expect("a line").to_owned();
    for (text, says) in [
        (format!("{key}and a note\n"), "other text"),
        (format!("a note\n{key}"), "not an armored public key"),
        (
            key.replacen("-----\n", "-----\nno header\n", 1),
            "cannot be read",
        ),
        (
            key.replacen(&body, &format!("{body} "), 1),
            "cannot be read",
        ),
        (
            key.replacen(&body, &format!("{body}\n"), 1),
            "cannot be read",
        ),
    ] {
        let (status, answer) = add(&registry, &text);
        assert_eq!(status, 422, "{says}: {answer}");
        assert!(answer.to_string().contains(says), "{says}: {answer}");
    }
    assert_eq!(add(&registry, &key).0, 201);
}
