//! Tests the commands that list, show, search, download and delete modules, and where commands find a
//! token.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

use serde_json::Value;

use crate::builders::module;
use crate::harness::Appliance;

const ADDRESS: &str = "acme/network/aws";

/// Returns a command with the registry and no token.
fn command(registry: &Appliance, words: &[&str]) -> Command {
    let mut command = registry.cli(words);
    command.env_remove("TERRAKEEP_TOKEN");
    command
}

fn run(registry: &Appliance, words: &[&str]) -> Output {
    registry.cli(words).output().expect("the command runs")
}

/// Runs a command that must succeed, and returns what it printed.
fn printed(registry: &Appliance, words: &[&str]) -> String {
    let text = printed_wide(registry, words);
    let widest = text.lines().map(|line| line.chars().count()).max();
    if !words.contains(&"--json") {
        assert!(widest.unwrap_or(0) <= 100, "{words:?}:\n{text}");
    }
    text
}

/// As [`printed`], for sentences, which a terminal wraps.
fn printed_wide(registry: &Appliance, words: &[&str]) -> String {
    let output = run(registry, words);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {said}");
    String::from_utf8(output.stdout).expect("text")
}

fn json(registry: &Appliance, words: &[&str]) -> Value {
    let text = printed(registry, &[words, &["--json"]].concat());
    serde_json::from_str(&text).expect("JSON")
}

/// Runs a command that must fail, and returns its exit code and what it said.
fn refused(registry: &Appliance, words: &[&str]) -> (i32, String) {
    let output = run(registry, words);
    assert!(!output.status.success(), "{words:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().unwrap_or_default(), said)
}

fn published() -> Appliance {
    let registry = Appliance::start();
    for version in ["1.0.0", "1.1.0", "2.0.0-beta.1"] {
        registry.publish(ADDRESS, version, module(version));
    }
    registry
}

#[test]
fn modules_are_listed_searched_and_shown() {
    let registry = published();
    for words in [&["module", "list"][..], &["module", "list", "acme"]] {
        let text = printed(&registry, words);
        assert!(text.starts_with("MODULE"), "{text}");
        let row = text.lines().find(|line| line.starts_with(ADDRESS));
        assert!(row.expect("a row").contains("1.1.0"), "{text}");
    }
    let rows = json(&registry, &["module", "list", "acme"]);
    let rows = rows.as_array().expect("a list");
    assert!(rows.iter().any(|row| row["name"] == "network"), "{rows:?}");

    let found = json(&registry, &["search", "network", "--organization", "acme"]);
    assert_eq!(found[0]["name"], "network", "{found}");
    let nothing = printed(&registry, &["search", "absolutely-nothing-of-that-kind"]);
    assert_eq!(nothing.trim(), "nothing was found");
    registry.publish("acme/subnet/aws", "1.0.0", module("1.0.0"));
    let both = json(&registry, &["search", "aws"]);
    assert_eq!(both.as_array().expect("a list").len(), 2, "{both}");
    let one = json(&registry, &["search", "aws", "--limit", "1"]);
    assert_eq!(one.as_array().expect("a list").len(), 1, "{one}");

    let shown = printed(&registry, &["module", "show", ADDRESS]);
    assert!(shown.contains("1.1.0"), "{shown}");
    assert!(
        shown.contains(&format!("{}/modules/{ADDRESS}", registry.url)),
        "{shown}"
    );
    let older = json(&registry, &["module", "show", ADDRESS, "1.0.0"]);
    assert_eq!(older["version"], "1.0.0");
    let shown = printed(&registry, &["module", "show", ADDRESS, "1.0.0"]);
    let page = format!("{}/modules/{ADDRESS}/1.0.0", registry.url);
    assert!(shown.contains(&page), "{shown}");

    let deprecate = [
        "module",
        "deprecate",
        ADDRESS,
        "1.0.0",
        "--reason",
        "Leaks a password",
    ];
    printed(&registry, &deprecate);
    let versions = printed(&registry, &["module", "versions", ADDRESS]);
    assert!(versions.contains("Leaks a password"), "{versions}");
    let versions = json(&registry, &["module", "versions", ADDRESS]);
    let versions = versions.as_array().expect("a list");
    assert_eq!(versions.len(), 3, "{versions:?}");
    let deprecated = |row: &&Value| !row["deprecated"].is_null();
    assert_eq!(versions.iter().filter(deprecated).count(), 1);

    let (code, said) = refused(&registry, &["module", "show", "acme/nothing/aws"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("acme/nothing/aws"), "{said}");
}

#[test]
fn an_archive_is_downloaded_whole_or_not_at_all() {
    let registry = published();
    let folder = tempfile::tempdir().expect("a folder");
    let in_folder = |words: &[&str]| {
        registry
            .cli(words)
            .current_dir(folder.path())
            .output()
            .expect("the command runs")
    };
    let output = in_folder(&["module", "download", ADDRESS, "1.0.0"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let file = folder.path().join("acme-network-aws-1.0.0.tar.gz");
    let bytes = std::fs::read(&file).expect("the archive");
    assert_eq!(bytes, registry.download(ADDRESS, "1.0.0"));
    // Others may read it, as any file that a program writes.
    let mode = std::fs::metadata(&file).expect("the archive").permissions();
    assert_eq!(mode.mode() & 0o444, 0o444);

    // What is there already stays, and nothing else appears.
    let again = in_folder(&["module", "download", ADDRESS, "1.0.0"]);
    assert!(!again.status.success());
    assert!(String::from_utf8_lossy(&again.stderr).contains("exists already"));
    let missing = in_folder(&["module", "download", ADDRESS, "9.9.9", "-o", "x.tar.gz"]);
    assert_eq!(missing.status.code(), Some(3));
    let files = std::fs::read_dir(folder.path())
        .expect("the folder")
        .count();
    assert_eq!(files, 1);
}

#[test]
fn a_version_and_a_module_are_deleted_after_they_were_named_twice() {
    let registry = published();
    let (code, said) = refused(
        &registry,
        &["module", "delete", ADDRESS, "1.0.0", "--confirm", "1.1.0"],
    );
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("--confirm 1.0.0"), "{said}");
    assert_eq!(registry.versions(ADDRESS).len(), 3);
    let said = printed(
        &registry,
        &["module", "delete", ADDRESS, "1.0.0", "--confirm", "1.0.0"],
    );
    assert!(said.contains("acme/network/aws 1.0.0 is deleted"), "{said}");
    assert_eq!(registry.versions(ADDRESS).len(), 2);
    let said = printed(
        &registry,
        &["module", "delete", ADDRESS, "--confirm", ADDRESS],
    );
    assert!(said.contains("with all its versions is deleted"), "{said}");
    let (code, said) = refused(&registry, &["module", "show", ADDRESS]);
    assert_eq!(code, 3, "{said}");
}

#[test]
fn f17_a_whole_module_is_deprecated_at_once() {
    let registry = published();
    let words = [
        "module",
        "deprecate",
        ADDRESS,
        "--all-versions",
        "--reason",
        "Use acme/net/aws",
    ];
    let said = printed(&registry, &words);
    assert_eq!(
        said.trim(),
        "all 3 versions of acme/network/aws are deprecated"
    );
    let versions = json(&registry, &["module", "versions", ADDRESS]);
    let versions = versions.as_array().expect("a list");
    assert!(
        versions
            .iter()
            .all(|row| row["deprecated"] == "Use acme/net/aws"),
        "{versions:?}"
    );
    // Which versions are meant has to be said.
    let (code, _) = refused(
        &registry,
        &["module", "deprecate", ADDRESS, "--reason", "x"],
    );
    assert_eq!(code, 2);
}

#[test]
fn t33_a_command_takes_the_token_that_terraform_has_for_the_same_host() {
    let registry = Appliance::start();
    let home = tempfile::tempdir().expect("a folder");
    let host = registry.url.trim_start_matches("https://");
    let at_home = |words: &[&str]| {
        command(&registry, words)
            .env("HOME", home.path())
            .output()
            .expect("the command runs")
    };
    let without = at_home(&["whoami"]);
    assert_eq!(without.status.code(), Some(4));

    // A token for another port of the same machine is none for this registry.
    let token = &registry.admin;
    let other = format!("credentials \"127.0.0.1:1\" {{\n  token = \"{token}\"\n}}\n");
    std::fs::write(home.path().join(".terraformrc"), other).expect("written");
    assert_eq!(at_home(&["whoami"]).status.code(), Some(4));

    let own = format!("credentials \"{host}\" {{\n  token = \"{token}\"\n}}\n");
    std::fs::write(home.path().join(".tofurc"), own).expect("written");
    let output = at_home(&["whoami"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("admin"), "{text}");
    assert!(text.contains(".tofurc`"), "{text}");
    assert!(!text.contains(token.as_str()), "a token is shown");
    assert!(at_home(&["module", "list"]).status.success());

    // It is for HTTPS alone: nothing of it is sent in the open.
    let open = command(&registry, &["whoami", "--plain-http"])
        .env("HOME", home.path())
        .env("TERRAKEEP_URL", format!("http://{host}"))
        .output()
        .expect("the command runs");
    let said = String::from_utf8_lossy(&open.stderr);
    assert_eq!(open.status.code(), Some(4), "{said}");
    assert!(said.contains("this needs a token"), "{said}");

    // What is given wins.
    let given = command(&registry, &["whoami"])
        .env("HOME", home.path())
        .env("TERRAKEEP_TOKEN", "tkp_wrong")
        .output()
        .expect("the command runs");
    assert_eq!(given.status.code(), Some(4));
}

#[test]
fn doctor_goes_from_the_address_to_an_archive_and_says_what_failed() {
    let registry = published();
    let text = printed_wide(&registry, &["doctor"]);
    for step in [
        "address",
        "name",
        "connection",
        "services",
        "clock",
        "token",
        "install",
    ] {
        let line = text
            .lines()
            .find(|line| line.split_whitespace().nth(1) == Some(step));
        assert!(line.expect(step).starts_with("ok "), "{text}");
    }
    // The CA of the registry is known to the command alone.
    assert!(text.contains("does not trust it"), "{text}");
    assert!(!text.contains(registry.admin.as_str()), "a token is shown");

    let wrong = command(&registry, &["doctor"])
        .env("TERRAKEEP_TOKEN", "tkp_wrong")
        .output()
        .expect("the command runs");
    assert_eq!(wrong.status.code(), Some(9));
    assert!(String::from_utf8_lossy(&wrong.stdout).contains("failed   token"));

    let port = crate::harness::free_port();
    let nobody = command(&registry, &["doctor", "--json"])
        .env("TERRAKEEP_URL", format!("https://127.0.0.1:{port}"))
        .output()
        .expect("the command runs");
    assert_eq!(nobody.status.code(), Some(9));
    let steps: Value = serde_json::from_slice(&nobody.stdout).expect("JSON");
    let last = steps.as_array().and_then(|steps| steps.last());
    assert_eq!(last.expect("a step")["step"], "connection");
    assert_eq!(last.expect("a step")["state"], "failed");
}
