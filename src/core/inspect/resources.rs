//! Finds resources: `resource`, `data` and `ephemeral` blocks.

use crate::domain::{Resource, ResourceKind};

use super::syntax::{Block, Value};

/// Returns the resources that `blocks` declare, by kind.
pub(super) fn find(blocks: &[Block<'_>]) -> Vec<Resource> {
    let mut resources: Vec<Resource> = Vec::new();
    for block in blocks {
        if let Some(kind) = kind(&block.kind) {
            resources.push(resource(kind, block));
        }
        if block.kind == "check" {
            let scoped = block.blocks("data");
            resources.extend(scoped.map(|data| resource(ResourceKind::Data, data)));
        }
    }
    // The sort is stable, so within a kind the order is that of the source.
    resources.sort_by_key(|resource| resource.kind);
    resources
}

/// Returns the kind of resource that a block with this first word declares; `None` if it declares
/// none.
pub(super) fn kind(word: &str) -> Option<ResourceKind> {
    match word {
        "resource" => Some(ResourceKind::Managed),
        "data" => Some(ResourceKind::Data),
        "ephemeral" => Some(ResourceKind::Ephemeral),
        _ => None,
    }
}

fn resource(kind: ResourceKind, block: &Block<'_>) -> Resource {
    let resource_type = block.label(0);
    let given = block.get("provider").map(Value::source);
    let given = given.as_deref().map(|source| {
        let bare = source.trim_matches('"');
        bare.split('.').next().unwrap_or(bare).to_owned()
    });
    let implied = || {
        let name = resource_type.split('_').next();
        name.unwrap_or(resource_type).to_owned()
    };
    Resource {
        kind,
        resource_type: resource_type.to_owned(),
        name: block.label(1).to_owned(),
        provider: given.unwrap_or_else(implied),
        position: block.position(),
    }
}
