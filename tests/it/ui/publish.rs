//! Tests publishing and deleting in a browser.

use super::browser::Browser;
use crate::builders::{archive, module};
use crate::harness::Appliance;

fn fields<'a>(name: &'a str, version: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("organization", "acme"),
        ("name", name),
        ("provider", "aws"),
        ("version", version),
    ]
}

#[test]
fn a_module_is_published_with_its_first_archive() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let page = browser.publish(&fields("vpc", "1.0.0"), module("first"));
    let there = "/modules/acme/vpc/aws/1.0.0";
    assert_eq!(
        (page.status, &*page.location),
        (303, there),
        "{}",
        page.text
    );
    assert_eq!(registry.versions("acme/vpc/aws"), ["1.0.0"]);
    let again = browser.publish(&fields("vpc", "v1.0.0"), module("first"));
    assert_eq!(again.status, 303, "the same bytes again are fine");
    let other = browser.publish(&fields("vpc", "1.0.0"), module("other"));
    assert_eq!(other.status, 409);
    assert!(
        other.text.contains("published versions never change"),
        "{}",
        other.text
    );
    assert!(
        other.text.contains("value=\"vpc\""),
        "the form is filled in as before"
    );
}

#[test]
fn a_refused_archive_leaves_nothing_behind() {
    let registry = Appliance::start_with(&[("limits.archive", "1 MiB")]);
    let mut browser = Browser::of(&registry, "admin");
    let evil = archive(&[("main.tf", ""), ("link", "-> /etc/passwd")]);
    for (archive, status, says) in [
        (evil, 422, "The archive was refused"),
        (Vec::new(), 422, "Choose an archive"),
        (b"no gzip".to_vec(), 422, "The archive was refused"),
        (vec![0; 2 << 20], 413, "larger than the limit"),
    ] {
        let page = browser.publish(&fields("vpc", "1.0.0"), archive);
        assert_eq!(page.status, status, "{says}: {}", page.text);
        assert!(page.text.contains(says), "{says}: {}", page.text);
        assert_eq!(registry.files_incoming(), 0, "{says}");
    }
    let page = browser.publish(&fields("not a name", "1.0.0"), module("x"));
    assert_eq!(page.status, 422);
    let versions = registry.get("/v1/modules/acme/vpc/aws/versions", Some(&registry.admin));
    assert_eq!(versions.status(), 404);
    let page = browser.publish(&fields("vpc", "1.0.0"), module("good"));
    assert_eq!(page.status, 303, "{}", page.text);
}

#[test]
fn t50_only_those_who_may_publish_and_delete() {
    let registry = Appliance::start();
    registry.organization("rival", false);
    registry.user("otto");
    registry.join("rival", "owners", "otto");
    registry.publish("acme/vpc/aws", "1.0.0", module("first"));
    let mut otto = Browser::of(&registry, "otto");
    let page = otto.publish(&fields("vpc", "2.0.0"), module("second"));
    assert_eq!(page.status, 404, "{}", page.text);
    for path in [
        "/modules/acme/vpc/aws/delete",
        "/modules/acme/vpc/aws/1.0.0/delete",
    ] {
        let hidden = otto.get(path);
        let absent = otto.get(&path.replace("acme", "gone"));
        assert_eq!((hidden.status, absent.status), (404, 404), "{path}");
        let page = otto.submit("/settings/tokens", path, &[("confirm", "acme/vpc/aws")]);
        assert_eq!(page.status, 404, "{path}");
    }
    assert_eq!(registry.versions("acme/vpc/aws"), ["1.0.0"]);
}

#[test]
fn a_version_and_a_module_are_deleted_after_asking() {
    let registry = Appliance::start();
    for version in ["1.0.0", "2.0.0", "3.0.0"] {
        registry.publish("acme/vpc/aws", version, module(version));
    }
    let mut browser = Browser::of(&registry, "admin");
    let path = "/modules/acme/vpc/aws/2.0.0/delete";
    let page = browser.get(path);
    assert!(
        page.text.contains("Delete acme/vpc/aws 2.0.0 for good?"),
        "{}",
        page.text
    );
    let page = browser.submit(path, path, &[]);
    assert_eq!(
        (page.status, &*page.location),
        (303, "/modules/acme/vpc/aws")
    );
    assert_eq!(registry.versions("acme/vpc/aws").len(), 2);
    let path = "/modules/acme/vpc/aws/delete";
    assert_eq!(
        browser
            .submit(path, path, &[("confirm", "acme/vpc")])
            .status,
        422
    );
    let page = browser.submit(path, path, &[("confirm", "acme/vpc/aws")]);
    assert_eq!((page.status, &*page.location), (303, "/"));
    assert_eq!(registry.versions("acme/vpc/aws"), [""; 0]);
}
