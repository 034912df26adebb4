//! Tests what organizations share with others: modules and providers are read, and nothing else is.

use serde_json::{Value, json};

use crate::builders::module;
use crate::harness::Appliance;
use crate::providers::release::Release;
use crate::ui::browser::{Browser, PASSWORD, set_password};

/// What a member of the other organization may read of the modules of `acme`.
const OF_MODULES: &[&str] = &[
    "/v1/modules/acme/vpc/aws/versions",
    "/v1/modules/acme/vpc/aws/1.0.0/download",
    "/v1/modules/acme",
    "/api/v2/organizations/acme/registry-modules",
    "/api/v2/organizations/acme/registry-modules/private/acme/vpc/aws",
];

/// What a member of the other organization may read of the providers of `acme`.
const OF_PROVIDERS: &[&str] = &[
    "/v1/providers/acme/widget/versions",
    "/v1/providers/acme/widget/1.2.3/download/linux/amd64",
    "/api/v2/organizations/acme/registry-providers",
];

/// What nobody else may read, whatever is shared.
const OF_NOBODY: &[&str] = &[
    "/api/v2/organizations/acme",
    "/api/v2/organizations/acme/entitlement-set",
    "/api/v2/organizations/acme/teams",
    "/api/v2/organizations/acme/organization-memberships",
    "/api/v2/organizations/acme/ssh-keys",
    "/api/v2/organizations/acme/relationships/module-producers",
];

/// A registry in which `acme` has a module and a provider; and callers of `globex` and `initech`.
struct Three {
    registry: Appliance,
    /// A member of `globex`, who is in none of its teams.
    member: String,
    /// The token of `globex`.
    token: String,
    /// A member of `initech`.
    rival: String,
}

fn three() -> Three {
    let registry = Appliance::start();
    registry.publish("acme/vpc/aws", "1.0.0", module("one"));
    Release::of("widget", "1.2.3").published(&registry, &[]);
    let join = |organization: &str, username: &str| {
        registry.organization(organization, false);
        let token = registry.user(username);
        registry.command(&json!({
            "subject": "organization", "command": "add-member",
            "name": organization, "username": username,
        }));
        token
    };
    let (member, rival) = (join("globex", "gina"), join("initech", "ivan"));
    let token = registry.organization_token("globex", "read");
    Three {
        registry,
        member,
        token,
        rival,
    }
}

impl Three {
    fn patch(&self, path: &str, body: &Value) -> u16 {
        let path = format!("/api/v2/admin/organizations/acme{path}");
        let request = self
            .registry
            .request("PATCH", &path, Some(&self.registry.admin));
        request
            .json(body)
            .send()
            .expect("an answer")
            .status()
            .as_u16()
    }

    /// Shares modules or providers of `acme` with these organizations.
    fn share(&self, kind: &str, with: &[&str]) -> u16 {
        let data: Vec<_> = with
            .iter()
            .map(|name| json!({ "type": "organizations", "id": name }))
            .collect();
        self.patch(
            &format!("/relationships/{kind}-consumers"),
            &json!({ "data": data }),
        )
    }

    fn set(&self, attributes: &Value) {
        assert_eq!(
            self.patch("", &json!({ "data": { "attributes": attributes } })),
            200
        );
    }

    /// Checks that a caller may read all of these addresses, or that none of them is there.
    fn reads(&self, token: &str, paths: &[&str], may: bool) {
        for path in paths {
            let status = self.registry.get(path, Some(token)).status().as_u16();
            let expected = if may { &[200, 204][..] } else { &[404] };
            assert!(
                expected.contains(&status),
                "{path}: {status}, may read: {may}"
            );
        }
    }

    /// Checks what a caller finds in the lists that go over all organizations.
    fn finds(&self, token: &str, may: bool) {
        for path in ["/v1/modules", "/v1/modules/search?q=vpc"] {
            let list: Value = self.registry.get(path, Some(token)).json().expect("JSON");
            let listed = list["modules"]
                .as_array()
                .is_some_and(|all| !all.is_empty());
            assert_eq!(listed, may, "{path}: {list}");
        }
    }
}

#[test]
fn t52_modules_are_shared_without_anything_else() {
    let three = three();
    let callers = [three.member.as_str(), &three.token];
    for token in callers {
        three.reads(token, OF_MODULES, false);
        three.finds(token, false);
    }
    assert_eq!(three.share("module", &["globex"]), 204);
    for token in callers {
        three.reads(token, OF_MODULES, true);
        three.finds(token, true);
        three.reads(token, OF_PROVIDERS, false);
        three.reads(token, OF_NOBODY, false);
    }
    three.reads(&three.rival, OF_MODULES, false);
    let change = three.registry.request(
        "DELETE",
        "/api/v2/organizations/acme/registry-modules/private/acme/vpc/aws",
        Some(&three.member),
    );
    assert_eq!(change.send().expect("an answer").status(), 404);
    // An empty list ends it at once.
    assert_eq!(three.share("module", &[]), 204);
    for token in callers {
        three.reads(token, OF_MODULES, false);
        three.finds(token, false);
    }
}

#[test]
fn t52_providers_are_shared_without_modules() {
    let three = three();
    three.reads(&three.member, OF_PROVIDERS, false);
    assert_eq!(three.share("provider", &["globex"]), 204);
    three.reads(&three.member, OF_PROVIDERS, true);
    three.reads(&three.token, OF_PROVIDERS, true);
    three.reads(&three.member, OF_MODULES, false);
    three.reads(&three.member, OF_NOBODY, false);
    three.finds(&three.member, false);
    assert_eq!(three.share("provider", &["initech"]), 204);
    three.reads(&three.member, OF_PROVIDERS, false);
    three.reads(&three.rival, OF_PROVIDERS, true);
}

#[test]
fn sharing_with_everybody_is_for_members_of_any_organization() {
    let three = three();
    let loner = three.registry.user("lena");
    let consumers = "/api/v2/admin/organizations/acme/relationships/module-consumers";
    three.set(&json!({ "global-module-sharing": true }));
    three.reads(&three.rival, OF_MODULES, true);
    three.reads(&loner, OF_MODULES, false);
    assert_eq!(three.registry.get(OF_MODULES[0], None).status(), 401);
    // A list replaces it, and a change of other settings leaves the list alone.
    assert_eq!(three.share("module", &["globex", "globex"]), 204);
    three.set(&json!({ "global-module-sharing": false, "workspace-limit": 3 }));
    let list = three.registry.json(consumers);
    assert_eq!(list["data"][0]["id"], "globex");
    assert_eq!(list["meta"]["pagination"]["total-count"], 1);
    three.reads(&three.rival, OF_MODULES, false);
    three.reads(&three.member, OF_MODULES, true);
    let shown = three.registry.json("/api/v2/admin/organizations/acme");
    assert_eq!(shown["data"]["attributes"]["global-module-sharing"], false);
    let producers = "/api/v2/organizations/globex/relationships/module-producers";
    let producers: Value = three
        .registry
        .get(producers, Some(&three.member))
        .json()
        .expect("JSON");
    assert_eq!(producers["data"][0]["id"], "acme");
}

#[test]
fn a_name_of_no_organization_changes_nothing() {
    let three = three();
    assert_eq!(three.share("module", &["globex"]), 204);
    for wrong in ["nobody", "1Hello!", "acme"] {
        assert_eq!(three.share("module", &["initech", wrong]), 422, "{wrong}");
    }
    three.reads(&three.member, OF_MODULES, true);
    three.reads(&three.rival, OF_MODULES, false);
}

#[test]
fn a_deleted_organization_shares_nothing_and_receives_nothing() {
    let three = three();
    let delete = |name: &str| {
        let path = format!("/api/v2/organizations/{name}");
        let request = three
            .registry
            .request("DELETE", &path, Some(&three.registry.admin));
        assert_eq!(request.send().expect("an answer").status(), 204);
    };
    assert_eq!(three.share("module", &["globex", "initech"]), 204);
    delete("globex");
    three.reads(&three.member, OF_MODULES, false);
    let consumers = "/api/v2/admin/organizations/acme/relationships/module-consumers";
    let left = three.registry.json(consumers);
    assert_eq!(left["data"].as_array().map(Vec::len), Some(1), "{left}");
    three.registry.organization("globex", false);
    three.registry.join("globex", "owners", "gina");
    three.reads(&three.member, OF_MODULES, false);
}

#[test]
fn only_administrators_reach_a_disabled_organization() {
    let three = three();
    let owner = three.registry.user("olga");
    three.registry.join("acme", "owners", "olga");
    let path = &["/api/v2/organizations/acme"];
    three.reads(&owner, path, true);
    assert_eq!(three.share("module", &["globex"]), 204);
    three.set(&json!({ "is-disabled": true }));
    three.reads(&owner, path, false);
    three.reads(&owner, OF_MODULES, false);
    three.reads(&three.member, OF_MODULES, false);
    three.reads(&three.registry.admin, path, true);
    three.set(&json!({ "is-disabled": false }));
    three.reads(&owner, path, true);
    three.reads(&three.member, OF_MODULES, true);
}

#[test]
fn administrators_share_on_the_page_and_both_sides_see_it() {
    let three = three();
    for name in ["admin", "gina"] {
        set_password(&three.registry, name);
    }
    let acme = "/settings/organizations/acme";
    let mut admin = Browser::new(&three.registry);
    admin.sign_in("admin", PASSWORD, "/");
    let share = format!("{acme}/sharing");
    let with = |names: &'static str| [("kind", "modules"), ("with", names)];
    let page = admin.submit(acme, &share, &with("globex, initech"));
    assert_eq!(page.status, 303, "{}", page.text);
    let page = admin.get(&share).text;
    assert!(
        page.contains("may read the modules of acme: globex, initech"),
        "{page}"
    );
    let page = admin.submit(acme, &share, &with("globex nobody"));
    assert_eq!(page.status, 422);
    assert!(page.text.contains("nobody"), "{}", page.text);

    let mut gina = Browser::new(&three.registry);
    gina.sign_in("gina", PASSWORD, "/");
    let globex = "/settings/organizations/globex";
    let page = gina.get(&format!("{globex}/sharing")).text;
    assert!(page.contains("href=\"/modules/acme\""), "{page}");
    assert!(
        !page.contains("<form method=\"post\" action=\"/settings/organizations"),
        "only administrators change it"
    );
    for (path, status) in [
        ("/modules/acme", 200),
        ("/modules/acme/vpc/aws/1.0.0", 200),
        ("/providers/acme", 404),
        (acme, 404),
    ] {
        assert_eq!(gina.get(path).status, status, "{path}");
    }
    assert!(gina.get("/").text.contains("/modules/acme"));
    let page = gina.submit(globex, &share, &with("globex"));
    assert_eq!(page.status, 403, "{}", page.text);
}

/// Sets what an organization demands of tokens, with its own token, which it always takes.
fn demand(registry: &Appliance, organization: &str, token: &str, path: &str, attributes: &Value) {
    let path = format!("/api/v2/organizations/{organization}{path}");
    let request = registry.request("PATCH", &path, Some(token));
    let body = json!({ "data": { "attributes": attributes } });
    let answer = request.json(&body).send().expect("an answer");
    assert_eq!(answer.status(), 200, "{attributes}");
}

#[test]
fn t52_a_token_that_an_organization_refuses_does_not_read_what_is_shared_with_it() {
    let three = three();
    let registry = &three.registry;
    let globex = registry.organization_token("globex", "admin");
    for kind in ["module", "provider"] {
        assert_eq!(three.share(kind, &["globex"]), 204);
    }
    let reads = |may: bool| {
        three.reads(&three.member, OF_MODULES, may);
        three.reads(&three.member, OF_PROVIDERS, may);
        three.finds(&three.member, may);
    };
    reads(true);
    let takes = |is: bool| {
        let rule = json!({ "user-tokens-enabled": is });
        demand(registry, "globex", &globex, "", &rule);
    };
    takes(false);
    reads(false);
    // What everybody may do with their tokens, the organization's own token does, too.
    three.reads(&three.token, OF_MODULES, true);
    three.reads(&three.token, OF_PROVIDERS, true);
    // A session is no token.
    set_password(registry, "gina");
    let mut gina = Browser::new(registry);
    let page = gina.sign_in("gina", PASSWORD, "/modules/acme/vpc/aws/1.0.0");
    assert_eq!(page.status, 303);
    for page in ["/modules/acme/vpc/aws/1.0.0", "/providers/acme/widget"] {
        assert_eq!(gina.get(page).status, 200, "{page}");
    }
    // Sharing with everybody reaches a token through those organizations that take it.
    three.set(&json!({ "global-module-sharing": true }));
    three.reads(&three.member, OF_MODULES, false);
    registry.command(&json!({
        "subject": "organization", "command": "add-member", "name": "initech", "username": "gina",
    }));
    three.reads(&three.member, OF_MODULES, true);
    three.set(&json!({ "global-module-sharing": false }));
    three.reads(&three.member, OF_MODULES, false);
    takes(true);
    assert_eq!(three.share("module", &["globex"]), 204);
    reads(true);
}

#[test]
fn t52_a_token_that_is_too_old_for_an_organization_does_not_read_what_is_shared_with_it() {
    let three = three();
    let registry = &three.registry;
    let globex = registry.organization_token("globex", "admin");
    for kind in ["module", "provider"] {
        assert_eq!(three.share(kind, &["globex"]), 204);
    }
    let policies = json!({ "token-ttl-policies": [{ "token-type": "user", "max-ttl-ms": 1_000 }] });
    demand(
        registry,
        "globex",
        &globex,
        "/token-ttl-policies",
        &policies,
    );
    demand(
        registry,
        "globex",
        &globex,
        "",
        &json!({ "max-ttl-enabled": true }),
    );
    wait_until_hidden(registry, &three.member);
    three.reads(&three.member, OF_MODULES, false);
    three.reads(&three.member, OF_PROVIDERS, false);
    three.finds(&three.member, false);
    three.reads(&three.token, OF_MODULES, true);
    // The same holds for the tokens of the organization itself.
    let policies = json!({ "token-ttl-policies": [
        { "token-type": "organization", "max-ttl-ms": 1_000 },
    ] });
    demand(
        registry,
        "globex",
        &globex,
        "/token-ttl-policies",
        &policies,
    );
    wait_until_hidden(registry, &three.token);
    three.reads(&three.token, OF_PROVIDERS, false);
    three.finds(&three.token, false);
}

fn wait_until_hidden(registry: &Appliance, token: &str) {
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while registry.get(OF_MODULES[0], Some(token)).status() != 404 {
        assert!(std::time::Instant::now() < until, "the token is too old");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}
