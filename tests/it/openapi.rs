//! Tests the API description: it names every endpoint for programs, and schemathesis, which
//! believes the description, finds no response that it does not describe.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use terrakeep::http::access::Access;
use terrakeep::server::route_table;

use crate::builders::module;
use crate::harness::Appliance;
use crate::providers::keys::Signer;
use crate::shared::shared;
use crate::tfe::has;
use crate::zips::package_of;

const SSH_KEY: &str =
    "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----\n";

const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

/// The routes with an open address that are for browsers.
const FOR_BROWSERS: &[&str] = &[
    "/",
    "/api",
    "/docs",
    "/docs/{page}",
    "/login",
    "/robots.txt",
    "/search",
    "/settings/theme",
    "/setup",
    "/providers",
    "/setup/ca.pem",
    "/static/{hash}/{asset}",
];

fn document() -> Value {
    shared().json("/api/openapi.json")
}

fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let all = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().expect("methods").iter();
        methods.map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
    });
    all.collect()
}

#[test]
fn every_endpoint_for_programs_is_described() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let described: BTreeSet<(String, String)> = operations(&document)
        .into_iter()
        .map(|(method, path, _)| (method.to_ascii_uppercase(), path.to_owned()))
        .collect();
    let routes: BTreeSet<(String, String)> = route_table()
        .into_iter()
        .filter(|(_, path, access)| {
            let by_people = matches!(access, Access::Page | Access::Session | Access::Form);
            !by_people && !FOR_BROWSERS.contains(&path.as_str())
        })
        .map(|(method, path, _)| (method.to_owned(), path))
        .collect();
    let different: Vec<_> = described.symmetric_difference(&routes).collect();
    assert!(different.is_empty(), "{different:#?}");
}

#[test]
fn every_description_says_what_it_is_about_and_refers_to_what_is_there() {
    let document = document();
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let place = format!("{method} {path}");
        assert!(METHODS.contains(&method), "{place}");
        let name = operation["operationId"].as_str().expect("a name");
        assert!(names.insert(name), "{place}: {name} is there already");
        let summary = operation["summary"].as_str().expect("a summary");
        assert!(
            summary.len() > 10 && summary.ends_with('.'),
            "{place}: {summary}"
        );
        let told = operation["parameters"].as_array().expect("a list");
        let in_path = told.iter().filter(|parameter| parameter["in"] == "path");
        assert_eq!(in_path.count(), path.matches('{').count(), "{place}");
    }
    let mut references = Vec::new();
    gather(&document, &mut references);
    assert!(references.len() > 100);
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn gather<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            references.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|value| gather(value, references));
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, references)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Starts a registry with one of everything, and returns it with the parameters that name these.
fn filled() -> (Appliance, Value) {
    let registry = Appliance::start();
    registry.create_module("acme/vpc/aws");
    registry.publish("acme/vpc/aws", "1.0.0", module("one"));
    let send = |path: &str, attributes: Value| {
        let body = json!({ "data": { "attributes": attributes } });
        let request = registry.request("POST", path, Some(&registry.admin));
        let answer = request.json(&body).send().expect("an answer");
        let made: Value = answer.json().expect("JSON");
        let id = made["data"]["id"].as_str().map(str::to_owned);
        id.unwrap_or_else(|| panic!("{path}: {made}"))
    };
    registry.user("mia");
    let organization = "/api/v2/organizations/acme";
    let team = send(
        &format!("{organization}/teams"),
        json!({ "name": "readers" }),
    );
    let members = format!("{organization}/organization-memberships");
    let membership = send(&members, json!({ "email": "mia" }));
    let key = json!({ "name": "deploy", "value": SSH_KEY });
    let key = send(&format!("{organization}/ssh-keys"), key);
    let module = registry.json(&format!(
        "{organization}/registry-modules/private/acme/vpc/aws"
    ));
    let signer = Signer::ed25519();
    let key_of = json!({ "namespace": "acme", "ascii-armor": signer.public() });
    send("/api/registry/private/v2/gpg-keys", key_of);
    let base = "/api/terrakeep/v1/providers/acme/vpc/1.0.0";
    let package = package_of("vpc", "1.0.0", b"a program");
    let staged = format!("{base}/packages/linux_amd64");
    let staged = registry.request("PUT", &staged, Some(&registry.admin));
    assert_eq!(
        staged.body(package).send().expect("an answer").status(),
        200
    );
    let published = format!("{base}/publication");
    let published = registry.request("POST", &published, Some(&registry.admin));
    let published = published.json(&json!({})).send().expect("an answer");
    assert_eq!(published.status(), 200);
    let kept = "/api/terrakeep/v1/mirror/registry.example.com/acme/vpc/1.0.0/packages/linux_amd64";
    let kept = registry.request("PUT", kept, Some(&registry.admin));
    let kept = kept.body(package_of("vpc", "1.0.0", b"x")).send();
    assert_eq!(kept.expect("an answer").status(), 200);
    let provider = registry.json(&format!(
        "{organization}/registry-providers/private/acme/vpc"
    ));
    let account = registry.json("/api/v2/account/details");
    let user = account["data"]["id"].as_str().expect("an id").to_owned();
    let tokens = format!("/api/v2/users/{user}/authentication-tokens");
    let token = send(&tokens, json!({ "description": "one more" }));
    let parameters = json!({
        "organization": "acme",
        "namespace": "acme",
        "name": "vpc",
        "provider": "aws",
        "system": "aws",
        "registry": "private",
        "version": "1.0.0",
        "module_version": "1.0.0",
        "module_id": module["data"]["id"],
        "provider_id": provider["data"]["id"],
        "key_id": signer.id(),
        "filter[namespace]": "acme",
        "host": "registry.example.com",
        "os": "linux",
        "arch": "amd64",
        "platform": "linux_amd64",
        "team_id": team,
        "membership": membership,
        "ssh_key": key,
        "user": user,
        "token": token,
    });
    (registry, parameters)
}

/// Runs schemathesis over some of the operations.
fn run(registry: &Appliance, config: &Path, token: Option<&str>, which: &[&str]) {
    let mut command = Command::new("schemathesis");
    command
        .arg("--config-file")
        .arg(config)
        .args(["run", &format!("{}/api/openapi.json", registry.url)])
        .args(["--tls-verify", &registry.ca_file.display().to_string()])
        .args(["--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance"])
        .args(["--phases", "coverage,fuzzing", "--suppress-health-check", "all"])
        .args(["--continue-on-failure", "--no-shrink", "--no-color", "--seed", "1"])
        .args(["--max-examples", &cases()])
        .args(which)
        // Sent or answered with what no serializer of schemathesis makes: an archive.
        .args(["--exclude-path-regex", "/v1/object/|/archives/|/packages/|/docs$"])
        // Each of its cases would copy the whole registry.
        .args(["--exclude-path", "/api/terrakeep/v1/backup"])
        .current_dir(config.parent().expect("a folder"));
    if let Some(token) = token {
        command.args(["-H", &format!("Authorization: Bearer {token}")]);
    }
    let output = command.output().expect("schemathesis runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{which:?}: {said}");
    assert!(said.contains(" passed"), "{said}");
}

/// Returns how many cases are made for each endpoint.
fn cases() -> String {
    std::env::var("TERRAKEEP_TEST_CASES").unwrap_or_else(|_| "5".to_owned())
}

#[test]
fn schemathesis_finds_no_failure_and_nothing_that_is_not_described() {
    if !has("schemathesis") {
        return;
    }
    let (registry, parameters) = filled();
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("schemathesis.toml");
    let text = toml::to_string(&json!({ "parameters": parameters })).expect("TOML");
    std::fs::write(&config, text).expect("a file");
    let admin = Some(registry.admin.as_str());
    run(&registry, &config, None, &["--exclude-method", "PATCH"]);
    // First what can be done to what is there; then what ends it.
    let staying = [
        "--exclude-method",
        "DELETE",
        "--exclude-path-regex",
        "actions/delete",
    ];
    run(&registry, &config, admin, &staying);
    run(&registry, &config, admin, &["--include-method", "DELETE"]);
    assert!(registry.get("/readyz", None).status().is_success());
}
