//! Tests organizations by forms: settings, members, teams, tokens, and who may use them (T40, T52).

use super::browser::Browser;
use crate::harness::Appliance;

const ACME: &str = "/settings/organizations/acme";

#[test]
fn an_organization_is_created_and_changed() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let new = "/organizations/new";
    let page = browser.submit(new, new, &[("name", "shop"), ("public", "yes")]);
    let shop = "/settings/organizations/shop";
    assert_eq!((page.status, &*page.location), (303, shop), "{}", page.text);
    let taken = browser.submit(new, new, &[("name", "SHOP")]);
    assert_eq!(taken.status, 422);
    assert!(taken.text.contains("already exists"), "{}", taken.text);
    let page = browser.submit(shop, shop, &[("email", "shop@example.com")]);
    assert_eq!(page.status, 303);
    let page = browser.get(shop);
    assert!(
        page.text.contains("value=\"shop@example.com\""),
        "{}",
        page.text
    );
    let list = browser.get("/settings/organizations").text;
    assert!(list.contains("shop") && !list.contains("public"), "{list}");
    let registry = &registry;
    registry.user("uma");
    let mut uma = Browser::of(registry, "uma");
    assert_eq!(uma.get(new).status, 403);
    let page = uma.submit("/settings/tokens", new, &[("name", "mine")]);
    assert_eq!(page.status, 403);
}

#[test]
fn t40_members_and_teams_come_and_go_but_the_last_owner_stays() {
    let registry = Appliance::start();
    registry.user("uma");
    let mut browser = Browser::of(&registry, "admin");
    let mut act = |path: &str, fields: &[(&str, &str)]| {
        let page = browser.submit(ACME, &format!("{ACME}{path}"), fields);
        (page.status, page.text)
    };
    assert_eq!(act("/members", &[("username", "uma")]).0, 303);
    assert_eq!(act("/members", &[("username", "uma")]).0, 422);
    assert_eq!(act("/members", &[("username", "no body")]).0, 422);
    assert_eq!(act("/teams", &[("name", "builders")]).0, 303);
    let access = [("manage-modules", "yes"), ("manage-teams", "yes")];
    assert_eq!(act("/teams/builders/access", &access).0, 303);
    assert_eq!(act("/teams/owners/access", &access).0, 409);
    assert_eq!(
        act("/teams/builders/members", &[("username", "uma")]).0,
        303
    );
    let (status, text) = act("/members/admin/remove", &[]);
    assert_eq!(status, 409);
    assert!(text.contains("owner"), "{text}");
    assert_eq!(act("/teams/owners/members/admin/remove", &[]).0, 409);
    assert_eq!(act("/teams/builders/members/uma/remove", &[]).0, 303);
    assert_eq!(act("/teams/builders/delete", &[]).0, 303);
    assert_eq!(act("/teams/owners/delete", &[]).0, 409);
    assert_eq!(act("/members/uma/remove", &[]).0, 303);
    let mut uma = Browser::of(&registry, "uma");
    assert_eq!(uma.get(ACME).status, 404);
}

#[test]
fn t40_a_manager_of_teams_gives_no_more_than_they_hold() {
    let registry = Appliance::start();
    registry.user("mia");
    registry.command(&serde_json::json!({
        "subject": "team", "command": "create", "organization": "acme", "name": "managers",
        "access": { "manage-teams": true, "manage-organization-access": true },
    }));
    registry.join("acme", "managers", "mia");
    let mut mia = Browser::of(&registry, "mia");
    let page = mia.get(ACME);
    assert_eq!(page.status, 200);
    assert!(
        !page.text.contains("name=\"public\""),
        "settings are for owners"
    );
    assert!(
        page.text.contains("token-team"),
        "members manage the tokens of their own team"
    );
    let mut act = |path: &str, fields: &[(&str, &str)]| {
        mia.submit(ACME, &format!("{ACME}{path}"), fields).status
    };
    assert_eq!(act("/teams", &[("name", "readers")]), 303);
    assert_eq!(
        act("/teams/readers/access", &[("manage-modules", "yes")]),
        403
    );
    assert_eq!(
        act("/teams/readers/access", &[("manage-teams", "yes")]),
        303
    );
    assert_eq!(act("/teams/owners/members", &[("username", "mia")]), 403);
    assert_eq!(act("", &[("public", "yes")]), 403);
    assert_eq!(act("/tokens", &[("scope", "admin")]), 403);
    assert_eq!(act("/members/admin/remove", &[]), 403);
}

#[test]
fn t52_another_organization_s_owner_sees_nothing() {
    let registry = Appliance::start();
    registry.organization("rival", false);
    registry.user("otto");
    registry.join("rival", "owners", "otto");
    let mut otto = Browser::of(&registry, "otto");
    for path in [ACME.to_owned(), format!("{ACME}/audit")] {
        let hidden = otto.get(&path);
        let absent = otto.get(&path.replace("acme", "gone"));
        assert_eq!((hidden.status, absent.status), (404, 404), "{path}");
    }
    for path in ["", "/members", "/teams", "/tokens", "/teams/owners/members"] {
        let fields = [("username", "otto"), ("name", "x"), ("scope", "read")];
        let action = format!("{ACME}{path}");
        assert_eq!(
            otto.submit("/settings/tokens", &action, &fields).status,
            404,
            "{path}"
        );
    }
    let list = otto.get("/settings/organizations").text;
    assert!(list.contains("rival") && !list.contains("acme"), "{list}");
}

#[test]
fn an_organization_and_its_teams_have_tokens() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    for (team, owner) in [("", "the organization"), ("owners", "team owners")] {
        let fields = [
            ("team", team),
            ("scope", "publish"),
            ("description", "ci"),
            ("days", "7"),
        ];
        let page = browser.submit(ACME, &format!("{ACME}/tokens"), &fields);
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.contains("tkp_"));
        let list = browser.get(ACME).text;
        assert!(list.contains(owner), "{list}");
    }
    let list = browser.get(ACME).text;
    let (_, rest) = list
        .split_once(&format!("{ACME}/tokens/"))
        .expect("a token");
    let id = &rest[..19];
    let page = browser.submit(ACME, &format!("{ACME}/tokens/{id}/revoke"), &[]);
    assert_eq!((page.status, &*page.location), (303, ACME));
    assert!(!browser.get(ACME).text.contains(id));
}

#[test]
fn t40_a_member_leaves_but_not_the_last_owner() {
    let registry = Appliance::start();
    registry.user("uma");
    registry.user("otto");
    registry.join("acme", "owners", "uma");
    registry.join("acme", "owners", "otto");
    let leave = format!("{ACME}/leave");
    let mut stranger = {
        registry.user("stranger");
        Browser::of(&registry, "stranger")
    };
    assert_eq!(stranger.submit("/settings/tokens", &leave, &[]).status, 404);
    let mut admin = Browser::of(&registry, "admin");
    let mut uma = Browser::of(&registry, "uma");
    let mut otto = Browser::of(&registry, "otto");
    for browser in [&mut admin, &mut uma] {
        assert!(browser.get(ACME).text.contains("Leave acme"));
        let page = browser.submit(ACME, &leave, &[]);
        assert_eq!(page.location, "/settings/organizations", "{}", page.text);
    }
    assert_eq!(uma.get(ACME).status, 404);
    // An administrator sees the organization still, and is no member that could leave.
    assert!(!admin.get(ACME).text.contains("Leave acme"));
    assert_eq!(admin.submit(ACME, &leave, &[]).status, 404);
    let page = otto.submit(ACME, &leave, &[]);
    assert_eq!(page.status, 409);
    assert!(page.text.contains("last owner"), "{}", page.text);
    assert_eq!(otto.get(ACME).status, 200);
}

#[test]
fn a_team_of_any_name_is_changed_by_its_forms() {
    let registry = Appliance::start();
    registry.user("uma");
    registry.join("acme", "owners", "uma");
    let mut browser = Browser::of(&registry, "admin");
    let name = "a team/with <slashes> & spaces";
    let fields = [("name", name), ("visibility", "secret")];
    let page = browser.submit(ACME, &format!("{ACME}/teams"), &fields);
    assert_eq!(page.status, 303, "{}", page.text);
    let page = browser.get(ACME).text;
    let (_, rest) = page.split_once(&format!("{ACME}/teams/")).expect("a form");
    let team = format!("{ACME}/teams/{}", &rest[..21]);
    assert!(
        page.contains("a team/with &#60;slashes&#62; &#38; spaces"),
        "{page}"
    );
    assert!(
        page.contains("<option value=\"secret\" selected>"),
        "{page}"
    );
    let mut act = |path: &str, fields: &[(&str, &str)]| {
        let page = browser.submit(ACME, &format!("{team}{path}"), fields);
        assert_eq!(page.status, 303, "{path}: {}", page.text);
        browser.get(ACME).text
    };
    let page = act("/members", &[("username", "uma")]);
    assert!(
        page.contains(&format!("{team}/members/uma/remove")),
        "{page}"
    );
    let fields = [
        ("name", "50% ..//.."),
        ("visibility", "organization"),
        ("sso_id", "an id"),
        ("manage-vcs-settings", "yes"),
        ("manage-workspaces", "yes"),
    ];
    let page = act("/access", &fields);
    assert!(page.contains("value=\"50% ..//..\""), "{page}");
    assert!(page.contains("value=\"an id\""), "{page}");
    for kind in ["manage-vcs-settings", "manage-workspaces"] {
        let ticked = format!("name=\"{kind}\" value=\"yes\" checked");
        assert!(page.contains(&ticked), "{kind}: {page}");
    }
    assert_eq!(page.matches(" checked> ").count(), 2, "{page}");
    let page = act("/members/uma/remove", &[]);
    assert!(!page.contains(&format!("{team}/members/uma")), "{page}");
    let page = act("/delete", &[]);
    assert!(!page.contains(&team), "{page}");
}
