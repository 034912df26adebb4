//! Tests the page of what an organization demands of tokens and sessions.

use serde_json::json;

use super::browser::Browser;
use crate::harness::Appliance;

const PAGE: &str = "/settings/organizations/acme/rules";

#[test]
fn every_field_of_the_rules_is_changed_on_the_page_and_read_back_through_the_api() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let lifetimes = [
        ("organization", "30d", 2_592_000_000_i64),
        ("team", "12h", 43_200_000),
        ("user", "90m", 5_400_000),
        ("audit_trails", "3600s", 3_600_000),
    ];
    let mut fields: Vec<(&str, &str)> = lifetimes.iter().map(|it| (it.0, it.1)).collect();
    fields.extend([
        ("user_tokens", "yes"),
        ("max_ttl", "yes"),
        ("session_timeout", "61"),
        ("session_remember", "122"),
    ]);
    let page = browser.submit(PAGE, PAGE, &fields);
    assert_eq!((page.status, &*page.location), (303, PAGE), "{}", page.text);
    let attributes = || {
        let shown = registry.json("/api/v2/organizations/acme");
        shown["data"]["attributes"].clone()
    };
    let shown = attributes();
    for (name, value) in [
        ("user-tokens-enabled", json!(true)),
        ("max-ttl-enabled", json!(true)),
        ("session-timeout", json!(61)),
        ("session-remember", json!(122)),
    ] {
        assert_eq!(shown[name], value, "{name}");
    }
    let policies = registry.json("/api/v2/organizations/acme/token-ttl-policies");
    let policies = policies["data"].as_array().expect("a list").clone();
    assert_eq!(policies.len(), lifetimes.len());
    for (kind, _, milliseconds) in lifetimes {
        let policy = policies
            .iter()
            .find(|it| it["attributes"]["token-type"] == kind)
            .expect("a policy");
        assert_eq!(policy["attributes"]["max-ttl-ms"], milliseconds, "{kind}");
    }
    // What is not ticked is switched off, what is left empty has no rule, and lives stay as they were.
    let fields = [("user_tokens", "yes"), ("session_timeout", "")];
    assert_eq!(browser.submit(PAGE, PAGE, &fields).status, 303);
    let shown = attributes();
    assert_eq!(shown["max-ttl-enabled"], false);
    assert!(shown["session-timeout"].is_null(), "{shown}");
    assert!(shown["session-remember"].is_null(), "{shown}");
    let text = browser.get(PAGE).text;
    assert!(text.contains("value=\"30d\""), "{text}");
    for wrong in [("team", "soon"), ("session_timeout", "an hour")] {
        let page = browser.submit(PAGE, PAGE, &[("user_tokens", "yes"), wrong]);
        assert_eq!(page.status, 422, "{wrong:?}");
    }
    // Without the tokens of users, the API refuses the one of this test.
    assert_eq!(browser.submit(PAGE, PAGE, &[]).status, 303);
    let refused = registry.get("/api/v2/organizations/acme", Some(&registry.admin));
    assert_eq!(refused.status(), 401);
    assert_eq!(browser.get(PAGE).status, 200, "a session still reaches it");
}
