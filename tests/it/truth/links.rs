//! Tests that printed links lead somewhere: every link in every document and on every page.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{attributes, send};
use crate::harness::Appliance;
use crate::roles::matrix::routes;
use crate::roles::role::Role;
use crate::roles::world::World;
use crate::ui::browser::Browser;

/// The members of documents whose texts are addresses to read.
const LINKS: &[&str] = &["related", "self", "first", "last", "next", "prev"];

fn gather(value: &Value, links: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if let Value::String(link) = member
                    && LINKS.contains(&&**name)
                {
                    links.insert(link.clone());
                } else {
                    gather(member, links);
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, links)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Follows all links of all documents as a role; returns those that lead nowhere.
fn dead_links(world: &World, role: Role) -> BTreeSet<String> {
    let mut new = BTreeSet::new();
    for route in routes() {
        if route.method != "GET" || route.is_in_browser() || route.path.ends_with("openapi.json") {
            continue;
        }
        let answer = world.ask(&route, world.objects(), role);
        if let Ok(document) = serde_json::from_str::<Value>(&answer.text) {
            gather(&document, &mut new);
        }
    }
    let (mut seen, mut dead) = (BTreeSet::new(), BTreeSet::new());
    while let Some(link) = new.pop_first() {
        if !seen.insert(link.clone()) {
            continue;
        }
        let path = link.replacen(&world.registry.url, "", 1);
        let answer = world.registry.get(&path, world.token(role));
        let status = answer.status().as_u16();
        if status >= 400 {
            dead.insert(format!("{status} {link}"));
        } else if let Ok(document) = answer.json::<Value>() {
            let mut more = BTreeSet::new();
            gather(&document, &mut more);
            new.extend(more.difference(&seen).cloned());
        }
    }
    assert!(role.is_outside() || seen.len() > 10, "{role:?}: {seen:#?}");
    dead
}

#[test]
fn s7_s8_every_link_in_a_document_leads_somewhere() {
    let world = World::new();
    let list = "/api/v2/organizations/hush-corp/registry-modules";
    let public = json!({ "name": "consul", "provider": "aws", "namespace": "hashicorp",
                         "registry-name": "public" });
    let (status, made) = send(&world.registry, "POST", list, &attributes(&public));
    assert_eq!(status, 201, "{made}");
    let mut wrong = Vec::new();
    for role in [
        Role::Admin,
        Role::Owner,
        Role::Reader,
        Role::ReadToken,
        Role::PublishToken,
        Role::OtherOwner,
    ] {
        let dead = dead_links(&world, role);
        wrong.extend(dead.into_iter().map(|link| format!("{role:?}: {link}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn s7_a_link_to_the_token_of_an_organization_is_there_while_the_token_is() {
    let registry = Appliance::start();
    let acme = "/api/v2/organizations/acme";
    let link = || registry.json(acme)["data"]["relationships"]["authentication-token"].clone();
    assert_eq!(link(), Value::Null);
    let token = format!("{acme}/authentication-token");
    assert_eq!(send(&registry, "POST", &token, &json!({})).0, 201);
    assert_eq!(link()["links"]["related"], token.as_str());
    let listed = registry.json("/api/v2/organizations");
    let listed = &listed["data"][0]["relationships"]["authentication-token"];
    assert_eq!(listed["links"]["related"], token.as_str());
    let stranger = registry.user("sam");
    registry.organization_is_public("acme");
    let seen: Value = registry.get(acme, Some(&stranger)).json().expect("JSON");
    assert_eq!(
        seen["data"]["relationships"]["authentication-token"],
        Value::Null
    );
}

#[test]
fn the_next_page_is_one_of_the_same_list() {
    let registry = Appliance::start();
    for name in ["net-a", "net-b", "disk"] {
        registry.create_module(&format!("acme/{name}/aws"));
        registry.create_module(&format!("acme/{name}/google"));
    }
    let list = "/api/v2/organizations/acme/registry-modules";
    let first = registry.json(&format!("{list}?filter[provider]=aws&page[size]=2"));
    let next = first["links"]["next"].as_str().expect("a next page");
    let second = registry.json(next.strip_prefix(&registry.url).expect("ours"));
    let providers: Vec<_> = second["data"].as_array().expect("a list").iter().collect();
    assert_eq!(providers.len(), 1, "{second}");
    assert_eq!(providers[0]["attributes"]["provider"], "aws");
    assert_eq!(second["meta"]["pagination"]["current-page"], 2);
    let teams = "/api/v2/organizations/acme/teams?q=own&include=users&page[size]=1";
    let own = registry.json(teams)["links"]["self"].clone();
    let own = own.as_str().expect("a link").to_owned();
    let again = registry.json(own.strip_prefix(&registry.url).expect("ours"));
    assert_eq!(again["links"]["self"], own.as_str());
    assert!(again["included"].is_array(), "{again}");
}

/// Returns the addresses of this registry that a page names.
fn addresses(page: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for start in [" href=\"", " src=\"", " action=\""] {
        for part in page.split(start).skip(1) {
            let address = part.split('"').next().unwrap_or_default();
            let address = address.replace("&amp;", "&").replace("&#38;", "&");
            let address = address.split('#').next().unwrap_or_default().to_owned();
            if start != " action=\"" && address.starts_with('/') && !address.starts_with("//") {
                found.insert(address);
            }
        }
    }
    found
}

#[test]
fn every_link_on_a_page_leads_somewhere() {
    let world = World::new();
    let mut links = BTreeSet::new();
    for route in routes() {
        if route.method == "GET" && route.is_in_browser() {
            let answer = world.ask(&route, world.objects(), Role::Admin);
            links.extend(addresses(&answer.text));
        }
    }
    assert!(links.len() > 40, "{links:#?}");
    let mut browser = Browser::new(&world.registry);
    browser.cookies = world.session(Role::Admin).cookies;
    let mut dead = Vec::new();
    for link in links {
        let request = browser.request("GET", &link);
        let status = request.send().expect("an answer").status().as_u16();
        if status == 404 || status >= 500 {
            dead.push(format!("{status} {link}"));
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn the_user_behind_a_token_without_a_user_is_found_where_its_link_says() {
    let registry = Appliance::start();
    let token = registry.organization_token("acme", "read");
    let get = |path: &str| -> Value {
        let answer = registry.get(path, Some(&token));
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().expect("JSON")
    };
    let own = get("/api/v2/account/details");
    let link = own["data"]["links"]["self"].as_str().expect("a link");
    let shown = get(link);
    assert_eq!(shown["data"]["id"], own["data"]["id"]);
    assert_eq!(shown["data"]["attributes"]["is-service-account"], true);
}
