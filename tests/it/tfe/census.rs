//! Requests every endpoint of the documents about registry modules, as it is printed.
//!
//! The list is outside the repository; without it, nothing is tested here.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::builders::module;
use crate::harness::Appliance;
use crate::left_out::left_out;
use terrakeep::server::route_table;

const FAMILIES: [&str; 4] = ["tfe-2017", "tfe-2018", "tfc-2021", "hcp-private-registry"];

/// The endpoints that are not served, by a part of their path, and why.
const NOT_SERVED: &[(&str, &str)] = &[
    ("/gpg-keys", "looked up in the table of routes, below"),
    (
        "/registry-providers",
        "looked up in the table of routes, below",
    ),
    ("/registry-components", "stacks are not of this registry"),
    (
        "/tests/registry-modules",
        "nothing here runs tests of modules yet",
    ),
    (
        "/webhooks/vcs",
        "nothing here is published from repositories yet",
    ),
];

/// One endpoint of the list.
struct Endpoint {
    method: String,
    path: String,
    success: String,
}

/// Returns the endpoints of the families; without the list, reports that and returns `None`.
fn endpoints() -> Option<Vec<Endpoint>> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/endpoints.tsv");
    let Ok(text) = std::fs::read_to_string(file) else {
        left_out("SHARED", "there is no ../shared/reference/endpoints.tsv");
        return None;
    };
    let rows = text
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let wanted = rows.filter(|row| row.len() > 6 && FAMILIES.contains(&row[1]));
    let list = wanted.map(|row| {
        let base = if row[4].starts_with("/api") {
            row[4]
        } else {
            ""
        };
        // The upload host of another site is our own here.
        let path = match row[3].split_once("archivist.terraform.io") {
            Some((_, path)) => path.to_owned(),
            None => row[3].replace("https://app.terraform.io", ""),
        };
        Endpoint {
            method: row[2].to_owned(),
            path: format!("{base}{path}"),
            success: row[6].to_owned(),
        }
    });
    Some(list.collect())
}

/// Requests one endpoint about a module of its own; returns the status.
fn ask(registry: &Appliance, endpoint: &Endpoint, number: usize) -> u16 {
    let name = format!("m{number}");
    let address = format!("acme/{name}/aws");
    let creates = endpoint.path.ends_with("/registry-modules") && endpoint.method == "POST";
    if !creates {
        registry.publish(&address, "1.0.0", module(&name));
    }
    if endpoint.path.contains("/object/") {
        // Both spellings of the address lead to the same upload.
        let link = registry.upload_link(&address, "2.0.0");
        let (_, ticket) = link.rsplit_once('/').expect("a link");
        let folder = endpoint.path.split("/object").next().expect("a path");
        let link = format!("{}{folder}/object/{ticket}", registry.url);
        return registry.upload(&link, module(&name)).status().as_u16();
    }
    let path = concrete(&endpoint.path, &name);
    let request = registry
        .request(&endpoint.method, &path, Some(&registry.admin))
        .header("Content-Type", "application/vnd.api+json");
    let kind = if creates { "registry-modules" } else { "" };
    let body = json!({ "data": { "type": kind, "attributes": {
        "name": name, "provider": "aws", "version": "3.0.0",
        "deprecation": { "deprecated-status": "Deprecated", "reason": "old" },
    } } });
    let request = match endpoint.method.as_str() {
        "GET" | "DELETE" => request,
        _ => request.body(body.to_string()),
    };
    request.send().expect("an answer").status().as_u16()
}

fn concrete(path: &str, name: &str) -> String {
    let segments = path.split('/').map(|segment| match segment {
        ":organization" | ":organization_name" | ":namespace" => "acme".to_owned(),
        ":registry_name" => "private".to_owned(),
        ":module" | ":name" | ":module_name" => name.to_owned(),
        ":provider" | ":module_provider" => "aws".to_owned(),
        ":version" | ":module_version" => "1.0.0".to_owned(),
        other => other.replace("=:version", "=1.0.0"),
    });
    let path = segments.collect::<Vec<_>>().join("/");
    assert!(!path.contains(':'), "a parameter without a value: {path}");
    path
}

/// Returns the expected status: the one in the list, or else that of the same call in a later
/// generation.
fn expected(endpoint: &Endpoint) -> u16 {
    let (method, path) = (endpoint.method.as_str(), endpoint.path.as_str());
    // Publishing from a repository says why it is not done (there is no connection to any).
    if method == "POST" && (path.ends_with("/vcs") || path == "/api/v2/registry-modules") {
        return 422;
    }
    match endpoint.success.parse() {
        Ok(status) => status,
        Err(_) if path.contains("/actions/delete/") => 204,
        Err(_) if method == "POST" => 201,
        Err(_) => 200,
    }
}

#[test]
fn every_endpoint_of_the_documents_about_modules_is_there() {
    let Some(endpoints) = endpoints() else { return };
    let registry = Appliance::start();
    let (mut asked, mut wrong) = (0, Vec::new());
    let mut unused: Vec<_> = NOT_SERVED.iter().map(|(part, _)| *part).collect();
    for (number, endpoint) in endpoints.iter().enumerate() {
        let passed = NOT_SERVED
            .iter()
            .find(|(part, _)| endpoint.path.contains(part));
        if let Some((part, _)) = passed {
            unused.retain(|other| other != part);
            continue;
        }
        // Logs and shasums of what is not published here come from there.
        if endpoint.method == "GET" && endpoint.path.contains("/object/") {
            continue;
        }
        let (status, expected) = (ask(&registry, endpoint, number), expected(endpoint));
        asked += 1;
        if status != expected {
            let Endpoint { method, path, .. } = endpoint;
            wrong.push(format!("{method} {path}: {status}, expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(unused.is_empty(), "served or not in the list: {unused:?}");
    assert!(asked >= 40, "{asked}");
}

#[test]
fn every_endpoint_of_the_documents_about_providers_is_in_the_table() {
    let routes = route_table();
    let shape = |path: &str| {
        let segments = path.split('/').filter(|segment| !segment.is_empty());
        let segments = segments.map(|segment| match segment {
            ":registry_name" => "private",
            _ if segment.starts_with([':', '{']) => "*",
            _ => segment,
        });
        segments.collect::<Vec<_>>().join("/")
    };
    let mut asked = 0;
    for Endpoint { method, path, .. } in endpoints().into_iter().flatten() {
        if !path.contains("/registry-providers") && !path.contains("/gpg-keys") {
            continue;
        }
        asked += 1;
        let wanted = shape(&path).replace("private/*/*", "*/*/*");
        let is_there = routes.iter().any(|(verb, address, _)| {
            *verb == method && shape(address).replace("private/*/*", "*/*/*") == wanted
        });
        assert!(is_there, "{method} {path}: {wanted}");
    }
    assert!(asked == 0 || asked >= 15, "{asked}");
}

#[test]
fn publishing_from_a_repository_says_why_it_is_not_done() {
    let registry = Appliance::start();
    for path in [
        "/api/v2/registry-modules",
        "/api/v2/organizations/acme/registry-modules/vcs",
    ] {
        let body = json!({ "data": { "attributes": { "vcs-repo": {
            "identifier": "acme/terraform-aws-vpc", "oauth-token-id": "ot-1" } } } });
        let request = registry.request("POST", path, Some(&registry.admin));
        let answer = request.json(&body).send().expect("an answer");
        assert_eq!(answer.status(), 422, "{path}");
        let document: Value = answer.json().expect("JSON");
        let error = &document["errors"][0];
        assert_eq!(error["source"]["pointer"], "/data/attributes/vcs-repo");
        let detail = error["detail"].as_str().expect("a text");
        assert!(
            detail.contains("does not publish from repositories"),
            "{detail}"
        );
    }
}
