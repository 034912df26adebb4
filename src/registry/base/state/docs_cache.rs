//! What the archives of published versions say of themselves, by the archive it was read from: in
//! files, and in memory what was asked for lately.

use std::sync::Mutex;

use crate::domain::{ModuleDocs, ModuleOutline, Sha256};
use crate::registry::base::RevisionCache;
use crate::storage::{DataDir, DerivedFiles, StoreError};

/// The form of what is kept. A new number makes everything be read again: raise it whenever
/// inspection finds more or something else.
const FORM: u32 = 1;

/// How much unpacked documentation is kept in memory, in bytes of the code it came from.
const KEPT_BYTES: usize = 8 * 1024 * 1024;

/// How many short forms are kept in memory, in bytes: each answer about a module looks at one.
const KEPT_DIGEST_BYTES: usize = 1024 * 1024;

/// Documentation, by the archive it was read from.
#[derive(Debug)]
pub(in crate::registry) struct Documentation {
    pub(in crate::registry) docs: DerivedFiles,
    pub(in crate::registry) digests: DerivedFiles,
    // What a hash stands for never changes, so neither needs a revision.
    pub(in crate::registry) recent: RevisionCache<Sha256, (), ModuleDocs>,
    pub(in crate::registry) recent_outlines: RevisionCache<Sha256, (), ModuleOutline>,
    // One at a time: whoever waits for the same archive finds it read, and hostile ones cannot
    // take all processors.
    pub(in crate::registry) inspecting: Mutex<()>,
}

impl Documentation {
    pub(in crate::registry) fn open(dir: &DataDir) -> Result<Self, StoreError> {
        Ok(Self {
            docs: DerivedFiles::open(dir, "module-docs", FORM)?,
            digests: DerivedFiles::open(dir, "module-digests", FORM)?,
            recent: RevisionCache::weighed(KEPT_BYTES, weight),
            recent_outlines: RevisionCache::weighed(KEPT_DIGEST_BYTES, outline_weight),
            inspecting: Mutex::default(),
        })
    }

    /// Forgets an archive that is not needed any more.
    pub(in crate::registry) fn forget(&self, sum: &Sha256) {
        self.recent.remove(sum);
        self.recent_outlines.remove(sum);
        self.docs.remove(sum);
        self.digests.remove(sum);
    }
}

/// About how many bytes of memory a module's documentation takes.
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

/// About how many bytes of memory its short form takes.
fn outline_weight(digest: &ModuleOutline) -> usize {
    let needs = std::iter::once(&digest.root).chain(&digest.submodules);
    let needed: usize = needs
        .map(|needs| 1 + needs.providers.len() + needs.modules.len())
        .sum();
    digest.summary.len() + 200 * needed
}
