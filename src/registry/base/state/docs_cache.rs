//! The documentation that was read from the archives of published versions, by the checksum of the
//! archive: all of it in derived files, and what was read lately in memory.

use std::sync::Mutex;

use crate::domain::{ModuleDocs, ModuleOutline, Sha256};
use crate::registry::base::RevisionCache;
use crate::storage::{DataDir, DerivedFiles, StoreError};

/// The format of the derived files. With a new number all documentation is read again: raise it
/// whenever inspection finds more, or finds something else.
const FORM: u32 = 2;

/// How much unpacked documentation the cache keeps in memory, in bytes, about.
const KEPT_BYTES: usize = 8 * 1024 * 1024;

/// How much memory the cached outlines may take, in bytes: each answer about a module reads one.
const KEPT_OUTLINE_BYTES: usize = 1024 * 1024;

/// Documentation and outlines, by the checksum of the archive they were read from.
#[derive(Debug)]
pub(in crate::registry) struct Documentation {
    pub(in crate::registry) docs: DerivedFiles,
    pub(in crate::registry) outlines: DerivedFiles,
    // The content behind a checksum never changes, so neither cache needs a revision.
    pub(in crate::registry) recent: RevisionCache<Sha256, (), ModuleDocs>,
    pub(in crate::registry) recent_outlines: RevisionCache<Sha256, (), ModuleOutline>,
    // Archives are inspected one at a time: callers who wait for the same archive find it
    // inspected, and hostile archives cannot take all processors.
    pub(in crate::registry) inspecting: Mutex<()>,
}

impl Documentation {
    pub(in crate::registry) fn open(dir: &DataDir) -> Result<Self, StoreError> {
        Ok(Self {
            docs: DerivedFiles::open(dir, "module-docs", FORM)?,
            outlines: DerivedFiles::open(dir, "module-digests", FORM)?,
            recent: RevisionCache::weighed(KEPT_BYTES, weight),
            recent_outlines: RevisionCache::weighed(KEPT_OUTLINE_BYTES, outline_weight),
            inspecting: Mutex::default(),
        })
    }

    /// Removes what was read from an archive that is no longer stored.
    pub(in crate::registry) fn forget(&self, sum: &Sha256) {
        self.recent.remove(sum);
        self.recent_outlines.remove(sum);
        self.docs.remove(sum);
        self.outlines.remove(sum);
    }
}

/// Estimates how many bytes of memory a module's documentation takes.
fn weight(docs: &ModuleDocs) -> usize {
    let folders = std::iter::once(&docs.root)
        .chain(&docs.submodules)
        .chain(&docs.examples);
    let named = |folder: &crate::domain::FolderDocs| {
        let readme = folder.readme.as_ref().map_or(0, |readme| readme.text.len());
        let things = folder.inputs.len() + folder.outputs.len() + folder.resources.len();
        readme + 500 * things + 100 * folder.references.len()
    };
    folders.map(named).sum()
}

/// Estimates how many bytes of memory an outline takes.
fn outline_weight(outline: &ModuleOutline) -> usize {
    let needs = std::iter::once(&outline.root).chain(&outline.submodules);
    let needed: usize = needs
        .map(|needs| 1 + needs.providers.len() + needs.modules.len())
        .sum();
    outline.summary.len() + 200 * needed
}
