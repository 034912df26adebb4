//! Tests the text that quickstart prints for people.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{lines_until, run, said, start};
use crate::harness::program;

/// Makes a folder with a program in it that does what `script` says.
fn with_program(name: &str, script: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("a program");
    folder
}

fn printed(path: &Path) -> String {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("data");
    let arguments = ["quickstart", "--listen", "127.0.0.1:0"];
    let (_running, lines) = start(&arguments, &data, Some(path));
    lines_until(&lines, "Stop it with Ctrl-C")
}

#[test]
fn f2_f9_the_text_leads_to_the_browser_and_its_lines_are_complete() {
    let nothing = tempfile::tempdir().expect("a directory");
    let text = printed(nothing.path());
    let in_order = [
        "Terrakeep is running at https://127.0.0.1:",
        "Open this link in a browser",
        "/login?once=",
        "\n\n1. Let terraform trust",
        "export SSL_CERT_FILE=",
        "\n\n2. Put this into ~/.terraformrc",
        "credentials \"127.0.0.1:",
        "\n\n3. Put this into main.tf",
        "`terraform init`",
        "TERRAKEEP_CA_FILE=",
        "terrakeep publish . acme/my-module/aws 1.0.0",
    ];
    let mut rest = &*text;
    for part in in_order {
        rest = rest
            .split_once(part)
            .unwrap_or_else(|| panic!("`{part}` is not where it should be:\n{text}"))
            .1;
    }
    assert!(text.lines().all(|line| !line.ends_with(' ')), "{text}");
}

#[test]
fn f9_with_opentofu_alone_the_text_names_opentofu() {
    let tofu = with_program("tofu", "exit 0");
    let text = printed(tofu.path());
    assert!(
        text.contains("`tofu init`") && text.contains("~/.tofurc"),
        "{text}"
    );
    assert!(!text.contains("terraform"), "{text}");
}

#[test]
fn f1_quickstart_stops_where_the_lines_do_not_work_and_prints_none_of_them() {
    let terraform = with_program("terraform", "echo 'Error: no way' >&2; exit 1");
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = program();
    command.args(["quickstart", "--listen", "127.0.0.1:0", "--data-dir"]);
    command
        .arg(dir.path().join("data"))
        .env("PATH", terraform.path());
    let output = run(&mut command);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains("no way") && text.contains("--no-terraform"),
        "{text}"
    );
    assert!(!text.contains("tkp_"), "{text}");
}
