//! `tfe_registry_module` and `tfe_registry_provider`, of the private and the public registry.

use serde_json::json;

use super::step::{Resource, Step, document};

const MODULES: &str = "/api/v2/organizations/platform/registry-modules";
const PROVIDERS: &str = "/api/v2/organizations/platform/registry-providers";

pub(super) fn resources() -> Vec<Resource> {
    vec![
        private_module(),
        public_module(),
        private_provider(),
        public_provider(),
    ]
}

fn private_module() -> Resource {
    let one = format!("{MODULES}/private/platform/vpc/aws");
    let new = json!({ "name": "vpc", "provider": "aws", "registry-name": "private" });
    let all = json!({
        "name": "vpc", "provider": "aws", "registry-name": "private", "namespace": "platform",
        "no-code": false,
    });
    // The provider sends no attributes, and an empty list of tags.
    let change = json!({ "data": {
        "type": "registry-modules", "relationships": { "tag-bindings": { "data": [] } },
    } });
    Resource::new(
        "tfe_registry_module, private",
        vec![
            Step::create(MODULES, document("registry-modules", &new))
                .attributes(&all)
                .equal(
                    "/data/relationships/organization/data/id",
                    json!("platform"),
                )
                .keep("private-module", "/data/id"),
            Step::read(&one)
                .attributes(&all)
                .equal("/data/id", json!("{private-module}")),
            Step::update(&one, change).attributes(&all),
            Step::read(&one).attributes(&all),
            Step::import(&one)
                .attributes(&all)
                .equal("/data/id", json!("{private-module}")),
            Step::destroy(&one),
            Step::gone(&one),
        ],
    )
}

fn public_module() -> Resource {
    let one = format!("{MODULES}/public/terraform-aws-modules/vpc/aws");
    let all = json!({
        "name": "vpc", "provider": "aws", "registry-name": "public",
        "namespace": "terraform-aws-modules",
    });
    Resource::new(
        "tfe_registry_module, public",
        vec![
            Step::create(MODULES, document("registry-modules", &all))
                .attributes(&all)
                .equal(
                    "/data/relationships/organization/data/id",
                    json!("platform"),
                )
                .keep("public-module", "/data/id"),
            Step::read(&one)
                .attributes(&all)
                .equal("/data/id", json!("{public-module}")),
            Step::import(&one).attributes(&all),
            Step::destroy(&one),
            Step::gone(&one),
        ],
    )
}

fn private_provider() -> Resource {
    provider(
        "tfe_registry_provider, private",
        "private",
        "platform",
        "widget",
    )
}

fn public_provider() -> Resource {
    provider(
        "tfe_registry_provider, public",
        "public",
        "hashicorp",
        "aws",
    )
}

fn provider(
    resource: &'static str,
    registry: &'static str,
    namespace: &'static str,
    name: &'static str,
) -> Resource {
    let one = format!("{PROVIDERS}/{registry}/{namespace}/{name}");
    let all = json!({ "name": name, "namespace": namespace, "registry-name": registry });
    let owner = "/data/relationships/organization/data/id";
    Resource::new(
        resource,
        vec![
            Step::create(PROVIDERS, document("registry-providers", &all))
                .attributes(&all)
                .equal(owner, json!("platform")),
            Step::read(&one)
                .attributes(&all)
                .equal(owner, json!("platform")),
            Step::import(&one).attributes(&all),
            // The data source looks through the list.
            Step::import(&format!("{PROVIDERS}?filter%5Bregistry_name%5D={registry}"))
                .equal("/data/0/attributes/name", json!(name))
                .equal("/meta/pagination/total-count", json!(1)),
            Step::destroy(&one),
            Step::gone(&one),
        ],
    )
}
