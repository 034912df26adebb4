//! Compares two modules: pairs their folders and collects the changes.

use std::collections::BTreeMap;

use crate::domain::{FolderDocs, ModuleDocs};

use super::change::{Change, ChangeKind, Impact, Subject};
use super::{Difference, FolderDifference, folder};

/// Returns the changes from `old` to `new` that matter to callers of the module or its submodules.
///
/// Examples are not part of the interface, so they are ignored.
pub fn compare(old: &ModuleDocs, new: &ModuleDocs) -> Difference {
    let mut folders = vec![FolderDifference {
        path: String::new(),
        changes: folder::changes(&old.root, &new.root),
    }];
    let before = by_path(&old.submodules);
    let after = by_path(&new.submodules);
    let mut pairs: BTreeMap<&str, [Option<&FolderDocs>; 2]> = BTreeMap::new();
    for (path, docs) in &before {
        pairs.insert(path, [Some(docs), after.get(path).copied()]);
    }
    for (path, docs) in &after {
        pairs.entry(path).or_insert([None, Some(docs)]);
    }
    for (path, pair) in pairs {
        let changes = match pair {
            [Some(old), Some(new)] => folder::changes(old, new),
            [Some(_), None] => vec![removed(path)],
            [None, _] => vec![added(path)],
        };
        let path = path.to_owned();
        folders.push(FolderDifference { path, changes });
    }
    folders.retain(|folder| !folder.changes.is_empty());
    let incomplete = old.incomplete.is_some() || new.incomplete.is_some();
    Difference::new(folders, incomplete)
}

fn by_path(folders: &[FolderDocs]) -> BTreeMap<&str, &FolderDocs> {
    let folders = folders.iter();
    folders
        .map(|folder| (folder.path.as_str(), folder))
        .collect()
}

fn removed(path: &str) -> Change {
    Change::new(
        (Subject::Submodule, path),
        ChangeKind::Removed,
        Impact::Breaking,
        format!("submodule `{path}` is gone: callers that use it fail"),
    )
}

fn added(path: &str) -> Change {
    Change::new(
        (Subject::Submodule, path),
        ChangeKind::Added,
        Impact::Compatible,
        format!("new submodule `{path}`"),
    )
}
