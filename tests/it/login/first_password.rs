//! Tests that a user who came by a link can set a first password, and nobody else can.

use crate::clock::Shifted;
use crate::harness::Appliance;
use crate::ui::browser::{Browser, PASSWORD, Page, set_password};

const PAGE: &str = "/settings/password";

fn by_link(registry: &Appliance) -> Browser<'_> {
    let path = registry.sign_in_url.strip_prefix(&registry.url);
    let path = path.expect("an address of the registry");
    let (_, once) = path.split_once("once=").expect("a secret");
    let mut browser = Browser::new(registry);
    let page = browser.submit(path, "/login", &[("once", once)]);
    assert_eq!(page.status, 303);
    browser
}

fn set(browser: &mut Browser<'_>, password: &str) -> Page {
    browser.submit(PAGE, PAGE, &[("new", password), ("again", password)])
}

#[test]
fn a_user_who_came_by_a_link_sets_a_first_password_once() {
    let registry = Appliance::start();
    let mut browser = by_link(&registry);
    let page = browser.get(PAGE);
    assert!(page.text.contains("Set a password") && !page.text.contains("Old password"));
    assert_eq!(set(&mut browser, "short").status, 422);
    let page = set(&mut browser, "a long first one");
    assert_eq!((page.status, &*page.location), (303, "/settings/tokens"));
    assert_eq!(browser.get("/settings/tokens").status, 200);
    // From now on it takes the old one.
    assert!(browser.get(PAGE).text.contains("Old password"));
    assert_eq!(set(&mut browser, "a second one").status, 422);
    let mut other = Browser::new(&registry);
    assert_eq!(other.sign_in("admin", "a second one", "/").status, 422);
    assert_eq!(other.sign_in("admin", "a long first one", "/").status, 303);
    assert!(
        other
            .get("/settings/audit")
            .text
            .contains("set first password")
    );
}

#[test]
fn a_password_that_is_there_is_not_replaced_by_way_of_a_link() {
    let registry = Appliance::start();
    set_password(&registry, "admin");
    let mut browser = by_link(&registry);
    assert!(browser.get(PAGE).text.contains("Old password"));
    let page = set(&mut browser, "another good one");
    assert_eq!(page.status, 422);
    assert!(page.text.contains("old password is wrong"), "{}", page.text);
    // Nor by somebody who typed a password that is gone since.
    let mut other = Browser::new(&registry);
    assert_eq!(other.sign_in("admin", PASSWORD, "/").status, 303);
    assert_eq!(set(&mut other, "another good one").status, 422);
}

#[test]
fn a_first_password_is_set_soon_after_the_link() {
    let Some(clock) = Shifted::start() else {
        return;
    };
    let mut browser = by_link(&clock.registry);
    clock.move_clock(3601);
    assert!(browser.get(PAGE).text.contains("Old password"));
    let page = set(&mut browser, "a long first one");
    assert_eq!(page.status, 422);
    assert!(page.text.contains("old password is wrong"), "{}", page.text);
}
