//! Tests the page on which a user says yes or no.

use super::program::{Program, callback};
use crate::clock::Shifted;
use crate::harness::Appliance;
use crate::ui::browser::{Browser, PASSWORD, set_password};

#[test]
fn a_visitor_signs_in_and_comes_back_to_what_was_asked() {
    let registry = Appliance::start();
    set_password(&registry, "admin");
    let mut browser = Browser::new(&registry);
    let path = Program::new().path();
    let page = browser.get(&path);
    assert_eq!(page.status, 303);
    let login = page.location;
    let form = browser.get(&login).text;
    let next = form
        .split_once("name=\"next\" value=\"")
        .expect("a field")
        .1;
    let next = next
        .split('"')
        .next()
        .expect("a value")
        .replace("&#38;", "&");
    assert_eq!(next, path);
    let page = browser.sign_in("admin", PASSWORD, &next);
    assert_eq!((page.status, &page.location), (303, &path));
    let text = browser.get(&path).text;
    for part in [
        "port 40163",
        "admin",
        "terraform-cli",
        "value=\"publish\" checked",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn the_answer_leads_to_the_program_with_the_state_and_who_we_are() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let program = Program::new();
    let yes = [("answer", "yes"), ("scope", "read")];
    let page = program.answer(&mut browser, &yes);
    let url = callback(&page);
    assert_eq!(
        url.as_str().split('?').next(),
        Some("http://localhost:40163/login")
    );
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let value = |name: &str| {
        let found = pairs.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str())
    };
    assert_eq!(pairs.len(), 3);
    assert_eq!(value("state"), Some("f0c6a1c8-6d2f-4d6e-9c1e-0b8a3f1d2e4c"));
    assert_eq!(value("iss"), Some(&*registry.url));
    assert_eq!(value("code").map(str::len), Some(43));
    let shown = url.as_str().replace('&', "&#38;");
    assert!(
        page.text
            .contains(&format!("<a class=\"button\" href=\"{shown}\">")),
        "{}",
        page.text
    );
    assert!(
        page.text.contains(&format!("curl &#39;{shown}&#39;"))
            || page.text.contains(&format!("curl '{shown}'")),
        "{}",
        page.text
    );
    let page = program.answer(&mut browser, &[yes[0], yes[1], ("elsewhere", "yes")]);
    assert!(!page.text.contains("http-equiv"), "{}", page.text);
    assert!(page.text.contains("curl "), "{}", page.text);
}

#[test]
fn i54_the_page_is_not_framed_and_its_form_comes_from_here_only() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let program = Program::new();
    let page = browser
        .request("GET", &program.path())
        .send()
        .expect("an answer");
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .expect("a text");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let token = browser.form_token(&program.path());
    let query = program.query();
    let post = |browser: &Browser<'_>, token: &str, origin: &str| {
        let fields = [
            ("csrf", token),
            ("request", &query),
            ("answer", "yes"),
            ("scope", "read"),
        ];
        let request = browser.request("POST", "/oauth/authorize").form(&fields);
        let answer = request.header("origin", origin).send().expect("an answer");
        answer.status().as_u16()
    };
    let stranger = Browser::new(&registry);
    assert_eq!(post(&browser, &token, "https://evil.example"), 403);
    assert_eq!(post(&browser, &token, "http://localhost:40163"), 403);
    assert_eq!(post(&browser, "", &registry.url), 403);
    assert_eq!(post(&stranger, &token, &registry.url), 403);
    assert_eq!(post(&browser, &token, &registry.url), 200);
    // What a form carries is read by the same grammar.
    let evil = program
        .with("redirect_uri", Some("http://evil.example:40163/login"))
        .query();
    let fields = [("request", &*evil), ("answer", "yes"), ("scope", "read")];
    let page = browser.submit("/settings/tokens", "/oauth/authorize", &fields);
    assert_eq!((page.status, &*page.location), (400, ""));
    for fields in [
        vec![("answer", "yes")],
        vec![("answer", "maybe"), ("scope", "read")],
    ] {
        let page = Program::new().answer(&mut browser, &fields);
        assert_eq!(page.status, 422, "{fields:?}");
    }
}

#[test]
fn i55_a_token_that_may_do_everything_takes_a_fresh_proof() {
    let Some(clock) = Shifted::start() else {
        return;
    };
    let registry = &clock.registry;
    let mut browser = Browser::of(registry, "admin");
    let program = Program::new();
    let says = |browser: &mut Browser<'_>, password: &str| {
        let fields = [
            ("answer", "yes"),
            ("scope", "admin"),
            ("password", password),
        ];
        program.answer(browser, &fields)
    };
    assert!(
        !browser
            .get(&program.path())
            .text
            .contains("type=\"password\"")
    );
    callback(&says(&mut browser, ""));
    clock.move_clock(16 * 60);
    assert!(
        browser
            .get(&program.path())
            .text
            .contains("type=\"password\"")
    );
    let page = says(&mut browser, "");
    assert_eq!(page.status, 422);
    assert!(page.text.contains("needs your password"), "{}", page.text);
    let page = says(&mut browser, "wrong password");
    assert_eq!(page.status, 422);
    assert!(page.text.contains("The password is wrong"), "{}", page.text);
    callback(&says(&mut browser, PASSWORD));
    // Other scopes need none.
    program.allowed(&mut browser, "publish");
}

#[test]
fn a_code_lasts_a_minute() {
    let Some(clock) = Shifted::start() else {
        return;
    };
    let mut browser = Browser::of(&clock.registry, "admin");
    let program = Program::new();
    let code = program.allowed(&mut browser, "read");
    clock.move_clock(61);
    let (status, body) = program.bring(&clock.registry, &code);
    assert_eq!(status, 400);
    let text = body["error_description"].as_str().expect("a text");
    assert!(text.contains("older than 60 seconds"), "{text}");
    clock.move_clock(0);
    assert_eq!(
        program.bring(&clock.registry, &code).0,
        400,
        "it stays over"
    );
}
