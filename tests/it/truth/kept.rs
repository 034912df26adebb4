//! Tests the attributes that are kept and given back: each comes back as it was set, has its default
//! otherwise, is refused with a value of another kind, and stands in the documentation.

use serde_json::{Map, Value, json};
use terrakeep::api::tfe::NOT_SERVED;

use super::{attributes, fault, send};
use crate::harness::Appliance;

/// The parts of documents that keep attributes: how the documentation calls each, the address of one
/// in a new registry, and the place of its attributes in the document.
const PARTS: &[(&str, &str, &str, &str)] = &[
    (
        "Organization",
        "organization",
        "/api/v2/organizations/acme",
        "/data/attributes",
    ),
    (
        "AdminOrganization",
        "organization, for administrators",
        "/api/v2/admin/organizations/acme",
        "/data/attributes",
    ),
    (
        "Module",
        "module",
        "/api/v2/organizations/acme/registry-modules/private/acme/hello/null",
        "/data/attributes",
    ),
];

/// A kept attribute: its path, its default, and the part that it belongs to.
struct Attribute {
    path: &'static str,
    default: Value,
    words: &'static str,
    address: &'static str,
    place: &'static str,
}

impl Attribute {
    fn read(&self, registry: &Appliance) -> Value {
        let document = registry.json(self.address);
        let (_, name) = self.path.rsplit_once('/').unwrap_or(("", self.path));
        let found = document.pointer(&format!("{}/{name}", self.place));
        found.unwrap_or_else(|| panic!("no {}", self.path)).clone()
    }

    fn set(&self, registry: &Appliance, value: &Value) -> (u16, Value) {
        let body = match self.path.split_once('/') {
            Some((outer, name)) => json!({ outer: { name: value } }),
            None => json!({ self.path: value }),
        };
        send(registry, "PATCH", self.address, &attributes(&body))
    }

    /// Returns a value that is not the default, and one of another kind.
    fn other_values(&self) -> (Value, Value) {
        match (self.path, &self.default) {
            ("default-execution-mode", _) => (json!("local"), json!("agent")),
            ("workspace-limit", _) => (json!(42), json!("many")),
            (_, Value::Bool(is)) => (json!(!is), json!("yes")),
            (_, Value::Null) => (json!("24h"), json!(["24h"])),
            (path, default) => panic!("no other value of {path}, which is {default}"),
        }
    }
}

fn kept() -> Vec<Attribute> {
    let all = NOT_SERVED
        .iter()
        .flat_map(|feature| feature.kept_attributes());
    let all = all.map(|(part, path, default)| {
        let known = PARTS.iter().find(|(name, ..)| *name == part);
        let (_, words, address, place) = known.unwrap_or_else(|| panic!("no address of {part}"));
        Attribute {
            path,
            default,
            words,
            address,
            place,
        }
    });
    all.collect()
}

#[test]
fn each_kept_attribute_comes_back_as_it_was_set() {
    let registry = Appliance::start();
    let all = kept();
    assert!(all.len() > 10);
    for it in &all {
        assert_eq!(it.read(&registry), it.default, "{}", it.path);
        let (other, wrong) = it.other_values();
        let (status, answer) = it.set(&registry, &other);
        assert_eq!(status, 200, "{}: {answer}", it.path);
        assert_eq!(it.read(&registry), other, "{}", it.path);
        let (status, answer) = it.set(&registry, &wrong);
        assert_eq!(status, 422, "{}: {answer}", it.path);
        assert_eq!(fault(&answer).0, format!("/data/attributes/{}", it.path));
        assert_eq!(
            it.read(&registry),
            other,
            "a refused change changes nothing"
        );
    }
    // A change names what changes: the others still have what was set before.
    for it in &all {
        assert_eq!(it.read(&registry), it.other_values().0, "{}", it.path);
    }
    for it in &all {
        let (status, answer) = it.set(&registry, &Value::Null);
        assert_eq!(status, 200, "{}: {answer}", it.path);
        assert_eq!(it.read(&registry), it.default, "{}", it.path);
    }
}

#[test]
fn a_new_organization_keeps_what_it_is_created_with() {
    let registry = Appliance::start();
    let mut new: Map<String, Value> = Map::new();
    new.insert("name".to_owned(), json!("globex"));
    new.insert("email".to_owned(), json!("it@example.com"));
    let of_organizations = |it: &Attribute| it.words == "organization";
    for it in kept().into_iter().filter(of_organizations) {
        new.insert(it.path.to_owned(), it.other_values().0);
    }
    let body = attributes(&Value::Object(new.clone()));
    let (status, made) = send(&registry, "POST", "/api/v2/organizations", &body);
    assert_eq!(status, 201, "{made}");
    for (name, value) in new {
        assert_eq!(made["data"]["attributes"][&name], value, "{name}");
    }
}

#[test]
fn a_module_of_either_registry_keeps_what_it_is_created_with() {
    let registry = Appliance::start();
    let modules = "/api/v2/organizations/acme/registry-modules";
    for (of, path) in [
        (json!({}), "private/acme/vpc/aws"),
        (
            json!({ "registry-name": "public", "namespace": "hashicorp" }),
            "public/hashicorp/vpc/aws",
        ),
    ] {
        let mut new = json!({ "name": "vpc", "provider": "aws", "no-code": true });
        for (name, value) in of.as_object().expect("attributes") {
            new[name] = value.clone();
        }
        let (status, made) = send(&registry, "POST", modules, &attributes(&new));
        assert_eq!(status, 201, "{made}");
        assert_eq!(made["data"]["attributes"]["no-code"], true);
        let one = format!("{modules}/{path}");
        let kept = |expected: bool| {
            let shown = registry.json(&one);
            assert_eq!(shown["data"]["attributes"]["no-code"], expected, "{path}");
            let by_id = shown["data"]["id"].as_str().expect("an id");
            let by_id = registry.json(&format!("/api/v2/registry-modules/{by_id}"));
            assert_eq!(by_id["data"]["attributes"]["no-code"], expected, "{path}");
        };
        kept(true);
        let none = json!({ "data": { "type": "registry-modules" } });
        assert_eq!(send(&registry, "PATCH", &one, &none).0, 200);
        kept(true);
        let off = attributes(&json!({ "no-code": false }));
        let (status, changed) = send(&registry, "PATCH", &one, &off);
        assert_eq!(status, 200, "{changed}");
        kept(false);
    }
}

#[test]
fn the_documentation_lists_exactly_what_is_kept() {
    let page = include_str!("../../../assets/docs/apis.md");
    let (_, section) = page
        .split_once("### What it keeps without effect")
        .expect("a section");
    let (_, table) = section
        .split_once("| attribute | of | default |")
        .expect("a table");
    let (table, _) = table.split_once("\n\n").expect("an end of the table");
    let mut listed: Vec<&str> = table.lines().filter(|line| line.contains('`')).collect();
    let mut expected: Vec<String> = kept()
        .iter()
        .map(|it| format!("| `{}` | {} | `{}` |", it.path, it.words, it.default))
        .collect();
    listed.sort_unstable();
    expected.sort_unstable();
    assert_eq!(listed, expected);
    for feature in NOT_SERVED {
        let keeps = feature.kept_attributes().next().is_some();
        let says = feature
            .reason
            .starts_with("kept and given back, without effect until ");
        assert_eq!(keeps, says, "{}", feature.feature);
    }
}
