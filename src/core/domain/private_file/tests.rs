//! Tests which files are private, by name and by content.

use super::*;

fn kind(path: &str) -> Option<PrivateFile> {
    PrivateFile::of_path(path).map(|(_, kind)| kind)
}

#[rustfmt::skip]
const PRIVATE: &[(&str, PrivateFile)] = &[
    ("terraform.tfstate", PrivateFile::State),
    ("terraform.tfstate.backup", PrivateFile::State),
    ("terraform.tfstate.1700000000.backup", PrivateFile::State),
    ("Terraform.TFSTATE", PrivateFile::State),
    (".terraform.tfstate.lock.info", PrivateFile::State),
    ("errored.tfstate", PrivateFile::State),
    ("terraform.tfstate.d/dev/x", PrivateFile::State),
    ("modules/a/terraform.tfstate", PrivateFile::State),
    ("tfplan", PrivateFile::Plan),
    ("prod.tfplan", PrivateFile::Plan),
    ("tfplan.json", PrivateFile::Plan),
    ("terraform.tfvars", PrivateFile::Values),
    ("prod.auto.tfvars", PrivateFile::Values),
    ("prod.tfvars.json", PrivateFile::Values),
    ("examples/a/terraform.tfvars", PrivateFile::Values),
    ("terraform.tfvars~", PrivateFile::Values),
    (".terraform.tfvars.swp", PrivateFile::Values),
    ("prod.tfbackend", PrivateFile::Values),
    ("crash.log", PrivateFile::CrashLog),
    ("crash.20240101.log", PrivateFile::CrashLog),
    (".terraform/modules/modules.json", PrivateFile::WorkingFolder),
    (".terraform", PrivateFile::WorkingFolder),
    ("examples/e/.terraform/modules/m/main.tf", PrivateFile::WorkingFolder),
    (".terragrunt-cache/a/b", PrivateFile::WorkingFolder),
    (".git/config", PrivateFile::History),
    ("modules/a/.git", PrivateFile::History),
    ("server.pem", PrivateFile::PrivateKey),
    ("id_rsa", PrivateFile::PrivateKey),
    ("id_ed25519.bak", PrivateFile::PrivateKey),
    ("tls/server.key", PrivateFile::PrivateKey),
    (".env", PrivateFile::Credentials),
    (".env.production", PrivateFile::Credentials),
    (".terraformrc", PrivateFile::Credentials),
    ("credentials.tfrc.json", PrivateFile::Credentials),
    (".aws/credentials", PrivateFile::Credentials),
    (".DS_Store", PrivateFile::SystemFile),
    ("._main.tf", PrivateFile::SystemFile),
];

#[test]
fn pr05_private_files_are_known_by_name() {
    for (path, expected) in PRIVATE {
        assert_eq!(kind(path), Some(*expected), "{path}");
    }
    for path in [
        "main.tf",
        ".terraform.lock.hcl",
        ".terraformignore",
        ".terraform-version",
        ".gitignore",
        ".github/workflows/ci.yml",
        "modules/x.git/main.tf",
        "tfplan.tf",
        "crash.log.tf",
        "terraform.tfvars.example",
        ".env.example",
        "docs/terraform.tfstate.md",
        "id_rsa.pub",
        "keys.tf",
        "environment.tf",
        "key",
        "tfstate",
        "modules/tfplan/main.tf",
        "modules/server.pem/main.tf",
        "policy.json",
        "user-data.sh.tpl",
    ] {
        assert_eq!(kind(path), None, "{path}");
    }
}

#[test]
fn pr05_the_folder_is_named_and_not_each_file_in_it() {
    let path = "examples/e/.terraform/modules/m/main.tf";
    let found = PrivateFile::of_path(path);
    assert_eq!(
        found,
        Some(("examples/e/.terraform", PrivateFile::WorkingFolder))
    );
    assert!(is_in_examples("examples/e/terraform.tfvars"));
    assert!(is_in_examples("test/fixtures/a.pem"));
    assert!(!is_in_examples("examples"));
    assert!(!is_in_examples("modules/a/terraform.tfvars"));
}

fn of_content(content: &str) -> Option<PrivateFile> {
    PrivateFile::of_file("notes", content.as_bytes()).map(|(_, kind)| kind)
}

fn key(kind: &str) -> String {
    let line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
    format!("-----BEGIN {kind}-----\n{line}\n-----END {kind}-----\n")
}

#[test]
fn pr05_private_files_are_known_by_content_under_any_name() {
    let state = r#"{"version": 4, "terraform_version": "1.11.4", "serial": 3, "lineage": "x"}"#;
    assert_eq!(of_content(state), Some(PrivateFile::State));
    let sorted = r#"{"lineage":"x","outputs":{"a":{"value":"\"}{"}},"resources":["#;
    assert_eq!(of_content(sorted), Some(PrivateFile::State));
    let shown = r#"{"format_version":"1.0","terraform_version":"1.11.4","values":{}}"#;
    assert_eq!(of_content(shown), Some(PrivateFile::State));
    let plan = r#"{"format_version":"1.2","planned_values":{},"resource_changes":[]}"#;
    assert_eq!(of_content(plan), Some(PrivateFile::Plan));
    let account = r#"{"type":"service_account","private_key_id":"1","private_key":"x"}"#;
    assert_eq!(of_content(account), Some(PrivateFile::Credentials));
    for kind in ["PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY"] {
        assert_eq!(of_content(&key(kind)), Some(PrivateFile::PrivateKey));
    }
    let armored = key("PGP PRIVATE KEY BLOCK").replacen('\n', "\nVersion: 1\n\n", 1);
    assert_eq!(of_content(&armored), Some(PrivateFile::PrivateKey));
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(state.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let found = PrivateFile::of_file("notes", &utf16);
    assert_eq!(found, Some(("notes", PrivateFile::State)));
    let mut zip = b"PK\x03\x04".to_vec();
    zip.resize(26, 0);
    zip.extend([6, 0, 0, 0]);
    zip.extend(b"tfplan and its bytes");
    let found = PrivateFile::of_file("release.zip", &zip);
    assert_eq!(found, Some(("release.zip", PrivateFile::Plan)));

    for harmless in [
        "",
        "{}",
        "resource \"x\" \"y\" {}",
        r#"{"version": 3, "dependencies": {"serial": 1, "lineage": 2}}"#,
        r#"{"serial": 1}"#,
        r#"{"Version": "2012-10-17", "Statement": []}"#,
        "Paste `-----BEGIN PRIVATE KEY-----` here:\n-----BEGIN PRIVATE KEY-----\n...\n",
        "PK\x03\x04 and a zip of something else",
        "[1, 2]",
    ] {
        assert_eq!(of_content(harmless), None, "{harmless}");
    }
}

#[test]
fn pr05_certificates_are_no_private_keys() {
    let of_file = |content: &str| PrivateFile::of_file("ca.pem", content.as_bytes());
    assert_eq!(of_file(&key("CERTIFICATE")), None);
    assert_eq!(of_file(&key("PUBLIC KEY")), None);
    let both = format!("{}{}", key("CERTIFICATE"), key("PRIVATE KEY"));
    assert_eq!(of_file(&both), Some(("ca.pem", PrivateFile::PrivateKey)));
    assert_eq!(of_file("x"), Some(("ca.pem", PrivateFile::PrivateKey)));
}
