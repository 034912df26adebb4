//! Tests service discovery (`tests/fixtures/contracts/discovery-and-login.toml`).

use serde_json::Value;

use crate::harness::Appliance;
use crate::shared::shared;

#[test]
fn discovery_is_open_json_with_absolute_paths_and_ignores_any_token() {
    let registry = shared();
    for token in [None, Some("nonsense"), Some(registry.admin.as_str())] {
        let answer = registry.get("/.well-known/terraform.json", token);
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "application/json");
        let body: Value = answer.json().expect("JSON");
        assert_eq!(body["modules.v1"], "/api/registry/v1/modules/");
    }
}

#[test]
fn t35_another_host_gets_no_answer_and_no_address_comes_from_it() {
    let registry = Appliance::start();
    let asked = |host: &str| {
        let request = registry.request("GET", "/.well-known/terraform.json", None);
        request.header("Host", host).send().expect("an answer")
    };
    assert_eq!(asked("evil.example").status(), 421);
    assert_eq!(asked("localhost").status(), 200);
    let link = registry.upload_link("acme/links/null", "1.0.0");
    assert!(link.starts_with(&registry.url), "{link}");
}
