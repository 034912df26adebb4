//! Judges changes in the module calls of a module.
//!
//! Callers do not name these calls, so no change here breaks a caller; but plans may add or destroy
//! infrastructure.

use crate::domain::{FolderDocs, ModuleCall};

use super::pair::{Pair, pairs};
use super::resources::removal_effect;
use super::{Change, ChangeKind, Impact, Subject};

/// Returns the changes of all module calls.
pub(super) fn changes(old: &FolderDocs, new: &FolderDocs) -> Vec<Change> {
    let pairs = pairs(&old.module_calls, &new.module_calls, |call| {
        call.name.as_str()
    });
    pairs
        .flat_map(|(_, pair)| match pair {
            Pair::Removed(call) => vec![removed(call, new)],
            Pair::Added(call) => {
                let reason = format!(
                    "new call `module.{}`: plans may add infrastructure",
                    call.name
                );
                vec![change(call, ChangeKind::Added, reason)]
            }
            Pair::InBoth(old, new) => changes_between(old, new),
        })
        .collect()
}

fn change(call: &ModuleCall, kind: ChangeKind, reason: String) -> Change {
    let thing = (Subject::ModuleCall, call.name.as_str());
    Change::new(thing, kind, Impact::Compatible, reason).warn()
}

fn removed(call: &ModuleCall, new: &FolderDocs) -> Change {
    let effect = removal_effect(new, "what it created would be destroyed");
    let reason = format!("call `module.{}` is gone: {effect}", call.name);
    change(call, ChangeKind::Removed, reason)
}

fn changes_between(old: &ModuleCall, new: &ModuleCall) -> Vec<Change> {
    let name = &new.name;
    let mut changes = Vec::new();
    if old.source != new.source {
        let reason = format!("the source of `module.{name}` changed: plans may change");
        let change = change(new, ChangeKind::Source, reason);
        changes.push(change.showing(Some(&old.source), Some(&new.source)));
    }
    if old.version != new.version {
        let reason = format!("the version of `module.{name}` changed: plans may change");
        let change = change(new, ChangeKind::Version, reason);
        changes.push(change.showing(old.version.as_deref(), new.version.as_deref()));
    }
    changes
}
