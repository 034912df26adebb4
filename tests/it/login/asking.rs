//! Tests what a program may ask for: everything but the exact grammar is refused by our own page.

use super::program::{Program, challenge_of};
use crate::shared::shared;
use crate::ui::browser::Browser;

#[test]
fn i51_a_code_goes_to_a_program_on_the_own_machine_only() {
    let registry = shared();
    let mut browser = Browser::new(registry);
    for bad in [
        "http://localhost.evil:40163/login",
        "http://localhost@evil:40163/login",
        "http://127.1:40163/login",
        "http://localhost:80/login",
        "http://localhost:40163/",
        "http://localhost:40163/login/more",
        "http://localhost:40163/login?next=1",
        "http://localhost:40163/login#here",
        "https://localhost:40163/login",
        "//evil.example/login",
        "javascript:alert(1)",
        "",
    ] {
        let page = browser.get(&Program::new().with("redirect_uri", Some(bad)).path());
        assert_eq!((page.status, &*page.location), (400, ""), "{bad}");
        assert!(
            page.text.contains("No program can sign in this way"),
            "{}",
            page.text
        );
        assert!(!page.text.contains("http-equiv"), "{bad}");
    }
    for good in [
        "http://localhost:1024/login",
        "http://127.0.0.1:65535/login",
        "http://[::1]:40163/login",
    ] {
        let page = browser.get(&Program::new().with("redirect_uri", Some(good)).path());
        assert_eq!(page.status, 303, "{good}");
        assert!(
            page.location.starts_with("/login?next="),
            "{}",
            page.location
        );
    }
}

#[test]
fn i52_a_program_must_show_a_challenge_that_only_it_can_meet() {
    let mut browser = Browser::new(shared());
    let challenge = challenge_of("x");
    for (name, value) in [
        ("code_challenge", None),
        ("code_challenge", Some(&challenge[1..])),
        ("code_challenge", Some(&*format!("{challenge}A"))),
        ("code_challenge_method", None),
        ("code_challenge_method", Some("plain")),
        ("response_type", Some("token")),
        ("response_type", None),
        ("client_id", Some("another")),
        ("client_id", None),
        ("state", None),
        ("scope", Some("openid")),
    ] {
        let page = browser.get(&Program::new().with(name, value).path());
        assert_eq!(
            (page.status, &*page.location),
            (400, ""),
            "{name} {value:?}"
        );
        assert!(page.text.contains(name), "{name}: {}", page.text);
    }
    let twice = format!(
        "{}&redirect_uri=http%3A%2F%2Flocalhost%3A5000%2Flogin",
        Program::new().path()
    );
    assert_eq!(browser.get(&twice).status, 400);
}
