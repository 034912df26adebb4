//! Follows a new user from signing in to deleting what they published.

use std::path::Path;

use serde_json::json;

use super::every_page::nothing_of_others;
use super::steps::{follow, send, step, take, visit};
use super::tools::Tools;
use crate::builders::archive;
use crate::harness::Appliance;
use crate::providers::release::Release;
use crate::ui::browser::{PASSWORD, set_password};

/// Makes a folder with a module that a browser can upload.
fn folder(at: &Path) {
    for (name, text) in [
        ("main.tf", "variable \"size\" {\n  default = 1\n}\n"),
        ("README.md", "# Dropped\n\nIt came through a window.\n"),
        (
            "modules/deep/main.tf",
            "output \"deep\" {\n  value = 1\n}\n",
        ),
        (".hidden/secret.txt", "stays at home"),
        ("terraform.tfstate", "{}"),
        ("modules/deep/prod.auto.tfvars", "size = 2\n"),
    ] {
        let path = at.join("dropped").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
}

#[test]
fn a_newcomer_signs_in_makes_a_token_publishes_by_dropping_compares_and_deletes() {
    let Some(tools) = Tools::find() else { return };
    let registry = Appliance::start();
    set_password(&registry, "admin");
    let dir = tempfile::tempdir().expect("a directory");
    folder(dir.path());
    let dropped = dir.path().join("dropped");
    let second = dir.path().join("second.tar.gz");
    let main = "variable \"size\" {}\nvariable \"more\" {\n  default = 2\n}\n";
    std::fs::write(&second, archive(&[("main.tf", main)])).expect("written");
    let third = dir.path().join("third");
    folder(&third);
    let about = |version: &str| json!({ "name": "drop", "provider": "null", "version": version });
    let base = "/modules/acme/drop/null";
    let steps = [
        visit("/", "Sign in"),
        follow("Sign in", "/login", "Password"),
        send(
            "/login",
            json!({ "username": "admin", "password": PASSWORD }),
            "/",
            "Sign out",
        ),
        follow("admin", "/settings/tokens", "quickstart"),
        send(
            "/settings/tokens",
            json!({ "description": "CI of the shop", "scope": "publish", "only": "acme" }),
            "/settings/tokens",
            "it is shown only once",
        ),
        follow("Done", "/settings/tokens", "CI of the shop"),
        follow("Publish", "/publish", "You can also drop a folder"),
        step(
            json!({ "drop": [dropped] }),
            "/publish",
            0,
            "3 files packed",
        ),
        send(
            "/publish",
            about("1.0.0"),
            "/modules/acme/drop/null/1.0.0",
            "It came through a window.",
        ),
        visit("/publish", "Publish a module"),
        step(json!({ "drop": [second] }), "/publish", 0, "Publish"),
        send(
            "/publish",
            about("2.0.0"),
            "/modules/acme/drop/null/2.0.0",
            "2.0.0 · latest",
        ),
        visit("/publish", "Publish a module"),
        step(
            json!({ "folder": third.join("dropped") }),
            "/publish",
            0,
            "Left out: modules/deep/prod.auto.tfvars (values of variables), terraform.tfstate (state).",
        ),
        send(
            "/publish",
            about("3.0.0"),
            "/modules/acme/drop/null/3.0.0",
            "It came through a window.",
        ),
        visit("/search?q=drop", "acme/drop"),
        follow("acme/drop", base, "Dropped"),
        follow(
            "Versions 3",
            "/modules/acme/drop/null/3.0.0/versions",
            "Compare",
        ),
        send(
            "*/diff",
            json!({ "from": "1.0.0", "to": "2.0.0" }),
            "/modules/acme/drop/null/diff?from=1.0.0&to=2.0.0",
            "more",
        ),
        visit(
            "/modules/acme/drop/null/2.0.0/versions",
            "Deprecate or revoke",
        ),
        follow(
            "Delete 2.0.0 …",
            "/modules/acme/drop/null/2.0.0/delete",
            "for good?",
        ),
        send(
            "/modules/acme/drop/null/2.0.0/delete",
            json!({}),
            base,
            "3.0.0 · latest",
        ),
        visit(
            "/modules/acme/drop/null/delete",
            "All of its versions are deleted (2)",
        ),
        send(
            "/modules/acme/drop/null/delete",
            json!({ "confirm": "acme/drop/null" }),
            "/",
            "Modules and providers you can trust",
        ),
        visit("/search?q=drop", "0 modules"),
    ];
    let seen = take(&tools, &registry, true, &steps);
    assert_ne!(nothing_of_others(&seen, 15), 0);
    assert_eq!(registry.versions("acme/drop/null"), [""; 0]);
}

#[test]
fn a_release_is_dropped_read_and_found() {
    let Some(tools) = Tools::find() else { return };
    let registry = Appliance::start();
    set_password(&registry, "admin");
    let release = Release::of("widget", "1.2.3").with_docs();
    // What a release tool leaves beside the release.
    release.write("artifacts.json", b"[]");
    release.write(
        "widget_linux_amd64_v1/terraform-provider-widget_v1.2.3",
        b"x",
    );
    let next = Release::of("widget", "1.3.0");
    let files = ["linux_amd64", "windows_amd64"].map(|it| next.path().join(next.package(it)));
    let page = "/providers/acme/widget/1.2.3";
    let steps = [
        visit("/login", "Password"),
        send(
            "/login",
            json!({ "username": "admin", "password": PASSWORD }),
            "/",
            "Sign out",
        ),
        follow("Publish", "/publish", "Publish a module"),
        follow("Provider", "/publish/provider", "Publish a provider"),
        step(
            json!({ "drop": [release.path()] }),
            "/publish/provider",
            0,
            "7 files of documentation",
        ),
        send("/publish/provider", json!({}), page, "darwin_arm64"),
        follow(
            "Documentation 6",
            "/providers/acme/widget/1.2.3/docs",
            "Makes widgets.",
        ),
        follow(
            "thing",
            "/providers/acme/widget/1.2.3/docs/resources/thing",
            "How it tastes.",
        ),
        visit("/publish/provider", "Publish a provider"),
        step(
            json!({ "drop": files }),
            "/publish/provider",
            0,
            "2 files of the release",
        ),
        send(
            "/publish/provider",
            json!({}),
            "/providers/acme/widget/1.3.0",
            "1.3.0 · latest",
        ),
        visit("/search?q=widget", "acme/widget"),
        follow("acme/widget", "/providers/acme/widget", "1.3.0 · latest"),
    ];
    let seen = take(&tools, &registry, true, &steps);
    assert_ne!(nothing_of_others(&seen, 8), 0);
}
