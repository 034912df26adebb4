//! Inspects a whole module. Each step is in a file of its own.

use crate::archive::ModuleTree;
use crate::domain::{FolderDocs, ModuleDocs};

use super::layout::{Folder, Layout};
use super::syntax::Budget;
use super::{InspectLimits, folder, license};

/// Returns the documentation of the module in `tree`, within `limits`.
///
/// `is_late` is called between blocks. Once it returns true, inspection stops; the result has what
/// was found so far, and the reason in `incomplete`.
pub fn inspect(
    tree: &ModuleTree,
    limits: &InspectLimits,
    is_late: &dyn Fn() -> bool,
) -> ModuleDocs {
    let layout = Layout::of(tree);
    let mut budget = Budget::new(limits, is_late);
    if tree.is_incomplete() {
        budget.note_left_out();
    }
    let root = folder::docs(&layout.root, &mut budget);
    let submodules = folders(&layout.submodules, limits, &mut budget);
    let examples = folders(&layout.examples, limits, &mut budget);
    ModuleDocs {
        root,
        submodules,
        examples,
        license: license::find(tree),
        changelog: layout.changelog.map(str::to_owned),
        incomplete: budget
            .incomplete()
            .map(|reason| format!("not everything of this module was read: {reason}")),
    }
}

fn folders(
    folders: &[Folder<'_>],
    limits: &InspectLimits,
    budget: &mut Budget<'_>,
) -> Vec<FolderDocs> {
    if folders.len() > limits.folders {
        budget.note_left_out();
    }
    let folders = folders.iter().take(limits.folders);
    folders.map(|one| folder::docs(one, budget)).collect()
}
