//! The changes between two versions, folder by folder.

use serde::Serialize;

use super::{Change, Impact, Verdict};

/// The difference between two versions of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    verdict: Verdict,
    incomplete: bool,
    folders: Vec<FolderDifference>,
}

/// The changes in one folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FolderDifference {
    /// The path from the archive's root; empty for the root.
    pub path: String,
    /// The changes, sorted by subject and name.
    pub changes: Vec<Change>,
}

impl Difference {
    pub(super) fn new(folders: Vec<FolderDifference>, incomplete: bool) -> Self {
        let changes = folders.iter().flat_map(|folder| &folder.changes);
        let most = changes.map(|change| change.impact).max();
        Self {
            verdict: most.map_or(Verdict::Nothing, Verdict::from),
            incomplete,
            folders,
        }
    }

    /// Returns the verdict on all changes together.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Returns whether one of the versions was not read completely, so that removals may not be
    /// real.
    pub fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// Returns the folders with changes: the root first, then submodules by path.
    pub fn folders(&self) -> &[FolderDifference] {
        &self.folders
    }

    /// Iterates over the breaking changes, each with the path of its folder.
    pub fn breaking(&self) -> impl Iterator<Item = (&str, &Change)> {
        self.folders.iter().flat_map(|folder| {
            let breaks = |change: &&Change| change.impact == Impact::Breaking;
            let path = folder.path.as_str();
            let changes = folder.changes.iter().filter(breaks);
            changes.map(move |change| (path, change))
        })
    }
}
