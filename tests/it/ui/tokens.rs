//! Tests creating and revoking tokens by forms.

use super::browser::Browser;
use crate::harness::Appliance;

/// Returns the secret that the page of a new token shows.
fn secret(text: &str) -> String {
    let (_, rest) = text.split_once("<code>tkp_").expect("a secret");
    let end = rest.find('<').expect("its end");
    format!("tkp_{}", &rest[..end])
}

#[test]
fn a_token_is_made_shown_once_used_and_revoked() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let fields = [
        ("description", "CI <of> the shop"),
        ("scope", "read"),
        ("only", "acme/hello/null"),
        ("days", "30"),
    ];
    let page = browser.submit("/settings/tokens", "/settings/tokens", &fields);
    assert_eq!(page.status, 200, "{}", page.text);
    let secret = secret(&page.text);
    let versions = "/v1/modules/acme/hello/null/versions";
    assert_eq!(registry.get(versions, Some(&secret)).status(), 200);
    let list = browser.get("/settings/tokens").text;
    assert!(list.contains("CI &#60;of&#62; the shop"), "{list}");
    assert!(list.contains("acme/hello/null") && !list.contains(&secret));
    let row = list.split("<strong>CI &#60;of").nth(1).expect("a row");
    let action = row.split("action=\"").nth(1).expect("a form");
    let action = action.split('"').next().expect("its end").to_owned();
    assert!(action.starts_with("/settings/tokens/at-"), "{action}");
    let page = browser.submit("/settings/tokens", &action, &[]);
    assert_eq!(page.status, 303);
    assert_eq!(registry.get(versions, Some(&secret)).status(), 401);
}

#[test]
fn a_token_that_cannot_be_made_is_explained_in_the_form() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    for (field, value, says) in [
        ("scope", "everything", "Choose a scope."),
        ("only", "a/b", "write organization/name/provider"),
        ("days", "soon", "number of days"),
        ("days", "0", "at least a second"),
    ] {
        let mut fields = vec![("scope", "read"), ("days", "1")];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let page = browser.submit("/settings/tokens", "/settings/tokens", &fields);
        assert_eq!(page.status, 422, "{field}");
        assert!(page.text.contains(says), "{field}: {}", page.text);
    }
}

#[test]
fn t52_nobody_revokes_another_s_token() {
    let registry = Appliance::start();
    registry.user("mallory");
    let mut admin = Browser::of(&registry, "admin");
    let list = admin.get("/settings/tokens").text;
    let (_, rest) = list.split_once("/settings/tokens/at-").expect("a token");
    let id = format!("at-{}", &rest[..16]);
    let mut mallory = Browser::of(&registry, "mallory");
    for id in [&*id, "at-1111111111111111", "nonsense"] {
        let action = format!("/settings/tokens/{id}/revoke");
        let page = mallory.submit("/settings/tokens", &action, &[]);
        assert_eq!(page.status, 404, "{id}");
    }
    assert_eq!(
        registry.get("/v1/modules", Some(&registry.admin)).status(),
        200
    );
}
