//! Tests the settings of `terraform login`.

use serde_json::{Value, json};

use super::program::{Program, send};
use crate::harness::Appliance;
use crate::shared::shared;
use crate::ui::browser::Browser;

fn services(registry: &Appliance) -> Value {
    registry.json("/.well-known/terraform.json")
}

#[test]
fn discovery_says_where_a_client_signs_in() {
    let expected = json!({
        "client": "terraform-cli", "grant_types": ["authz_code"],
        "authz": "/oauth/authorize", "token": "/oauth/token",
    });
    assert_eq!(services(shared())["login.v1"], expected);
}

#[test]
fn it_can_be_switched_off() {
    let registry = Appliance::start_with(&[("login.enabled", "false")]);
    assert_eq!(services(&registry).get("login.v1"), None);
    let mut browser = Browser::of(&registry, "admin");
    assert_eq!(browser.get(&Program::new().path()).status, 404);
    let answer = send(&registry, &Program::new().exchange(&"A".repeat(43)), "x");
    assert_eq!(answer.status(), 404);
    let setup = browser.get("/setup").text;
    assert!(!setup.contains("terraform login"), "{setup}");
}

#[test]
fn ports_lifetime_and_scope_are_as_set() {
    let registry = Appliance::start_with(&[
        ("login.ports", "10000, 10010"),
        ("login.scope", "read"),
        ("auth.token_max_lifetime", "30d"),
    ]);
    assert_eq!(
        services(&registry)["login.v1"]["ports"],
        json!([10_000, 10_010])
    );
    let mut browser = Browser::of(&registry, "admin");
    let page = browser.get(&Program::new().path());
    assert_eq!(page.status, 400);
    assert!(page.text.contains("from 10000 to 10010"), "{}", page.text);
    let program = Program::new().with("redirect_uri", Some("http://localhost:10000/login"));
    let text = browser.get(&program.path()).text;
    assert!(text.contains("value=\"read\" checked"), "{text}");
    let asks = program.clone().with("scope", Some("publish"));
    let text = browser.get(&asks.path()).text;
    assert!(text.contains("value=\"publish\" checked"), "{text}");
    // The default lifetime gives way to the longest that is allowed.
    let code = program.allowed(&mut browser, "read");
    let (status, body) = program.bring(&registry, &code);
    assert_eq!(status, 200, "{body}");
}
