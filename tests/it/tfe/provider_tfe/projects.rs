//! `tfe_project` with tags, and `tfe_project_settings`.

use serde_json::{Value, json};

use super::step::{Resource, Step, document};

const ORGANIZATION: &str = "/api/v2/organizations/platform";
const PROJECTS: &str = "/api/v2/organizations/platform/projects";
const ONE: &str = "/api/v2/projects/{project}";
/// The provider reads the tags only from what is included.
const WITH_TAGS: &str = "/api/v2/projects/{project}?include=effective_tag_bindings";

pub(super) fn resources() -> Vec<Resource> {
    vec![project(), settings(), found()]
}

fn tags(all: &[(&str, &str)]) -> Value {
    let tag = |(key, value): &(&str, &str)| {
        json!({
            "type": "tag-bindings", "attributes": { "key": key, "value": value },
        })
    };
    json!({ "data": all.iter().map(tag).collect::<Vec<_>>() })
}

/// Makes the document of a project; `None` names no tags.
fn with_tags(attributes: &Value, all: Option<&[(&str, &str)]>) -> Value {
    let mut document = document("projects", attributes);
    if let Some(all) = all {
        document["data"]["relationships"] = json!({ "tag-bindings": tags(all) });
    }
    document
}

/// Demands exactly these tags among what is included.
fn tagged(step: Step, all: &[(&str, &str)]) -> Step {
    let keys: Vec<_> = all.iter().map(|(key, _)| json!(key)).collect();
    let values: Vec<_> = all.iter().map(|(_, value)| json!(value)).collect();
    step.list("/included", "/attributes/key", &keys)
        .list("/included", "/attributes/value", &values)
}

fn project() -> Resource {
    let new = json!({
        "name": "Network of all", "description": "cables", "auto-destroy-activity-duration": "3d",
    });
    let other = json!({
        "name": "Network_2", "description": "radio", "auto-destroy-activity-duration": "14h",
    });
    let plain = json!({ "name": "Network_2", "description": "" });
    let never = json!({ "auto-destroy-activity-duration": null });
    let mut cleared = plain.clone();
    cleared["auto-destroy-activity-duration"] = Value::Null;
    let (two, one) = ([("cost", "shared"), ("stage", "test")], [("stage", "live")]);
    let owner = "/data/relationships/organization/data/id";
    Resource::new(
        "tfe_project",
        vec![
            Step::create(PROJECTS, with_tags(&new, Some(&two)))
                .attributes(&new)
                .equal(owner, json!("platform"))
                .keep("project", "/data/id"),
            tagged(Step::read(WITH_TAGS).attributes(&new), &two),
            // Other tags take the place of those before.
            Step::update(ONE, with_tags(&other, Some(&one))).attributes(&other),
            tagged(Step::read(WITH_TAGS).attributes(&other), &one),
            // Without tags, the provider first takes away all of them.
            Step::update(ONE, with_tags(&json!({}), Some(&[]))).attributes(&other),
            Step::update(ONE, with_tags(&cleared, None))
                .attributes(&plain)
                .attributes(&never),
            tagged(Step::read(WITH_TAGS).attributes(&plain), &[]),
            Step::update(ONE, with_tags(&new, Some(&two))).attributes(&new),
            tagged(
                Step::read(WITH_TAGS)
                    .attributes(&new)
                    .equal(owner, json!("platform")),
                &two,
            ),
            tagged(Step::import(WITH_TAGS).attributes(&new), &two),
            Step::destroy(ONE),
            Step::gone(WITH_TAGS),
        ],
    )
}

fn settings() -> Resource {
    let own = |is: bool| json!({ "default-execution-mode": is, "default-agent-pool": is });
    let local = json!({ "default-execution-mode": "local", "setting-overwrites": own(true) });
    let inherited = json!({ "default-execution-mode": "remote", "setting-overwrites": own(false) });
    let none = json!({ "setting-overwrites": own(false) });
    Resource::new(
        "tfe_project_settings",
        vec![
            Step::update(ONE, document("projects", &local)).attributes(&local),
            Step::read(ONE).attributes(&local),
            Step::import(ONE).attributes(&local),
            Step::update(ONE, document("projects", &none)).attributes(&inherited),
            Step::update(ONE, document("projects", &local)).attributes(&local),
            Step::read(ONE)
                .attributes(&local)
                .equal("/data/attributes/name", json!("Network of all")),
            Step::destroy(ONE)
                .method("PATCH")
                .body(document("projects", &none))
                .status(200)
                .attributes(&inherited),
        ],
    )
}

/// The data sources of projects.
fn found() -> Resource {
    let by_name =
        format!("{PROJECTS}?filter%5Bnames%5D=network%20of%20ALL&include=effective_tag_bindings");
    let workspaces = format!("{ORGANIZATION}/workspaces?filter%5Bproject%5D%5Bid%5D={{project}}");
    let by_tag = format!(
        "{PROJECTS}?filter%5Btagged%5D%5B0%5D%5Bkey%5D=stage&\
         filter%5Btagged%5D%5B0%5D%5Bvalue%5D=test"
    );
    let tags = "/api/v2/projects/{project}/effective-tag-bindings";
    Resource::new(
        "data tfe_project and tfe_projects",
        vec![
            Step::read(&by_name).list("/data", "/id", &[json!("{project}")]),
            Step::read(&workspaces).equal("/data", json!([])),
            Step::read(tags).list("/data", "/attributes/key", &[json!("cost"), json!("stage")]),
            Step::read(&by_tag).list("/data", "/id", &[json!("{project}")]),
            Step::read(&format!("{PROJECTS}?page%5Bsize%5D=100"))
                .list(
                    "/data",
                    "/attributes/name",
                    &[json!("Network of all"), json!("Default Project")],
                )
                .equal("/meta/pagination/total-pages", json!(1)),
        ],
    )
}
