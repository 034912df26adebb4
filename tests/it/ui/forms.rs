//! Tests every form when another page than its own sends it (T46), and pages without a session.

use terrakeep::http::access::Access;
use terrakeep::server::route_table;

use super::browser::Browser;
use crate::harness::Appliance;
use crate::login::program::Program;
use crate::shared::shared;

fn concrete(path: &str) -> String {
    [
        ("{organization}", "acme"),
        ("{namespace}", "acme"),
        ("{name}", "hello"),
        ("{system}", "null"),
        ("{version}", "1.0.0"),
        ("{team}", "owners"),
        ("{username}", "admin"),
        ("{token}", "at-1111111111111111"),
    ]
    .iter()
    .fold(path.to_owned(), |path, (parameter, value)| {
        path.replace(parameter, value)
    })
}

fn forms() -> Vec<(&'static str, String)> {
    let forms = route_table()
        .into_iter()
        .filter(|(_, _, access)| *access == Access::Form);
    forms
        .map(|(method, path, _)| (method, concrete(&path)))
        .collect()
}

#[test]
fn t46_a_form_needs_its_token_and_its_origin_beside_the_cookie() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let other = Browser::of(&registry, "admin").form_token("/settings/tokens");
    browser.sign_in("admin", super::browser::PASSWORD, "/");
    let own = browser.form_token("/settings/tokens");
    let (here, away) = (registry.url.as_str(), "https://evil.example");
    let forms = forms();
    assert!(forms.len() > 15, "{forms:?}");
    for (method, path) in &forms {
        let status = |headers: &[(&str, &str)], token: Option<&str>| {
            let mut request = browser.request(method, path);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let fields: Vec<_> = token.map(|token| ("csrf", token)).into_iter().collect();
            let answer = request.form(&fields).send().expect("an answer");
            let status = answer.status().as_u16();
            let text = answer.text().expect("a body");
            assert!(
                status != 403 || text.contains("nothing was done"),
                "{path}: {text}"
            );
            status
        };
        assert_eq!(status(&[], None), 403, "{path}: the cookie only");
        assert_eq!(status(&[], Some(&own)), 403, "{path}: no origin");
        assert_eq!(
            status(&[("origin", away)], Some(&own)),
            403,
            "{path}: {away}"
        );
        assert_eq!(
            status(&[("origin", "null")], Some(&own)),
            403,
            "{path}: null"
        );
        let cross = [("origin", here), ("sec-fetch-site", "cross-site")];
        assert_eq!(status(&cross, Some(&own)), 403, "{path}: another site");
        if path == "/publish" || path == "/publish/provider" {
            // It has a file in it, and is tested with it.
            continue;
        }
        for token in [None, Some(""), Some(other.as_str())] {
            assert_eq!(status(&[("origin", here)], token), 403, "{path}: {token:?}");
        }
    }
    let list = browser.get("/settings/organizations/acme/members");
    assert!(
        list.text.contains("<strong>admin</strong>"),
        "nothing was done: {}",
        list.text
    );
    assert_eq!(registry.versions("acme/hello/null"), ["1.0.0"]);
}

#[test]
fn t46_a_form_with_a_file_needs_its_token_too() {
    let registry = Appliance::start();
    let browser = Browser::of(&registry, "admin");
    for (path, token) in ["/publish", "/publish/provider"]
        .into_iter()
        .flat_map(|path| [(path, None), (path, Some("AAAA"))])
    {
        let mut form = reqwest::blocking::multipart::Form::new();
        if let Some(token) = token {
            form = form.text("csrf", token);
        }
        let part = reqwest::blocking::multipart::Part::bytes(vec![0; 10]).file_name("x");
        let request = browser
            .request("POST", path)
            .multipart(form.part("archive", part));
        let answer = request
            .header("origin", &registry.url)
            .send()
            .expect("an answer");
        assert_eq!(answer.status(), 403, "{path}: {token:?}");
    }
}

#[test]
fn t46_the_api_does_not_look_at_cookies_nor_pages_at_tokens() {
    let registry = Appliance::start();
    let browser = Browser::of(&registry, "admin");
    for (method, path) in [
        ("GET", "/v1/modules"),
        ("POST", "/api/terrakeep/v1/commands"),
        ("GET", "/api/v2/organizations/acme/registry-modules"),
        (
            "DELETE",
            "/api/v2/organizations/acme/registry-modules/private/acme/hello/null",
        ),
    ] {
        let request = browser
            .request(method, path)
            .header("origin", &registry.url);
        assert_eq!(
            request.send().expect("an answer").status(),
            401,
            "{method} {path}"
        );
    }
    let answer = registry.get("/settings/tokens", Some(&registry.admin));
    assert_eq!(answer.status(), 303);
}

#[test]
fn t54_no_page_for_users_is_shown_to_nobody() {
    let registry = shared();
    for (method, path, access) in route_table() {
        if access == Access::Session {
            let query = match &*path {
                "/oauth/authorize" => format!("?{}", Program::new().query()),
                _ => String::new(),
            };
            let path = concrete(&path) + &query;
            let page = Browser::new(registry).send(registry.request(method, &path, None));
            assert_eq!(page.status, 303, "{path}");
            assert!(page.location.starts_with("/login?next=%2F"), "{path}");
        }
    }
}
