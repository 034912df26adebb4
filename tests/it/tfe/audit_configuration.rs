//! Tests the settings of the audit log: what is so is shown and taken, everything else is refused.

use serde_json::{Value, json};

use crate::harness::Appliance;

const ONE: &str = "/api/v2/organizations/acme/audit-configuration";

fn send(registry: &Appliance, method: &str, path: &str, attributes: &Value) -> (u16, Value) {
    let request = registry.request(method, path, Some(&registry.admin));
    let body = json!({ "data": { "attributes": attributes } });
    let answer = request.json(&body).send().expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().expect("JSON"))
}

#[test]
fn the_audit_log_is_on_and_is_sent_nowhere_else() {
    let registry = Appliance::start();
    let shown = registry.json(ONE);
    let attributes = &shown["data"]["attributes"];
    assert_eq!(attributes["audit-trails"], json!({ "enabled": true }));
    assert_eq!(attributes["hcp-audit-log-streaming"]["enabled"], false);
    let owner = &shown["data"]["relationships"]["organization"]["data"];
    assert_eq!(owner["id"], "acme");
    for same in [
        json!({}),
        json!({ "audit-trails": { "enabled": true } }),
        json!({ "audit-trails": { "enabled": true },
                "hcp-audit-log-streaming": { "enabled": false, "organization-id": "",
                                             "use-default-organization": false } }),
    ] {
        let (status, answer) = send(&registry, "PATCH", ONE, &same);
        assert_eq!((status, &answer), (200, &shown), "{same}");
    }
    for (other, field) in [
        (
            json!({ "audit-trails": { "enabled": false } }),
            "audit-trails/enabled",
        ),
        (
            json!({ "audit_trails": { "enabled": false } }),
            "audit-trails/enabled",
        ),
        (
            json!({ "hcp-audit-log-streaming": { "enabled": true } }),
            "hcp-audit-log-streaming/enabled",
        ),
        (
            json!({ "hcp-audit-log-streaming": { "organization-id": "another" } }),
            "hcp-audit-log-streaming/organization-id",
        ),
        (
            json!({ "hcp-audit-log-streaming": { "use-default-organization": true } }),
            "hcp-audit-log-streaming/use-default-organization",
        ),
    ] {
        let (status, answer) = send(&registry, "PATCH", ONE, &other);
        assert_eq!(status, 422, "{other}: {answer}");
        let error = &answer["errors"][0];
        let reason = error["detail"].as_str().expect("a text");
        assert!(reason.contains("the audit log is always kept"), "{reason}");
        let pointer = error["source"]["pointer"].as_str().expect("a pointer");
        assert!(pointer.ends_with(field), "{pointer}");
    }
    for wrong in [
        json!({ "audit-trails": false }),
        json!({ "audit-trails": { "enabled": "no" } }),
    ] {
        let (status, answer) = send(&registry, "PATCH", ONE, &wrong);
        assert!([400, 422].contains(&status), "{wrong}: {status} {answer}");
    }
    assert_eq!(registry.json(ONE), shown);
}

#[test]
fn a_test_of_the_audit_log_is_an_event_in_it() {
    let registry = Appliance::start();
    let before = registry.json("/api/v2/organizations/acme");
    let (status, result) = send(&registry, "POST", &format!("{ONE}/test"), &json!({}));
    assert_eq!(status, 200, "{result}");
    let token = registry.organization_token("acme", "admin");
    let trail = registry.get("/api/v2/organization/audit-trail", Some(&token));
    let trail: Value = trail.json().expect("JSON");
    let events = trail["data"].as_array().expect("events");
    let event = events
        .iter()
        .find(|event| event["request"]["id"] == result["request-id"])
        .expect("the event of the test");
    assert_eq!(event["resource"]["action"], "test audit log");
    let who = event["auth"]["description"].as_str().expect("a text");
    assert!(who.starts_with("admin ("), "{who}");
    assert_eq!(registry.json("/api/v2/organizations/acme"), before);
    let (_, second) = send(&registry, "POST", &format!("{ONE}/test"), &json!({}));
    assert_ne!(second["request-id"], result["request-id"]);
}

#[test]
fn only_those_who_manage_the_organization_see_its_settings_of_the_audit_log() {
    let registry = Appliance::start();
    let member = registry.user("mia");
    registry.command(&json!({
        "subject": "organization", "command": "add-member", "name": "acme", "username": "mia",
    }));
    let stranger = registry.user("stranger");
    for (token, status) in [(&member, 403), (&stranger, 404), (&registry.admin, 200)] {
        for (method, path) in [("GET", ONE), ("PATCH", ONE)] {
            let request = registry.request(method, path, Some(token));
            let answer = request
                .json(&json!({ "data": {} }))
                .send()
                .expect("an answer");
            assert_eq!(answer.status(), status, "{method}");
        }
        let test = registry.request("POST", &format!("{ONE}/test"), Some(token));
        assert_eq!(test.send().expect("an answer").status(), status);
        let shown = registry.get("/api/v2/organizations/acme", Some(token));
        let shown: Value = shown.json().expect("JSON");
        let may = &shown["data"]["attributes"]["permissions"]["can-manage-auditing"];
        let expected = match status {
            200 => json!(true),
            403 => json!(false),
            _ => Value::Null,
        };
        assert_eq!(*may, expected);
    }
}
