//! Tests modules and versions through the paths of every generation.

use serde_json::{Value, json};

use crate::builders::module;
use crate::harness::Appliance;

#[test]
fn a_module_goes_from_pending_to_ok() {
    let registry = Appliance::start();
    registry.create_module("acme/vpc/aws");
    let path = "/api/v2/organizations/acme/registry-modules/private/acme/vpc/aws";
    assert_eq!(
        registry.json(path)["data"]["attributes"]["status"],
        "pending"
    );
    let announced: Value = registry
        .announce("acme/vpc/aws", "1.0.0", &registry.admin)
        .json()
        .expect("JSON");
    assert_eq!(announced["data"]["attributes"]["status"], "pending");
    assert_eq!(
        announced["data"]["relationships"]["registry-module"]["data"]["id"],
        registry.json(path)["data"]["id"]
    );
    let statuses = |registry: &Appliance| {
        registry.json(path)["data"]["attributes"]["version-statuses"].clone()
    };
    assert_eq!(
        statuses(&registry),
        json!([{ "version": "1.0.0", "status": "pending" }])
    );
    assert_eq!(registry.versions("acme/vpc/aws"), [""; 0]);
    let link = announced["data"]["links"]["upload"]
        .as_str()
        .expect("a link");
    assert!(link.contains("/object/"));
    assert_eq!(registry.upload(link, module("one")).status(), 200);
    assert_eq!(
        statuses(&registry),
        json!([{ "version": "1.0.0", "status": "ok" }])
    );
    assert_eq!(
        registry.json(path)["data"]["attributes"]["status"],
        "setup_complete"
    );
    let version = registry.json(&format!("{path}/version?module_version=1.0.0"));
    assert_eq!(version["data"]["attributes"]["status"], "ok");
}

#[test]
fn the_generations_see_one_module_in_their_own_shapes() {
    let registry = Appliance::start();
    registry.publish("acme/vpc/aws", "1.0.0", module("one"));
    let new = registry.json("/api/v2/organizations/acme/registry-modules/private/acme/vpc/aws");
    let old = registry.json("/api/v2/registry-modules/show/acme/vpc/aws");
    assert_eq!(new["data"]["id"], old["data"]["id"]);
    let organization = |document: &Value| {
        let id = &document["data"]["relationships"]["organization"]["data"]["id"];
        id.as_str().expect("an id").to_owned()
    };
    assert_eq!(organization(&new), "acme");
    assert!(organization(&old).starts_with("org-"), "{old}");
    for document in [&new, &old] {
        let link = document["data"]["links"]["self"].as_str().expect("a link");
        assert_eq!(registry.json(link)["data"]["id"], new["data"]["id"]);
    }
    // The organization may be given by its id wherever its name may.
    let by_id = registry.json(&format!(
        "/api/v2/organizations/{}/registry-modules",
        organization(&old)
    ));
    assert_eq!(by_id["meta"]["pagination"]["total-count"], 2);
}

#[test]
fn old_paths_announce_and_delete() {
    let registry = Appliance::start();
    registry.create_module("acme/vpc/aws");
    for version in ["1.0.0", "2.0.0"] {
        let answer = registry
            .request(
                "POST",
                "/api/v2/registry-modules/acme/vpc/aws/versions",
                Some(&registry.admin),
            )
            .json(&json!({ "data": { "attributes": { "version": version } } }))
            .send()
            .expect("an answer");
        assert_eq!(answer.status(), 201);
        let body: Value = answer.json().expect("JSON");
        let link = body["data"]["links"]["upload"].as_str().expect("a link");
        assert_eq!(registry.upload(link, module(version)).status(), 200);
    }
    let delete = |path: &str| {
        let path = format!("/api/v2/registry-modules/actions/delete/{path}");
        // One client sends `null` as the body, another `{}`.
        let request = registry
            .request("POST", &path, Some(&registry.admin))
            .body("null");
        request.send().expect("an answer").status().as_u16()
    };
    assert_eq!(delete("acme/vpc/aws/1.0.0"), 204);
    assert_eq!(registry.versions("acme/vpc/aws"), ["2.0.0"]);
    assert_eq!(delete("acme/vpc/aws"), 204);
    assert_eq!(delete("acme/vpc"), 404);
    assert_eq!(delete("acme/hello"), 204);
}

#[test]
fn the_link_of_a_pending_version_is_shown_again_to_those_who_may_publish() {
    let registry = Appliance::start();
    registry.organization_is_public("acme");
    registry.create_module("acme/vpc/aws");
    let first = registry.upload_link("acme/vpc/aws", "1.0.0");
    let path = "/api/v2/organizations/acme/registry-modules/private/acme/vpc/aws";
    let path = format!("{path}/version?module_version=1.0.0");
    let link = |token: &str| {
        let answer = registry.get(&path, Some(token));
        assert_eq!(answer.status(), 200);
        let document: Value = answer.json().expect("JSON");
        assert_eq!(document["data"]["attributes"]["status"], "pending");
        document["data"]["links"]["upload"].clone()
    };
    let reader = registry.user("reader");
    assert_eq!(link(&reader), Value::Null);
    let publisher = registry.user("publisher");
    registry.join("acme", "owners", "publisher");
    let again = link(&publisher);
    let again = again.as_str().expect("a link");
    assert!(again.contains("/object/"), "{again}");
    assert_ne!(again, first);
    // A changed claim is no link, and neither is one of somebody who has lost the right.
    let changed = again.replacen("object/e", "object/f", 1);
    assert_ne!(changed, again);
    assert_eq!(registry.upload(&changed, module("one")).status(), 404);
    let leave = json!({
        "subject": "team", "command": "remove", "organization": "acme", "name": "owners",
        "username": "publisher",
    });
    registry.command(&leave);
    assert_eq!(registry.upload(again, module("one")).status(), 404);
    let own = link(&registry.admin);
    let own = own.as_str().expect("a link");
    assert_eq!(registry.upload(own, module("one")).status(), 200);
    assert_eq!(registry.versions("acme/vpc/aws"), ["1.0.0"]);
    // Once it is published, either link takes the same bytes only.
    assert_eq!(registry.upload(&first, module("one")).status(), 200);
    assert_eq!(registry.upload(own, module("two")).status(), 409);
}

#[test]
fn who_may_publish_may_fetch_again_and_who_reads_may_not() {
    let registry = Appliance::start();
    registry.organization_is_public("acme");
    let path = "/api/v2/organizations/acme/registry-modules/private/acme/hello/null";
    let reader = registry.user("reader");
    let publisher = registry.organization_token("acme", "publish");
    for (token, delete, publish) in [
        (&registry.admin, true, true),
        (&publisher, false, true),
        (&reader, false, false),
    ] {
        let module: Value = registry.get(path, Some(token)).json().expect("JSON");
        let may = &module["data"]["attributes"]["permissions"];
        let expected = json!({
            "can-delete": delete, "can-resync": publish, "can-retry": publish,
        });
        assert_eq!(*may, expected);
    }
}

#[test]
fn lists_page_and_filter() {
    let registry = Appliance::start();
    for name in ["a", "b", "c"] {
        registry.create_module(&format!("acme/{name}/aws"));
    }
    registry.create_module("acme/a/google");
    let list = |query: &str| {
        registry.json(&format!(
            "/api/v2/organizations/acme/registry-modules{query}"
        ))
    };
    let names = |document: &Value| -> Vec<String> {
        let data = document["data"].as_array().expect("a list").iter();
        data.map(|module| {
            module["attributes"]["name"]
                .as_str()
                .expect("a name")
                .to_owned()
        })
        .collect()
    };
    let second = list("?page%5Bnumber%5D=2&page%5Bsize%5D=2");
    assert_eq!(names(&second), ["b", "c"]);
    let pagination = &second["meta"]["pagination"];
    assert_eq!(
        *pagination,
        json!({ "current-page": 2, "page-size": 2, "prev-page": 1, "next-page": 3,
                "total-pages": 3, "total-count": 5 })
    );
    assert!(
        second["links"]["next"]
            .as_str()
            .expect("a link")
            .starts_with(&registry.url)
    );
    assert_eq!(names(&list("?filter[provider]=google")), ["a"]);
    assert_eq!(names(&list("?q=acm")).len(), 5, "the namespace begins so");
    assert_eq!(names(&list("?q=hello")), ["hello"]);
    assert_eq!(names(&list("?filter[registry_name]=public")), [""; 0]);
}

#[test]
fn t13_t41_bad_input_is_answered_with_error_objects() {
    let registry = Appliance::start();
    let create = |attributes: Value| {
        let answer = registry
            .request(
                "POST",
                "/api/v2/organizations/acme/registry-modules",
                Some(&registry.admin),
            )
            .json(&json!({ "data": { "attributes": attributes } }))
            .send()
            .expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.json::<Value>().expect("JSON"))
    };
    for (attributes, status, pointer) in [
        (json!({}), 422, Some("/data/attributes/name")),
        (
            json!({ "name": "a" }),
            422,
            Some("/data/attributes/provider"),
        ),
        (
            json!({ "name": "-", "provider": "aws" }),
            422,
            Some("/data/attributes/name"),
        ),
        (
            json!({ "name": "a", "provider": "AWS" }),
            422,
            Some("/data/attributes/provider"),
        ),
        (
            json!({ "name": "a", "provider": "aws", "namespace": "other" }),
            422,
            Some("/data/attributes/namespace"),
        ),
        (
            json!({ "name": "a", "provider": "aws", "registry-name": "x" }),
            422,
            Some("/data/attributes/registry-name"),
        ),
        (
            json!({ "name": "a", "provider": "aws", "registry-name": "public" }),
            422,
            Some("/data/attributes/namespace"),
        ),
        (json!({ "name": "hello", "provider": "null" }), 422, None),
    ] {
        let (got, body) = create(attributes.clone());
        assert_eq!(got, status, "{attributes}: {body}");
        assert_eq!(
            body["errors"][0]["status"],
            status.to_string(),
            "a string, or clients cannot read it"
        );
        assert_eq!(
            body["errors"][0]["source"]["pointer"].as_str(),
            pointer,
            "{body}"
        );
    }
    for body in ["", "{", "[]", "null", "{\"data\": 1}", &"[".repeat(70)] {
        let request = registry.request(
            "POST",
            "/api/v2/organizations/acme/registry-modules",
            Some(&registry.admin),
        );
        let status = request
            .body(body.to_owned())
            .send()
            .expect("an answer")
            .status();
        assert_eq!(status, 422, "{body}");
    }
    assert_eq!(
        create(json!({ "name": "ok", "provider": "aws", "namespace": "acme", "no_code": false })).0,
        201
    );
}
