//! What the registry keeps in memory about providers.

use crate::domain::{DocsPage, Sha256};
use crate::registry::base::RevisionCache;
use crate::storage::{DataDir, DerivedFiles, StoreError};

/// The lists of documentation pages that were asked for lately.
#[derive(Debug)]
pub(in crate::registry) struct ProvidersState {
    pub(in crate::registry) docs_index: DocsIndex,
}

impl ProvidersState {
    pub(in crate::registry) fn open(dir: &DataDir) -> Result<Self, StoreError> {
        let docs_index = DocsIndex::open(dir)?;
        Ok(Self { docs_index })
    }
}

/// The form of what is kept. A new number makes everything be read again.
const FORM: u32 = 1;

/// How much of the lists of pages is kept in memory, in bytes.
const KEPT_BYTES: usize = 4 * 1024 * 1024;

/// The lists of pages, by the archive they were read from.
#[derive(Debug)]
pub(in crate::registry) struct DocsIndex {
    pub(in crate::registry) files: DerivedFiles,
    pub(in crate::registry) recent: RevisionCache<Sha256, (), Vec<DocsPage>>,
}

impl DocsIndex {
    pub(in crate::registry) fn open(dir: &DataDir) -> Result<Self, StoreError> {
        Ok(Self {
            files: DerivedFiles::open(dir, "provider-docs", FORM)?,
            recent: RevisionCache::weighed(KEPT_BYTES, weight),
        })
    }

    /// Forgets an archive that is not needed any more.
    pub(in crate::registry) fn forget(&self, sum: &Sha256) {
        self.recent.remove(sum);
        self.files.remove(sum);
    }
}

/// About how many bytes of memory a list takes.
#[expect(clippy::ptr_arg, reason = "the cache hands out what it holds")]
fn weight(pages: &Vec<DocsPage>) -> usize {
    let bytes = |page: &DocsPage| {
        200 + page.path.len() + page.title.len() + page.subcategory.len() + page.description.len()
    };
    pages.iter().map(bytes).sum()
}
