//! Tests what the real clients of this API need: the facts of
//! `tests/fixtures/contracts/json-api.toml` and of the files beside it that concern modules,
//! organizations, people and tokens.

use reqwest::blocking::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::builders::module;
use crate::harness::Appliance;
use crate::shared::shared;

const JSON_API: &str = "application/vnd.api+json";
const MODULES: &str = "/api/v2/organizations/acme/registry-modules";
const VPC: &str = "/api/v2/organizations/acme/registry-modules/private/acme/vpc/aws";

fn as_admin(registry: &Appliance, method: &str, path: &str) -> RequestBuilder {
    registry.request(method, path, Some(&registry.admin))
}

fn send(registry: &Appliance, method: &str, path: &str, body: &Value) -> Response {
    let request = as_admin(registry, method, path).header("Content-Type", JSON_API);
    request.body(body.to_string()).send().expect("an answer")
}

fn document(answer: Response) -> Value {
    answer.json().expect("JSON")
}

fn attributes(of: &Value) -> Value {
    json!({ "data": { "type": "", "attributes": of } })
}

/// Starts a registry with one module of two versions.
fn with_vpc() -> Appliance {
    let registry = Appliance::start();
    registry.publish("acme/vpc/aws", "1.0.0", module("one"));
    registry.publish("acme/vpc/aws", "1.1.0", module("two"));
    registry
}

#[test]
fn fact_01_ping_needs_no_body_and_says_the_version_of_the_api() {
    let registry = shared();
    let answer = as_admin(registry, "GET", "/api/v2/ping")
        .send()
        .expect("an answer");
    assert!(answer.status().is_success());
    let version = answer.headers()["tfp-api-version"]
        .to_str()
        .expect("a text");
    assert!(version.starts_with("2."), "{version}");
}

#[test]
fn fact_02_a_rate_limit_is_either_not_told_or_large_enough_for_a_burst() {
    let registry = shared();
    let answer = as_admin(registry, "GET", "/api/v2/ping")
        .send()
        .expect("an answer");
    if let Some(limit) = answer.headers().get("x-ratelimit-limit") {
        let limit: f64 = limit.to_str().expect("a text").parse().expect("a number");
        assert!(limit >= 30.0, "{limit}");
    }
}

#[test]
fn fact_03_who_is_too_quick_is_told_for_how_many_seconds_to_wait() {
    let registry =
        Appliance::start_with(&[("LIMITS__REQUESTS_PER_SECOND", "1"), ("LIMITS__BURST", "5")]);
    let refused = (0..50)
        .map(|_| {
            as_admin(&registry, "GET", "/api/v2/account/details")
                .send()
                .expect("an answer")
        })
        .find(|answer| answer.status() == 429)
        .expect("a limit");
    let reset = refused.headers()["x-ratelimit-reset"]
        .to_str()
        .expect("a text")
        .to_owned();
    assert!(
        reset.parse::<f64>().is_ok_and(|seconds| seconds > 0.0),
        "{reset}"
    );
    assert!(refused.headers().contains_key("retry-after"));
    // One client reads the body of each refusal, whatever it is.
    assert_eq!(document(refused)["errors"][0]["status"], "429");
}

#[test]
fn fact_04_every_refusal_has_a_document_and_its_status_is_a_text() {
    let registry = with_vpc();
    let twice = json!({ "name": "vpc", "provider": "aws" });
    for (method, path, body, expected) in [
        ("GET", "/api/v2/organizations/none", Value::Null, "404"),
        ("DELETE", "/api/v2/organizations/none", Value::Null, "404"),
        ("POST", MODULES, attributes(&twice), "422"),
        ("PATCH", VPC, json!([]), "422"),
        (
            "POST",
            "/api/v2/organizations",
            attributes(&json!({ "name": "acme" })),
            "422",
        ),
    ] {
        let answer = send(&registry, method, path, &body);
        assert_eq!(answer.status().as_str(), expected, "{method} {path}");
        assert_eq!(document(answer)["errors"][0]["status"], expected);
    }
    let answer = registry.get(VPC, None);
    assert_eq!(answer.status(), 401);
    assert_eq!(document(answer)["errors"][0]["status"], "401");
}

#[test]
fn fact_05_json_api_is_answered_whatever_is_accepted() {
    let registry = with_vpc();
    for accept in [JSON_API, "application/json", "*/*", "application/json, */*"] {
        let request = as_admin(&registry, "GET", VPC).header("Accept", accept);
        let answer = request
            .header("Content-Type", JSON_API)
            .send()
            .expect("an answer");
        assert_eq!(answer.status(), 200, "{accept}");
        assert_eq!(answer.headers()["content-type"], JSON_API, "{accept}");
    }
}

#[test]
fn fact_06_a_deletion_takes_any_body_and_answers_204() {
    let registry = with_vpc();
    for (version, body) in [("2.0.0", ""), ("2.0.1", "null"), ("2.0.2", "{}")] {
        registry.publish("acme/vpc/aws", version, module(version));
        let request = as_admin(&registry, "DELETE", &format!("{VPC}/{version}"));
        let request = request.header("Content-Type", JSON_API).body(body);
        assert_eq!(request.send().expect("an answer").status(), 204, "{body:?}");
    }
}

#[test]
fn fact_07_creating_answers_201_and_changing_200() {
    let registry = Appliance::start();
    let new = json!({ "name": "vpc", "provider": "aws" });
    assert_eq!(
        send(&registry, "POST", MODULES, &attributes(&new)).status(),
        201
    );
    let change = attributes(&json!({ "no-code": false }));
    assert_eq!(send(&registry, "PATCH", VPC, &change).status(), 200);
}

#[test]
fn fact_08_types_and_ids_are_texts_that_name_the_resource() {
    let registry = with_vpc();
    let shown = registry.json(VPC);
    assert_eq!(shown["data"]["type"], "registry-modules");
    assert!(
        shown["data"]["id"]
            .as_str()
            .is_some_and(|id| id.starts_with("mod-"))
    );
    let organization = &shown["data"]["relationships"]["organization"]["data"];
    assert_eq!(
        *organization,
        json!({ "id": "acme", "type": "organizations" })
    );
}

#[test]
fn fact_09_attributes_have_the_types_that_clients_decode() {
    let registry = with_vpc();
    let shown = registry.json(VPC);
    let attributes = &shown["data"]["attributes"];
    for text in [
        "name",
        "namespace",
        "registry-name",
        "provider",
        "status",
        "created-at",
    ] {
        assert!(attributes[text].is_string(), "{text}");
    }
    assert!(attributes["no-code"].is_boolean());
    for permission in ["can-delete", "can-resync", "can-retry"] {
        assert!(
            attributes["permissions"][permission].is_boolean(),
            "{permission}"
        );
    }
    let status = &attributes["version-statuses"][0];
    assert_eq!(*status, json!({ "version": "1.1.0", "status": "ok" }));
}

#[test]
fn fact_10_times_end_with_a_literal_z() {
    let registry = with_vpc();
    let module = registry.json(VPC);
    let account = registry.json("/api/v2/organizations/acme");
    for time in [
        &module["data"]["attributes"]["created-at"],
        &module["data"]["attributes"]["updated-at"],
        &account["data"]["attributes"]["created-at"],
    ] {
        let time = time.as_str().expect("a text");
        assert!(
            time.ends_with('Z') && time.contains('T') && !time.contains('+'),
            "{time}"
        );
    }
}

#[test]
fn fact_11_an_organization_is_its_name_and_has_an_external_id() {
    let registry = shared();
    let shown = registry.json("/api/v2/organizations/acme");
    assert_eq!(shown["data"]["id"], "acme");
    let external = shown["data"]["attributes"]["external-id"]
        .as_str()
        .expect("an id");
    assert!(external.starts_with("org-"));
    assert_eq!(
        registry.json(&format!("/api/v2/organizations/{external}")),
        shown
    );
}

#[test]
fn fact_12_links_are_texts() {
    let registry = with_vpc();
    for link in registry.json(VPC)["data"]["links"]
        .as_object()
        .expect("links")
        .values()
    {
        assert!(link.is_string(), "{link}");
    }
}

#[test]
fn fact_13_a_page_beyond_the_end_is_empty_and_keeps_its_number() {
    let registry = with_vpc();
    let list = registry.json(&format!("{MODULES}?page[number]=9&page[size]=1"));
    assert_eq!(list["data"], json!([]));
    let pagination = &list["meta"]["pagination"];
    assert_eq!(pagination["current-page"], 9);
    assert_eq!(pagination["total-count"], 2, "the example is there, too");
    for member in ["prev-page", "next-page", "total-pages"] {
        let value = &pagination[member];
        assert!(value.is_u64() || value.is_null(), "{member}: {value}");
    }
}

#[test]
fn fact_14_several_values_are_one_with_commas() {
    let registry = shared();
    let path = "/api/v2/organizations/acme/organization-memberships?include=user,teams";
    let list = registry.json(path);
    let included = list["included"].as_array().expect("what was asked for");
    assert!(included.iter().any(|it| it["type"] == "users"), "{list}");
}

#[test]
fn fact_15_an_empty_list_of_tags_takes_all_of_them_away() {
    let registry = with_vpc();
    let tags = |data: Value| {
        let body = json!({ "data": {
            "type": "registry-modules", "attributes": {},
            "relationships": { "tag-bindings": { "data": data } },
        }});
        document(send(&registry, "PATCH", VPC, &body))
    };
    let one = json!([{ "type": "tag-bindings", "attributes": { "key": "team", "value": "net" } }]);
    let bound = |answer: Value| {
        answer["data"]["relationships"]["tag-bindings"]["data"]
            .as_array()
            .map(Vec::len)
    };
    assert_eq!(bound(tags(one)), Some(1));
    assert_eq!(bound(tags(json!([]))), Some(0));
}

#[test]
fn fact_16_the_type_of_what_is_sent_may_be_empty_or_missing() {
    let registry = Appliance::start();
    for (name, kind) in [
        ("one", json!("")),
        ("two", Value::Null),
        ("three", json!("registry-modules")),
    ] {
        let body = json!({ "data": {
            "type": kind, "attributes": { "name": name, "provider": "aws" },
        }});
        assert_eq!(
            send(&registry, "POST", MODULES, &body).status(),
            201,
            "{kind}"
        );
    }
}

#[test]
fn fact_17_an_upload_link_is_used_without_a_token_and_twice() {
    let registry = Appliance::start();
    let link = registry.upload_link("acme/vpc/aws", "1.0.0");
    assert!(link.contains("/object/"), "{link}");
    for _ in 0..2 {
        let request = registry.client().put(&link);
        let request = request
            .header("Content-Type", "application/octet-stream")
            .header("Accept", "application/json, */*");
        let answer = request.body(module("one")).send().expect("an answer");
        assert_eq!(answer.status(), 200);
    }
}

#[test]
fn fact_18_an_upload_may_come_with_a_token_and_the_wrong_type_or_none() {
    let registry = Appliance::start();
    let link = registry.upload_link("acme/vpc/aws", "1.0.0");
    let request = registry.client().put(&link).bearer_auth(&registry.admin);
    let request = request.header("Content-Type", JSON_API);
    let answer = request.body(module("one")).send().expect("an answer");
    assert_eq!(answer.status(), 200);
    let link = registry.upload_link("acme/vpc/aws", "1.0.1");
    assert_eq!(registry.upload(&link, module("two")).status(), 200);
}

#[test]
fn fact_19_one_client_needs_the_whole_address_of_an_archive() {
    let registry = with_vpc();
    let path = "/api/registry/v1/modules/acme/vpc/aws/1.0.0/download";
    let request = as_admin(&registry, "GET", path).header("User-Agent", "terrasnek-0.1.14");
    let answer = request.send().expect("an answer");
    assert_eq!(answer.status(), 204);
    let address = answer.headers()["x-terraform-get"]
        .to_str()
        .expect("a text");
    assert!(address.starts_with("https://"), "{address}");
    let fetched = registry.client().get(address).bearer_auth(&registry.admin);
    assert_eq!(fetched.send().expect("an answer").status(), 200);
}

#[test]
fn fact_20_a_module_without_a_repository_has_no_vcs_repo_at_all() {
    let registry = with_vpc();
    let shown = registry.json(VPC);
    let attributes = shown["data"]["attributes"].as_object().expect("attributes");
    assert!(!attributes.contains_key("vcs-repo"));
    assert_eq!(attributes["publishing-mechanism"], "non_vcs");
}

#[test]
fn fact_21_names_may_have_an_underscore_for_the_dash() {
    let registry = Appliance::start();
    let new = json!({
        "name": "vpc", "provider": "aws", "registry_name": "private", "no_code": false,
        "something_else": 1,
    });
    let made = document(send(&registry, "POST", MODULES, &attributes(&new)));
    assert_eq!(made["data"]["attributes"]["registry-name"], "private");
    let version = json!({ "version": "1.0.0", "commit_sha": "abc", "commit-sha-of": null });
    let made = send(
        &registry,
        "POST",
        &format!("{VPC}/versions"),
        &attributes(&version),
    );
    assert_eq!(document(made)["data"]["attributes"]["commit-sha"], "abc");
}

#[test]
fn fact_22_the_old_ways_to_create_versions_and_to_delete_are_open() {
    let registry = with_vpc();
    let old = "/api/v2/registry-modules";
    let version = attributes(&json!({ "version": "2.0.0" }));
    let made = send(
        &registry,
        "POST",
        &format!("{old}/acme/vpc/aws/versions"),
        &version,
    );
    assert_eq!(made.status(), 201);
    for gone in ["acme/vpc/aws/1.0.0", "acme/vpc/aws", "acme/vpc"] {
        if gone == "acme/vpc" {
            registry.publish("acme/vpc/aws", "3.0.0", module("three"));
        }
        let path = format!("{old}/actions/delete/{gone}");
        assert_eq!(
            send(&registry, "POST", &path, &json!({})).status(),
            204,
            "{gone}"
        );
    }
}

#[test]
fn fact_23_the_protocol_says_what_one_client_reads_of_a_version() {
    let registry = with_vpc();
    let shown = registry.json("/api/registry/v1/modules/acme/vpc/aws/1.0.0");
    for text in ["id", "namespace", "name", "version", "provider"] {
        assert!(shown[text].is_string(), "{text}");
    }
    assert!(shown["root"]["name"].is_string());
    for list in ["inputs", "outputs", "provider_dependencies", "resources"] {
        assert!(shown["root"][list].is_array(), "{list}");
    }
}

#[test]
fn fact_24_lists_say_how_many_pages_there_are() {
    let registry = with_vpc();
    for path in [
        MODULES,
        "/api/v2/organizations",
        "/api/v2/organizations/acme/teams",
        "/api/v2/organizations/acme/organization-memberships",
    ] {
        let list = registry.json(&format!("{path}?page[number]=1&page[size]=100"));
        assert_eq!(list["meta"]["pagination"]["total-pages"], 1, "{path}");
    }
}

#[test]
fn fact_25_doubled_slashes_are_forgiven() {
    let registry = with_vpc();
    let path = format!("{MODULES}/private/acme/vpc//aws");
    assert_eq!(send(&registry, "DELETE", &path, &Value::Null).status(), 204);
    assert_eq!(registry.get(VPC, Some(&registry.admin)).status(), 404);
}

#[test]
fn fact_26_the_discovery_document_names_bases_that_end_with_a_slash() {
    let registry = with_vpc();
    let document = registry.json("/.well-known/terraform.json");
    for service in ["modules.v1", "tfe.v2"] {
        assert!(
            document[service]
                .as_str()
                .is_some_and(|it| it.ends_with('/')),
            "{service}"
        );
    }
    let modules = document["modules.v1"].as_str().expect("a base");
    for rest in [
        "search?q=vpc",
        "acme/vpc",
        "acme/vpc/aws",
        "acme/vpc/aws/versions",
    ] {
        let found = registry.json(&format!("{modules}{rest}"));
        assert!(found.is_object(), "{rest}");
    }
}

#[test]
fn fact_27_a_version_names_its_module_by_the_id_that_it_has_everywhere() {
    let registry = with_vpc();
    let id = registry.json(VPC)["data"]["id"].clone();
    let version = attributes(&json!({ "version": "2.0.0" }));
    let made = document(send(
        &registry,
        "POST",
        &format!("{VPC}/versions"),
        &version,
    ));
    assert_eq!(
        made["data"]["relationships"]["registry-module"]["data"]["id"],
        id
    );
}

#[test]
fn fact_28_the_documents_of_2018_name_the_organization_by_its_external_id() {
    let registry = with_vpc();
    let shown = registry.json("/api/v2/registry-modules/show/acme/vpc/aws");
    let organization = &shown["data"]["relationships"]["organization"]["data"]["id"];
    let external =
        &registry.json("/api/v2/organizations/acme")["data"]["attributes"]["external-id"];
    assert_eq!(organization, external);
}

#[test]
fn fact_29_address_ranges_are_plain_json_and_have_not_changed_since_tomorrow() {
    let registry = shared();
    let path = "/api/meta/ip-ranges";
    let ranges: Value = document(registry.get(path, None));
    for list in ["api", "notifications", "sentinel", "vcs"] {
        assert!(ranges[list].is_array(), "{list}");
    }
    let request = registry.request("GET", path, None);
    let request = request.header("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT");
    assert_eq!(request.send().expect("an answer").status(), 304);
}
