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
    let refused = uma.get(new);
    assert_eq!(refused.status, 403);
    assert!(
        refused.text.contains("ask a site administrator"),
        "{}",
        refused.text
    );
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
        mia.get(&format!("{ACME}/tokens"))
            .text
            .contains("token-team"),
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
        let list = browser.get(&format!("{ACME}/tokens")).text;
        assert!(list.contains(owner), "{list}");
    }
    let list = browser.get(&format!("{ACME}/tokens")).text;
    let (_, rest) = list
        .split_once(&format!("{ACME}/tokens/"))
        .expect("a token");
    let id = &rest[..19];
    let page = browser.submit(ACME, &format!("{ACME}/tokens/{id}/revoke"), &[]);
    let tokens = format!("{ACME}/tokens");
    assert_eq!((page.status, &*page.location), (303, &*tokens));
    assert!(!browser.get(&tokens).text.contains(id));
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
    let teams = format!("{ACME}/teams");
    let page = browser.submit(&teams, &teams, &fields);
    assert_eq!(
        (page.status, &*page.location),
        (303, &*teams),
        "{}",
        page.text
    );
    let escaped = "a team/with &#60;slashes&#62; &#38; spaces";
    let page = browser.get(&teams).text;
    assert!(page.contains(escaped), "{page}");
    let (before, _) = page.split_once(escaped).expect("the team");
    let (_, link) = before.rsplit_once("href=\"").expect("a link");
    let team = link.split('"').next().expect("its end").to_owned();
    let page = browser.get(&team).text;
    assert!(
        page.contains("<option value=\"secret\" selected>"),
        "{page}"
    );
    let mut act = |path: &str, fields: &[(&str, &str)], to: &str| {
        let page = browser.submit(&team, &format!("{team}{path}"), fields);
        assert_eq!(
            (page.status, &*page.location),
            (303, to),
            "{path}: {}",
            page.text
        );
        browser.get(to).text
    };
    let page = act("/members", &[("username", "uma")], &team);
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
    let page = act("/access", &fields, &team);
    assert!(page.contains("value=\"50% ..//..\""), "{page}");
    assert!(page.contains("value=\"an id\""), "{page}");
    for kind in ["manage-vcs-settings", "manage-workspaces"] {
        let ticked = format!("name=\"{kind}\" value=\"yes\" checked");
        assert!(page.contains(&ticked), "{kind}: {page}");
    }
    // What is not ticked is taken away, also that members manage the tokens.
    assert_eq!(page.matches(" checked> ").count(), 2, "{page}");
    let page = act("/members/uma/remove", &[], &team);
    assert!(!page.contains(&format!("{team}/members/uma")), "{page}");
    let page = act("/delete", &[], &teams);
    assert!(!page.contains(&team), "{page}");
}

#[test]
fn a_team_has_tokens_on_its_page_which_members_manage_while_the_team_allows_it() {
    let registry = Appliance::start();
    registry.user("mia");
    registry.command(&serde_json::json!({
        "subject": "team", "command": "create", "organization": "acme", "name": "builders",
        "access": { "manage-modules": true },
    }));
    registry.join("acme", "builders", "mia");
    let listed = registry.json("/api/v2/organizations/acme/teams?filter[names]=builders");
    let id = listed["data"][0]["id"].as_str().expect("an id");
    let team = format!("{ACME}/teams/{id}");
    let mut mia = Browser::of(&registry, "mia");
    let make = [("scope", "publish"), ("description", "CI"), ("days", "7")];
    let tokens = format!("{team}/tokens");
    let page = mia.submit("/settings/tokens", &tokens, &make);
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(
        page.text.contains("tkp_") && page.text.contains(&team),
        "{}",
        page.text
    );
    let again = mia.submit("/settings/tokens", &tokens, &make);
    assert_eq!(
        again.status, 422,
        "two tokens of a team have different descriptions"
    );
    let known = registry.json("/api/v2/organizations/acme/team-tokens");
    let attributes = &known["data"][0]["attributes"];
    assert_eq!(attributes["description"], "CI");
    assert!(attributes["expired-at"].is_string(), "{attributes}");
    let page = mia.get(&team).text;
    assert!(
        page.contains("CI") && page.contains("This cannot be undone"),
        "{page}"
    );
    let (_, rest) = page.split_once(&format!("{tokens}/")).expect("a form");
    let token = rest.split('/').next().expect("an id").to_owned();
    // An owner says that members do not manage them any more.
    let mut admin = Browser::of(&registry, "admin");
    let switch = |page: &str| page.contains("name=\"members_manage_tokens\" value=\"yes\" checked");
    assert!(switch(&admin.get(&team).text));
    let fields = [("name", "builders"), ("manage-modules", "yes")];
    assert_eq!(
        admin
            .submit(&team, &format!("{team}/access"), &fields)
            .status,
        303
    );
    assert!(!switch(&admin.get(&team).text));
    let shown = registry.json(&format!("/api/v2/teams/{id}"));
    assert_eq!(
        shown["data"]["attributes"]["allow-member-token-management"],
        false
    );
    assert!(
        !mia.get(&team).text.contains("tokens/"),
        "hidden from members"
    );
    let revoke = format!("{tokens}/{token}/revoke");
    assert_eq!(mia.submit("/settings/tokens", &revoke, &[]).status, 404);
    assert_eq!(mia.submit("/settings/tokens", &tokens, &make).status, 403);
    let fields = [fields[0], fields[1], ("members_manage_tokens", "yes")];
    assert_eq!(
        admin
            .submit(&team, &format!("{team}/access"), &fields)
            .status,
        303
    );
    let page = mia.submit(&team, &revoke, &[]);
    assert_eq!(
        (page.status, &*page.location),
        (303, &*team),
        "{}",
        page.text
    );
    assert!(!mia.get(&team).text.contains(&token));
}

#[test]
fn members_are_found_and_listed_in_pages() {
    let registry = Appliance::start();
    for number in 0..60 {
        registry.command(&serde_json::json!({
            "subject": "organization", "command": "invite", "name": "acme",
            "who": format!("guest{number:02}@example.com"),
        }));
    }
    let mut browser = Browser::of(&registry, "admin");
    let members = format!("{ACME}/members");
    let first = browser.get(&members).text;
    assert!(
        first.contains("admin") && first.contains("guest01@"),
        "{first}"
    );
    assert!(!first.contains("guest59@"), "{first}");
    let second = browser.get(&format!("{members}?page=2")).text;
    assert!(
        second.contains("guest59@") && !second.contains("guest01@"),
        "{second}"
    );
    let found = browser.get(&format!("{members}?q=GUEST59")).text;
    assert!(
        found.contains("guest59@") && !found.contains("guest58@"),
        "{found}"
    );
    assert!(
        browser
            .get(&format!("{members}?q=nobody"))
            .text
            .contains("nobody of that name")
    );
}

#[test]
fn what_cannot_be_undone_is_asked_first() {
    let registry = Appliance::start();
    registry.user("mia");
    registry.join("acme", "owners", "mia");
    registry.organization_token("acme", "read");
    registry.command(&serde_json::json!({
        "subject": "team", "command": "create", "organization": "acme", "name": "builders",
        "access": {},
    }));
    registry.join("acme", "builders", "mia");
    let mut browser = Browser::of(&registry, "admin");
    let teams = browser.get(&format!("{ACME}/teams")).text;
    let mut pages = vec![
        "/settings/tokens".to_owned(),
        "/settings/users".to_owned(),
        ACME.to_owned(),
    ];
    for below in ["members", "tokens", "projects", "ssh-keys", "delete"] {
        pages.push(format!("{ACME}/{below}"));
    }
    let links = teams.split("href=\"").skip(1);
    let links = links.filter_map(|rest| rest.split('"').next());
    pages.extend(links.filter(|it| it.contains("/teams/")).map(str::to_owned));
    let mut asked = 0;
    for page in pages {
        let text = browser.get(&page).text;
        for (start, _) in text.match_indices("<form method=\"post\" action=\"") {
            let form = text[start..].split("</form>").next().expect("a form");
            let action = form.split('"').nth(3).expect("an address");
            let ends = ["/revoke", "/delete", "/remove", "/leave"];
            if !ends.iter().any(|end| action.ends_with(end)) || action.ends_with("/tags/remove") {
                continue;
            }
            asked += 1;
            let is_typed = form.contains("name=\"confirm\"");
            let before = text[..start].trim_end();
            assert!(is_typed || before.ends_with("</summary>"), "{page}: {form}");
        }
    }
    assert!(asked > 5, "{asked}");
}
