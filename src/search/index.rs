//! The index: opens it, changes it, searches it, and releases its memory.
//!
//! It has no background work. A writer, with its threads and its memory, exists only while
//! [`SearchIndex::apply`] runs; a reader exists from the first search until
//! [`SearchIndex::release`].

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};
use tantivy::{Index, IndexWriter};

use super::callers::find_callers;
use super::collect::search_snapshot;
use super::document::key_term;
use super::folder::RebuildReason;
use super::known_lists::KnownLists;
use super::schema::{Fields, schema};
use super::snapshot::Snapshot;
use super::word_scores::KnownWords;
use super::words::Words;
use super::{Hit, IndexChange, SearchError, SearchPage, SearchQuery, Visible};
use super::{fingerprints, folder, merging};

/// The smallest memory budget of a writer that the engine allows; a page of changes needs a
/// fraction.
const WRITER_BYTES: usize = 15_000_000;

/// A search index in a folder. It is cheap to clone; all clones share the index.
#[derive(Clone)]
pub struct SearchIndex {
    inner: Arc<Inner>,
}

struct Inner {
    index: Index,
    fields: Fields,
    /// Held while the index changes. `true` once the files that a killed process left were removed.
    changing: Mutex<bool>,
    /// Held while a snapshot is opened, so that an older one never replaces a newer one.
    opening: Mutex<()>,
    current: RwLock<Option<Arc<Current>>>,
}

/// What searches read: the last committed state, and caches of the words and lists looked up in it.
struct Current {
    snapshot: Snapshot,
    words: KnownWords,
    lists: KnownLists,
}

/// An index that has been opened.
pub struct Opened {
    /// The index.
    pub index: SearchIndex,
    /// Why it is empty and must be filled with all modules; `None` if it was not emptied.
    pub emptied: Option<RebuildReason>,
}

impl SearchIndex {
    /// Opens the index in a folder that belongs to it alone.
    ///
    /// Whatever is not a complete index of this format is deleted and replaced by an empty index.
    /// An error means that the folder cannot be used at all. Blocks the thread.
    pub fn open(folder: &Path) -> Result<Opened, SearchError> {
        let (schema, fields) = schema();
        let (index, emptied) = folder::open(folder, &schema, &fields)?;
        let inner = Inner {
            index,
            fields,
            changing: Mutex::new(false),
            opening: Mutex::new(()),
            current: RwLock::new(None),
        };
        Ok(Opened {
            index: Self {
                inner: Arc::new(inner),
            },
            emptied,
        })
    }

    /// Applies changes in their order, all or none. Searches see them when it returns.
    ///
    /// The `note` is stored with the changes; [`Self::note`] returns it. The journal follower
    /// stores there up to which place of the journal it is done.
    ///
    /// Blocks the thread, also for merging, and takes some tens of milliseconds even for few
    /// changes.
    pub fn apply(&self, changes: &[IndexChange], note: Option<&str>) -> Result<(), SearchError> {
        let mut is_tidy = lock(&self.inner.changing);
        let mut writer = self.writer()?;
        if !*is_tidy {
            // A kill leaves files of an unfinished commit. The next commit's files have the same
            // names, so the old ones would make every commit fail.
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
        // Deletions are counted only after the commit. A failed merge costs speed and no data.
        let segments = merging::choose(self.inner.index.searchable_segment_metas()?);
        if !segments.is_empty() {
            drop(writer.merge(&segments).wait()?);
        }
        writer.wait_merging_threads()?;
        self.refresh()
    }

    /// Returns the note stored with the last changes; `None` if there was none.
    pub fn note(&self) -> Result<Option<String>, SearchError> {
        Ok(self.inner.index.load_metas()?.payload)
    }

    /// Returns the fingerprint of each indexed module, by its address in lower case.
    ///
    /// A module whose document would have another fingerprint now has changed without the index.
    pub fn fingerprints(&self) -> Result<HashMap<String, u64>, SearchError> {
        fingerprints::read(&self.inner.index)
    }

    /// Finds modules. It takes well under a millisecond of processor time and reads memory-mapped
    /// files.
    ///
    /// # Errors
    ///
    /// [`SearchError::QueryTooLong`] if the text is too long; [`SearchError::Index`] if the index
    /// cannot be read.
    pub fn search(
        &self,
        query: &SearchQuery,
        visible: &Visible,
    ) -> Result<SearchPage, SearchError> {
        let words = Words::parse(&query.text)?;
        let current = self.current()?;
        current.lists.page(query, visible, || {
            search_snapshot(&current.snapshot, &current.words, query, &words, visible)
        })
    }

    /// Finds the visible modules that call one of these sources: at most `most`, sorted by address.
    pub fn callers(
        &self,
        sources: &[String],
        visible: &Visible,
        most: usize,
    ) -> Result<Vec<Hit>, SearchError> {
        find_callers(&self.current()?.snapshot, sources, visible, most)
    }

    /// Releases all memory and mapped files; the next search opens them again in milliseconds.
    pub fn release(&self) {
        let _opening = lock(&self.inner.opening);
        self.set_current(None);
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

    /// Opens the new state for searches, unless no search has opened one since the last release.
    fn refresh(&self) -> Result<(), SearchError> {
        let _opening = lock(&self.inner.opening);
        if self.current_if_open().is_some() {
            self.set_current(Some(Arc::new(self.open_current()?)));
        }
        Ok(())
    }

    /// Returns the last committed state, which the first search after a release opens.
    fn current(&self) -> Result<Arc<Current>, SearchError> {
        if let Some(current) = self.current_if_open() {
            return Ok(current);
        }
        let _opening = lock(&self.inner.opening);
        if let Some(current) = self.current_if_open() {
            return Ok(current);
        }
        let current = Arc::new(self.open_current()?);
        self.set_current(Some(Arc::clone(&current)));
        Ok(current)
    }

    fn open_current(&self) -> Result<Current, SearchError> {
        Ok(Current {
            snapshot: Snapshot::open(&self.inner.index, &self.inner.fields)?,
            words: KnownWords::default(),
            lists: KnownLists::default(),
        })
    }

    fn current_if_open(&self) -> Option<Arc<Current>> {
        let current = self.inner.current.read();
        current
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map(Arc::clone)
    }

    fn set_current(&self, current: Option<Arc<Current>>) {
        *self
            .inner
            .current
            .write()
            .unwrap_or_else(PoisonError::into_inner) = current;
    }
}

/// Locks a mutex, even after a panic of another holder: none leaves an unfinished value behind.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
