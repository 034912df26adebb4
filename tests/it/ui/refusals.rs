//! Tests what a browser sees when it is refused, and what a program gets.

use super::browser::Browser;
use crate::harness::Appliance;
use crate::shared::shared;

#[test]
fn what_is_refused_at_the_gate_is_a_page_for_browsers_and_a_document_for_programs() {
    let registry = Appliance::start();
    let long = format!("/search?q={}", "a".repeat(9000));
    for (method, path, host, status, says) in [
        ("GET", long.as_str(), None, 414, "longer than"),
        ("TRACE", "/", None, 405, "TRACE and CONNECT"),
        ("GET", "/", Some("evil.example"), 421, "evil.example"),
    ] {
        let ask = |accept: &str| {
            let mut request = registry
                .request(method, path, None)
                .header("accept", accept);
            if let Some(host) = host {
                request = request.header("host", host);
            }
            request.send().expect("an answer")
        };
        let page = ask("text/html,application/xhtml+xml");
        assert_eq!(page.status(), status, "{path}");
        assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
        let id = page.headers()["x-request-id"].clone();
        let text = page.text().expect("a page");
        assert!(text.contains(says), "{text}");
        assert!(text.contains(id.to_str().expect("a text")), "{text}");
        assert!(!text.contains("%REQUEST-ID%") && !text.contains("%HERE%"));
        let document = ask("application/json");
        assert_eq!(document.status(), status, "{path}");
        let document: serde_json::Value = document.json().expect("a document");
        let message = document["errors"][0].as_str().expect("a message");
        assert!(message.contains(says), "{message}");
    }
}

#[test]
fn too_many_requests_are_told_to_browsers_too() {
    let registry =
        Appliance::start_with(&[("limits.requests_per_second", "1"), ("limits.burst", "20")]);
    let page = (0..500)
        .map(|_| {
            let request = registry.request("GET", "/login", None);
            request
                .header("accept", "text/html")
                .send()
                .expect("an answer")
        })
        .find(|answer| answer.status() == 429)
        .expect("a limit");
    assert!(page.headers().contains_key("retry-after"));
    let text = page.text().expect("a page");
    assert!(text.contains("<h1>") && text.contains("seconds"), "{text}");
}

#[test]
fn whoever_may_not_can_sign_in_as_somebody_who_may() {
    let registry = Appliance::start();
    registry.user("uma");
    let mut uma = Browser::of(&registry, "uma");
    let refused = uma.get("/organizations/new?x=a%20b&y=1");
    assert_eq!(refused.status, 403);
    let (_, rest) = refused
        .text
        .split_once("href=\"/login?")
        .expect("a way to sign in");
    let query = rest.split('"').next().expect("a query");
    let address = format!("/login?{}", query.replace("&amp;", "&"));
    let form = uma.get(&address);
    assert_eq!(form.status, 200, "though uma is signed in");
    let next = "name=\"next\" value=\"/organizations/new?x=a%20b&#38;y=1\"";
    assert!(form.text.contains(next), "{}", form.text);
    super::browser::set_password(&registry, "admin");
    let password = super::browser::PASSWORD;
    let fields = [
        ("username", "admin"),
        ("password", password),
        ("next", "/organizations/new?x=a%20b&y=1"),
    ];
    let page = uma.submit(&address, "/login", &fields);
    assert_eq!(page.location, "/organizations/new?x=a%20b&y=1");
    assert_eq!(uma.get(&page.location).status, 200);
    // Where nobody is signed in any more, a form says so and offers the same.
    let origin = registry.url.clone();
    let request = Browser::new(&registry).request("POST", "/organizations/new");
    let page = request.header("origin", origin).send().expect("an answer");
    assert_eq!(page.status(), 403);
    let text = page.text().expect("a page");
    assert!(
        text.contains("href=\"/login?other=yes&amp;next=%2F\""),
        "{text}"
    );
}

#[test]
fn t36_the_way_back_after_a_refusal_stays_on_this_site() {
    let registry = shared();
    let mut browser = Browser::new(registry);
    let form = browser.get("/login?other=yes&next=%2F%2Fevil.example");
    assert!(
        form.text.contains("name=\"next\" value=\"/\""),
        "{}",
        form.text
    );
}
