//! What the registry keeps in memory about the search index: the index itself, the modules that
//! still have to be indexed, and up to where the journal has been read.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Mutex, MutexGuard, OnceLock};
use std::time::Instant;

use crate::domain::ModuleAddress;
use crate::registry::base::{Error, lock};
use crate::search::{SearchError, SearchIndex};
use crate::storage::{DataDir, JournalPosition};

/// The search index, and the modules that still have to be indexed.
pub(in crate::registry) struct SearchState {
    pub(in crate::registry) folder: PathBuf,
    index: OnceLock<SearchIndex>,
    opening: Mutex<()>,
    pub(in crate::registry) follower: JournalFollower,
    waiting: Mutex<PendingModules>,
    /// Whether the last step could not be done.
    pub(in crate::registry) fails: AtomicBool,
    /// Whether the last step took so long that no search should wait for the next one.
    pub(in crate::registry) is_slow: AtomicBool,
    /// Whether a search waits, so that the next step should not rest first.
    pub(in crate::registry) is_awaited: AtomicBool,
    /// One more than the revision of the store that the index has followed; 0 before the first
    /// step.
    pub(in crate::registry) followed: AtomicU64,
    /// Held while changes are taken from `waiting` and applied; the value is the time before which
    /// the background work applies no more, `None` if it may at once.
    pub(in crate::registry) rests_until: Mutex<Option<Instant>>,
}

/// Modules that may have changed since they were indexed.
#[derive(Default)]
struct PendingModules {
    modules: BTreeSet<ModuleAddress>,
    /// How many further modules are being indexed now.
    taken: usize,
}

impl fmt::Debug for SearchState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SearchState").finish_non_exhaustive()
    }
}

impl SearchState {
    pub(in crate::registry) fn new(dir: &DataDir) -> Self {
        Self {
            folder: dir.derived().join("search"),
            index: OnceLock::new(),
            opening: Mutex::default(),
            follower: JournalFollower::default(),
            waiting: Mutex::default(),
            fails: AtomicBool::new(false),
            is_slow: AtomicBool::new(false),
            is_awaited: AtomicBool::new(false),
            followed: AtomicU64::new(0),
            rests_until: Mutex::default(),
        }
    }

    /// Returns the index for a search, if the background work has opened it: opening it may write
    /// files, which no search does.
    pub(in crate::registry) fn opened(&self) -> Result<&SearchIndex, Error> {
        self.index.get().ok_or_else(|| Error::Unavailable {
            reason: "the search index is not open yet".to_owned(),
            retry_after_seconds: 5,
        })
    }

    /// Returns the index. The first call opens it, so that no start of the program waits for it.
    pub(in crate::registry) fn index(&self) -> Result<&SearchIndex, Error> {
        if let Some(index) = self.index.get() {
            return Ok(index);
        }
        let _opening = lock(&self.opening);
        if let Some(index) = self.index.get() {
            return Ok(index);
        }
        let opened = SearchIndex::open(&self.folder)?;
        if let Some(reason) = opened.emptied {
            tracing::info!(%reason, "the search index is filled again");
        }
        Ok(self.index.get_or_init(|| opened.index))
    }

    /// Adds modules that may have changed to those that have to be indexed.
    pub(in crate::registry) fn note(&self, addresses: impl IntoIterator<Item = ModuleAddress>) {
        lock(&self.waiting).modules.extend(addresses);
    }

    /// Takes up to `most` modules to be indexed; also returns whether none is left.
    pub(in crate::registry) fn take(&self, most: usize) -> (Vec<ModuleAddress>, bool) {
        let mut waiting = lock(&self.waiting);
        let taken: Vec<_> = std::iter::from_fn(|| waiting.modules.pop_first())
            .take(most)
            .collect();
        waiting.taken = taken.len();
        (taken, waiting.modules.is_empty())
    }

    /// Ends the work on the modules that were taken; `failed` could not be indexed and wait again.
    pub(in crate::registry) fn give_back(&self, failed: Vec<ModuleAddress>) {
        let mut waiting = lock(&self.waiting);
        waiting.taken = 0;
        waiting.modules.extend(failed);
    }

    pub(in crate::registry) fn behind(&self) -> usize {
        let waiting = lock(&self.waiting);
        waiting.modules.len() + waiting.taken
    }
}

/// How many records without a change to the index are read before the place in the journal is
/// saved: a start reads at most so many of them again.
const RECORDS_BEFORE_SAVE: u64 = 10_000;

/// The journal follower: up to where the journal has been read for the search index.
#[derive(Default)]
pub(in crate::registry) struct JournalFollower(Mutex<FollowedTo>);

#[derive(Default)]
pub(in crate::registry) struct FollowedTo {
    /// Every module that was written up to this place is indexed or waits for it; `None` before the
    /// first reading.
    pub(in crate::registry) read: Option<JournalPosition>,
    /// The store's revision at that reading: while it is the same, nothing was written.
    pub(in crate::registry) revision: u64,
    /// The place in the journal that is saved with the index; `None` if there is none.
    pub(in crate::registry) saved: Option<JournalPosition>,
    /// Modules that were downloaded since the index last compared their downloads.
    pub(in crate::registry) downloaded: BTreeSet<ModuleAddress>,
}

impl JournalFollower {
    /// Returns the place up to which the journal has been read.
    pub(in crate::registry) fn read(&self) -> Option<JournalPosition> {
        self.lock().read
    }

    /// Returns the place in the journal that is saved with the index; `None` if there is none.
    pub(in crate::registry) fn saved(&self) -> Option<JournalPosition> {
        self.lock().saved
    }

    /// Records the place that is now saved with the index.
    pub(in crate::registry) fn save(&self, place: JournalPosition) {
        self.lock().saved = Some(place);
    }

    /// Tells whether so many records were read since the last save that the place should be saved
    /// now.
    pub(in crate::registry) fn needs_save(&self) -> bool {
        let place = self.lock();
        let sequence = |place: Option<JournalPosition>| place.map_or(0, |place| place.sequence());
        sequence(place.read) > sequence(place.saved) + RECORDS_BEFORE_SAVE
    }

    pub(in crate::registry) fn lock(&self) -> MutexGuard<'_, FollowedTo> {
        lock(&self.0)
    }
}

impl From<SearchError> for Error {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::QueryTooLong => Self::invalid("q", error.to_string()),
            SearchError::Folder { .. } | SearchError::Index(_) => Self::internal(error),
        }
    }
}
