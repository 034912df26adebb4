//! Tests projects: the default one, names, tags, settings, and who may see and change them.

use serde_json::{Value, json};

use crate::harness::Appliance;

const PROJECTS: &str = "/api/v2/organizations/acme/projects";

fn send(registry: &Appliance, method: &str, path: &str, body: &Value) -> (u16, Value) {
    send_as(registry, &registry.admin, method, path, body)
}

fn send_as(
    registry: &Appliance,
    token: &str,
    method: &str,
    path: &str,
    body: &Value,
) -> (u16, Value) {
    let request = registry.request(method, path, Some(token));
    let request = request.header("Content-Type", "application/vnd.api+json");
    let answer = request.body(body.to_string()).send().expect("an answer");
    let status = answer.status().as_u16();
    let text = answer.text().expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

fn project(attributes: &Value, tags: &[(&str, &str)]) -> Value {
    json!({ "data": {
        "type": "projects",
        "attributes": attributes,
        "relationships": { "tag-bindings": tag_list(tags) },
    } })
}

fn tag_list(tags: &[(&str, &str)]) -> Value {
    let one = |(key, value): &(&str, &str)| json!({ "type": "tag-bindings", "attributes": { "key": key, "value": value } });
    json!({ "data": tags.iter().map(one).collect::<Vec<_>>() })
}

fn make(registry: &Appliance, name: &str, tags: &[(&str, &str)]) -> String {
    let (status, made) = send(
        registry,
        "POST",
        PROJECTS,
        &project(&json!({ "name": name }), tags),
    );
    assert_eq!(status, 201, "{made}");
    let id = made["data"]["id"].as_str().expect("an id");
    format!("/api/v2/projects/{id}")
}

fn names(list: &Value) -> Vec<&str> {
    let list = list["data"].as_array().expect("a list");
    list.iter()
        .filter_map(|project| project["attributes"]["name"].as_str())
        .collect()
}

fn detail(refusal: &Value) -> &str {
    refusal["errors"][0]["detail"].as_str().expect("a text")
}

#[test]
fn every_organization_has_a_default_project_which_stays() {
    let registry = Appliance::start();
    make(&registry, "Network", &[]);
    let list = registry.json(PROJECTS);
    assert_eq!(names(&list), ["Network", "Default Project"]);
    let id = list["data"][1]["id"].as_str().expect("an id");
    let default = format!("/api/v2/projects/{id}");
    let (status, refusal) = send(&registry, "DELETE", &default, &Value::Null);
    assert_eq!(status, 409, "{refusal}");
    let change = project(&json!({ "name": "Home" }), &[]);
    assert_eq!(send(&registry, "PATCH", &default, &change).0, 200);
    assert_eq!(names(&registry.json(PROJECTS)), ["Network", "Home"]);
    let permissions = &registry.json(&default)["data"]["attributes"]["permissions"];
    assert_eq!(permissions["can-destroy"], false);
}

#[test]
fn what_is_set_comes_back_and_a_change_changes_nothing_else() {
    let registry = Appliance::start();
    let attributes = json!({
        "name": "Network", "description": "cables", "auto-destroy-activity-duration": "14d",
        "default-execution-mode": "local",
    });
    let (_, made) = send(
        &registry,
        "POST",
        PROJECTS,
        &project(&attributes, &[("stage", "test")]),
    );
    let one = format!(
        "/api/v2/projects/{}",
        made["data"]["id"].as_str().expect("an id")
    );
    assert_eq!(registry.json(&one)["data"], made["data"]);
    for (name, value) in attributes.as_object().expect("attributes") {
        assert_eq!(made["data"]["attributes"][name], *value, "{name}");
    }
    let own = json!({ "default-execution-mode": true, "default-agent-pool": true });
    assert_eq!(made["data"]["attributes"]["setting-overwrites"], own);

    let change = json!({ "data": { "type": "projects", "attributes": { "description": "" } } });
    let (status, changed) = send(&registry, "PATCH", &one, &change);
    assert_eq!(status, 200, "{changed}");
    let mut expected = made["data"].clone();
    expected["attributes"]["description"] = json!("");
    assert_eq!(changed["data"], expected);
    let nothing = json!({ "data": { "type": "projects" } });
    assert_eq!(send(&registry, "PATCH", &one, &nothing).1["data"], expected);

    let inherit = json!({ "data": { "attributes": {
        "auto-destroy-activity-duration": null,
        "setting-overwrites": { "default-execution-mode": false, "default-agent-pool": false },
    }, "relationships": { "tag-bindings": { "data": [] } } } });
    let (_, changed) = send(&registry, "PATCH", &one, &inherit);
    let attributes = &changed["data"]["attributes"];
    assert_eq!(attributes["default-execution-mode"], "remote");
    assert_eq!(
        attributes["setting-overwrites"]["default-agent-pool"],
        false
    );
    assert_eq!(attributes.get("auto-destroy-activity-duration"), None);
    assert_eq!(
        changed["data"]["relationships"]["tag-bindings"]["data"],
        json!([])
    );
    assert_eq!(send(&registry, "DELETE", &one, &Value::Null).0, 204);
    assert_eq!(registry.get(&one, Some(&registry.admin)).status(), 404);
}

#[test]
fn what_cannot_be_is_refused_with_the_texts_that_clients_compare() {
    let registry = Appliance::start();
    make(&registry, "Network", &[]);
    for (attributes, text) in [
        (json!({ "name": "! / nope" }), "Name may only contain"),
        (json!({ "name": "network" }), "has already been taken"),
        (json!({}), "can't be blank"),
        (
            json!({ "name": "foo", "auto-destroy-activity-duration": "20m" }),
            "Auto destroy activity duration has an incorrect format, we expect up to 4 numeric \
             digits and 1 unit ('d' or 'h')",
        ),
        (
            json!({ "name": "foo", "default-execution-mode": "agent" }),
            "must be specified when using 'agent' execution mode",
        ),
        (
            json!({ "name": "foo", "default-execution-mode": "remote", "default-agent-pool-id": "apool-1" }),
            "must not be specified unless using 'agent' execution mode",
        ),
        (
            json!({ "name": "foo", "default-execution-mode": "local", "setting-overwrites": {
                "default-execution-mode": true, "default-agent-pool": false } }),
            "If agent-pool and execution-mode are both included in setting-overwrites, their values \
             must be the same.",
        ),
        (
            json!({ "name": "foo", "default-execution-mode": "cloud" }),
            "`remote` or `local`",
        ),
    ] {
        let (status, refusal) = send(&registry, "POST", PROJECTS, &project(&attributes, &[]));
        assert_eq!(status, 422, "{attributes}");
        assert!(detail(&refusal).contains(text), "{refusal}");
        assert_eq!(refusal["errors"][0]["title"], "invalid attribute");
    }
    let (status, refusal) = send(
        &registry,
        "GET",
        &format!("{PROJECTS}?include=nothing"),
        &Value::Null,
    );
    assert_eq!(status, 400, "{refusal}");
    assert!(detail(&refusal).contains("include parameter"), "{refusal}");
    assert_eq!(
        names(&registry.json(PROJECTS)),
        ["Network", "Default Project"]
    );
}

#[test]
fn tags_are_added_replaced_filtered_and_included() {
    let registry = Appliance::start();
    let one = make(&registry, "one", &[("key1", "value1"), ("key2", "a")]);
    make(&registry, "two", &[("key2", "b")]);
    for (filter, expected) in [
        ("filter[tagged][0][key]=key1", vec!["one"]),
        ("filter[tagged][0][key]=key2", vec!["one", "two"]),
        (
            "filter[tagged][0][key]=key2&filter[tagged][0][value]=b",
            vec!["two"],
        ),
        (
            "filter[tagged][0][key]=key1&filter[tagged][1][key]=key2",
            vec!["one"],
        ),
        ("filter[names]=ONE,two", vec!["one", "two"]),
        ("q=Default", vec!["Default Project"]),
    ] {
        assert_eq!(
            names(&registry.json(&format!("{PROJECTS}?{filter}"))),
            expected,
            "{filter}"
        );
    }
    let tags = format!("{one}/tag-bindings");
    let more = tag_list(&[("key2", "c"), ("alpha", "")]);
    let (status, added) = send(&registry, "PATCH", &tags, &more);
    assert_eq!(status, 200, "{added}");
    let pair = |tag: &Value| {
        (
            tag["attributes"]["key"].clone(),
            tag["attributes"]["value"].clone(),
        )
    };
    let pairs = |list: &Value| {
        list.as_array()
            .expect("tags")
            .iter()
            .map(pair)
            .collect::<Vec<_>>()
    };
    let expected = |pairs: &[(&str, &str)]| -> Vec<_> {
        pairs
            .iter()
            .map(|(key, value)| (json!(key), json!(value)))
            .collect()
    };
    assert_eq!(
        pairs(&added["data"]),
        expected(&[("key2", "c"), ("alpha", "")])
    );
    let all = expected(&[("alpha", ""), ("key1", "value1"), ("key2", "c")]);
    assert_eq!(pairs(&registry.json(&tags)["data"]), all);
    assert_eq!(
        pairs(&registry.json(&format!("{one}/effective-tag-bindings"))["data"]),
        all
    );
    let with_tags = registry.json(&format!("{one}?include=effective_tag_bindings"));
    assert_eq!(pairs(&with_tags["included"]), all);

    let eleven: Vec<String> = (0..11).map(|number| format!("tag{number}")).collect();
    let eleven: Vec<(&str, &str)> = eleven.iter().map(|key| (&**key, "")).collect();
    let (status, refusal) = send(&registry, "PATCH", &tags, &tag_list(&eleven));
    assert_eq!(status, 422, "{refusal}");
    assert_eq!(detail(&refusal), "cannot exceed 10 bindings per resource");
    assert_eq!(pairs(&registry.json(&tags)["data"]), all);
}

#[test]
fn t40_teams_see_and_manage_projects_as_their_access_says() {
    let registry = Appliance::start();
    let one = make(&registry, "Network", &[]);
    let new = project(&json!({ "name": "other" }), &[]);
    for (access, read, manage) in [
        ("manage-teams", false, false),
        ("read-projects", true, false),
        ("manage-projects", true, true),
    ] {
        let member = registry.user(access);
        registry.command(&json!({
            "subject": "team", "command": "create", "organization": "acme", "name": access,
            "access": { access: true },
        }));
        registry.join("acme", access, access);
        let try_it = |method: &str, path: &str, body: &Value| {
            send_as(&registry, &member, method, path, body).0
        };
        let or = |may: bool, done: u16, refused: u16| if may { done } else { refused };
        assert_eq!(
            try_it("GET", PROJECTS, &Value::Null),
            or(read, 200, 403),
            "{access}"
        );
        assert_eq!(
            try_it("GET", &one, &Value::Null),
            or(read, 200, 404),
            "{access}"
        );
        let unseen = or(read, 403, 404);
        let nothing = project(&json!({}), &[]);
        assert_eq!(
            try_it("PATCH", &one, &nothing),
            or(manage, 200, unseen),
            "{access}"
        );
        assert_eq!(
            try_it("POST", PROJECTS, &new),
            or(manage, 201, 403),
            "{access}"
        );
    }
    let stranger = registry.user("noa");
    assert_eq!(
        send_as(&registry, &stranger, "GET", PROJECTS, &Value::Null).0,
        404
    );
    assert_eq!(
        send_as(&registry, &stranger, "GET", &one, &Value::Null).0,
        404
    );
}
