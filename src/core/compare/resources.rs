//! Judges changes of resources and data sources.
//!
//! Callers do not name them, so no change here breaks a caller; but plans may add or destroy
//! infrastructure.

use crate::domain::{FolderDocs, Resource, ResourceKind};

use super::pair::{Pair, pairs};
use super::{Change, ChangeKind, Impact, Subject};

/// Returns the resources that were added or removed.
pub(super) fn changes(old: &FolderDocs, new: &FolderDocs) -> Vec<Change> {
    let key = |one: &Resource| (one.kind, one.resource_type.clone(), one.name.clone());
    let pairs = pairs(&old.resources, &new.resources, key);
    pairs
        .filter_map(|(_, pair)| match pair {
            Pair::Removed(resource) => Some(removed(resource, new)),
            Pair::Added(resource) => Some(added(resource)),
            Pair::InBoth(..) => None,
        })
        .collect()
}

fn subject(kind: ResourceKind) -> Subject {
    match kind {
        ResourceKind::Managed => Subject::Resource,
        ResourceKind::Data => Subject::DataSource,
        ResourceKind::Ephemeral => Subject::EphemeralResource,
    }
}

fn address(resource: &Resource) -> String {
    let Resource {
        kind,
        resource_type,
        name,
        ..
    } = resource;
    match kind {
        ResourceKind::Managed => format!("{resource_type}.{name}"),
        ResourceKind::Data => format!("data.{resource_type}.{name}"),
        ResourceKind::Ephemeral => format!("ephemeral.{resource_type}.{name}"),
    }
}

fn removed(resource: &Resource, new: &FolderDocs) -> Change {
    let address = address(resource);
    let thing = (subject(resource.kind), address.as_str());
    if resource.kind != ResourceKind::Managed {
        let reason = format!("`{address}` was removed");
        return Change::new(thing, ChangeKind::Removed, Impact::Patch, reason);
    }
    let what = format!("resource `{address}` is gone");
    let reason = format!(
        "{what}: {}",
        removal_effect(new, "what it created would be destroyed")
    );
    Change::new(thing, ChangeKind::Removed, Impact::Compatible, reason).warn()
}

/// Describes what happens to objects that were removed from `folder`: `worst`, unless its blocks
/// prevent that.
///
/// Only the numbers of `moved` and `removed` blocks are known, not the objects that they name.
pub(super) fn removal_effect(folder: &FolderDocs, worst: &str) -> String {
    match (folder.moved_blocks, folder.removed_blocks) {
        (0, 0) => worst.to_owned(),
        (_, 0) => format!("{worst}, unless one of the module's `moved` blocks takes it along"),
        (0, _) => format!("{worst}, unless one of the module's `removed` blocks keeps it"),
        (_, _) => format!("{worst}, unless a `moved` or `removed` block of the module names it"),
    }
}

fn added(resource: &Resource) -> Change {
    let address = address(resource);
    let thing = (subject(resource.kind), address.as_str());
    match resource.kind {
        ResourceKind::Managed => {
            let reason = format!("new resource `{address}`: plans may add infrastructure");
            Change::new(thing, ChangeKind::Added, Impact::Compatible, reason).warn()
        }
        ResourceKind::Data | ResourceKind::Ephemeral => {
            let reason = format!("`{address}` was added");
            Change::new(thing, ChangeKind::Added, Impact::Patch, reason)
        }
    }
}
