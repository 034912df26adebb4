//! Makes every call about modules and providers, and of their protocols, to a running registry. The
//! status, the keys and the types are as the contracts write them.

use serde_json::json;
use terrakeep::domain::Sha256;

use super::conversation::{Conversation, id, of};
use super::format::contracts;
use super::people::PEOPLE;
use crate::builders::module;
use crate::providers::keys::Signer;
use crate::zips::package_of;

const MODULES: &[&str] = &["registry-modules", "registry-module-versions", "uploads"];
const PROTOCOLS: &[&str] = &[
    "archives",
    "discovery-and-login",
    "module-registry-protocol",
    "network-mirror",
    "provider-registry-protocol",
];
const PROVIDERS: &[&str] = &[
    "registry-providers",
    "registry-provider-versions",
    "gpg-keys",
];

/// The calls that are refused here; `census.rs` tests the refusal.
const FROM_REPOSITORIES: &[&str] = &[
    "registry-modules: POST /organizations/{organization}/registry-modules/vcs",
    "registry-modules: POST /registry-modules",
];

#[test]
fn every_contract_with_calls_is_tested() {
    let tested = [MODULES, PROTOCOLS, PROVIDERS, PEOPLE].concat();
    for (name, contract) in contracts() {
        let is_tested = tested.contains(&name.as_str());
        assert_eq!(is_tested, !contract.calls.is_empty(), "{name}");
    }
}

#[test]
fn modules_and_their_versions_are_as_written() {
    let mut api = Conversation::start();
    let list = "/api/v2/organizations/acme/registry-modules";
    let vpc = format!("{list}/private/acme/vpc/aws");
    let new = json!({ "name": "vpc", "provider": "aws", "registry-name": "private" });
    let made = api.send("POST", list, &of("registry-modules", &new));
    let by_id = format!("/api/v2/registry-modules/{}", id(&made));
    let version = |number: &str| {
        let sha = "ea18e73d8da502870fdcbfc54155046bc0cf2679";
        let new = json!({ "version": number, "commit-sha": sha });
        of("registry-module-versions", &new)
    };
    let first = api.send("POST", &format!("{vpc}/versions"), &version("1.0.0"));
    api.upload(&first["data"]["links"]["upload"], module("one"));
    let old = "/api/v2/registry-modules/acme/vpc/aws";
    let second = api.send("POST", &format!("{old}/versions"), &version("2.0.0"));
    let link = second["data"]["links"]["upload"].as_str().expect("a link");
    let older_link = json!(link.replace("/_archivist/v1/", "/v1/"));
    api.upload(&older_link, module("two"));
    let public = json!({
        "name": "consul", "namespace": "hashicorp", "provider": "aws",
        "registry-name": "public", "no-code": false,
    });
    api.send("POST", list, &of("registry-modules", &public));
    let consul = format!("{list}/public/hashicorp/consul/aws");

    for path in [
        list,
        &vpc,
        &consul,
        &by_id,
        "/api/v2/registry-modules/show/acme/vpc/aws",
        &format!("{vpc}/versions"),
        &format!("{old}/versions"),
        &format!("{by_id}/versions"),
        &format!("{vpc}/commits"),
        &format!("{old}/commits"),
        &format!("{vpc}/version?module_version=1.0.0"),
    ] {
        api.call("GET", path);
    }
    let mut change = of(
        "registry-modules",
        &json!({ "test-config": { "tests-enabled": false, "agent-execution-mode": "remote" } }),
    );
    change["data"]["relationships"] = json!({ "tag-bindings": { "data": [
        { "type": "tag-bindings", "attributes": { "key": "team", "value": "network" } },
    ] } });
    api.send("PATCH", &vpc, &change);
    api.call("GET", &format!("{by_id}/tag-bindings"));

    let one = format!("{vpc}/1.0.0");
    for (attribute, change, shape) in [
        (
            "deprecation",
            json!({ "deprecated-status": "Deprecated", "reason": "old", "link": "https://example.com/" }),
            "deprecated",
        ),
        (
            "revocation",
            json!({ "status": "Revoked", "message": "bad", "link": "https://example.com/" }),
            "revoked",
        ),
        ("revocation", json!({ "status": "Unrevoked" }), "revoked"),
        (
            "deprecation",
            json!({ "deprecated-status": "Undeprecated" }),
            "undeprecated",
        ),
    ] {
        let body = of("module-versions", &json!({ attribute: change }));
        let changed = api.send("PATCH", &one, &body);
        api.expect("registry-module-versions", shape, &changed);
        api.call("GET", &format!("{vpc}/version?module_version=1.0.0"));
    }

    api.call("DELETE", &one);
    let actions = "/api/v2/registry-modules/actions/delete/acme";
    api.call("POST", &format!("{actions}/vpc/aws/2.0.0"));
    for path in ["third/aws", "fourth/aws", "fifth/aws", "sixth/aws"] {
        api.registry.create_module(&format!("acme/{path}"));
    }
    api.call("DELETE", &format!("{list}/private/acme/third/aws"));
    api.call("DELETE", &format!("{list}/private/acme/fourth"));
    api.call("POST", &format!("{actions}/fifth/aws"));
    api.call("POST", &format!("{actions}/sixth"));
    api.finish(MODULES, FROM_REPOSITORIES);
}

#[test]
fn the_protocols_are_as_written() {
    let mut api = Conversation::start();
    api.call("GET", "/.well-known/terraform.json");
    api.call("GET", "/api/v2/ping");
    let main = "terraform {\n  required_providers {\n    null = {\n      source  = \"hashicorp/null\"\n      version = \">= 3.0\"\n    }\n  }\n}\n\n\
        variable \"size\" {\n  type    = number\n  default = 3\n}\n\n\
        module \"inner\" {\n  source  = \"example.com/acme/inner/null\"\n  version = \"1.0.0\"\n}\n\n\
        resource \"null_resource\" \"this\" {}\n\noutput \"size\" {\n  value = var.size\n}\n";
    let archive = crate::builders::archive(&[("main.tf", main), ("README.md", "# A module\n")]);
    api.registry.publish("acme/full/null", "1.0.0", archive);
    for base in ["/api/registry/v1", "/v1", "/api/registry/public/v1"] {
        for path in [
            "",
            "/search?q=full",
            "/acme",
            "/acme/full",
            "/acme/full/null",
            "/acme/full/null/1.0.0",
            "/acme/full/null/versions",
            "/acme/full/null/1.0.0/download",
            "/acme/full/null/download",
            "/acme/full/null/downloads/summary",
        ] {
            api.call("GET", &format!("{base}/modules{path}"));
        }
        api.call("POST", &format!("{base}/modules/acme"));
    }
    let location = api.registry.location("acme/full/null", "1.0.0");
    api.call("GET", &location);

    let staged = "/api/terrakeep/v1/providers/acme/widget/1.0.0";
    let import = "/api/terrakeep/v1/mirror/registry.example.com/acme/widget/1.0.0";
    let package = package_of("widget", "1.0.0", b"a program");
    for path in [staged, import] {
        let path = format!("{path}/packages/linux_amd64");
        let request = api
            .registry
            .request("PUT", &path, Some(&api.registry.admin));
        let answer = request.body(package.clone()).send().expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
    }
    let path = format!("{staged}/publication");
    let request = api
        .registry
        .request("POST", &path, Some(&api.registry.admin));
    let answer = request.json(&json!({})).send().expect("an answer");
    let status = answer.status();
    assert_eq!(status, 200, "{}", answer.text().unwrap_or_default());
    for base in ["/v1", "/api/registry/public/v1", "/api/registry/v1"] {
        let widget = format!("{base}/providers/acme/widget");
        api.call("GET", &format!("{widget}/versions"));
        api.call("GET", &format!("{widget}/lock.hcl"));
        let found = api.call("GET", &format!("{widget}/1.0.0/download/linux/amd64"));
        for address in ["download_url", "shasums_url", "shasums_signature_url"] {
            let address = found[address].as_str().expect("an address");
            let address = address.replace(&api.registry.url, "");
            api.call("GET", &address);
        }
    }
    let mirror = "/mirror/registry.example.com/acme/widget";
    api.call("GET", &format!("{mirror}/index.json"));
    api.call("GET", &format!("{mirror}/lock.hcl"));
    let version = api.call("GET", &format!("{mirror}/1.0.0.json"));
    let archive = &version["archives"]["linux_amd64"];
    assert_eq!(archive["hashes"].as_array().map(Vec::len), Some(2));
    let address = archive["url"].as_str().expect("an address").to_owned();
    api.call("GET", &address);
    api.finish(PROTOCOLS, &[]);
}

#[test]
fn providers_and_their_keys_are_as_written() {
    let mut api = Conversation::start();
    let signer = Signer::ed25519();
    let keys = "/api/registry/private/v2/gpg-keys";
    let new = json!({ "namespace": "acme", "ascii-armor": signer.public() });
    api.send("POST", keys, &of("gpg-keys", &new));
    let key = format!("{keys}/acme/{}", signer.id());
    api.call("GET", &format!("{keys}?filter%5Bnamespace%5D=acme"));
    api.call("GET", &key);

    let list = "/api/v2/organizations/acme/registry-providers";
    let widget = format!("{list}/private/acme/widget");
    let new = json!({ "name": "widget", "namespace": "acme", "registry-name": "private" });
    let made = api.send("POST", list, &of("registry-providers", &new));
    let public = json!({ "name": "aws", "namespace": "hashicorp", "registry-name": "public" });
    api.send("POST", list, &of("registry-providers", &public));
    let new = json!({ "version": "1.0.0", "key-id": signer.id(), "protocols": ["5.0"] });
    let body = of("registry-provider-versions", &new);
    let version = api.send("POST", &format!("{widget}/versions"), &body);
    let one = format!("{widget}/versions/1.0.0");
    let package = package_of("widget", "1.0.0", b"a program");
    let file = "terraform-provider-widget_1.0.0_linux_amd64.zip";
    let sum = Sha256::of(&package).to_string();
    let new = json!({ "os": "linux", "arch": "amd64", "shasum": sum, "filename": file });
    let body = of("registry-provider-version-platforms", &new);
    let platform = api.send("POST", &format!("{one}/platforms"), &body);
    let look = |api: &mut Conversation| {
        for path in [
            list,
            &widget,
            &format!("{list}/public/hashicorp/aws"),
            &format!("/api/v2/registry-providers/{}", id(&made)),
            &format!("/api/v2/registry-providers/{}/tag-bindings", id(&made)),
            &format!("{widget}/versions"),
            &one,
            &format!("{one}/platforms"),
            &format!("{one}/platforms/linux/amd64"),
        ] {
            api.call("GET", path);
        }
    };
    let tag = json!({ "type": "tag-bindings", "attributes": { "key": "stage", "value": "test" } });
    let tags = json!({ "data": { "type": "registry-providers",
        "relationships": { "tag-bindings": { "data": [tag] } } } });
    api.send("PATCH", &widget, &tags);
    // Before there is anything to download, and after.
    look(&mut api);
    let links = &version["data"]["links"];
    let sums = format!("{sum}  {file}\n").into_bytes();
    let signature = signer.sign(&sums);
    api.upload(
        &platform["data"]["links"]["provider-binary-upload"],
        package,
    );
    api.upload(&links["shasums-upload"], sums);
    api.upload(&links["shasums-sig-upload"], signature);
    look(&mut api);

    let announced = json!({ "version": "2.0.0", "key-id": signer.id(), "protocols": ["6.0"] });
    let body = of("registry-provider-versions", &announced);
    api.send("POST", &format!("{widget}/versions"), &body);
    let two = format!("{widget}/versions/2.0.0");
    let new = json!({
        "os": "linux", "arch": "amd64", "shasum": sum, "filename": file.replace("1.0.0", "2.0.0"),
    });
    let body = of("registry-provider-platforms", &new);
    api.send("POST", &format!("{two}/platforms"), &body);
    api.call("DELETE", &format!("{two}/platforms/linux/amd64"));
    api.call("DELETE", &two);
    api.call("DELETE", &one);
    api.call("DELETE", &widget);
    api.registry.organization("other", false);
    let moved = of("gpg-keys", &json!({ "namespace": "other" }));
    api.send("PATCH", &key, &moved);
    api.call("DELETE", &key.replace("/acme/", "/other/"));
    api.finish(PROVIDERS, &[]);
}
