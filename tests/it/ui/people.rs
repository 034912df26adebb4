//! Tests the forms about people: invitations, one's own account, and all users.

use serde_json::json;

use super::browser::Browser;
use crate::harness::Appliance;

const ACME: &str = "/settings/organizations/acme";
const ACCOUNT: &str = "/settings/account";
const USERS: &str = "/settings/users";

#[test]
fn somebody_is_invited_and_the_invitation_is_removed() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let add = format!("{ACME}/members");
    let invited = browser.submit(ACME, &add, &[("username", "new@example.com")]);
    assert_eq!(invited.status, 303, "{}", invited.text);
    let again = browser.submit(ACME, &add, &[("username", "NEW@example.com")]);
    assert_eq!(again.status, 422);
    assert!(again.text.contains("already exists"), "{}", again.text);
    let wrong = browser.submit(ACME, &add, &[("username", "new@@example.com")]);
    assert_eq!(wrong.status, 422);
    let page = browser.get(&add).text;
    assert!(
        page.contains("new@example.com")
            && page.contains("<span class=\"tag warn\">invited</span>")
    );
    let list = registry.json("/api/v2/organizations/acme/organization-memberships?q=new");
    let id = list["data"][0]["id"].as_str().expect("an id");
    let remove = format!("{ACME}/invitations/{id}/remove");
    assert_eq!(browser.submit(ACME, &remove, &[]).status, 303);
    assert_eq!(browser.submit(ACME, &remove, &[]).status, 404);
    assert!(!browser.get(&add).text.contains("new@example.com"));
}

#[test]
fn a_user_asks_for_an_address_and_an_administrator_confirms_it() {
    let registry = Appliance::start();
    registry.user("uma");
    let mut uma = Browser::of(&registry, "uma");
    let fields = [("username", "Uma-2"), ("email", "uma@example.com")];
    let changed = uma.submit(ACCOUNT, ACCOUNT, &fields);
    assert_eq!(
        (changed.status, &*changed.location),
        (303, ACCOUNT),
        "{}",
        changed.text
    );
    let page = uma.get(ACCOUNT).text;
    assert!(page.contains("Uma-2") && page.contains("waits until an administrator"));
    let wrong = [("username", "uma-2"), ("email", "nowhere")];
    assert_eq!(uma.submit(ACCOUNT, ACCOUNT, &wrong).status, 422);
    let taken = uma.submit(ACCOUNT, ACCOUNT, &[("username", "admin")]);
    assert_eq!(taken.status, 422);
    assert!(taken.text.contains("not free"), "{}", taken.text);
    assert_eq!(uma.get(USERS).status, 403);
    let mut admin = Browser::of(&registry, "admin");
    let page = admin.get(&format!("{USERS}?q=uma@"));
    assert!(page.text.contains("Confirm the address"), "{}", page.text);
    let address = format!("{USERS}/Uma-2/address");
    let confirmed = admin.submit(USERS, &address, &[("email", "uma@example.com")]);
    assert_eq!(confirmed.status, 303, "{}", confirmed.text);
    let page = uma.get(ACCOUNT).text;
    assert!(page.contains("value=\"uma@example.com\"") && !page.contains("waits until"));
    // Both names are in the audit log.
    let log = admin.get("/settings/audit?text=rename").text;
    assert!(
        log.contains("usernames uma") && log.contains("usernames uma-2"),
        "{log}"
    );
}

#[test]
fn an_administrator_makes_renames_suspends_and_deletes_users() {
    let registry = Appliance::start();
    registry.command(&json!({ "subject": "organization", "command": "invite",
                              "name": "acme", "who": "new@example.com" }));
    let mut admin = Browser::of(&registry, "admin");
    let fields = [
        ("username", "newbie"),
        ("email", "new@example.com"),
        ("password", "a long enough one"),
    ];
    assert!(admin.get(USERS).text.contains("Remove all invitations"));
    assert_eq!(admin.submit(USERS, USERS, &fields).status, 303);
    assert!(
        !admin.get(USERS).text.contains("Remove all invitations"),
        "taken"
    );
    assert_eq!(admin.submit(USERS, USERS, &fields).status, 422);
    let mut act = |name: &str, action: &str, fields: &[(&str, &str)]| {
        let page = admin.submit(USERS, &format!("{USERS}/{name}/{action}"), fields);
        (page.status, page.text)
    };
    assert_eq!(act("newbie", "rename", &[("new_name", "nora")]).0, 303);
    assert_eq!(act("newbie", "suspend", &[]).0, 404);
    for action in ["suspend", "unsuspend", "promote", "demote"] {
        assert_eq!(act("nora", action, &[]).0, 303, "{action}");
    }
    assert_eq!(act("admin", "demote", &[]).0, 409);
    assert_eq!(act("nora", "explode", &[]).0, 404);
    assert_eq!(act("nora", "delete", &[("confirm", "nobody")]).0, 422);
    assert_eq!(act("nora", "delete", &[("confirm", "nora")]).0, 303);
    assert_eq!(act("nora", "suspend", &[]).0, 404);
    let invite = json!({ "subject": "organization", "command": "invite",
                         "name": "acme", "who": "other@example.com" });
    registry.command(&invite);
    let found = registry.json("/api/v2/admin/users?q=other@");
    let id = found["data"][0]["id"].as_str().expect("an id");
    let remove = format!("/settings/invited/{id}/remove");
    assert_eq!(admin.submit(USERS, &remove, &[]).status, 303);
    assert_eq!(admin.submit(USERS, &remove, &[]).status, 404);
}

#[test]
fn all_users_are_listed_in_pages_and_found() {
    let registry = Appliance::start();
    for number in 0..110 {
        registry.user(&format!("user-{number:03}"));
    }
    let mut admin = Browser::of(&registry, "admin");
    let mut seen = std::collections::BTreeSet::new();
    let mut page = USERS.to_owned();
    loop {
        let text = admin.get(&page).text;
        let names = text.split("<h2>user-").skip(1);
        for name in names.filter_map(|rest| rest.get(..3)) {
            assert!(seen.insert(name.to_owned()), "twice: {name}");
        }
        let Some((_, rest)) = text.split_once("rel=\"next\" href=\"") else {
            break;
        };
        let query = rest.split('"').next().expect("a link");
        page = format!("{USERS}{query}");
    }
    assert_eq!(seen.len(), 110);
    let found = admin.get(&format!("{USERS}?q=user-10")).text;
    assert_eq!(found.matches("<h2>user-10").count(), 10, "{found}");
    assert!(found.contains("10 accounts with “user-10”"), "{found}");
}
