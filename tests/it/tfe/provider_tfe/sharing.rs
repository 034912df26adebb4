//! `tfe_admin_organization_settings` and `tfe_organization_module_sharing`.

use serde_json::{Value, json};

use super::step::{Resource, Step, document};

const ONE: &str = "/api/v2/admin/organizations/platform";
const CONSUMERS: &str = "/api/v2/admin/organizations/platform/relationships/module-consumers";

pub(super) fn resources() -> Vec<Resource> {
    vec![settings(), sharing()]
}

fn organizations(names: &[&str]) -> Value {
    let references = names
        .iter()
        .map(|name| json!({ "type": "organizations", "id": name }));
    json!({ "data": references.collect::<Vec<_>>() })
}

/// Reads the consumers, which must all be on one page.
fn consumers(step: Step, names: &[&str]) -> Step {
    let names: Vec<_> = names.iter().map(|name| json!(name)).collect();
    step.list("/data", "/id", &names)
        .equal("/meta/pagination/next-page", Value::Null)
}

fn settings() -> Resource {
    let with = |global: bool, limit: i32| {
        json!({
            "access-beta-tools": true, "workspace-limit": limit, "global-module-sharing": global,
        })
    };
    let both = ["consumer-one", "consumer-two"];
    let change = |all: &Value| Step::update(ONE, document("organizations", all)).attributes(all);
    let (all, some) = (with(true, 0), with(false, 15));
    Resource::new(
        "tfe_admin_organization_settings",
        vec![
            change(&all),
            Step::read(ONE).attributes(&all).attributes(
                &json!({ "sso-enabled": false, "is-disabled": false, "name": "platform" }),
            ),
            // The provider names consumers only while it does not share with everybody.
            change(&some),
            Step::update(CONSUMERS, organizations(&both)).status(204),
            Step::read(ONE).attributes(&some),
            consumers(Step::read(CONSUMERS), &both),
            Step::update(CONSUMERS, organizations(&["consumer-two"])).status(204),
            consumers(Step::read(CONSUMERS), &["consumer-two"]),
            Step::import(ONE).attributes(&some),
            consumers(Step::import(CONSUMERS), &["consumer-two"]),
            // A name that nobody has leaves everything as it is.
            Step::update(CONSUMERS, organizations(&["nobody"])).status(422),
            consumers(Step::read(CONSUMERS), &["consumer-two"]),
        ],
    )
}

/// The older resource, which reads nothing back, and ends the sharing where it is destroyed.
fn sharing() -> Resource {
    let producers = "/api/v2/organizations/consumer-two/relationships/module-producers";
    Resource::new(
        "tfe_organization_module_sharing",
        vec![
            Step::update(CONSUMERS, organizations(&["consumer-two"])).status(204),
            consumers(Step::read(CONSUMERS), &["consumer-two"]),
            Step::import(producers).list("/data", "/id", &[json!("platform")]),
            Step::destroy(CONSUMERS)
                .method("PATCH")
                .body(organizations(&[])),
            consumers(Step::gone(CONSUMERS).status(200), &[]),
        ],
    )
}
