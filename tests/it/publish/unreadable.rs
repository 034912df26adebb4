//! Tests modules with code that terraform cannot read: the API, the pages and the command line say
//! so with file and line, and a publisher or an organization can have them refused.

use std::process::Output;

use serde_json::{Value, json};

use crate::builders::archive;
use crate::harness::Appliance;

const BROKEN: &str = "variable \"a\" {}\n\nsyntax error {{{\n";

fn broken() -> Vec<u8> {
    archive(&[
        ("main.tf", "variable \"b\" {}\n"),
        ("bad.tf", BROKEN),
        ("examples/x/main.tf", "locals {\n  x = [1\n}\n"),
    ])
}

fn enforce(registry: &Appliance, wanted: bool) {
    let answer = registry.command(&json!({
        "subject": "organization", "command": "update", "name": "acme",
        "enforce_valid_configuration": wanted,
    }));
    assert_eq!(answer["enforce_valid_configuration"], wanted);
}

fn detail(answer: reqwest::blocking::Response) -> String {
    let document: Value = answer.json().expect("JSON");
    let detail = &document["errors"][0]["detail"];
    detail.as_str().expect("a text").to_owned()
}

#[test]
fn f4_the_api_and_the_pages_say_what_could_not_be_read() {
    let registry = Appliance::start();
    registry.organization_is_public("acme");
    registry.publish("acme/bad/null", "1.0.0", broken());
    let details = registry.json("/v1/modules/acme/bad/null/1.0.0");
    let root = &details["root"]["diagnostics"];
    assert_eq!(root[0]["file"], "bad.tf", "{details}");
    assert_eq!(root[0]["line"], 3, "{details}");
    assert!(root[0]["message"].is_string(), "{details}");
    assert_eq!(details["examples"][0]["diagnostics"][0]["line"], 3);
    for tab in ["", "/inputs", "/versions"] {
        let page = registry.get(&format!("/modules/acme/bad/null/1.0.0{tab}"), None);
        let text = page.text().expect("a page");
        for expected in [
            "could not be read",
            "href=\"/modules/acme/bad/null/1.0.0/files/bad.tf#L3\"",
            ">bad.tf:3</a>",
            ">examples/x/main.tf:3</a>",
        ] {
            assert!(text.contains(expected), "{tab}: {expected}\n{text}");
        }
    }
    // Of a module that can be read, nothing is said.
    registry.publish(
        "acme/good/null",
        "1.0.0",
        archive(&[("main.tf", "# good\n")]),
    );
    let details = registry.json("/v1/modules/acme/good/null/1.0.0");
    assert!(details["root"].get("diagnostics").is_none(), "{details}");
    let page = registry.get("/modules/acme/good/null/1.0.0", None);
    assert!(!page.text().expect("a page").contains("could not be read"));
}

#[test]
fn f4_an_upload_can_ask_to_be_refused_if_it_cannot_be_read() {
    let registry = Appliance::start();
    let link = registry.upload_link("acme/bad/null", "1.0.0");
    let odd = registry.upload(&format!("{link}?strict=yes"), broken());
    assert_eq!(odd.status(), 422);
    assert!(detail(odd).contains("say `true` or `false`"));
    let strict = format!("{link}?strict=true");
    let refused = registry.upload(&strict, broken());
    assert_eq!(refused.status(), 422);
    let said = detail(refused);
    for part in [
        "bad.tf:3: ",
        "examples/x/main.tf:3: ",
        "`acme/bad/null 1.0.0`",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(registry.versions("acme/bad/null"), [""; 0]);
    assert_eq!(registry.files_incoming(), 0, "nothing is left over");
    // The number is not used up, and the same link takes what can be read.
    let good = archive(&[("main.tf", "variable \"a\" {}\n")]);
    assert_eq!(registry.upload(&strict, good.clone()).status(), 200);
    assert_eq!(registry.upload(&strict, good).status(), 200);
    assert_eq!(registry.versions("acme/bad/null"), ["1.0.0"]);
    let link = registry.upload_link("acme/bad/null", "1.0.1");
    let loose = registry.upload(&format!("{link}?strict=false"), broken());
    assert_eq!(loose.status(), 200);
    let report: Value = loose.json().expect("JSON");
    let first = report["meta"]["diagnostics"][0].as_str().expect("a text");
    assert!(first.starts_with("bad.tf:3: "), "{report}");
    let shown = "/api/v2/organizations/acme/registry-modules/private/acme/bad/null/version";
    let shown = registry.json(&format!("{shown}?module_version=1.0.1"));
    let attributes = &shown["data"]["attributes"];
    assert_eq!(attributes["diagnostics"], report["meta"]["diagnostics"]);
    // What is published already stays so.
    let again = registry.upload(&format!("{link}?strict=true"), broken());
    assert_eq!(again.status(), 200);
}

#[test]
fn f4_an_organization_can_refuse_what_cannot_be_read() {
    let registry = Appliance::start();
    registry.publish("acme/bad/null", "1.0.0", broken());
    enforce(&registry, true);
    let answer = registry.try_publish("acme/bad/null", "1.0.1", broken());
    assert_eq!(answer.status(), 422);
    let said = detail(answer);
    assert!(said.contains("bad.tf:3: "), "{said}");
    assert_eq!(registry.versions("acme/bad/null"), ["1.0.0"]);
    let good = archive(&[("main.tf", "variable \"a\" {}\n")]);
    registry.publish("acme/bad/null", "1.0.1", good);
    enforce(&registry, false);
    registry.publish("acme/bad/null", "1.0.2", broken());
}

/// Runs `terrakeep publish` for a folder with these files.
fn publish(registry: &Appliance, files: &[(&str, &str)], version: &str, more: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("written");
    }
    let path = folder.path().to_str().expect("a path");
    registry
        .cli(&["publish", path, "acme/cli/null", version])
        .args(more)
        .output()
        .expect("it runs")
}

#[test]
fn f4_the_command_line_warns_and_refuses_with_strict() {
    let registry = Appliance::start();
    let files = [("main.tf", "variable \"b\" {}\n"), ("bad.tf", BROKEN)];
    let refused = publish(&registry, &files, "1.0.0", &["--strict"]);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(6), "{said}");
    assert!(said.contains("bad.tf:3: "), "{said}");
    assert_eq!(registry.versions("acme/cli/null"), [""; 0]);
    let published = publish(&registry, &files, "1.0.0", &[]);
    let said = String::from_utf8_lossy(&published.stderr);
    assert!(published.status.success(), "{said}");
    assert!(said.contains("warning: bad.tf:3: "), "{said}");
    let again = publish(&registry, &files, "1.0.0", &["--json"]);
    let document: Value = serde_json::from_slice(&again.stdout).expect("JSON");
    let warning = document["warnings"][0].as_str().expect("a text");
    assert!(warning.starts_with("bad.tf:3: "), "{document}");
    let good = publish(&registry, &files[..1], "1.0.1", &["--strict", "--json"]);
    let document: Value = serde_json::from_slice(&good.stdout).expect("JSON");
    assert_eq!(document["warnings"], json!([]), "{document}");
}

#[test]
fn p3_a_dead_link_is_named_in_the_api_and_on_the_page() {
    let registry = Appliance::start();
    registry.organization_is_public("acme");
    let files = archive(&[
        ("main.tf", "# root\n"),
        ("tools/common", "-> ../submodule/common.sh"),
    ]);
    registry.publish("acme/linked/null", "1.0.0", files);
    let note = "was a link to `../submodule/common.sh`, which is not in the archive";
    let details = registry.json("/v1/modules/acme/linked/null/1.0.0");
    let notes = details["archive_notes"][0].as_str().expect("a note");
    assert!(notes.contains(note), "{details}");
    let page = registry.get("/modules/acme/linked/null/1.0.0", None);
    let text = page.text().expect("a page");
    assert!(
        text.contains("<code>../submodule/common.sh</code>"),
        "{text}"
    );
    let served = crate::builders::unpack(&registry.download("acme/linked/null", "1.0.0"));
    let paths: Vec<_> = served.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["main.tf"]);
}
