//! Tests the commands that list, show and delete what is no module: providers, users, tokens and the state
//! of a registry.

use std::process::Output;

use serde_json::{Value, json};

use crate::harness::{Appliance, program};
use crate::providers::release::Release;

fn run(registry: &Appliance, words: &[&str]) -> Output {
    registry.cli(words).output().expect("the command runs")
}

/// Runs a command that must succeed, and returns what it printed: lines that fit a terminal.
fn printed(registry: &Appliance, words: &[&str]) -> String {
    let output = run(registry, words);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {said}");
    let text = String::from_utf8(output.stdout).expect("text");
    if !words.contains(&"--json") {
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(widest.unwrap_or(0) <= 100, "{words:?}:\n{text}");
    }
    text
}

fn json_of(registry: &Appliance, words: &[&str]) -> Value {
    let text = printed(registry, &[words, &["--json"]].concat());
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn f11_providers_are_listed_shown_and_deleted() {
    let registry = Appliance::start();
    for version in ["1.0.0", "1.1.0"] {
        Release::of("widget", version).published(&registry, &[]);
    }
    for words in [&["provider", "list"][..], &["provider", "list", "acme"]] {
        let text = printed(&registry, words);
        assert!(
            text.lines().any(|line| line.starts_with("acme/widget ")),
            "{text}"
        );
    }
    let shown = json_of(&registry, &["provider", "show", "Acme/widget"]);
    assert_eq!(shown["provider"], "acme/widget");
    assert_eq!(shown["latest"], "1.1.0");
    assert_eq!(shown["source"], format!("{}/acme/widget", registry.host()));
    let versions = json_of(&registry, &["provider", "versions", "acme/widget"]);
    assert_eq!(versions.as_array().expect("a list").len(), 2);
    let platforms = versions[0]["platforms"].as_array().expect("a list");
    assert!(!platforms.is_empty(), "{versions}");

    let wrong = run(
        &registry,
        &[
            "provider",
            "delete",
            "acme/widget",
            "1.0.0",
            "--confirm",
            "1",
        ],
    );
    assert_eq!(wrong.status.code(), Some(2));
    let text = printed(
        &registry,
        &[
            "provider",
            "delete",
            "acme/widget",
            "1.0.0",
            "--confirm",
            "1.0.0",
        ],
    );
    assert_eq!(text.trim(), "acme/widget 1.0.0 is deleted");
    let versions = json_of(&registry, &["provider", "versions", "acme/widget"]);
    assert_eq!(versions.as_array().expect("a list").len(), 1);
    printed(
        &registry,
        &[
            "provider",
            "delete",
            "acme/widget",
            "--confirm",
            "acme/widget",
        ],
    );
    assert_eq!(
        run(&registry, &["provider", "show", "acme/widget"])
            .status
            .code(),
        Some(3)
    );
}

#[test]
fn f12_lists_fit_a_terminal_and_name_owners() {
    let registry = Appliance::start();
    let long = "a description that is far longer than any column of a table may ever be, really";
    registry.user("alice");
    let team = [
        "team",
        "create",
        "acme",
        "ci",
        "--manage-modules",
        "--manage-providers",
    ];
    printed(&registry, &team);
    for owner in [
        &["--user", "alice"][..],
        &["--organization", "acme"],
        &["--organization", "acme", "--team", "ci"],
    ] {
        let words = [&["token", "create", "--description", long][..], owner].concat();
        let made = run(&registry, &words);
        assert!(made.status.success());
    }
    let owners = |words: &[&str]| -> Vec<String> {
        let list = json_of(&registry, words);
        let list = list.as_array().expect("a list");
        list.iter()
            .map(|token| token["owner"].as_str().expect("a name").to_owned())
            .collect()
    };
    let of_alice = owners(&["token", "list", "--user", "alice"]);
    assert!(
        of_alice.iter().all(|owner| owner == "alice"),
        "{of_alice:?}"
    );
    assert_eq!(
        owners(&["token", "list", "--organization", "acme"]),
        ["acme", "acme/ci"]
    );
    for words in [
        &["token", "list", "--organization", "acme"][..],
        &["org", "list"],
        &["org", "members", "acme"],
        &["user", "list"],
        &["team", "list", "acme"],
        &["key", "list", "acme"],
    ] {
        printed(&registry, words);
    }
    let shown = json_of(&registry, &["user", "show", "admin"]);
    assert_eq!(
        (&shown["username"], &shown["organizations"]),
        (&json!("admin"), &json!(["acme"]))
    );
}

#[test]
fn f12_a_stopped_registry_lists_the_tokens_of_everybody() {
    let mut registry = Appliance::start();
    registry.user("alice");
    registry.stop();
    let mut command = program();
    command
        .args(["token", "list", "--data-dir"])
        .arg(registry.data_dir());
    let output = command.output().expect("the command runs");
    let text = String::from_utf8_lossy(&output.stdout);
    for owner in ["admin", "alice"] {
        assert!(text.contains(owner), "{text}");
    }
}

#[test]
fn f17_what_is_there_already_is_a_conflict_and_mistakes_say_what_to_write() {
    let registry = Appliance::start();
    let said = |words: &[&str], code: i32| {
        let output = run(&registry, words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{words:?}: {said}");
        said
    };
    said(&["org", "create", "acme"], 5);
    said(&["user", "create", "admin"], 5);
    for wrong in ["90", "90 days"] {
        let text = said(&["token", "create", "--expires-in", wrong], 2);
        assert!(text.contains("as in 90d"), "{text}");
    }
    let text = said(&["publish-provider", "dist", "acme/widget"], 2);
    assert!(
        text.contains("as in terrakeep publish-provider dist acme/widget 1.2.3"),
        "{text}"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().to_str().expect("a path");
    let text = said(&["publish", empty, "acme/e/null", "1.0.0"], 6);
    assert!(
        text.contains("there is no .tf file in it") && !text.contains("tar "),
        "{text}"
    );
    let token = folder.path().join("token");
    std::fs::write(&token, "tkp_x").expect("written");
    let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&token, everybody).expect("readable");
    let text = said(
        &["whoami", "--token-file", token.to_str().expect("a path")],
        1,
    );
    assert!(text.contains("run chmod 600 "), "{text}");
    let large = folder.path().join("large");
    std::fs::create_dir(&large).expect("a folder");
    std::fs::write(large.join("main.tf"), "variable \"a\" {}\n").expect("written");
    let sparse = std::fs::File::create(large.join("zero.bin")).expect("a file");
    sparse.set_len(1 << 30).expect("its length");
    let text = said(
        &[
            "publish",
            large.to_str().expect("a path"),
            "acme/e/null",
            "1.0.0",
        ],
        6,
    );
    assert!(text.contains("MiB") || text.contains("GiB"), "{text}");
}

#[test]
fn f11_the_audit_log_is_read_in_a_terminal() {
    let mut registry = Appliance::start();
    registry.user("alice");
    registry.organization("globex", false);
    let all = printed(&registry, &["audit"]);
    let newest = all.lines().nth(1).expect("an event");
    assert!(newest.contains("create organization"), "{all}");
    assert!(all.contains("create user"), "{all}");
    let own = printed(&registry, &["audit", "globex"]);
    assert!(
        own.contains("create organization") && !own.contains("create user"),
        "{own}"
    );
    let one = json_of(
        &registry,
        &["audit", "--text", "create user", "--limit", "1"],
    );
    assert_eq!(one.as_array().expect("a list").len(), 1);
    assert_eq!(one[0]["action"], "create user");
    let nothing = printed(&registry, &["audit", "--from", "2999-01-01"]);
    assert_eq!(nothing.trim(), "there are no such events");
    let nobody = run(&registry, &["audit", "nosuchorg"]);
    assert_eq!(nobody.status.code(), Some(3));
    // Whoever holds the data directory of a stopped registry reads it, too.
    registry.stop();
    let mut command = program();
    command
        .args(["audit", "--data-dir"])
        .arg(registry.data_dir());
    let output = command.output().expect("the command runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("create organization"), "{text}");
}

#[test]
fn f11_the_state_of_a_registry_needs_no_token() {
    let mut registry = Appliance::start();
    let status = |registry: &Appliance| {
        let mut command = registry.cli(&["status"]);
        command
            .env_remove("TERRAKEEP_TOKEN")
            .output()
            .expect("the command runs")
    };
    let output = status(&registry);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(
        text.contains(&registry.url) && text.contains("ready"),
        "{text}"
    );
    registry.stop();
    assert_eq!(status(&registry).status.code(), Some(7));
}
