//! What the registry keeps in memory about the search index: the index itself, which modules it does
//! not know yet, and up to where the journal has been read.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, OnceLock};
use std::time::Instant;

use crate::domain::ModuleAddress;
use crate::registry::base::{Error, lock};
use crate::search::{SearchError, SearchIndex};
use crate::storage::{DataDir, JournalPosition};

/// The index and what it does not know yet.
pub(in crate::registry) struct SearchState {
    pub(in crate::registry) folder: PathBuf,
    index: OnceLock<SearchIndex>,
    opening: Mutex<()>,
    pub(in crate::registry) follower: JournalFollower,
    waiting: Mutex<PendingModules>,
    /// Whether the last change could not be applied.
    pub(in crate::registry) fails: AtomicBool,
    /// Held while changes are taken from `waiting` and applied; tells when the next may be.
    pub(in crate::registry) rests_until: Mutex<Option<Instant>>,
}

/// Modules that may be indexed otherwise than they should be.
#[derive(Default)]
struct PendingModules {
    modules: BTreeSet<ModuleAddress>,
    /// How many more are being indexed just now.
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
            rests_until: Mutex::default(),
        }
    }

    /// The index; opened when it is first wanted, so that no start waits for it.
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
            tracing::info!(%reason, "the search index is filled anew");
        }
        Ok(self.index.get_or_init(|| opened.index))
    }

    /// Notes that modules may have changed.
    pub(in crate::registry) fn note(&self, addresses: impl IntoIterator<Item = ModuleAddress>) {
        lock(&self.waiting).modules.extend(addresses);
    }

    /// Takes some modules to be indexed, and whether none is left.
    pub(in crate::registry) fn take(&self, most: usize) -> (Vec<ModuleAddress>, bool) {
        let mut waiting = lock(&self.waiting);
        let taken: Vec<_> = std::iter::from_fn(|| waiting.modules.pop_first())
            .take(most)
            .collect();
        waiting.taken = taken.len();
        (taken, waiting.modules.is_empty())
    }

    /// Says that what was taken has been indexed, or could not be and waits again.
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

/// So many records may be read again at a start before their end is noted, though none of them
/// changed anything that is indexed.
const RECORDS_BEFORE_SAVE: u64 = 10_000;

/// Up to where the journal has been read.
#[derive(Default)]
pub(in crate::registry) struct JournalFollower(Mutex<FollowedTo>);

#[derive(Default)]
pub(in crate::registry) struct FollowedTo {
    /// All modules that were written up to there have been noted.
    pub(in crate::registry) read: Option<JournalPosition>,
    /// The store's revision then: while it is the same, nothing was written.
    pub(in crate::registry) revision: u64,
    /// What is kept with the index.
    pub(in crate::registry) saved: Option<JournalPosition>,
    /// Modules with more downloads than the index may know.
    pub(in crate::registry) downloaded: BTreeSet<ModuleAddress>,
}

impl JournalFollower {
    /// Up to where everything has been noted.
    pub(in crate::registry) fn read(&self) -> Option<JournalPosition> {
        self.lock().read
    }

    /// What is kept with the index.
    pub(in crate::registry) fn saved(&self) -> Option<JournalPosition> {
        self.lock().saved
    }

    /// Notes what is kept with the index now.
    pub(in crate::registry) fn save(&self, place: JournalPosition) {
        self.lock().saved = Some(place);
    }

    /// Whether so much was read that it should not be read again.
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
