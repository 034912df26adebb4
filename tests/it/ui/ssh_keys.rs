//! Tests the page of an organization's SSH keys: what it shows, changes and never shows.

use super::browser::Browser;
use crate::harness::Appliance;

const PAGE: &str = "/settings/organizations/acme/ssh-keys";
const SECRET: &str =
    "-----BEGIN RSA PRIVATE KEY-----\r\nc2VjcmV0\r\n-----END RSA PRIVATE KEY-----\r\n";

/// Returns the addresses of the forms of a page that end in `end`.
fn forms(text: &str, end: &str) -> Vec<String> {
    let actions = text.split("action=\"").skip(1);
    let actions = actions.filter_map(|rest| rest.split('"').next());
    let found = actions.filter(|action| action.ends_with(end));
    found.map(str::to_owned).collect()
}

#[test]
fn keys_are_added_renamed_and_deleted_and_the_page_says_what_ssh_cannot_read() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    assert!(browser.get(PAGE).text.contains("There are no SSH keys yet"));
    for (name, value) in [
        ("deploy", SECRET),
        ("by mistake", "ssh-ed25519 AAAA me@here"),
    ] {
        let page = browser.submit(PAGE, PAGE, &[("name", name), ("value", value)]);
        assert_eq!((page.status, &*page.location), (303, PAGE), "{}", page.text);
    }
    let text = browser.get(PAGE).text;
    assert!(!text.contains("c2VjcmV0"), "{text}");
    assert!(text.contains("ssh can read it."), "{text}");
    assert!(
        text.contains("ssh cannot read it. This is a public key"),
        "{text}"
    );
    let empty = browser.submit(PAGE, PAGE, &[("name", "none"), ("value", "")]);
    assert_eq!(empty.status, 422);
    assert!(empty.text.contains("must not be empty"), "{}", empty.text);
    let rename = forms(&text, "/name").remove(0);
    let page = browser.submit(PAGE, &rename, &[("name", "build")]);
    assert_eq!(page.status, 303, "{}", page.text);
    assert!(browser.get(PAGE).text.contains("<strong>build</strong>"));
    for delete in forms(&text, "/delete") {
        assert_eq!(browser.submit(PAGE, &delete, &[]).status, 303);
        assert_eq!(browser.submit(PAGE, &delete, &[]).status, 404);
    }
    assert!(browser.get(PAGE).text.contains("There are no SSH keys yet"));
}

#[test]
fn t40_the_page_is_for_owners_and_reaches_no_key_of_another_organization() {
    let registry = Appliance::start();
    registry.organization("rival", false);
    let mut admin = Browser::of(&registry, "admin");
    let rival = "/settings/organizations/rival/ssh-keys";
    let page = admin.submit(rival, rival, &[("name", "deploy"), ("value", SECRET)]);
    assert_eq!(page.status, 303);
    let of_rival = forms(&admin.get(rival).text, "/delete").remove(0);
    registry.user("uma");
    let mut uma = Browser::of(&registry, "uma");
    assert_eq!(uma.get(PAGE).status, 404);
    let through_acme = of_rival.replace("/rival/", "/acme/");
    for delete in [&of_rival, &through_acme] {
        assert_eq!(uma.submit("/settings/tokens", delete, &[]).status, 404);
    }
    // Not even an administrator reaches it by the address of another organization.
    assert_eq!(admin.submit(rival, &through_acme, &[]).status, 404);
    assert_eq!(admin.submit(rival, &of_rival, &[]).status, 303);
}

#[test]
fn who_may_manage_ssh_keys_only_finds_them_from_the_page_of_the_organization() {
    let registry = Appliance::start();
    let mut tokens = Vec::new();
    for (username, team, access) in [
        ("vera", "vcs", "manage-vcs-settings"),
        ("mona", "modules", "manage-modules"),
    ] {
        tokens.push((registry.user(username), username == "vera"));
        registry.command(&serde_json::json!({
            "subject": "team", "command": "create", "organization": "acme", "name": team,
            "access": { access: true },
        }));
        registry.join("acme", team, username);
    }
    let link = format!("href=\"{PAGE}\"");
    for (username, sees) in [("vera", true), ("mona", false), ("admin", true)] {
        let mut browser = Browser::of(&registry, username);
        let text = browser.get("/settings/organizations/acme").text;
        assert_eq!(
            text.matches(&link).count(),
            usize::from(sees),
            "{username}: {text}"
        );
        let status = if sees { 200 } else { 403 };
        assert_eq!(browser.get(PAGE).status, status, "{username}");
        let admin = username == "admin";
        assert_eq!(text.contains(">Audit log<"), admin, "{username}: {text}");
    }
    // The JSON:API says so, too.
    for (token, may) in tokens {
        let answer = registry.get("/api/v2/organizations/acme", Some(&token));
        let shown: serde_json::Value = answer.json().expect("JSON");
        let permissions = &shown["data"]["attributes"]["permissions"];
        assert_eq!(permissions["can-update-ssh-keys"], may);
    }
}
