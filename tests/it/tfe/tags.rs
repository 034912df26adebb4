//! Tests the tags of modules and providers, private and public, and the filters of their lists.

use serde_json::{Value, json};

use crate::harness::Appliance;

const MODULES: &str = "/api/v2/organizations/acme/registry-modules";
const PROVIDERS: &str = "/api/v2/organizations/acme/registry-providers";

fn send_as(
    registry: &Appliance,
    token: &str,
    (method, path): (&str, &str),
    body: &Value,
) -> (u16, Value) {
    let request = registry.request(method, path, Some(token));
    let request = request.header("Content-Type", "application/vnd.api+json");
    let answer = request.body(body.to_string()).send().expect("an answer");
    let status = answer.status().as_u16();
    let text = answer.text().expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

fn send(registry: &Appliance, method: &str, path: &str, body: &Value) -> (u16, Value) {
    send_as(registry, &registry.admin, (method, path), body)
}

fn add(registry: &Appliance, list: &str, attributes: &Value) -> String {
    let body = json!({ "data": { "attributes": attributes } });
    let (status, made) = send(registry, "POST", list, &body);
    assert_eq!(status, 201, "{made}");
    made["data"]["id"].as_str().expect("an id").to_owned()
}

/// Makes a module and a provider of each registry; returns for each its address and where its tags
/// are listed.
fn things(registry: &Appliance) -> Vec<(String, String)> {
    let mut things = Vec::new();
    for (registry_name, namespace) in [("private", "acme"), ("public", "hashicorp")] {
        let new = json!({ "name": "vpc", "provider": "aws", "registry-name": registry_name,
                          "namespace": namespace });
        let id = add(registry, MODULES, &new);
        things.push((
            format!("{MODULES}/{registry_name}/{namespace}/vpc/aws"),
            format!("/api/v2/registry-modules/{id}/tag-bindings"),
        ));
        let new = json!({ "name": "widget", "registry-name": registry_name,
                          "namespace": namespace });
        let id = add(registry, PROVIDERS, &new);
        things.push((
            format!("{PROVIDERS}/{registry_name}/{namespace}/widget"),
            format!("/api/v2/registry-providers/{id}/tag-bindings"),
        ));
    }
    things
}

fn tags(pairs: &[(&str, &str)]) -> Value {
    let one = |(key, value): &(&str, &str)| json!({ "type": "tag-bindings", "attributes": { "key": key, "value": value } });
    let data: Vec<Value> = pairs.iter().map(one).collect();
    json!({ "data": { "relationships": { "tag-bindings": { "data": data } } } })
}

fn listed(registry: &Appliance, path: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let list = registry.json(path);
    let list = list["data"].as_array().expect("a list").clone();
    list.iter()
        .map(|tag| &tag["attributes"])
        .map(|tag| (text(&tag["key"]), text(&tag["value"])))
        .collect()
}

#[test]
fn modules_and_providers_of_both_registries_have_tags() {
    let registry = Appliance::start();
    for (one, list) in things(&registry) {
        assert_eq!(listed(&registry, &list), []);
        let two = tags(&[("stage", "test"), ("owner", "")]);
        let (status, changed) = send(&registry, "PATCH", &one, &two);
        assert_eq!(status, 200, "{one}: {changed}");
        let related = &changed["data"]["relationships"]["tag-bindings"];
        assert_eq!(related["links"]["related"], list);
        assert_eq!(related["data"].as_array().map(Vec::len), Some(2));
        assert_eq!(registry.json(&one)["data"], changed["data"], "{one}");
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let both = [pair("owner", ""), pair("stage", "test")];
        assert_eq!(listed(&registry, &list), both);

        // What a change does not name stays; an empty list takes all away.
        let nothing = json!({ "data": { "attributes": {} } });
        assert_eq!(send(&registry, "PATCH", &one, &nothing).0, 200);
        assert_eq!(listed(&registry, &list), both);
        for refused in [tags(&[("", "x")]), tags(&[("a", "1"), ("a", "2")])] {
            let (status, refusal) = send(&registry, "PATCH", &one, &refused);
            assert_eq!(status, 422, "{refusal}");
        }
        assert_eq!(listed(&registry, &list), both);
        assert_eq!(send(&registry, "PATCH", &one, &tags(&[])).0, 200);
        assert_eq!(listed(&registry, &list), []);
    }
}

#[test]
fn lists_show_what_has_certain_tags() {
    let registry = Appliance::start();
    let things = things(&registry);
    for (number, (one, _)) in things.iter().enumerate() {
        let own = format!("number-{number}");
        let all = tags(&[("all", "yes"), (own.as_str(), "")]);
        assert_eq!(send(&registry, "PATCH", one, &all).0, 200);
    }
    let count = |list: &str, filter: &str| {
        let found = registry.json(&format!("{list}?{filter}"));
        let total = found["meta"]["pagination"]["total-count"].clone();
        assert_eq!(total, found["data"].as_array().map_or(0, Vec::len));
        total
    };
    for (list, own) in [(MODULES, "number-0"), (PROVIDERS, "number-1")] {
        assert_eq!(count(list, "filter[tagged][0][key]=all"), 2, "{list}");
        let yes = "filter[tagged][0][key]=all&filter[tagged][0][value]=yes";
        assert_eq!(count(list, yes), 2, "{list}");
        let no = "filter[tagged][0][key]=all&filter[tagged][0][value]=no";
        assert_eq!(count(list, no), 0, "{list}");
        let both = format!("filter[tagged][0][key]=all&filter[tagged][1][key]={own}");
        assert_eq!(count(list, &both), 1, "{list}");
        assert_eq!(count(list, "filter[tagged][0][key]=none"), 0, "{list}");
    }
}

#[test]
fn t40_tags_are_changed_by_those_who_may_change_the_thing() {
    let registry = Appliance::start();
    let things = things(&registry);
    let publisher = registry.user("pat");
    registry.command(&json!({
        "subject": "team", "command": "create", "organization": "acme", "name": "providers",
        "access": { "manage-providers": true },
    }));
    registry.join("acme", "providers", "pat");
    let stranger = registry.user("noa");
    let body = tags(&[("stage", "test")]);
    for (one, list) in &things {
        let may = one.contains("/registry-providers/");
        let (status, answer) = send_as(&registry, &publisher, ("PATCH", one), &body);
        assert_eq!(status, if may { 200 } else { 403 }, "{one}: {answer}");
        let seen = send_as(&registry, &publisher, ("GET", list), &Value::Null);
        assert_eq!(seen.0, 200, "{list}");
        for (method, path) in [("PATCH", one), ("GET", list)] {
            let (status, _) = send_as(&registry, &stranger, (method, path), &body);
            assert_eq!(status, 404, "{method} {path}");
        }
    }
}
