//! Tests providers that their publishers sign, replacing keys, and what clients report about wrong
//! signatures.

use std::process::Command;

use super::install::needs;
use super::keys::Signer;
use super::release::{PLATFORMS, Release, command};
use crate::harness::Appliance;
use crate::left_out::left_out;
use crate::terraform::{Folder, refused, said, succeeded, terraforms};

/// Writes the publisher's list of checksums and its signature into a release.
pub(super) fn sign(release: &Release, sign: impl Fn(&[u8]) -> Vec<u8>) {
    let lines = PLATFORMS.map(|platform| {
        let name = release.package(platform);
        let package = std::fs::read(release.path().join(&name)).expect("a package");
        format!("{}  {name}\n", terrakeep::domain::Sha256::of(&package))
    });
    let sums = lines.concat();
    release.write(&release.sums(), sums.as_bytes());
    release.write(&format!("{}.sig", release.sums()), &sign(sums.as_bytes()));
}

#[test]
fn r19_terraform_installs_what_its_publisher_signed() {
    let registry = Appliance::start();
    let signer = Signer::rsa();
    let release = Release::of("widget", "1.2.3");
    sign(&release, |sums| signer.sign(sums));
    let key = release.write("key.asc", signer.public().as_bytes());
    let unknown = release.publish(&registry, &[]);
    let said_of_it = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert_eq!(unknown.status.code(), Some(6), "{said_of_it}");
    assert!(said_of_it.contains("is not among the keys"), "{said_of_it}");
    let key = key.display().to_string();
    let manifest = br#"{"version":1,"metadata":{"protocol_versions":["6.0","5.1"]}}"#;
    release.write("terraform-provider-widget_1.2.3_manifest.json", manifest);
    for _ in 0..2 {
        let printed = release.published(&registry, &["--key", &key]);
        assert_eq!(printed["key_id"], signer.id());
        assert_eq!(printed["protocols"], serde_json::json!(["6.0", "5.1"]));
    }
    let source = format!("{}/acme/widget", registry.host());
    for terraform in terraforms() {
        let folder = Folder::new(&registry, &terraform, &needs(&source, "1.2.3"));
        let init = folder.run("init", Some(&registry.admin));
        succeeded(&init);
        let said = said(&init);
        assert!(said.contains(&format!("key ID {}", signer.id())), "{said}");
    }
    // What the publisher signed is not signed again by the registry.
    let again = release.publish(&registry, &["--sign-here"]);
    assert_eq!(again.status.code(), Some(5));
}

#[test]
fn t71_a_rotated_key_signs_what_comes_and_nothing_that_was() {
    let registry = Appliance::start();
    let first = Release::of("widget", "1.0.0").published(&registry, &[]);
    let rotated = command(&registry, &["key", "rotate", "acme", "--json"]);
    assert!(rotated.status.success());
    let second = Release::of("widget", "1.1.0").published(&registry, &[]);
    assert_ne!(first["key_id"], second["key_id"]);
    // The same content again is fine; more of it would have to be signed with the old key.
    let old = Release::of("widget", "1.0.0");
    old.published(&registry, &[]);
    let more = old
        .path()
        .join("terraform-provider-widget_1.0.0_freebsd_amd64.zip");
    std::fs::copy(old.path().join(old.package("linux_amd64")), more).expect("copied");
    let refusal = old.publish(&registry, &[]);
    assert_eq!(refusal.status.code(), Some(5));
    let listed = command(&registry, &["key", "list", "acme", "--json"]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(
        listed.contains("retired") && listed.contains("\"registry\""),
        "{listed}"
    );
    let key = first["key_id"].as_str().expect("a key");
    let shown = command(&registry, &["key", "show", "acme", key]);
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("BEGIN PGP PUBLIC KEY BLOCK"), "{shown}");
    let kept = command(&registry, &["key", "delete", "acme", key]);
    assert_eq!(kept.status.code(), Some(6));
    // More platforms join what the key in use signed.
    let new = Release::of("widget", "1.1.0");
    let more = new
        .path()
        .join("terraform-provider-widget_1.1.0_freebsd_amd64.zip");
    std::fs::copy(new.path().join(new.package("linux_amd64")), more).expect("copied");
    new.published(&registry, &[]);
    let versions = registry.json("/v1/providers/acme/widget/versions");
    let platforms = versions["versions"][0]["platforms"].as_array();
    assert_eq!(platforms.map(Vec::len), Some(4));
    let source = format!("{}/acme/widget", registry.host());
    for terraform in terraforms() {
        for version in ["1.0.0", "1.1.0"] {
            let folder = Folder::new(&registry, &terraform, &needs(&source, version));
            succeeded(&folder.run("init", Some(&registry.admin)));
        }
    }
    // Only one private key is left beside the server's own.
    let secrets = std::fs::read_dir(registry.data_dir().join("secrets")).expect("a folder");
    let names = secrets.map(|entry| entry.expect("an entry").file_name());
    let of_rows = names.filter(|name| name.to_string_lossy().starts_with("of-gpgkey-"));
    assert_eq!(of_rows.count(), 1);
}

#[test]
fn r19_older_clients_are_warned_of_an_ed25519_key() {
    let registry = Appliance::start();
    let signer = Signer::ed25519();
    let release = Release::of("widget", "1.2.3");
    sign(&release, |sums| signer.sign(sums));
    let key = release.write("key.asc", signer.public().as_bytes());
    release.published(&registry, &["--key", &key.display().to_string()]);
    let source = format!("{}/acme/widget", registry.host());
    for terraform in terraforms() {
        let folder = Folder::new(&registry, &terraform, &needs(&source, "1.2.3"));
        let init = folder.run("init", Some(&registry.admin));
        let said = said(&init);
        if init.status.success() {
            assert!(said.contains("is signed with an Ed25519 key"), "{said}");
        } else {
            assert!(
                said.contains("unsupported feature: public key type"),
                "{said}"
            );
        }
    }
}

#[test]
fn r19_terraform_refuses_what_was_changed_behind_the_registry() {
    let registry = Appliance::start();
    let release = Release::of("widget", "1.2.3");
    release.published(&registry, &[]);
    let package = release.path().join(release.package("linux_amd64"));
    let bytes = std::fs::read(package).expect("a package");
    let sum = terrakeep::domain::Sha256::of(&bytes).to_string();
    let blob = registry
        .data_dir()
        .join("blobs/sha256")
        .join(&sum[..2])
        .join(&sum);
    let mut changed = bytes;
    let last = changed.len() - 1;
    changed[last] ^= 1;
    std::fs::write(blob, changed).expect("written");
    let source = format!("{}/acme/widget", registry.host());
    for terraform in terraforms() {
        let folder = Folder::new(&registry, &terraform, &needs(&source, "1.2.3"));
        // A damaged file is put aside: never a package with another checksum.
        refused(&folder.run("init", Some(&registry.admin)), "widget");
    }
}

#[test]
fn gpg_s_own_keys_and_signatures_are_understood() {
    let home = tempfile::tempdir().expect("a folder");
    let gpg = |words: &[&str]| {
        let mut program = Command::new("gpg");
        program
            .args([
                "--batch",
                "--yes",
                "--pinentry-mode",
                "loopback",
                "--passphrase",
                "",
            ])
            .args(words)
            .env("GNUPGHOME", home.path());
        program
            .output()
            .ok()
            .filter(|output| output.status.success())
    };
    // A primary key that certifies only, and a subkey that signs; nothing to do without gpg.
    let publisher = "publisher@example.com";
    if gpg(&["--quick-gen-key", publisher, "rsa2048", "cert"]).is_none() {
        return left_out("TOOLS", "there is no gpg");
    }
    let listed = gpg(&["--list-keys", "--with-colons", publisher]).expect("a list");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let fingerprint = listed
        .lines()
        .find_map(|line| line.strip_prefix("fpr:::::::::"));
    let fingerprint = fingerprint.expect("a fingerprint").trim_end_matches(':');
    gpg(&["--quick-add-key", fingerprint, "rsa2048", "sign"]).expect("a subkey");
    let exported = gpg(&["--armor", "--export", publisher])
        .expect("a key")
        .stdout;
    let registry = Appliance::start();
    let release = Release::of("widget", "1.2.3");
    sign(&release, |sums| {
        let (file, signature) = (home.path().join("sums"), home.path().join("sums.sig"));
        std::fs::write(&file, sums).expect("written");
        let (file, out) = (file.display().to_string(), signature.display().to_string());
        gpg(&["--detach-sign", "--output", &out, &file]).expect("a signature");
        std::fs::read(signature).expect("a file")
    });
    let key = release.write("key.asc", &exported);
    let printed = release.published(&registry, &["--key", &key.display().to_string()]);
    let id = printed["key_id"].as_str().expect("a key");
    assert!(fingerprint.ends_with(id));
    let source = format!("{}/acme/widget", registry.host());
    for terraform in terraforms() {
        let folder = Folder::new(&registry, &terraform, &needs(&source, "1.2.3"));
        succeeded(&folder.run("init", Some(&registry.admin)));
    }
}
