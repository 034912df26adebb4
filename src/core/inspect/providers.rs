//! Finds the versions of Terraform and the providers that a module needs, from `terraform` and
//! `provider` blocks and the types of resources.

use std::collections::BTreeMap;

use hcl_edit::expr::{Expression, ObjectKey};

use crate::domain::{ProviderRequirement, Resource};

use super::syntax::{Block, Value};

/// The provider that is built into Terraform.
const BUILT_IN: &str = "terraform";

/// Returns the providers that a folder needs, sorted by local name.
pub(super) fn requirements(
    blocks: &[Block<'_>],
    resources: &[Resource],
) -> Vec<ProviderRequirement> {
    let mut needed: BTreeMap<String, ProviderRequirement> = BTreeMap::new();
    let settings = blocks.iter().filter(|block| block.kind == "terraform");
    for required in settings.flat_map(|block| block.blocks("required_providers")) {
        for attribute in &required.body.attributes {
            let entry = entry(&mut needed, &attribute.name);
            add(entry, &attribute.value);
        }
    }
    for resource in resources {
        entry(&mut needed, &resource.provider);
    }
    for provider in blocks.iter().filter(|block| block.kind == "provider") {
        let entry = entry(&mut needed, provider.label(0));
        if entry.version.is_none() {
            entry.version = provider.text("version");
        }
    }
    needed.remove(BUILT_IN);
    needed.remove("");
    needed.into_values().collect()
}

/// Returns the version constraints on Terraform itself, as written.
pub(super) fn required_versions(blocks: &[Block<'_>]) -> Vec<String> {
    let settings = blocks.iter().filter(|block| block.kind == "terraform");
    settings
        .filter_map(|block| block.text("required_version"))
        .collect()
}

fn entry<'n>(
    needed: &'n mut BTreeMap<String, ProviderRequirement>,
    name: &str,
) -> &'n mut ProviderRequirement {
    let entry = needed.entry(name.to_owned()).or_default();
    name.clone_into(&mut entry.name);
    entry
}

/// Adds one member of `required_providers`: an object, or in old code a version constraint.
fn add(entry: &mut ProviderRequirement, value: &Value<'_>) {
    match value {
        Value::Hcl {
            expression: Expression::Object(members),
            ..
        } => {
            for (key, member) in members {
                let name = match key {
                    ObjectKey::Ident(name) => name.as_str(),
                    ObjectKey::Expression(name) => name.as_str().unwrap_or_default(),
                };
                let text = member.expr().as_str().map(str::to_owned);
                match name {
                    "source" => entry.source = text,
                    "version" => entry.version = text,
                    "configuration_aliases" => {
                        let aliases = member.expr().as_array().into_iter().flatten();
                        entry
                            .aliases
                            .extend(aliases.map(|alias| alias.to_string().trim().to_owned()));
                    }
                    _ => {}
                }
            }
        }
        Value::Json(serde_json::Value::Object(members)) => {
            let text = |name| Some(members.get(name)?.as_str()?.to_owned());
            entry.source = text("source");
            entry.version = text("version");
            let aliases = members.get("configuration_aliases");
            let aliases = aliases.and_then(|aliases| aliases.as_array()).into_iter();
            let aliases = aliases.flatten().filter_map(|alias| alias.as_str());
            entry.aliases.extend(aliases.map(str::to_owned));
        }
        Value::Hcl { .. } | Value::Source(_) | Value::Json(_) => entry.version = value.text(),
    }
}
