//! Tests the documentation of a provider: published with it, read page by page, searched, replaced.

use super::refused::files_below;
use super::release::Release;
use crate::builders::archive;
use crate::harness::Appliance;
use crate::ui::browser::Browser;

const BASE: &str = "/providers/acme/widget/1.2.3/docs";
const SENT_TO: &str = "/api/terrakeep/v1/providers/acme/widget/1.2.3/docs";

fn published() -> Appliance {
    let registry = Appliance::start();
    let release = Release::of("widget", "1.2.3").with_docs();
    release.published(&registry, &[]);
    registry
}

fn send_docs(registry: &Appliance, files: &[(&str, &str)]) -> (u16, String) {
    let request = registry.request("PUT", SENT_TO, Some(&registry.admin));
    let answer = request.body(archive(files)).send().expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.text().expect("a body"))
}

#[test]
fn a_link_to_what_has_no_page_is_no_link() {
    let registry = published();
    let (status, text) = send_docs(
        &registry,
        &[
            (
                "docs/index.md",
                "# w\n\n[file](config.json) [folder](./guides/) [page](guides/g.md)\n",
            ),
            ("docs/config.json", "{}"),
            (
                "docs/guides/g.md",
                "# g\n\n[up](..) [file](../config.json) [first](../index.md)\n",
            ),
        ],
    );
    assert!(status < 300, "{status} {text}");
    let mut browser = Browser::of(&registry, "admin");
    for (path, dead, alive) in [
        ("", &["file", "folder"][..], "page"),
        ("/guides/g", &["up", "file"], "first"),
    ] {
        let page = browser.get(&format!("{BASE}{path}"));
        for text in dead {
            assert!(!page.text.contains(&format!(">{text}</a>")), "{text}");
            assert!(page.text.contains(text), "the words stay: {text}");
        }
        assert!(page.text.contains(&format!(">{alive}</a>")), "{alive}");
    }
}

#[test]
fn pages_lie_in_a_tree_and_lead_to_each_other() {
    let registry = published();
    let mut browser = Browser::of(&registry, "admin");
    let mut text = |path: &str| {
        let page = browser.get(&format!("{BASE}{path}"));
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        page.text
    };
    let first = text("");
    for has in [
        "Widget provider",
        "/docs/guides/start\">Getting started",
        "/docs/resources/thing\">thing<",
        "/docs/data-sources/thing\">thing<",
        "/docs/functions/twice\">twice",
        "<summary>Things",
        "/docs/resources/thing.md#user-content-schema\"",
        "/1.2.3/pictures/docs/badge.png\"",
    ] {
        assert!(first.contains(has), "{has}: {first}");
    }
    assert!(!first.contains("page_title"), "{first}");
    let thing = text("/resources/thing");
    assert!(
        thing.contains("/resources/thing\" aria-current=\"page\""),
        "{thing}"
    );
    assert!(!thing.contains("subcategory"), "{thing}");
    let other = text("/resources/other");
    assert!(!other.contains("alert(1)"), "{other}");
    // As authors write links, in either layout.
    for (link, to) in [
        ("/resources/thing.md", "/resources/thing"),
        ("/r/thing.html", "/resources/thing"),
        ("/docs/data-sources/thing.md", "/data-sources/thing"),
        (
            "/docs/providers/widget/d/thing.html.markdown",
            "/data-sources/thing",
        ),
        ("/docs/index.md", ""),
        ("/index.html", ""),
    ] {
        let page = browser.get(&format!("{BASE}{link}"));
        assert_eq!(
            (page.status, page.location),
            (303, format!("{BASE}{to}")),
            "{link}"
        );
    }
    for missing in [
        "/resources/nothing",
        "/nothing",
        "/resources",
        "/docs/badge.png",
    ] {
        assert_eq!(
            browser.get(&format!("{BASE}{missing}")).status,
            404,
            "{missing}"
        );
    }
    let picture = browser.get("/providers/acme/widget/1.2.3/pictures/docs/badge.png");
    assert_eq!(picture.status, 200);
    assert!(picture.text.contains("PNG"), "{}", picture.text);
    let text = browser.get("/providers/acme/widget/1.2.3/pictures/docs/index.md");
    assert_eq!(text.status, 404, "not a picture");
}

#[test]
fn words_are_found_in_titles_descriptions_and_texts() {
    let registry = published();
    let mut browser = Browser::of(&registry, "admin");
    let mut found = |query: &str| {
        let page = browser.get(&format!("{BASE}?q={query}"));
        assert_eq!(page.status, 200, "{}", page.text);
        let (_, found) = page.text.split_once("Pages with").expect("a list");
        let (found, _) = found.split_once("</section>").expect("its end");
        let links = found.split("<a href=\"").skip(1);
        let paths = links.filter_map(|link| link.split('"').next());
        let paths = paths.map(|path| path.trim_start_matches(BASE).to_owned());
        (paths.collect::<Vec<_>>(), found.to_owned())
    };
    assert_eq!(
        found("thing").0,
        ["/resources/thing", "/data-sources/thing", ""]
    );
    let (paths, text) = found("flavour");
    assert_eq!(paths, ["/resources/thing", "/data-sources/thing"]);
    assert!(text.contains("How it tastes."), "{text}");
    assert_eq!(found("step+by").0, ["/guides/start"]);
    assert!(found("zzzz").0.is_empty());
    // What a page says of itself is for its list, not for its text.
    assert!(found("page_title").0.is_empty());
}

#[test]
fn documentation_is_as_private_as_its_provider_and_goes_with_it() {
    let registry = Appliance::start();
    let blobs = || files_below(&registry.data_dir().join("blobs"));
    let without = blobs();
    let release = Release::of("widget", "1.2.3").with_docs();
    release.published(&registry, &[]);
    let page = Browser::new(&registry).get(BASE);
    assert_eq!(page.status, 303);
    assert!(page.location.starts_with("/login"), "{}", page.location);
    let before = blobs();
    let (status, text) = send_docs(&registry, &[("docs/index.md", "# Another\n")]);
    assert_eq!(status, 200, "{text}");
    assert_eq!(blobs(), before, "the other one is gone");
    let mut browser = Browser::of(&registry, "admin");
    assert!(browser.get(BASE).text.contains("Another"));
    assert_eq!(browser.get(&format!("{BASE}/resources/thing")).status, 404);
    let path = "/api/v2/organizations/acme/registry-providers/private/acme/widget/versions/1.2.3";
    let deleted = registry
        .request("DELETE", path, Some(&registry.admin))
        .send();
    assert_eq!(deleted.expect("an answer").status(), 204);
    assert_eq!(browser.get(BASE).status, 404);
    assert_eq!(blobs(), without);
}

#[test]
fn what_is_no_documentation_is_refused_and_leaves_nothing() {
    let registry = published();
    let blobs = || files_below(&registry.data_dir().join("blobs"));
    let before = blobs();
    for (files, says) in [
        (&[("main.tf", "")][..], "no page in this archive"),
        (
            &[("docs/notes.md", "# Notes\n")][..],
            "no page in this archive",
        ),
        (
            &[("docs/index.md", "-> ../../etc/passwd")][..],
            "docs/index.md",
        ),
    ] {
        let (status, text) = send_docs(&registry, files);
        assert_eq!(status, 422, "{text}");
        assert!(text.contains(says), "{says}: {text}");
    }
    assert_eq!(blobs(), before);
    let nowhere = SENT_TO.replace("1.2.3", "9.9.9");
    let request = registry.request("PUT", &nowhere, Some(&registry.admin));
    let files = archive(&[("docs/index.md", "# Pages\n")]);
    let answer = request.body(files).send().expect("an answer");
    assert_eq!(answer.status(), 404);
    assert_eq!(blobs(), before);
}
