//! Tests `include`: it brings what it names, and a name that does not exist is refused.

use serde_json::{Value, json};

use super::{attributes, send};
use crate::harness::Appliance;

/// Returns the types of what is included, each once, in order.
fn types(document: &Value) -> Vec<String> {
    let included = document["included"].as_array().cloned().unwrap_or_default();
    let kinds = included
        .iter()
        .map(|it| it["type"].as_str().expect("a type"));
    let mut kinds: Vec<_> = kinds.map(str::to_owned).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

/// Makes a team with a member in `acme`, and a provider; returns the ids of the team, the
/// membership and the provider.
fn fill(registry: &Appliance) -> [String; 3] {
    registry.user("mia");
    let id = |made: &Value| made["data"]["id"].as_str().expect("an id").to_owned();
    let base = "/api/v2/organizations/acme";
    let team = json!({ "name": "ops" });
    let team = id(&send(
        registry,
        "POST",
        &format!("{base}/teams"),
        &attributes(&team),
    )
    .1);
    let mut invitation = attributes(&json!({ "email": "mia" }));
    invitation["data"]["relationships"] =
        json!({ "teams": { "data": [{ "type": "teams", "id": team }] } });
    let members = format!("{base}/organization-memberships");
    let membership = id(&send(registry, "POST", &members, &invitation).1);
    let provider = json!({ "name": "cloud", "namespace": "acme", "registry-name": "private" });
    let providers = format!("{base}/registry-providers");
    let provider = id(&send(registry, "POST", &providers, &attributes(&provider)).1);
    let version = json!({ "version": "1.0.0", "key-id": "1111111111111111", "protocols": ["5.0"] });
    let versions = format!("{providers}/private/acme/cloud/versions");
    assert_eq!(
        send(registry, "POST", &versions, &attributes(&version)).0,
        201
    );
    [team, membership, provider]
}

#[test]
fn include_brings_what_it_names() {
    let registry = Appliance::start();
    let [team, membership, provider] = fill(&registry);
    let base = "/api/v2/organizations/acme";
    let memberships = "organization-memberships";
    for (path, include, expected) in [
        (
            "/api/v2/organizations",
            "entitlement_set",
            &["entitlement-sets"][..],
        ),
        (base, "entitlement-set", &["entitlement-sets"]),
        (&format!("{base}/{memberships}"), "user", &["users"]),
        (&format!("{base}/{memberships}"), "teams", &["teams"]),
        (
            &format!("{base}/{memberships}"),
            "user,teams",
            &["teams", "users"],
        ),
        (
            &format!("/api/v2/{memberships}"),
            "user,teams",
            &["teams", "users"],
        ),
        (
            &format!("/api/v2/{memberships}/{membership}"),
            "teams,user",
            &["teams", "users"],
        ),
        (&format!("{base}/teams"), "users", &["users"]),
        (&format!("{base}/teams"), memberships, &[memberships]),
        (&format!("/api/v2/teams/{team}"), "users", &["users"]),
        (
            &format!("/api/v2/teams/{team}"),
            "users,organization-memberships",
            &[memberships, "users"],
        ),
        ("/api/v2/admin/organizations", "owners", &["users"]),
        ("/api/v2/admin/organizations/acme", "owners", &["users"]),
        ("/api/v2/admin/users", "organizations", &["organizations"]),
        (
            &format!("{base}/registry-providers"),
            "registry-provider-versions",
            &["registry-provider-versions"],
        ),
        (
            &format!("{base}/registry-providers/private/acme/cloud"),
            "registry-provider-versions,versions",
            &["registry-provider-versions"],
        ),
        (
            &format!("/api/v2/registry-providers/{provider}"),
            "versions",
            &["registry-provider-versions"],
        ),
    ] {
        let with = registry.json(&format!("{path}?include={include}"));
        assert_eq!(types(&with), expected, "{path}?include={include}");
        let without = registry.json(path);
        assert!(without.get("included").is_none(), "{path}");
        for wrong in ["nonsense", &format!("{include},nonsense")] {
            let answer = registry.get(&format!("{path}?include={wrong}"), Some(&registry.admin));
            assert_eq!(answer.status(), 400, "{path}?include={wrong}");
            let text = answer.text().expect("a document");
            assert!(text.contains("include parameter"), "{text}");
        }
    }
}

#[test]
fn included_teams_are_those_of_the_members_on_the_page_with_all_their_members() {
    let registry = Appliance::start();
    let [team, membership, _] = fill(&registry);
    let one = format!("/api/v2/organization-memberships/{membership}?include=teams");
    let shown = registry.json(&one);
    let included = shown["included"].as_array().expect("teams");
    assert_eq!(included.len(), 1, "{shown}");
    assert_eq!(included[0]["id"], team.as_str());
    assert_eq!(included[0]["attributes"]["users-count"], 1);
    let second = "/api/v2/organizations/acme/organization-memberships?include=teams&page[size]=1&page[number]=2";
    let page = registry.json(second);
    let named = &page["data"][0]["relationships"]["teams"]["data"];
    let brought = page["included"].as_array().map(Vec::len);
    assert_eq!(brought, named.as_array().map(Vec::len), "{page}");
}
