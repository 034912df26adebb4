//! Tests organizations and accounts in the JSON:API.

use reqwest::blocking::Response;
use serde_json::{Value, json};

use super::samples::{same_shape, sample};
use crate::harness::Appliance;
use crate::shared::shared;

fn send(registry: &Appliance, method: &str, path: &str, token: &str, body: &Value) -> Response {
    let request = registry.request(method, path, Some(token));
    let request = request.header("Content-Type", "application/vnd.api+json");
    request.body(body.to_string()).send().expect("an answer")
}

fn create(registry: &Appliance, name: &str) -> Response {
    let attributes = json!({ "name": name, "email": format!("{name}@example.com") });
    let body = json!({ "data": { "type": "organizations", "attributes": attributes } });
    send(
        registry,
        "POST",
        "/api/v2/organizations",
        &registry.admin,
        &body,
    )
}

#[test]
fn an_organization_is_created_shown_changed_and_owned_by_who_made_it() {
    let registry = Appliance::start();
    let made = create(&registry, "globex");
    assert_eq!(made.status(), 201);
    assert_eq!(made.headers()["tfp-api-version"], "2.6");
    let made: Value = made.json().expect("JSON");
    assert_eq!(made["data"]["id"], "globex");
    let external = made["data"]["attributes"]["external-id"].as_str();
    let external = external.expect("an id").to_owned();
    assert!(external.starts_with("org-"), "{external}");
    assert_eq!(
        made["data"]["attributes"]["permissions"]["can-update"],
        true
    );
    // The same by its name in another case, and by its id.
    for name in ["globex", "GLOBEX", external.as_str()] {
        let shown = registry.json(&format!("/api/v2/organizations/{name}"));
        assert_eq!(shown["data"], made["data"], "{name}");
    }
    let path = "/api/v2/organizations/globex";
    let body = json!({ "data": { "type": "organizations",
                                 "attributes": { "email": "new@example.com", "stacks-enabled": true } } });
    let changed = send(&registry, "PATCH", path, &registry.admin, &body);
    assert_eq!(changed.status(), 200);
    let shown = registry.json(path);
    assert_eq!(shown["data"]["attributes"]["email"], "new@example.com");
    let body = json!({ "data": { "attributes": { "name": "initech" } } });
    let renamed = send(&registry, "PATCH", path, &registry.admin, &body);
    assert_eq!(renamed.status(), 422);
    let problem: Value = renamed.json().expect("JSON");
    assert_eq!(
        problem["errors"][0]["source"]["pointer"],
        "/data/attributes/name"
    );
    let members = registry.command(&json!({
        "subject": "organization", "command": "members", "name": "globex",
    }));
    assert!(members.to_string().contains("\"admin\""), "{members}");
}

#[test]
fn a_second_organization_of_a_name_and_a_bad_name_are_refused() {
    let registry = Appliance::start();
    assert_eq!(create(&registry, "globex").status(), 201);
    for name in ["globex", "GLOBEX", "", "a/b", "-x"] {
        let refused = create(&registry, name);
        assert_eq!(refused.status(), 422, "{name}");
        let problem: Value = refused.json().expect("JSON");
        assert_eq!(problem["errors"][0]["status"], "422");
    }
    let nothing = json!({ "data": { "attributes": {} } });
    let path = "/api/v2/organizations";
    let refused = send(&registry, "POST", path, &registry.admin, &nothing);
    assert_eq!(refused.status(), 422);
}

#[test]
fn the_list_shows_what_is_visible_and_comes_whole_unless_pages_are_asked_for() {
    let registry = Appliance::start();
    for number in 0..22 {
        assert_eq!(
            create(&registry, &format!("org-a{number:02}")).status(),
            201
        );
    }
    let whole = registry.json("/api/v2/organizations");
    let all = whole["data"].as_array().expect("a list").len();
    assert_eq!(all, 23, "those and `acme`");
    assert_eq!(whole["meta"]["pagination"]["total-pages"], 1);
    let page = registry.json("/api/v2/organizations?page%5Bnumber%5D=2&page%5Bsize%5D=20");
    assert_eq!(page["data"].as_array().expect("a list").len(), 3);
    assert_eq!(page["meta"]["pagination"]["total-count"], 23);
    let found = registry.json("/api/v2/organizations?q=A2&page%5Bsize%5D=1");
    assert_eq!(found["meta"]["pagination"]["total-count"], 2);
    let next = found["links"]["next"].as_str().expect("a next page");
    let path = next.strip_prefix(registry.url.as_str()).expect("ours");
    assert_eq!(registry.json(path)["data"][0]["id"], "org-a21");
    let nobody = registry.user("nora");
    let seen: Value = registry
        .get("/api/v2/organizations", Some(&nobody))
        .json()
        .expect("JSON");
    assert_eq!(seen["data"], json!([]));
}

#[test]
fn the_email_of_a_public_organization_is_for_its_members() {
    let registry = Appliance::start();
    assert_eq!(create(&registry, "globex").status(), 201);
    registry.organization_is_public("globex");
    let stranger = registry.user("sam");
    for token in [None, Some(stranger.as_str())] {
        let path = "/api/v2/organizations/globex";
        let shown: Value = registry.get(path, token).json().expect("JSON");
        assert_eq!(shown["data"]["attributes"]["email"], "");
        assert_eq!(
            shown["data"]["attributes"]["permissions"]["can-update"],
            false
        );
        let path = "/api/v2/organizations?q=example.com";
        let found: Value = registry.get(path, token).json().expect("JSON");
        assert_eq!(found["data"], json!([]), "nor is it found by it");
    }
}

#[test]
fn an_account_tells_who_is_behind_a_token() {
    let registry = Appliance::start();
    let details = |token: &str| -> Value {
        let answer = registry.get("/api/v2/account/details", Some(token));
        assert_eq!(answer.status(), 200);
        answer.json().expect("JSON")
    };
    let admin = details(&registry.admin);
    assert_eq!(admin["data"]["type"], "users");
    assert_eq!(admin["data"]["attributes"]["username"], "admin");
    assert_eq!(admin["data"]["attributes"]["is-site-admin"], true);
    let user = details(&registry.user("uma"));
    assert_eq!(user["data"]["attributes"]["username"], "uma");
    let allowed = &user["data"]["attributes"]["permissions"];
    assert_eq!(allowed["can-create-organizations"], false);
    let token = registry.organization_token("acme", "read");
    let service = details(&token);
    assert_eq!(service["data"]["attributes"]["is-service-account"], true);
    assert_eq!(service, details(&token), "the same each time");
    if let Some(sample) = sample("004/users-01-show-a-user.response.json") {
        same_shape(&sample, &admin, "users");
    }
    assert_eq!(registry.get("/api/v2/account/details", None).status(), 401);
}

#[test]
fn login_finds_the_api_and_the_page_for_tokens() {
    let registry = shared();
    let services = registry.json("/.well-known/terraform.json");
    for service in ["tfe.v2", "tfe.v2.1", "tfe.v2.2"] {
        assert_eq!(services[service], "/api/v2/", "{service}");
    }
    let ping = registry.get("/api/v2/ping", None);
    assert_eq!(ping.status(), 204);
    let organization = registry.get("/api/v2/organizations/acme", Some(&registry.admin));
    for answer in [ping, organization] {
        assert_eq!(answer.headers()["tfp-api-version"], "2.6");
        assert_eq!(answer.headers()["x-tfe-current-version"], "2.0.1");
    }
    let page = registry.get("/app/settings/tokens?source=terraform-login", None);
    assert!(page.status().is_redirection(), "{}", page.status());
}

/// Returns a printed document without the links that lead nowhere here: to connections, to what is
/// paid, and to a token while there is none.
fn without_links_to_nothing(mut printed: Value) -> Value {
    let remove = |resource: &mut Value| {
        if let Some(relationships) = resource["relationships"].as_object_mut() {
            for name in ["oauth-tokens", "subscription", "authentication-token"] {
                relationships.remove(name);
            }
        }
    };
    if let Value::Array(all) = &mut printed["data"] {
        all.iter_mut().for_each(remove);
    } else {
        remove(&mut printed["data"]);
    }
    printed
}

#[test]
fn organizations_are_as_printed() {
    let file = |name: &str| sample(&format!("004/organizations-{name}.json"));
    let registry = Appliance::start();
    let path = "/api/v2/organizations/hashicorp";
    let cases = [
        (
            "POST",
            "/api/v2/organizations",
            Some("03-create-an-organization.request"),
            "04-create-an-organization.response",
            201,
        ),
        ("GET", path, None, "02-show-an-organization.response", 200),
        (
            "PATCH",
            path,
            Some("05-update-an-organization.request"),
            "06-update-an-organization.response",
            200,
        ),
        (
            "GET",
            "/api/v2/organizations",
            None,
            "01-list-organizations.response",
            200,
        ),
    ];
    for (method, path, request, response, status) in cases {
        let Some(expected) = file(response) else {
            return;
        };
        let body = request.and_then(file).unwrap_or(Value::Null);
        let answer = send(&registry, method, path, &registry.admin, &body);
        assert_eq!(answer.status(), status, "{method} {path}");
        let expected = without_links_to_nothing(expected);
        same_shape(&expected, &answer.json().expect("JSON"), response);
    }
    let sets = "07-show-the-entitlement-set.response";
    let set = registry.json(&format!("{path}/entitlement-set"));
    if let Some(expected) = file(sets) {
        same_shape(&expected, &set, sets);
    }
}

#[test]
fn module_producers_are_the_organizations_that_share_with_everybody() {
    let registry = Appliance::start();
    registry.organization("open", true);
    registry.organization("hidden", false);
    let path = "/api/v2/organizations/acme/relationships/module-producers";
    let listed = registry.json(path);
    let names: Vec<_> = listed["data"].as_array().expect("a list").iter().collect();
    assert_eq!(names.len(), 1, "{names:?}");
    assert_eq!(names[0]["id"], "open");
    if let Some(sample) = sample("004/organizations-08-show-module-producers.response.json") {
        same_shape(&sample, &listed, "producers");
    }
}

#[test]
fn an_organization_keeps_everything_and_says_so() {
    let registry = Appliance::start();
    let path = "/api/v2/organizations/acme/relationships/data-retention-policy";
    let kept = "data-retention-policy-dont-deletes";
    let status = || registry.get(path, Some(&registry.admin)).status();
    let related = || {
        let organization = registry.json("/api/v2/organizations/acme");
        organization["data"]["relationships"]["data-retention-policy"]["data"].clone()
    };
    assert_eq!((status().as_u16(), related()), (404, Value::Null));
    let set = |kind: &str| {
        let body =
            json!({ "data": { "type": kind, "attributes": { "delete-older-than-n-days": 3 } } });
        send(&registry, "POST", path, &registry.admin, &body)
    };
    assert_eq!(set(kept).status(), 201);
    let policy = registry.json(path)["data"].clone();
    assert_eq!(policy["type"], kept);
    assert_eq!(related(), json!({ "type": kept, "id": policy["id"] }));
    let refused = set("data-retention-policy-delete-olders");
    assert_eq!(refused.status(), 422);
    let problem: Value = refused.json().expect("JSON");
    assert_eq!(problem["errors"][0]["source"]["pointer"], "/data/type");
    let removed = send(&registry, "DELETE", path, &registry.admin, &Value::Null);
    assert_eq!(removed.status(), 204);
    assert_eq!((status().as_u16(), related()), (404, Value::Null));
}

#[test]
fn ip_ranges_are_for_everybody_and_never_change() {
    let registry = shared();
    let path = "/api/meta/ip-ranges";
    let ranges: Value = registry.get(path, None).json().expect("JSON");
    for kind in ["api", "notifications", "sentinel", "vcs"] {
        assert!(ranges[kind].is_array(), "{ranges}");
    }
    let request = registry.request("GET", path, None);
    let request = request.header("If-Modified-Since", "Tue, 26 May 2099 15:10:05 GMT");
    assert_eq!(request.send().expect("an answer").status(), 304);
}

#[test]
fn agents_and_addresses_without_form_are_refused_with_their_reason() {
    let registry = Appliance::start();
    let path = "/api/v2/organizations/acme";
    let ask = |data: Value| {
        let answer = send(
            &registry,
            "PATCH",
            path,
            &registry.admin,
            &json!({ "data": data }),
        );
        let status = answer.status().as_u16();
        let answer: Value = answer.json().expect("JSON");
        let detail = answer["errors"][0]["detail"].as_str().unwrap_or_default();
        (status, detail.to_owned())
    };
    let (status, detail) = ask(json!({ "attributes": { "default-execution-mode": "agent" } }));
    assert_eq!(status, 422);
    assert!(
        detail.contains("must be specified when using 'agent' execution mode"),
        "{detail}"
    );
    let pool = json!({ "data": { "type": "agent-pools", "id": "apool-1" } });
    let (status, detail) = ask(json!({ "relationships": { "default-agent-pool": pool } }));
    assert_eq!(status, 422);
    let reason = "must not be specified unless using 'agent' execution mode";
    assert!(detail.contains(reason), "{detail}");
    let none = json!({ "relationships": { "default-agent-pool": { "data": null } } });
    assert_eq!(ask(none).0, 200);
    for wrong in ["notamailaddress", "@example.com", "a b@example.com"] {
        assert_eq!(
            ask(json!({ "attributes": { "email": wrong } })).0,
            422,
            "{wrong}"
        );
    }
    assert_eq!(ask(json!({ "attributes": { "email": "" } })).0, 200);
    assert_eq!(ask(json!({ "type": "organizations" })).0, 200);
}
