//! Tests that states, plans, values and keys are not published by mistake: from a folder, as an
//! archive, and with the form.

use std::path::Path;
use std::process::Output;

use crate::builders::{archive, unpack};
use crate::harness::Appliance;
use crate::providers::release::command;
use crate::ui::browser::Browser;

const STATE: &str = r#"{"version":4,"serial":1,"lineage":"x","outputs":{"p":{"value":"hunter2"}}}"#;

/// The files of a module as they lie on the disk of whoever works on it.
const FILES: [(&str, &str); 12] = [
    ("main.tf", "variable \"a\" {}\n"),
    ("modules/a/main.tf", "# a\n"),
    ("modules/a/terraform.tfstate", "{}"),
    ("examples/e/main.tf", "# e\n"),
    ("examples/e/prod.auto.tfvars", "p = \"hunter2\"\n"),
    ("examples/e/.terraform/modules/m/main.tf", "# m\n"),
    (".terraform.lock.hcl", "# locks\n"),
    (".terraform/modules/modules.json", "{}"),
    ("backup.json", STATE),
    ("tfplan", "PK"),
    ("crash.log", "x"),
    (".git/config", "x"),
];

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in FILES {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    folder
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&text).into_owned()
}

fn publish(registry: &Appliance, path: &Path, version: &str, more: &[&str]) -> Output {
    let path = path.display().to_string();
    let words = ["publish", &path, "acme/mine/null", version];
    command(registry, &[&words[..], more].concat())
}

fn files_of(registry: &Appliance, version: &str) -> Vec<String> {
    let files = unpack(&registry.download("acme/mine/null", version));
    let mut names: Vec<String> = files.into_iter().map(|(name, _)| name).collect();
    names.sort();
    names
}

#[test]
fn pr05_a_folder_is_published_without_what_is_private_and_all_of_it_is_named() {
    let registry = Appliance::start();
    let folder = folder();
    let published = publish(&registry, folder.path(), "1.0.0", &[]);
    let text = said(&published);
    assert!(published.status.success(), "{text}");
    let module = [
        ".terraform.lock.hcl",
        "examples/e/main.tf",
        "main.tf",
        "modules/a/main.tf",
    ];
    assert_eq!(files_of(&registry, "1.0.0"), module);
    assert!(text.contains("note: 4 files, "), "{text}");
    for name in [
        "modules/a/terraform.tfstate (state)",
        "examples/e/prod.auto.tfvars (values of variables)",
        "examples/e/.terraform (working files of a tool)",
        ".terraform (working files of a tool)",
        "backup.json (state)",
        "tfplan (plan)",
        "crash.log (crash log)",
        ".git (version control)",
    ] {
        assert!(text.contains(name), "{name}: {text}");
    }
    // What its author asks for is in it.
    let include = [
        "--include",
        "*.auto.tfvars",
        "--include",
        "/backup.json",
        "--json",
    ];
    let published = publish(&registry, folder.path(), "1.1.0", &include);
    let document: serde_json::Value = serde_json::from_slice(&published.stdout)
        .unwrap_or_else(|_| panic!("{}", said(&published)));
    assert_eq!(document["file_count"], 6, "{document}");
    let private = document["private_files"].as_array().expect("a list");
    assert_eq!(private.len(), 2, "{document}");
    assert_eq!(private[0]["kind"], "state", "{document}");
    let files = files_of(&registry, "1.1.0");
    assert!(files.contains(&"backup.json".to_owned()), "{files:?}");
    assert!(!files.contains(&"tfplan".to_owned()), "{files:?}");
}

#[test]
fn pr05_a_dry_run_lists_everything_and_sends_nothing() {
    let folder = folder();
    let path = folder.path().display().to_string();
    let words = ["publish", &path, "acme/mine/null", "1.0.0", "--dry-run"];
    // No registry is named, and none is asked.
    let run = |more: &[&str]| {
        let mut program = crate::harness::program();
        program.args(words).args(more);
        program.output().expect("it runs")
    };
    let shown = run(&[]);
    let text = said(&shown);
    assert!(shown.status.success(), "{text}");
    for line in [
        "  main.tf  (16 bytes)",
        "  tfplan  (plan)",
        "Nothing was sent.",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let shown = run(&["--json", "--include", "tfplan"]);
    let document: serde_json::Value = serde_json::from_slice(&shown.stdout).expect("JSON");
    assert_eq!(document["dry_run"], true);
    let files = document["files"].as_array().expect("a list");
    assert_eq!(files.len(), 5, "{document}");
    assert_eq!(document["file_count"], 5);
    let out = document["left_out"].as_array().expect("a list");
    assert!(
        out.iter()
            .any(|it| it["path"] == "crash.log" && it["kind"] == "crash-log")
    );
    let wrong = run(&["--include", "[z-a]"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", said(&wrong));
}

#[test]
fn pr05_an_archive_with_a_state_is_refused_unless_it_is_meant() {
    let registry = Appliance::start();
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("module.tar.gz");
    let write = |files: &[(&str, &str)]| std::fs::write(&path, archive(files)).expect("written");
    for (name, content) in [
        ("terraform.tfstate", "{}"),
        ("notes.json", STATE),
        ("wrapped/tfplan", "PK"),
        ("prod.tfvars", "p = 1\n"),
    ] {
        let main = if name.starts_with("wrapped/") {
            "wrapped/main.tf"
        } else {
            "main.tf"
        };
        write(&[(main, "# x\n"), (name, content)]);
        let refused = publish(&registry, &path, "1.0.0", &[]);
        let text = said(&refused);
        assert_eq!(refused.status.code(), Some(6), "{name}: {text}");
        let name = name.trim_start_matches("wrapped/");
        assert!(text.contains(name) && text.contains("--include"), "{text}");
    }
    assert_eq!(registry.versions("acme/mine/null"), [""; 0]);
    // Examples have values of their own; they are named, and the archive is not changed.
    let files = [("main.tf", "# x\n"), ("examples/a/a.tfvars", "p = 1\n")];
    write(&files);
    let published = publish(&registry, &path, "1.0.0", &[]);
    let text = said(&published);
    assert!(published.status.success(), "{text}");
    assert!(text.contains("examples/a/a.tfvars (values"), "{text}");
    assert_eq!(
        registry.download("acme/mine/null", "1.0.0"),
        archive(&files)
    );
    write(&[("main.tf", "# y\n"), ("terraform.tfstate", "{}")]);
    let meant = publish(&registry, &path, "1.1.0", &["--include", "*.tfstate"]);
    assert!(meant.status.success(), "{}", said(&meant));
}

#[test]
fn pr05_the_form_refuses_an_archive_with_a_state_and_the_page_names_what_came_otherwise() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let with = |name: &str, content: &str| archive(&[("main.tf", "# x\n"), (name, content)]);
    let fields = [
        ("organization", "acme"),
        ("name", "mine"),
        ("provider", "null"),
        ("version", "1.0.0"),
    ];
    for (name, content) in [
        ("terraform.tfstate", "{}"),
        ("x.txt", STATE),
        (".env", "A=1"),
    ] {
        let page = browser.publish(&fields, with(name, content));
        assert_eq!(page.status, 422, "{}", page.text);
        assert!(page.text.contains(name), "{}", page.text);
        assert!(page.text.contains("published by mistake"), "{}", page.text);
        assert_eq!(registry.files_incoming(), 0);
    }
    let meant = [&fields[..], &[("private", "yes")]].concat();
    let page = browser.publish(&meant, with("terraform.tfstate", "{}"));
    assert_eq!(page.status, 303, "{}", page.text);
    // An API takes an archive as it is; its page says what is in it.
    let sent = with("modules/a/terraform.tfstate", "{}");
    registry.publish("acme/mine/null", "2.0.0", sent.clone());
    assert_eq!(registry.download("acme/mine/null", "2.0.0"), sent);
    let page = browser.get("/modules/acme/mine/null/2.0.0");
    let named = "modules/a/terraform.tfstate (state)";
    assert!(page.text.contains(named), "{}", page.text);
    let clean = archive(&[("main.tf", "# x\n"), ("README.md", "# Mine\n")]);
    registry.publish("acme/mine/null", "3.0.0", clean);
    let page = browser.get("/modules/acme/mine/null/3.0.0");
    assert!(!page.text.contains("published by mistake"));
}
