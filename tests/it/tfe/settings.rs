//! Tests the settings of modules, and modules by their ids.

use serde_json::{Value, json};
use terrakeep::config::Config;
use terrakeep::domain::{Actor, ModuleId, Timestamp};
use terrakeep::server::store_options;
use terrakeep::storage::{DataDir, Ownership, Prefix, RealDisk, Stamp, Store, StoreError, Table};

use crate::builders::module;
use crate::harness::Appliance;

const BASE: &str = "/api/v2/organizations/acme/registry-modules";
const VPC: &str = "/api/v2/organizations/acme/registry-modules/private/acme/vpc/aws";

fn send(registry: &Appliance, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let request = registry.request(method, path, Some(&registry.admin));
    let request = request.header("Content-Type", "application/vnd.api+json");
    let answer = request.body(body.to_string()).send().expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().expect("JSON"))
}

fn attributes(attributes: &Value) -> Value {
    json!({ "data": { "type": "registry-modules", "attributes": attributes } })
}

#[test]
fn underscores_are_taken_for_dashes_and_unknown_members_are_passed_over() {
    let registry = Appliance::start();
    let new = json!({ "name": "vpc", "provider": "aws", "registry_name": "private",
                      "no_code": false, "colour": { "of": ["doors"] } });
    let (status, made) = send(&registry, "POST", BASE, &attributes(&new));
    assert_eq!(status, 201, "{made}");
    let before = made["data"].clone();
    let (status, same) = send(
        &registry,
        "PATCH",
        VPC,
        &attributes(&json!({ "colour": "red" })),
    );
    assert_eq!(status, 200);
    assert_eq!(same["data"], before, "nothing was asked for");
    let missing = format!("{BASE}/private/acme/gone/aws");
    let (status, _) = send(&registry, "PATCH", &missing, &attributes(&json!({})));
    assert_eq!(status, 404);
}

#[test]
fn tags_are_replaced_as_a_whole_and_listed() {
    let registry = Appliance::start();
    registry.create_module("acme/vpc/aws");
    let bind = |tags: Value| {
        let document = json!({ "data": { "type": "registry-modules", "attributes": {},
                                         "relationships": { "tag-bindings": { "data": tags } } } });
        send(&registry, "PATCH", VPC, &document)
    };
    let tag = |key: &str, value: &str| json!({ "type": "tag-bindings", "attributes": { "key": key, "value": value } });
    let (status, changed) = bind(json!([tag("team", "net"), tag("cost", "7")]));
    assert_eq!(status, 200, "{changed}");
    let related = &changed["data"]["relationships"]["tag-bindings"]["links"]["related"];
    let related = related.as_str().expect("a link");
    let listed = registry.json(related)["data"].clone();
    assert_eq!(
        listed[0]["attributes"],
        json!({ "key": "cost", "value": "7" })
    );
    assert_eq!(
        listed[1]["attributes"],
        json!({ "key": "team", "value": "net" })
    );
    assert_eq!(listed[1]["type"], "tag-bindings");
    let (_, changed) = bind(json!([tag("team", "core")]));
    let kept = &changed["data"]["relationships"]["tag-bindings"]["data"];
    assert_eq!(
        kept[0]["id"], listed[1]["id"],
        "the same key is the same tag"
    );
    let (status, document) = bind(json!([tag("a", "1"), tag("a", "2")]));
    assert_eq!(status, 422);
    assert_eq!(
        document["errors"][0]["source"]["pointer"],
        "/data/relationships/tag-bindings"
    );
    // What one client sends with each change when it has nothing to say.
    bind(json!([]));
    assert_eq!(registry.json(related)["data"], json!([]));
}

#[test]
fn a_module_is_found_by_its_id_by_whoever_may_see_it() {
    let registry = Appliance::start();
    registry.publish("acme/vpc/aws", "1.0.0", module("vpc"));
    registry.upload_link("acme/vpc/aws", "2.0.0");
    let shown = registry.json(VPC);
    let id = shown["data"]["id"].as_str().expect("an id");
    let by_id = format!("/api/v2/registry-modules/{id}");
    assert_eq!(registry.json(&by_id), shown);
    let versions = registry.json(&format!("{by_id}/versions"));
    let numbers: Vec<_> = versions["data"]
        .as_array()
        .expect("a list")
        .iter()
        .collect();
    let version = |at: usize| numbers[at]["attributes"]["version"].clone();
    assert_eq!((version(0), version(1)), (json!("2.0.0"), json!("1.0.0")));
    assert_eq!(versions["meta"]["pagination"]["total-count"], 2);
    let stranger = registry.user("sam");
    let answer = |path: &str, token: Option<&str>| {
        let answer = registry.get(path, token);
        (answer.status().as_u16(), answer.text().expect("a text"))
    };
    let unknown = by_id.replace(id, "mod-1111111111111111");
    for path in ["", "/versions", "/tag-bindings"] {
        let (here, there) = (format!("{by_id}{path}"), format!("{unknown}{path}"));
        let (status, hidden) = answer(&here, Some(&stranger));
        assert_eq!(status, 404, "{path}");
        let (_, absent) = answer(&there, Some(&stranger));
        assert_eq!(
            hidden.replace(id, "…"),
            absent.replace("mod-1111111111111111", "…")
        );
        assert_eq!(answer(&here, None), answer(&there, None), "{path}");
        assert_eq!(answer(&here, None).0, 401, "{path}");
    }
    assert_eq!(
        answer("/api/v2/registry-modules/nonsense", Some(&registry.admin)).0,
        404
    );
    registry.organization_is_public("acme");
    assert_eq!(answer(&by_id, None).0, 200);
    let gone = registry
        .request("DELETE", VPC, Some(&registry.admin))
        .send();
    assert_eq!(gone.expect("an answer").status(), 204);
    assert_eq!(answer(&by_id, Some(&registry.admin)).0, 404);
}

#[test]
fn versions_are_listed_in_pages_where_they_are_asked_for() {
    let registry = Appliance::start();
    for number in 0..22 {
        registry.upload_link("acme/vpc/aws", &format!("1.{number}.0"));
    }
    for path in [
        format!("{VPC}/versions"),
        "/api/v2/registry-modules/acme/vpc/aws/versions".to_owned(),
    ] {
        let whole = registry.json(&path);
        assert_eq!(
            whole["data"].as_array().expect("a list").len(),
            22,
            "{path}"
        );
        assert_eq!(whole["data"][0]["attributes"]["version"], "1.21.0");
        assert_eq!(whole["data"][0]["type"], "registry-module-versions");
        let second = registry.json(&format!("{path}?page%5Bnumber%5D=2&page%5Bsize%5D=20"));
        assert_eq!(second["data"].as_array().expect("a list").len(), 2);
        assert_eq!(second["meta"]["pagination"]["total-pages"], 2);
    }
}

#[test]
fn commits_are_those_that_versions_were_made_from() {
    let registry = Appliance::start();
    registry.upload_link("acme/vpc/aws", "1.0.0");
    let commits = "/api/v2/registry-modules/acme/vpc/aws/commits";
    assert_eq!(registry.json(commits)["data"], json!([]));
    let sha = "ea18e73d8da502870fdcbfc54155046bc0cf2679";
    let attributes = json!({ "version": "1.1.0", "commit-sha": sha });
    let body = json!({ "data": { "type": "registry-module-versions", "attributes": attributes } });
    assert_eq!(
        send(&registry, "POST", &format!("{VPC}/versions"), &body).0,
        201
    );
    for path in [commits.to_owned(), format!("{VPC}/commits")] {
        let listed = registry.json(&path);
        assert_eq!(listed["data"][0]["attributes"]["sha"], sha, "{path}");
        assert_eq!(listed["data"][0]["type"], "commit");
    }
}

/// Rows of modules as older programs wrote them, without ids and settings.
enum OldModules {}

impl Table for OldModules {
    const ID: u8 = 12;
    const NAME: &'static str = "modules";
    const OWNER: Ownership = Ownership::Site;
    const GROUP_SEGMENTS: usize = 1;
    type Key = (String, String, String);
    type Row = Value;
}

enum Ids {}

impl Table for Ids {
    const ID: u8 = 50;
    const NAME: &'static str = "module_ids";
    const OWNER: Ownership = Ownership::Site;
    type Key = String;
    type Row = Value;
}

enum MembershipIds {}

impl Table for MembershipIds {
    const ID: u8 = 74;
    const NAME: &'static str = "membership_ids";
    const OWNER: Ownership = Ownership::Site;
    type Key = String;
    type Row = Value;
}

enum Migrations {}

impl Table for Migrations {
    const ID: u8 = 51;
    const NAME: &'static str = "migrations";
    const OWNER: Ownership = Ownership::Site;
    type Key = String;
    type Row = Value;
}

/// Settings as earlier programs stored them: a tag, and what nothing ever used.
fn unused_settings() -> Value {
    json!({
        "no_code": true,
        "vcs_repo": {
            "identifier": "acme/vpc", "display_identifier": "", "oauth_token_id": "ot-1",
            "github_app_installation_id": null, "branch": "main", "source_directory": "",
            "tag_prefix": "",
        },
        "test_config": {
            "id": "tc-1111111111111111", "tests_enabled": true, "execution_mode": "agent",
            "agent_pool_id": "apool-1",
        },
        "tags": [{ "id": "tb-1111111111111111", "key": "team", "value": "net" }],
    })
}

#[test]
fn s1_s2_s3_modules_of_earlier_programs_are_found_by_their_ids_and_can_be_changed() {
    const OLD: usize = 2500;
    let mut registry = Appliance::start();
    let path = "/api/v2/organizations/acme/registry-modules/private/acme/hello/null";
    let shown = registry.json(path);
    let members = "/api/v2/organizations/acme/organization-memberships";
    let member = registry.json(members)["data"][0]["id"].clone();
    let organization =
        registry.json("/api/v2/organizations/acme")["data"]["attributes"]["external-id"].clone();
    assert!(registry.stop().success());
    let dir = DataDir::open(registry.data_dir(), &RealDisk).expect("the directory");
    let disk = std::sync::Arc::new(RealDisk);
    let store =
        Store::open(&dir, disk, store_options(&Config::default()), |_| ()).expect("a store");
    let time = Timestamp::from_micros(1_700_000_000_000_000);
    let id = |number: usize| ModuleId::from_random(u128::try_from(number).expect("a number"));
    let stamp = Stamp {
        at: time,
        actor: Actor::System,
        action: "test",
    };
    let written = store.write(stamp, |tx| {
        for key in tx
            .scan_keys::<Ids>(&Prefix::all())
            .collect::<Result<Vec<_>, _>>()?
        {
            tx.remove::<Ids>(&key)?;
        }
        for key in tx
            .scan_keys::<MembershipIds>(&Prefix::all())
            .collect::<Result<Vec<_>, _>>()?
        {
            tx.remove::<MembershipIds>(&key)?;
        }
        for step in ["module_ids", "membership_ids"] {
            tx.remove::<Migrations>(&step.to_owned())?;
        }
        for number in 0..OLD {
            let name = format!("old-{number}");
            let address = json!({ "namespace": "acme", "name": name, "system": "aws" });
            let mut row = json!({ "id": id(number), "organization": organization,
                                  "address": address, "created_at": time, "updated_at": time });
            if number % 2 == 1 {
                row["settings"] = unused_settings();
            }
            let key = ("acme".to_owned(), name, "aws".to_owned());
            tx.put::<OldModules>(&key, &row)?;
        }
        Ok::<_, StoreError>(())
    });
    written.expect("written");
    store.close().expect("closed");
    drop((store, dir));
    registry.restart();
    for number in [0, 1, OLD - 1] {
        let by_id = format!("/api/v2/registry-modules/{}", id(number));
        let found = registry.json(&by_id);
        assert_eq!(found["data"]["attributes"]["name"], format!("old-{number}"));
        let shown = found["data"]["attributes"].as_object().expect("attributes");
        assert_eq!(shown["no-code"], false);
        assert_eq!(shown["publishing-mechanism"], "non_vcs");
        assert!(!shown.contains_key("vcs-repo") && !shown.contains_key("test-config"));
        let tags = found["data"]["relationships"]["tag-bindings"]["data"].as_array();
        assert_eq!(tags.map(Vec::len), Some(number % 2), "{found}");
    }
    let member = member.as_str().expect("an id");
    let found = registry.json(&format!("/api/v2/organization-memberships/{member}"));
    assert_eq!(found["data"]["id"], member);
    let hello = shown["data"]["id"].as_str().expect("an id");
    let again = registry.json(&format!("/api/v2/registry-modules/{hello}"));
    assert_eq!(again["data"]["id"], shown["data"]["id"]);
    let old = "/api/v2/organizations/acme/registry-modules/private/acme/old-7/aws";
    let (status, changed) = send(
        &registry,
        "PATCH",
        old,
        &attributes(&json!({ "no-code": false })),
    );
    assert_eq!(status, 200, "{changed}");
}
