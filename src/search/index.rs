//! The index: opening it, changing it, and letting go of its memory.
//!
//! Nothing of it runs by itself. A writer, with its threads and its memory, exists only while
//! [`SearchIndex::apply`] does; a reader from the first search on, until
//! [`SearchIndex::release`].

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};
use tantivy::{Index, IndexWriter};

use super::callers::find_callers;
use super::collect::search_snapshot;
use super::document::key_term;
use super::schema::{Fields, schema};
use super::snapshot::Snapshot;
use super::words::Words;
use super::{Hit, IndexChange, SearchError, SearchPage, SearchQuery, Visible};
use super::{fingerprints, folder, merging};

/// The least that the engine allows; a page of changes needs a fraction of it.
const WRITER_BYTES: usize = 15_000_000;

/// A search index in a folder. Cheap to clone; all clones are the same index.
#[derive(Clone)]
pub struct SearchIndex {
    inner: Arc<Inner>,
}

struct Inner {
    index: Index,
    fields: Fields,
    /// Held while the index changes; whether what an earlier process left has been removed.
    changing: Mutex<bool>,
    /// Held while a snapshot is opened, so that an older one never replaces a newer one.
    opening: Mutex<()>,
    snapshot: RwLock<Option<Arc<Snapshot>>>,
}

/// An index that has been opened.
pub struct Opened {
    /// The index.
    pub index: SearchIndex,
    /// Why it is empty and must be filled with all modules; `None` if it was there.
    pub emptied: Option<RebuildReason>,
}

/// Why an index must be filled anew.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RebuildReason {
    /// There was none.
    #[error("there was no search index")]
    New,
    /// It was written by another version of this program.
    #[error("the search index has the format of another version")]
    OtherFormat,
    /// It cannot be read.
    #[error("the search index is damaged: {0}")]
    Damaged(String),
}

impl SearchIndex {
    /// Opens the index in a folder that belongs to it alone.
    ///
    /// What is not a whole index of this format is deleted, and an empty index takes its place.
    /// An error means that the folder cannot be used at all. Blocks.
    pub fn open(folder: &Path) -> Result<Opened, SearchError> {
        let (schema, fields) = schema();
        let (index, emptied) = folder::open(folder, &schema)?;
        let inner = Inner {
            index,
            fields,
            changing: Mutex::new(false),
            opening: Mutex::new(()),
            snapshot: RwLock::new(None),
        };
        Ok(Opened {
            index: Self {
                inner: Arc::new(inner),
            },
            emptied,
        })
    }

    /// Applies changes in their order, all or none; searches see them when it returns.
    ///
    /// With them goes a note of the caller's, for [`Self::note`] to tell up to where it is done.
    ///
    /// Blocks, also for merging, and costs some tens of milliseconds however few changes there are.
    pub fn apply(&self, changes: &[IndexChange], note: Option<&str>) -> Result<(), SearchError> {
        let mut is_tidy = lock(&self.inner.changing);
        let mut writer = self.writer()?;
        if !*is_tidy {
            // A kill leaves files of a commit that was not finished, and the names of the next
            // one's are the same: they would be in its way for ever.
            writer.garbage_collect_files().wait()?;
            *is_tidy = true;
        }
        for change in changes {
            let fields = &self.inner.fields;
            writer.delete_term(key_term(fields, change.address()));
            if let IndexChange::Put(document) = change {
                writer.add_document(document.document(fields))?;
            }
        }
        let mut prepared = writer.prepare_commit()?;
        if let Some(note) = note {
            prepared.set_payload(note);
        }
        prepared.commit()?;
        // Deletions are known only now; a failed merge loses nothing but speed.
        let segments = merging::choose(self.inner.index.searchable_segment_metas()?);
        if !segments.is_empty() {
            drop(writer.merge(&segments).wait()?);
        }
        writer.wait_merging_threads()?;
        self.refresh()
    }

    /// What was noted with the last change.
    pub fn note(&self) -> Result<Option<String>, SearchError> {
        Ok(self.inner.index.load_metas()?.payload)
    }

    /// The fingerprint of each module that is indexed, by its address in lower case.
    ///
    /// What differs from what it should be has changed while nobody told the index.
    pub fn fingerprints(&self) -> Result<HashMap<String, u64>, SearchError> {
        fingerprints::read(&self.inner.index)
    }

    /// Finds modules. Takes well under a millisecond of a processor; reads mapped files.
    pub fn search(
        &self,
        query: &SearchQuery,
        visible: &Visible,
    ) -> Result<SearchPage, SearchError> {
        let words = Words::parse(&query.text)?;
        let snapshot = self.snapshot()?;
        search_snapshot(&snapshot, query, &words, visible)
    }

    /// The modules that call one of these sources, by address, as far as they are visible; at most
    /// so many.
    pub fn callers(
        &self,
        sources: &[String],
        visible: &Visible,
        most: usize,
    ) -> Result<Vec<Hit>, SearchError> {
        find_callers(&*self.snapshot()?, sources, visible, most)
    }

    /// Lets go of all memory and mapped files; the next search opens them again in milliseconds.
    pub fn release(&self) {
        let _opening = lock(&self.inner.opening);
        self.set_snapshot(None);
    }

    /// Opens everything that a search reads, to see whether it can be read.
    pub(super) fn check(index: &Index) -> Result<(), SearchError> {
        Snapshot::open(index, &schema().1).map(drop)
    }

    fn writer(&self) -> Result<IndexWriter, SearchError> {
        let options = IndexWriterOptions::builder()
            .memory_budget_per_thread(WRITER_BYTES)
            .num_worker_threads(1)
            .num_merge_threads(1)
            .build();
        let writer: IndexWriter = self.inner.index.writer_with_options(options)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(writer)
    }

    /// Shows searches what was committed, where there have been searches.
    fn refresh(&self) -> Result<(), SearchError> {
        let _opening = lock(&self.inner.opening);
        if self.current().is_some() {
            let snapshot = Snapshot::open(&self.inner.index, &self.inner.fields)?;
            self.set_snapshot(Some(Arc::new(snapshot)));
        }
        Ok(())
    }

    fn snapshot(&self) -> Result<Arc<Snapshot>, SearchError> {
        if let Some(snapshot) = self.current() {
            return Ok(snapshot);
        }
        let _opening = lock(&self.inner.opening);
        if let Some(snapshot) = self.current() {
            return Ok(snapshot);
        }
        let snapshot = Arc::new(Snapshot::open(&self.inner.index, &self.inner.fields)?);
        self.set_snapshot(Some(Arc::clone(&snapshot)));
        Ok(snapshot)
    }

    fn current(&self) -> Option<Arc<Snapshot>> {
        let snapshot = self.inner.snapshot.read();
        snapshot
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map(Arc::clone)
    }

    fn set_snapshot(&self, snapshot: Option<Arc<Snapshot>>) {
        let mut current = self
            .inner
            .snapshot
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *current = snapshot;
    }
}

/// The lock, also after a panic of another holder: none leaves a half-made value behind.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
