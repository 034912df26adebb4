//! The files that macOS adds to archives: its tar writes the attributes of `NAME` as a file `._NAME`
//! beside it, and its zip program collects such files in the folder `__MACOSX`.
//!
//! They are no part of a module. Terraform passes over them, and tar on a Mac does not show them.

use std::collections::BTreeSet;

use super::ArchivePath;
use super::catalogue::{Catalogue, Node};

/// The beginning of the name of such a file.
const PREFIX: &str = "._";

/// The folder in which zip programs collect them.
const FOLDER: &str = "__MACOSX";

/// Returns whether a name in an archive is that of the file for the archive's own folder, `._.`. No
/// other file may have a name that ends in a dot.
pub(super) fn is_of_root(name: &str) -> bool {
    let file_name = name.rsplit_once('/').map_or(name, |(_, last)| last);
    file_name == "._."
}

/// Returns the files in `catalogue` that macOS added.
pub(super) fn find(catalogue: &Catalogue) -> BTreeSet<ArchivePath> {
    let files = catalogue.iter().filter(|(path, node)| {
        let Some(described) = path.file_name().strip_prefix(PREFIX) else {
            return false;
        };
        let beside = match path.folder() {
            Some(folder) if is_collected(folder) => return true,
            Some(folder) => format!("{folder}/{described}"),
            None => described.to_owned(),
        };
        matches!(node, Node::File(_)) && catalogue.get(&beside).is_some()
    });
    files.map(|(path, _)| path.clone()).collect()
}

fn is_collected(folder: &str) -> bool {
    folder == FOLDER || folder.starts_with("__MACOSX/")
}
