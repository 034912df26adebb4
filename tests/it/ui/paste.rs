//! Tests what people paste: addresses into the search, and what pages offer to paste.

use serde_json::json;
use terrakeep::domain::Sha256;

use super::browser::Browser;
use crate::builders::archive;
use crate::harness::Appliance;

fn registry() -> Appliance {
    let registry = Appliance::start();
    for version in ["1.0.0", "1.1.0"] {
        let main =
            format!("variable \"name\" {{}}\nvariable \"at\" {{ default = \"{version}\" }}\n");
        let files = archive(&[("main.tf", &main), ("modules/inside/main.tf", &main)]);
        registry.publish("acme/net/aws", version, files);
    }
    registry
}

#[test]
fn a_pasted_address_leads_to_its_module() {
    let registry = registry();
    let mut browser = Browser::of(&registry, "admin");
    let module = "/modules/acme/net/aws";
    let inside = "/modules/acme/net/aws/1.1.0/submodules/modules/inside";
    for (text, page) in [
        ("acme/net/aws", module),
        ("registry.example.com/acme/net/aws", module),
        ("source+%3D+%22acme/net/aws//modules/inside%22", inside),
    ] {
        let answer = browser.get(&format!("/search?q={text}"));
        assert_eq!((answer.status, &*answer.location), (303, page), "{text}");
    }
    for text in [
        "elsewhere/net/aws",
        "git::https://github.com/x/terraform-aws-net.git",
    ] {
        let answer = browser.get(&format!("/search?q={text}"));
        assert_eq!(answer.status, 200, "{text}");
        assert!(
            answer.text.contains(&format!("href=\"{module}\"")),
            "{text}"
        );
    }
    // A module that somebody may not see looks like one that is not there.
    let mut nobody = Browser::new(&registry);
    assert_eq!(nobody.get("/search?q=acme/net/aws").status, 200);
}

#[test]
fn the_archive_of_a_version_can_be_downloaded() {
    let registry = registry();
    let mut browser = Browser::of(&registry, "admin");
    let page = browser.get("/modules/acme/net/aws/1.0.0").text;
    assert!(page.contains("/modules/acme/net/aws/1.0.0/archive"));
    let answer = browser.get("/modules/acme/net/aws/1.0.0/archive");
    assert_eq!(answer.status, 303);
    let archive = registry.get(&answer.location, None);
    assert_eq!(archive.status(), 200);
    let sum = Sha256::of(&archive.bytes().expect("bytes")).to_string();
    assert!(page.contains(&sum), "the page names the checksum {sum}");
}

#[test]
fn a_revoked_version_has_one_banner_and_offers_the_version_to_use_instead() {
    let registry = registry();
    for command in ["deprecate", "revoke"] {
        registry.command(&json!({
            "subject": "module", "command": command, "version": "1.0.0",
            "module": { "namespace": "acme", "name": "net", "system": "aws" },
            "reason": "It opens a port.",
        }));
    }
    let page = Browser::of(&registry, "admin")
        .get("/modules/acme/net/aws/1.0.0")
        .text;
    assert_eq!(page.matches("It opens a port.").count(), 1, "{page}");
    let block = page.split("class=\"use\"").nth(1).expect("a block");
    let block = block.split("</section>").next().expect("its end");
    assert!(
        block.contains("1.1.0") && !block.contains("&#34;1.0.0"),
        "{block}"
    );
}

#[test]
fn a_feed_and_a_badge_follow_the_versions_and_are_for_those_who_may_read_them() {
    let registry = registry();
    let mut browser = Browser::of(&registry, "admin");
    let base = "/modules/acme/net/aws";
    let page = browser.get(base).text;
    for link in ["feed.atom", "badge.svg"] {
        assert!(page.contains(&format!("{base}/{link}")), "{link}");
        let path = format!("{base}/{link}");
        assert_eq!(Browser::new(&registry).get(&path).status, 303, "{link}");
    }
    registry.organization_is_public("acme");
    let feed = registry.get(&format!("{base}/feed.atom"), None);
    let kind = feed.headers()["content-type"].to_str().expect("a text");
    assert!(kind.starts_with("application/atom+xml"), "{kind}");
    let feed = feed.text().expect("a text");
    let document = roxmltree::Document::parse(&feed).expect("it is XML");
    let name = |name: &'static str| {
        let nodes = document.descendants();
        nodes.filter(move |node| node.tag_name().name() == name)
    };
    let entries: Vec<_> = name("entry").collect();
    assert_eq!(entries.len(), 2);
    let ids: Vec<_> = name("id").filter_map(|id| id.text()).collect();
    let first = format!("{}{base}/1.1.0", registry.url);
    assert_eq!(ids.get(1), Some(&first.as_str()), "the newest comes first");
    let badge = registry.get(&format!("{base}/badge.svg"), None);
    assert_eq!(badge.headers()["content-type"], "image/svg+xml");
    assert!(badge.text().expect("a text").contains(">1.1.0<"));
}
