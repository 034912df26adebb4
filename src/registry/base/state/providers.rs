//! What the registry keeps in memory about providers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};

use crate::auth::UnnamedKey;
use crate::domain::{DocsPage, OrganizationId, Sha256};
use crate::registry::base::{KeyedLocks, RevisionCache, lock};
use crate::storage::{DataDir, DerivedFiles, StoreError};

/// The lists of documentation pages that were read lately, and keys that are being made.
#[derive(Debug)]
pub(in crate::registry) struct ProvidersState {
    pub(in crate::registry) docs_index: DocsIndex,
    pub(in crate::registry) spare_key: SpareKey,
    /// The organizations whose first key is being made.
    pub(in crate::registry) first_keys: KeyedLocks<OrganizationId>,
}

/// A signing key that is made before anybody needs it.
#[derive(Debug, Default)]
pub(in crate::registry) struct SpareKey {
    key: Mutex<Option<UnnamedKey>>,
    is_wished: AtomicBool,
}

impl SpareKey {
    /// Asks the background work to make a key.
    pub(in crate::registry) fn wish(&self) {
        self.is_wished.store(true, Ordering::SeqCst);
    }

    /// Tells whether somebody has asked for a key since the last call.
    pub(in crate::registry) fn take_wish(&self) -> bool {
        self.is_wished.swap(false, Ordering::SeqCst)
    }

    /// Takes the lock of the key, which is held for seconds while one is made.
    pub(in crate::registry) fn lock(&self) -> MutexGuard<'_, Option<UnnamedKey>> {
        lock(&self.key)
    }
}

impl ProvidersState {
    pub(in crate::registry) fn open(dir: &DataDir) -> Result<Self, StoreError> {
        let docs_index = DocsIndex::open(dir)?;
        Ok(Self {
            docs_index,
            spare_key: SpareKey::default(),
            first_keys: KeyedLocks::default(),
        })
    }
}

/// The format of the derived files. With a new number all lists of pages are read again.
const FORM: u32 = 1;

/// How much memory the cached lists of pages may take, in bytes.
const KEPT_BYTES: usize = 4 * 1024 * 1024;

/// The lists of pages, by the checksum of the archive they were read from.
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

    /// Removes the list that was read from an archive that is no longer stored.
    pub(in crate::registry) fn forget(&self, sum: &Sha256) {
        self.recent.remove(sum);
        self.files.remove(sum);
    }
}

/// Estimates how many bytes of memory a list takes.
#[expect(clippy::ptr_arg, reason = "the cache hands out what it holds")]
fn weight(pages: &Vec<DocsPage>) -> usize {
    let bytes = |page: &DocsPage| {
        200 + page.path.len() + page.title.len() + page.subcategory.len() + page.description.len()
    };
    pages.iter().map(bytes).sum()
}
