//! Tests the properties that every response of the JSON:API has.

use serde_json::Value;

use crate::harness::Appliance;
use crate::shared::shared;

fn error(registry: &Appliance, method: &str, path: &str, token: Option<&str>) -> (u16, Value) {
    let answer = registry.request(method, path, token).body("null").send();
    let answer = answer.expect("an answer");
    let status = answer.status().as_u16();
    assert_eq!(
        answer.headers()["content-type"],
        "application/vnd.api+json",
        "{method} {path}"
    );
    let mut document: Value = answer.json().expect("JSON");
    (status, document["errors"][0].take())
}

#[test]
fn an_error_is_a_document_with_its_status_as_a_text() {
    let registry = Appliance::start();
    let admin = Some(registry.admin.as_str());
    for (method, path, token, expected) in [
        ("GET", "/api/v2/organizations/acme", None, 401),
        ("GET", "/api/v2/organizations/nothing", admin, 404),
        ("GET", "/api/v2/nothing/of/the/kind", admin, 404),
        ("PUT", "/api/v2/organizations/acme", admin, 405),
        (
            "GET",
            "/api/v2/registry-modules/actions/delete/acme/hello",
            admin,
            405,
        ),
        (
            "POST",
            "/api/v2/organizations/acme/registry-modules",
            admin,
            422,
        ),
    ] {
        let (status, error) = error(&registry, method, path, token);
        assert_eq!(status, expected, "{method} {path}");
        assert_eq!(error["status"], expected.to_string(), "{method} {path}");
        for member in ["title", "detail"] {
            let text = error[member].as_str().expect("a text");
            assert!(!text.is_empty(), "{method} {path}");
        }
    }
}

#[test]
fn a_wrong_method_is_told_the_right_ones() {
    let registry = Appliance::start();
    for (method, path, allowed) in [
        (
            "PUT",
            "/api/v2/organizations/acme",
            "GET, PATCH, DELETE, HEAD",
        ),
        ("DELETE", "/api/v2/ping", "GET, HEAD"),
        ("POST", "/v1/modules/acme/hello/null/versions", "GET, HEAD"),
        ("DELETE", "/publish", "GET, POST, HEAD"),
        ("PATCH", "/api/terrakeep/v1/commands", "POST"),
    ] {
        let request = registry.request(method, path, Some(&registry.admin));
        let answer = request.send().expect("an answer");
        assert_eq!(answer.status(), 405, "{method} {path}");
        assert_eq!(answer.headers()["allow"], allowed, "{method} {path}");
    }
    let page = registry
        .request("DELETE", "/publish", None)
        .header("Accept", "text/html")
        .send()
        .expect("an answer");
    let page = page.text().expect("a page");
    assert!(page.contains("does not take DELETE"), "{page}");
}

#[test]
fn doubled_and_closing_slashes_are_forgiven() {
    let registry = shared();
    let path = "/api/v2/organizations/acme";
    let plain = registry.json(path);
    for path in [
        "//api/v2//organizations/acme",
        "/api/v2/organizations/acme/",
    ] {
        assert_eq!(registry.json(path), plain, "{path}");
        assert_eq!(registry.get(path, None).status(), 401, "{path}");
    }
}
