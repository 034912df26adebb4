//! Tests signing in and out, and sessions (T36, T46, T54).

use serde_json::json;

use super::browser::{Browser, PASSWORD, set_cookies, set_password};
use crate::harness::Appliance;

#[test]
fn t54_a_session_begins_lasts_over_a_restart_and_ends() {
    let mut registry = Appliance::start();
    let cookies = {
        let mut browser = Browser::of(&registry, "admin");
        let page = browser.get("/settings/tokens");
        assert_eq!(page.status, 200);
        assert!(page.text.contains("Sign out"), "{}", page.text);
        assert_eq!(browser.cookies.len(), 1, "the one for signing in is gone");
        browser.cookies
    };
    registry.stop();
    registry.restart();
    let mut browser = Browser::new(&registry);
    browser.cookies = cookies.clone();
    assert_eq!(browser.get("/settings/tokens").status, 200);
    let page = browser.submit("/settings/tokens", "/logout", &[]);
    assert_eq!((page.status, &*page.location), (303, "/login"));
    assert!(browser.cookies.is_empty());
    browser.cookies = cookies;
    let page = browser.get("/settings/tokens");
    assert_eq!(
        (page.status, &*page.location),
        (303, "/login?next=%2Fsettings%2Ftokens"),
        "the cookie alone is worth nothing any more"
    );
}

#[test]
fn t54_the_cookie_is_new_at_each_sign_in_and_for_this_site_only() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let first = browser.cookies["__Host-terrakeep"].clone();
    let mut other = Browser::new(&registry);
    let token = other.form_token("/login");
    // Somebody plants a session of their own before the victim signs in.
    other
        .cookies
        .insert("__Host-terrakeep".to_owned(), "A".repeat(43));
    let fields = [
        ("username", "admin"),
        ("password", PASSWORD),
        ("csrf", &*token),
    ];
    let request = other.request("POST", "/login").form(&fields);
    let answer = request
        .header("origin", &registry.url)
        .send()
        .expect("an answer");
    let lines = set_cookies(&answer);
    let line = lines
        .iter()
        .find(|line| line.starts_with("__Host-terrakeep="));
    let line = line.expect("a session");
    let (pair, attributes) = line.split_once("; ").expect("attributes");
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Lax; Secure");
    let value = pair.trim_start_matches("__Host-terrakeep=");
    assert_eq!(value.len(), 43);
    assert!(value != "A".repeat(43) && value != first);
    assert_eq!(
        browser.get("/settings/tokens").status,
        200,
        "the first one goes on"
    );
}

#[test]
fn t54_without_tls_the_cookie_has_no_prefix() {
    let registry = Appliance::start_with(&[("tls.mode", "off")]);
    let browser = Browser::of(&registry, "admin");
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["terrakeep"]);
}

#[test]
fn t54_a_new_password_ends_all_other_sessions() {
    let registry = Appliance::start();
    let (mut here, mut there) = (
        Browser::of(&registry, "admin"),
        Browser::of(&registry, "admin"),
    );
    // Setting a password, too, ends sessions: the second `of` did.
    assert_eq!(here.get("/settings/tokens").status, 303);
    let page = here.sign_in("admin", PASSWORD, "/");
    assert_eq!(page.status, 303);
    let mut change = |old: &str, again: &str| {
        let fields = [("old", old), ("new", "another good one"), ("again", again)];
        here.submit("/settings/password", "/settings/password", &fields)
    };
    let page = change("wrong password", "another good one");
    assert_eq!(page.status, 422);
    assert!(
        page.text.contains("The old password is wrong."),
        "{}",
        page.text
    );
    assert_eq!(change(PASSWORD, "another").status, 422);
    assert_eq!(there.get("/settings/tokens").status, 200);
    assert_eq!(change(PASSWORD, "another good one").status, 303);
    assert_eq!(here.get("/settings/tokens").status, 200);
    assert_eq!(there.get("/settings/tokens").status, 303);
    let mut anew = Browser::new(&registry);
    assert_eq!(anew.sign_in("admin", PASSWORD, "/").status, 422);
    assert_eq!(anew.sign_in("admin", "another good one", "/").status, 303);
}

#[test]
fn t54_a_suspended_user_is_out_at_once() {
    let registry = Appliance::start();
    registry.user("susan");
    let mut browser = Browser::of(&registry, "susan");
    registry.command(&json!({
        "subject": "user", "command": "update", "username": "susan", "suspended": true,
    }));
    assert_eq!(browser.get("/settings/tokens").status, 303);
}

#[test]
fn t48_a_wrong_name_and_a_wrong_password_look_alike() {
    let registry = Appliance::start();
    set_password(&registry, "admin");
    let mut browser = Browser::new(&registry);
    let mut refused = |username: &str| {
        let page = browser.sign_in(username, "wrong password", "/");
        assert_eq!(page.status, 422);
        assert!(page.text.contains("The username or the password is wrong."));
        page.text
            .replace(&format!("value=\"{username}\""), "value=…")
    };
    assert_eq!(refused("admin"), refused("nobody-here"));
    assert_eq!(refused("admin"), refused("not/a/name"));
}

#[test]
fn t47_after_too_many_tries_there_is_a_wait() {
    let registry = Appliance::start_with(&[("limits.login_failures", "3")]);
    set_password(&registry, "admin");
    let mut browser = Browser::new(&registry);
    for _ in 0..3 {
        assert_eq!(browser.sign_in("admin", "wrong password", "/").status, 422);
    }
    let page = browser.sign_in("admin", PASSWORD, "/");
    assert_eq!(page.status, 429);
    assert!(page.text.contains("try again in"), "{}", page.text);
}

#[test]
fn t36_signing_in_leads_to_places_of_this_site_only() {
    let registry = Appliance::start();
    set_password(&registry, "admin");
    for (next, expected) in [
        ("/settings/password", "/settings/password"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
    ] {
        let mut browser = Browser::new(&registry);
        let page = browser.sign_in("admin", PASSWORD, next);
        assert_eq!((page.status, &*page.location), (303, expected), "{next:?}");
        let link = format!(
            "/login?next={}",
            next.replace('\t', "%09").replace('\\', "%5C")
        );
        let page = browser.get(&link);
        assert_eq!((page.status, &*page.location), (303, expected), "{link}");
    }
}

#[test]
fn t46_nobody_is_signed_in_by_another_site() {
    let registry = Appliance::start();
    set_password(&registry, "admin");
    let mut victim = Browser::new(&registry);
    let token = Browser::new(&registry).form_token("/login");
    let post = |browser: &Browser<'_>, token: &str, origin: &str| {
        let fields = [
            ("username", "admin"),
            ("password", PASSWORD),
            ("csrf", token),
        ];
        let request = browser.request("POST", "/login").form(&fields);
        let answer = request.header("origin", origin).send().expect("an answer");
        answer.status().as_u16()
    };
    assert_eq!(post(&victim, &token, &registry.url), 403, "no cookie");
    let own = victim.form_token("/login");
    assert_eq!(
        post(&victim, &token, &registry.url),
        403,
        "another browser's token"
    );
    assert_eq!(post(&victim, &own, "https://evil.example"), 403);
    assert_eq!(post(&victim, &own, &registry.url), 303);
}
