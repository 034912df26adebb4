//! Tests the audit log: pages, filters, exports (T59).

use super::browser::Browser;
use crate::builders::module;
use crate::harness::Appliance;
use crate::providers::release::Release;

#[test]
fn t59_the_history_tells_who_did_what() {
    let registry = Appliance::start();
    registry.user("uma");
    registry.join("acme", "owners", "uma");
    registry.organization("rival", false);
    registry.publish("rival/secret/null", "1.0.0", module("x"));
    let mut uma = Browser::of(&registry, "uma");
    let fields = [
        ("organization", "acme"),
        ("name", "vpc"),
        ("provider", "null"),
        ("version", "1.0.0"),
    ];
    assert_eq!(uma.publish(&fields, module("y")).status, 303);
    let mut admin = Browser::of(&registry, "admin");
    let all = admin.get("/settings/audit").text;
    for told in [
        "publish module version",
        "acme/vpc/null",
        "uma (ses-",
        "sign in",
        "rival",
    ] {
        assert!(all.contains(told), "{told}: {all}");
    }
    let link = "<a href=\"/modules/acme/vpc/null/1.0.0\">acme/vpc/null 1.0.0</a>";
    assert!(all.contains(link), "{all}");
    let link = "<a href=\"/modules/rival\">rival</a>";
    assert!(all.contains(link), "{all}");
    // What is gone is named, and is no link.
    let deleted = registry
        .cli(&[
            "module",
            "delete",
            "rival/secret/null",
            "--confirm",
            "rival/secret/null",
        ])
        .output()
        .expect("it runs");
    assert!(deleted.status.success());
    let after = admin.get("/settings/audit").text;
    assert!(!after.contains("href=\"/modules/rival/secret"), "{after}");
    assert!(after.contains("rival/secret/null 1.0.0"), "{after}");
    let newest = all.find("sign in").expect("told");
    assert!(
        newest < all.find("create organization").expect("told"),
        "newest first"
    );
    let filtered = admin.get("/settings/audit?actor=uma&text=publish").text;
    assert!(filtered.contains("acme/vpc/null") && !filtered.contains("rival/secret"));
    let future = admin.get("/settings/audit?from=2999-01-01").text;
    assert!(future.contains("There are no entries"), "{future}");
    let wrong = admin.get("/settings/audit?from=soon").text;
    assert!(wrong.contains("Write the day as in"), "{wrong}");
    Release::of("widget", "1.2.3").published(&registry, &[]);
    let own = uma.get("/settings/organizations/acme/audit").text;
    assert!(own.contains("acme/vpc/null"), "{own}");
    assert!(own.contains("publish provider version"), "{own}");
    assert!(!own.contains("rival") && !own.contains("sign in"), "{own}");
    assert_eq!(uma.get("/settings/audit").status, 403);
}

#[test]
fn t59_the_history_is_exported_whole_and_paged() {
    let registry = Appliance::start();
    for number in 0..60 {
        registry.organization(&format!("team-{number}"), false);
    }
    let mut admin = Browser::of(&registry, "admin");
    let csv = admin
        .get("/settings/audit?format=csv&text=create+organization")
        .text;
    assert_eq!(csv.lines().count(), 62, "{csv}");
    assert!(
        csv.starts_with("sequence,at,actor,action,changes\r\n"),
        "{csv}"
    );
    let lines = admin.get("/settings/audit?format=jsonl").text;
    let sequences: Vec<u64> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .map(|act| act["sequence"].as_u64().expect("a number"))
        .collect();
    assert!(
        sequences.is_sorted() && sequences.len() > 61,
        "{sequences:?}"
    );
    let (mut path, mut told) = ("/settings/audit?text=create+organization".to_owned(), 0);
    loop {
        let page = admin.get(&path).text;
        told += page.matches("<th>create organization</th>").count();
        let Some((_, rest)) = page.split_once("&amp;before=") else {
            break;
        };
        let before = rest.split('"').next().expect("a number");
        path = format!("/settings/audit?text=create+organization&before={before}");
    }
    assert_eq!(told, 61);
}
