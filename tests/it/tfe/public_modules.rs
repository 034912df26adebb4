//! Tests public modules: entries in an organization's list for modules of another registry.

use reqwest::blocking::Response;
use serde_json::{Value, json};

use super::samples::{same_shape, sample, without_no_code};
use crate::builders::module;
use crate::harness::Appliance;
use crate::ui::browser::Browser;

const MODULES: &str = "/api/v2/organizations/my-organization/registry-modules";

fn ask(registry: &Appliance, method: &str, path: &str, body: &Value) -> Response {
    let request = registry.request(method, path, Some(&registry.admin));
    let request = request.header("Content-Type", "application/vnd.api+json");
    request.body(body.to_string()).send().expect("an answer")
}

fn new(namespace: &str, name: &str, system: &str) -> Value {
    json!({ "data": { "type": "registry-modules", "attributes": {
        "name": name, "namespace": namespace, "provider": system,
        "registry-name": "public",
    }}})
}

fn add(registry: &Appliance, name: &str, system: &str) -> Value {
    let body = new("terraform-aws-modules", name, system);
    let made = ask(registry, "POST", MODULES, &body);
    assert_eq!(made.status(), 201);
    made.json().expect("JSON")
}

fn status(registry: &Appliance, path: &str) -> u16 {
    registry.get(path, Some(&registry.admin)).status().as_u16()
}

fn start() -> Appliance {
    let registry = Appliance::start();
    registry.organization("my-organization", false);
    registry
}

#[test]
fn a_public_module_is_as_printed_in_2021_and_today() {
    let registry = start();
    for (request, created, shown) in [
        (
            "002/05-create-a-module-with-no-vcs-connection-public-module.request.json",
            "002/07-create-a-module-with-no-vcs-connection-public-module.response.json",
            "002/11-get-a-module-public-module.response.json",
        ),
        (
            "004/pr-modules-05-create-a-module-with-no-vcs-connection-public-module.request.json",
            "004/pr-modules-07-create-a-module-with-no-vcs-connection-public-module.response.json",
            "004/pr-modules-11-get-a-module-public-module.response.json",
        ),
    ] {
        let printed = sample(request).map(without_no_code);
        let body = printed.unwrap_or_else(|| new("terraform-aws-modules", "vpc", "aws"));
        let made = ask(&registry, "POST", MODULES, &body);
        assert_eq!(made.status(), 201, "{request}");
        let made: Value = made.json().expect("JSON");
        assert_eq!(made["data"]["attributes"]["registry-name"], "public");
        let link = made["data"]["links"]["self"].as_str().expect("a link");
        assert_eq!(
            link,
            format!("{MODULES}/public/terraform-aws-modules/vpc/aws")
        );
        let read = registry.json(link);
        assert_eq!(read, made);
        let id = made["data"]["id"].as_str().expect("an id");
        assert_eq!(
            registry.json(&format!("/api/v2/registry-modules/{id}")),
            made
        );
        for (name, answer) in [(created, &made), (shown, &read)] {
            if let Some(sample) = sample(name) {
                same_shape(&sample, answer, name);
            }
        }
        let named = link.trim_end_matches("/aws");
        assert_eq!(ask(&registry, "DELETE", named, &Value::Null).status(), 204);
        assert_eq!(status(&registry, link), 404);
        assert_eq!(ask(&registry, "DELETE", named, &Value::Null).status(), 404);
    }
}

#[test]
fn lists_have_the_private_modules_and_then_the_public_ones() {
    let registry = start();
    registry.publish("my-organization/own/aws", "1.0.0", module("own"));
    for (name, system) in [("vpc", "aws"), ("iam", "aws"), ("dns", "google")] {
        add(&registry, name, system);
    }
    let names = |query: &str| {
        let list = registry.json(&format!("{MODULES}{query}"));
        let total = list["meta"]["pagination"]["total-count"].clone();
        let data = list["data"].as_array().expect("a list");
        let name = |it: &Value| {
            it["attributes"]["name"]
                .as_str()
                .expect("a name")
                .to_owned()
        };
        (data.iter().map(name).collect::<Vec<_>>().join(" "), total)
    };
    assert_eq!(names(""), ("own dns iam vpc".to_owned(), json!(4)));
    let second = names("?page[size]=3&page[number]=2");
    assert_eq!(second, ("vpc".to_owned(), json!(4)));
    let public = names("?filter[registry_name]=public&filter[provider]=aws");
    assert_eq!(public, ("iam vpc".to_owned(), json!(2)));
    let private = names("?filter[registry_name]=private");
    assert_eq!(private, ("own".to_owned(), json!(1)));
    assert_eq!(names("?q=vpc"), ("vpc".to_owned(), json!(1)));
    let page = Browser::of(&registry, "admin").get("/modules/my-organization");
    assert!(
        page.text
            .contains("<code>terraform-aws-modules/iam/aws</code>")
    );
}

#[test]
fn what_does_not_fit_is_refused_with_the_reason() {
    let registry = start();
    add(&registry, "vpc", "aws");
    let own = new("My-Organization", "vpc", "aws");
    let no_namespace = json!({ "data": { "attributes": {
        "name": "vpc", "provider": "aws", "registry-name": "public" } } });
    let again = new("Terraform-AWS-Modules", "VPC", "aws");
    for (body, status, expected) in [
        (own, 422, "own namespace"),
        (no_namespace, 422, "can't be blank"),
        (again, 422, "already"),
        (new("a/b", "vpc", "aws"), 422, "namespace"),
    ] {
        let answer = ask(&registry, "POST", MODULES, &body);
        assert_eq!(answer.status(), status, "{body}");
        let text = answer.text().expect("a body");
        assert!(text.contains(expected), "{text}");
    }
    let module = format!("{MODULES}/public/terraform-aws-modules/vpc/aws");
    let version = json!({ "data": { "attributes": { "version": "1.0.0" } } });
    let versions = format!("{module}/versions");
    assert_eq!(ask(&registry, "POST", &versions, &version).status(), 403);
    // Only the record goes, and it has no versions.
    let version = format!("{module}/1.0.0");
    assert_eq!(
        ask(&registry, "DELETE", &version, &Value::Null).status(),
        404
    );
}

#[test]
fn the_old_call_by_name_takes_a_public_module_out_where_no_private_one_has_its_name() {
    let registry = start();
    for system in ["aws", "google"] {
        add(&registry, "vpc", system);
    }
    registry.create_module("my-organization/vpc/aws");
    let delete = || {
        let path = "/api/v2/registry-modules/actions/delete/my-organization/vpc";
        ask(&registry, "POST", path, &Value::Null).status()
    };
    let public = format!("{MODULES}/public/terraform-aws-modules/vpc/aws");
    let private = format!("{MODULES}/private/my-organization/vpc/aws");
    assert_eq!(delete(), 204);
    assert_eq!(status(&registry, &private), 404);
    assert_eq!(status(&registry, &public), 200);
    assert_eq!(delete(), 204);
    assert_eq!(status(&registry, &public), 404);
    assert_eq!(delete(), 404);
}

#[test]
fn an_organization_can_do_without() {
    let registry = start();
    let made = add(&registry, "vpc", "aws");
    registry.command(&json!({
        "subject": "organization", "command": "update", "name": "my-organization",
        "public_curation": false,
    }));
    let module = format!("{MODULES}/public/terraform-aws-modules/vpc/aws");
    assert_eq!(status(&registry, &module), 403);
    let organization = registry.json("/api/v2/organizations/my-organization");
    let permissions = &organization["data"]["attributes"]["permissions"];
    assert_eq!(permissions["can-manage-public-modules"], false);
    assert_eq!(
        ask(&registry, "DELETE", &module, &Value::Null).status(),
        403
    );
    let body = new("terraform-aws-modules", "iam", "aws");
    assert_eq!(ask(&registry, "POST", MODULES, &body).status(), 403);
    assert_eq!(registry.json(MODULES)["data"], json!([]));
    let id = made["data"]["id"].as_str().expect("an id");
    assert_eq!(
        status(&registry, &format!("/api/v2/registry-modules/{id}")),
        404
    );
}

#[test]
fn they_go_with_their_organization() {
    let registry = start();
    add(&registry, "vpc", "aws");
    let organization = "/api/v2/organizations/my-organization";
    assert_eq!(
        ask(&registry, "DELETE", organization, &Value::Null).status(),
        204
    );
    registry.organization("my-organization", false);
    assert_eq!(registry.json(MODULES)["data"], json!([]));
}
