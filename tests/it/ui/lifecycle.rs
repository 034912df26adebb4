//! Tests deprecating and revoking in a browser: forms, banners and labels.

use super::browser::Browser;
use crate::builders::module;
use crate::harness::Appliance;

const PATH: &str = "/modules/acme/vpc/aws/1.0.0/lifecycle";

#[test]
fn a_version_is_deprecated_revoked_and_taken_back() {
    let registry = Appliance::start();
    for version in ["1.0.0", "1.1.0", "2.0.0-rc.1"] {
        registry.publish("acme/vpc/aws", version, module(version));
    }
    let mut browser = Browser::of(&registry, "admin");
    let base = "/modules/acme/vpc/aws/1.0.0";
    let tab = browser.get(&format!("{base}/versions")).text;
    assert!(tab.contains(&format!("href=\"{PATH}\"")), "{tab}");
    assert!(!tab.contains(">deprecated<"), "{tab}");

    let forms = browser.get(PATH).text;
    assert!(
        forms.contains("value=\"revoke\""),
        "p16: it may be urgent: {forms}"
    );
    assert!(!forms.contains("value=\"undeprecate\""), "{forms}");
    let fields = [
        ("act", "deprecate"),
        ("reason", "<b>Slow</b>.\r\nSee below."),
        ("link", "https://example.com/?a=1&b=2"),
    ];
    let page = browser.submit(PATH, PATH, &fields);
    assert_eq!((page.status, &*page.location), (303, base), "{}", page.text);
    for path in [base.to_owned(), format!("{base}/inputs"), PATH.to_owned()] {
        let text = browser.get(&path).text;
        for part in [
            "This version is deprecated",
            "&#60;b&#62;Slow&#60;/b&#62;.<br>See below.",
            "href=\"https://example.com/?a=1&#38;b=2\" rel=\"nofollow noreferrer\"",
            "by admin",
        ] {
            assert!(text.contains(part), "{path}: {part}: {text}");
        }
    }
    let text = browser.get(base).text;
    assert!(
        text.contains("Use <a href=\"/modules/acme/vpc/aws/1.1.0\">version 1.1.0</a> instead"),
        "{text}"
    );
    assert!(
        !browser
            .get("/modules/acme/vpc/aws/1.1.0")
            .text
            .contains("is deprecated")
    );
    let tab = browser.get(&format!("{base}/versions")).text;
    assert_eq!(
        tab.matches(">deprecated<").count(),
        3,
        "title, picker and row: {tab}"
    );

    let page = browser.submit(PATH, PATH, &[("act", "revoke"), ("reason", "It leaks.")]);
    assert_eq!(page.status, 303, "{}", page.text);
    let text = browser.get(base).text;
    assert!(
        text.contains("This version is revoked: do not use it."),
        "{text}"
    );
    assert!(text.contains("It leaks."), "{text}");
    let download = registry.get(
        "/v1/modules/acme/vpc/aws/1.0.0/download",
        Some(&registry.admin),
    );
    assert_eq!(download.status(), 403);

    assert_eq!(
        browser.submit(PATH, PATH, &[("act", "undeprecate")]).status,
        422
    );
    assert_eq!(
        browser.submit(PATH, PATH, &[("act", "unrevoke")]).status,
        303
    );
    assert_eq!(
        browser.submit(PATH, PATH, &[("act", "undeprecate")]).status,
        303
    );
    let text = browser.get(base).text;
    assert!(
        !text.contains("deprecated") && !text.contains("revoked"),
        "{text}"
    );
    let told = browser.get("/settings/organizations/acme/audit").text;
    for act in ["deprecate", "undeprecate", "revoke", "unrevoke"] {
        assert!(
            told.contains(&format!("<th>{act} module version</th>")),
            "{act}: {told}"
        );
    }
}

#[test]
fn lists_mark_a_module_whose_latest_version_is_on_its_way_out() {
    let registry = Appliance::start();
    registry.publish("acme/vpc/aws", "1.0.0", module("one"));
    let mut browser = Browser::of(&registry, "admin");
    let lists = ["/search?q=vpc&deprecated=yes", "/modules/acme"];
    browser.submit(PATH, PATH, &[("act", "deprecate"), ("reason", "Old.")]);
    let found = browser.get("/search?q=vpc").text;
    assert!(!found.contains("acme/vpc"), "not recommended: {found}");
    assert!(found.contains("Show deprecated"), "{found}");
    for path in lists {
        let text = browser.get(path).text;
        assert!(
            text.contains("<span class=\"tag warn\">deprecated</span>"),
            "{path}: {text}"
        );
    }
    browser.submit(PATH, PATH, &[("act", "revoke"), ("reason", "Old.")]);
    for path in lists {
        let text = browser.get(path).text;
        assert!(
            text.contains("<span class=\"tag bad\">revoked</span>"),
            "{path}: {text}"
        );
    }
}

#[test]
fn a_form_that_cannot_be_taken_is_shown_again() {
    let registry = Appliance::start();
    registry.publish("acme/vpc/aws", "1.0.0", module("one"));
    let mut browser = Browser::of(&registry, "admin");
    for (fields, says) in [
        (vec![("act", "deprecate")], "A reason is needed"),
        (
            vec![
                ("act", "deprecate"),
                ("reason", "kept"),
                ("link", "javascript:alert(1)"),
            ],
            "A link is a web address",
        ),
        (
            vec![("act", "explode"), ("reason", "kept")],
            "Choose what to do",
        ),
    ] {
        let page = browser.submit(PATH, PATH, &fields);
        assert_eq!(page.status, 422, "{fields:?}");
        assert!(page.text.contains(says), "{says}: {}", page.text);
        let kept = fields.iter().all(|(name, _)| *name != "reason") || page.text.contains(">kept<");
        assert!(kept, "{}", page.text);
    }
    assert_eq!(
        browser.get("/modules/acme/vpc/aws/7.0.0/lifecycle").status,
        404
    );
}

#[test]
fn t50_only_owners_deprecate_and_revoke() {
    let registry = Appliance::start();
    registry.publish("acme/vpc/aws", "1.0.0", module("one"));
    registry.user("mia");
    registry.command(&serde_json::json!({
        "subject": "team", "command": "create", "organization": "acme", "name": "builders",
        "access": { "manage-modules": true },
    }));
    registry.join("acme", "builders", "mia");
    registry.user("otto");
    let fields = [("act", "deprecate"), ("reason", "mine")];
    for (username, status) in [("mia", 403), ("otto", 404)] {
        let mut browser = Browser::of(&registry, username);
        assert_eq!(browser.get(PATH).status, status, "{username}");
        let page = browser.submit("/settings/tokens", PATH, &fields);
        assert_eq!(page.status, status, "{username}");
    }
    let one = registry.json("/v1/modules/acme/vpc/aws/1.0.0");
    assert_eq!(one["deprecation"], serde_json::Value::Null);
}

#[test]
fn an_organization_s_boxes_are_ticked_and_kept() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let acme = "/settings/organizations/acme";
    let boxes = [
        ("allow_revoked_downloads", "yes"),
        ("enforce_semver", "yes"),
        ("enforce_valid_configuration", "yes"),
    ];
    for wanted in [&boxes[..], &boxes[1..], &boxes[..1], &[]] {
        assert_eq!(browser.submit(acme, acme, wanted).status, 303);
        let text = browser.get(acme).text;
        for (name, value) in boxes {
            let ticked = text.contains(&format!("name=\"{name}\" value=\"{value}\" checked"));
            assert_eq!(ticked, wanted.contains(&(name, value)), "{name}: {text}");
        }
    }
}

#[test]
fn a_breaking_release_is_refused_in_the_form_for_publishing() {
    let registry = Appliance::start();
    registry.command(&serde_json::json!({
        "subject": "organization", "command": "update", "name": "acme", "enforce_semver": true,
    }));
    let mut browser = Browser::of(&registry, "admin");
    let fields = |version: &'static str| {
        [
            ("organization", "acme"),
            ("name", "vpc"),
            ("provider", "aws"),
            ("version", version),
        ]
    };
    let input = |name: &str| {
        let main = format!("variable \"{name}\" {{\n  default = 1\n}}\n");
        crate::builders::archive(&[("main.tf", &main)])
    };
    assert_eq!(browser.publish(&fields("1.0.0"), input("a")).status, 303);
    let page = browser.publish(&fields("1.1.0"), input("b"));
    assert_eq!(page.status, 422);
    for part in [
        "breaks callers of 1.0.0",
        "2.0.0 or higher",
        "value=\"1.1.0\"",
    ] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    let statuses =
        registry.json("/api/v2/organizations/acme/registry-modules/private/acme/vpc/aws");
    let statuses = &statuses["data"]["attributes"]["version-statuses"];
    assert_eq!(
        statuses.as_array().map(Vec::len),
        Some(1),
        "nothing half-done: {statuses}"
    );
    assert_eq!(browser.publish(&fields("2.0.0"), input("b")).status, 303);
}
