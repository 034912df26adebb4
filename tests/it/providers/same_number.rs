//! Tests that no second version of a provider gets a number that clients cannot tell from another
//! one: numbers that differ in build metadata only.

use reqwest::blocking::multipart::{Form, Part};
use serde_json::json;

use super::release::{Release, command};
use crate::harness::Appliance;
use crate::ui::browser::Browser;
use crate::zips::package_of;

const API: &str = "/api/terrakeep/v1/providers/acme/widget";
const PROVIDER: &str = "/api/v2/organizations/acme/registry-providers/private/acme/widget/versions";

/// Sends a package for a platform; returns the status and the text of the answer.
fn stage(registry: &Appliance, version: &str, platform: &str) -> (u16, String) {
    let path = format!("{API}/{version}/packages/{platform}");
    let request = registry.request("PUT", &path, Some(&registry.admin));
    let package = package_of("widget", version, b"a program");
    let answer = request.body(package).send().expect("an answer");
    (answer.status().as_u16(), answer.text().expect("a body"))
}

fn publish(registry: &Appliance, version: &str) -> u16 {
    let path = format!("{API}/{version}/publication");
    let request = registry.request("POST", &path, Some(&registry.admin));
    let answer = request.json(&json!({})).send().expect("an answer");
    answer.status().as_u16()
}

/// Announces a version in the API of Terraform Enterprise.
fn announce(registry: &Appliance, version: &str) -> (u16, String) {
    let attributes =
        json!({ "version": version, "key-id": "51852D87348FFC4C", "protocols": ["5.0"] });
    let body =
        json!({ "data": { "type": "registry-provider-versions", "attributes": attributes } });
    let request = registry.request("POST", PROVIDER, Some(&registry.admin));
    let answer = request.json(&body).send().expect("an answer");
    (answer.status().as_u16(), answer.text().expect("a body"))
}

fn is_refused((status, text): (u16, String), other: &str) {
    assert_eq!(status, 422, "{text}");
    let reason = format!("from `{other}` in its build metadata only");
    assert!(text.contains(&reason), "{reason}: {text}");
}

#[test]
fn p4_a_number_that_pins_take_for_another_one_is_refused_in_every_way() {
    let registry = Appliance::start();
    assert_eq!(stage(&registry, "1.0.0", "linux_amd64").0, 200);
    is_refused(stage(&registry, "1.0.0+a", "linux_amd64"), "1.0.0");
    is_refused(announce(&registry, "1.0.0+a"), "1.0.0");
    assert_eq!(publish(&registry, "1.0.0"), 200);
    is_refused(stage(&registry, "1.0.0+a", "darwin_arm64"), "1.0.0");
    is_refused(announce(&registry, "1.0.0+a"), "1.0.0");
    assert_eq!(publish(&registry, "1.0.0+a"), 404);

    let mut browser = Browser::of(&registry, "admin");
    let token = browser.form_token("/publish/provider");
    let name = "terraform-provider-widget_1.0.0+a_linux_amd64.zip";
    let package = package_of("widget", "1.0.0+a", b"a program");
    let form = Form::new()
        .text("csrf", token)
        .text("organization", "acme")
        .part("files", Part::bytes(package).file_name(name));
    let request = browser.request("POST", "/publish/provider").multipart(form);
    let page = browser.send(request.header("origin", &registry.url));
    assert_eq!(page.status, 422, "{}", page.text);
    assert!(
        page.text.contains("in its build metadata only"),
        "{}",
        page.text
    );

    let output = Release::of("widget", "1.0.0+a").publish(&registry, &[]);
    assert!(!output.status.success());

    let path = "/api/v2/organizations/acme/registry-providers/private/acme/widget/versions/1.0.0";
    let request = registry.request("DELETE", path, Some(&registry.admin));
    assert_eq!(request.send().expect("an answer").status(), 204);
    is_refused(stage(&registry, "1.0.0+a", "linux_amd64"), "1.0.0");
    is_refused(announce(&registry, "1.0.0+a"), "1.0.0");
    // The very number and its own bytes may come back.
    assert_eq!(stage(&registry, "1.0.0", "linux_amd64").0, 200);
    assert_eq!(publish(&registry, "1.0.0"), 200);
    assert_eq!(stage(&registry, "1.0.1+a", "linux_amd64").0, 200);
    assert_eq!(registry.files_incoming(), 0);
}

#[test]
fn p4_an_imported_version_is_not_joined_by_one_that_pins_take_for_it() {
    let registry = Appliance::start();
    let import = |version: &str, platform: &str| {
        let path = format!(
            "/api/terrakeep/v1/mirror/registry.terraform.io/acme/widget/{version}/packages/{platform}"
        );
        let package = package_of("widget", version, b"a program");
        let request = registry.request("PUT", &path, Some(&registry.admin));
        let answer = request.body(package).send().expect("an answer");
        (answer.status().as_u16(), answer.text().expect("a body"))
    };
    assert_eq!(import("1.0.0+a", "linux_amd64").0, 200);
    assert_eq!(import("1.0.0+a", "darwin_arm64").0, 200);
    assert_eq!(import("1.0.0+a", "linux_amd64").0, 200);
    is_refused(import("1.0.0", "linux_amd64"), "1.0.0+a");
    is_refused(import("1.0.0+b", "windows_amd64"), "1.0.0+a");
    assert_eq!(import("1.0.1", "linux_amd64").0, 200);
    // The command says so, too.
    let mirror = tempfile::tempdir().expect("a folder");
    let folder = mirror.path().join("registry.terraform.io/acme/widget");
    std::fs::create_dir_all(&folder).expect("made");
    let name = "terraform-provider-widget_1.0.0_linux_amd64.zip";
    let package = package_of("widget", "1.0.0", b"a program");
    std::fs::write(folder.join(name), package).expect("written");
    let mirror = mirror.path().to_str().expect("a path");
    let output = command(&registry, &["import-mirror", mirror]);
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("in its build metadata only"), "{text}");
}
