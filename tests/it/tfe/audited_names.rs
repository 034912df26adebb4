//! Tests what the audit log of an organization says of its members' names.

use serde_json::{Value, json};

use crate::harness::Appliance;
use crate::ui::browser::Browser;

fn trail(registry: &Appliance, organization: &str) -> Vec<Value> {
    let token = registry.organization_token(organization, "admin");
    let trail = registry.get("/api/v2/organization/audit-trail", Some(&token));
    let trail: Value = trail.json().expect("JSON");
    trail["data"].as_array().expect("events").clone()
}

fn renames(registry: &Appliance, organization: &str) -> Vec<Value> {
    let all = trail(registry, organization).into_iter();
    let is_one = |event: &Value| {
        let action = event["resource"]["action"].as_str().expect("an action");
        ["rename own account", "update user"].contains(&action)
    };
    all.filter(is_one).collect()
}

/// Returns what an event changed, as table and name.
fn changed(event: &Value) -> Vec<(String, String)> {
    let changes = event["resource"]["meta"]["changes"].as_array();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let change = |it: &Value| (text(&it["table"]), text(&it["name"]));
    changes.expect("changes").iter().map(change).collect()
}

#[test]
fn a_rename_of_a_member_is_in_the_audit_log_of_each_of_their_organizations() {
    let registry = Appliance::start();
    for name in ["globex", "initech"] {
        registry.organization(name, false);
    }
    let token = registry.user("mia");
    for name in ["acme", "globex"] {
        registry.join(name, "owners", "mia");
    }
    let rename = |name: &str| {
        let request = registry.request("PATCH", "/api/v2/account/update", Some(&token));
        let body = json!({ "data": { "attributes": { "username": name } } });
        let answer = request.json(&body).send().expect("an answer");
        assert_eq!(answer.status(), 200, "{name}");
    };
    rename("mia-maria");
    for organization in ["acme", "globex"] {
        let all = renames(&registry, organization);
        let [event] = all.as_slice() else {
            panic!("{organization}: {all:?}");
        };
        let who = event["auth"]["description"].as_str().expect("a text");
        assert!(who.starts_with("mia ("), "{who}");
        let changed = changed(event);
        for (table, name) in [("usernames", "mia-maria"), ("former_usernames", "mia")] {
            let change = (table.to_owned(), name.to_owned());
            assert!(changed.contains(&change), "{changed:?}");
        }
        // Nothing of her account, and nothing of another organization.
        let tables: Vec<_> = changed.iter().map(|(table, _)| table.as_str()).collect();
        assert!(!tables.contains(&"users"), "{tables:?}");
        let memberships = tables.iter().filter(|table| **table == "memberships");
        assert_eq!(memberships.count(), 1, "{changed:?}");
    }
    assert_eq!(renames(&registry, "initech"), Vec::<Value>::new());
    let mut admin = Browser::of(&registry, "admin");
    let page = admin.get("/settings/organizations/acme/audit?text=rename");
    assert!(page.text.contains("mia-maria"), "{}", page.text);

    // Who gets the name from an administrator is in the log, too; an address is not.
    registry.command(&json!({
        "subject": "user", "command": "update", "username": "mia-maria", "email": "m@example.com",
    }));
    assert_eq!(renames(&registry, "acme").len(), 1);
    registry.command(&json!({
        "subject": "user", "command": "rename", "username": "mia-maria", "new_name": "maria",
    }));
    let all = renames(&registry, "acme");
    assert_eq!(all.len(), 2, "{all:?}");
    let change = ("usernames".to_owned(), "maria".to_owned());
    assert!(changed(&all[0]).contains(&change), "{all:?}");
    assert!(!all[0].to_string().contains("m@example.com"));
}

#[test]
fn names_that_a_member_had_elsewhere_are_not_in_the_audit_log() {
    let registry = Appliance::start();
    registry.organization("globex", false);
    registry.user("otto");
    registry.join("globex", "owners", "otto");
    registry.command(&json!({
        "subject": "user", "command": "rename", "username": "otto", "new_name": "otti",
    }));
    registry.join("acme", "owners", "otti");
    let log = Value::from(trail(&registry, "acme")).to_string();
    assert!(!log.contains("otto") && !log.contains("usernames"), "{log}");
    assert_eq!(renames(&registry, "globex").len(), 1);
}
