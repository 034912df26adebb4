//! Counters that are added up in memory and written together from time to time.
//!
//! A download must not cost a sync. A crash loses the counts of the last few seconds.
//!
//! While counts are written, nothing here is locked, so that neither a download nor a reader waits
//! for the disk. For that time each of them is kept as the number that its row will have: a reader
//! uses this number whether the row has it already or not.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::revisions::Slot;
use super::table::{TableInfo, index_key};
use super::{Key, KeyWriter, Table};

/// Counts that are not written yet, by index key.
#[derive(Default)]
pub(super) struct Counters {
    state: Mutex<State>,
    /// How often a count was increased.
    steps: AtomicU64,
}

#[derive(Default)]
struct State {
    /// What is to be added to rows.
    pending: BTreeMap<Vec<u8>, Count>,
    /// What is being written.
    being_written: BTreeMap<Vec<u8>, CountBeingWritten>,
    /// How often counts were taken to be written.
    rounds: u64,
}

/// The number to be added to one row.
#[derive(Clone, Copy)]
pub(super) struct Count {
    /// The table of the row.
    pub(super) table: TableInfo,
    /// The revision slot of the row's group.
    pub(super) slot: Slot,
    /// How much is to be added.
    pub(super) by: u64,
}

/// A count whose row is being written.
#[derive(Clone, Copy)]
pub(super) struct CountBeingWritten {
    /// What is added.
    pub(super) count: Count,
    /// The row with it added.
    pub(super) total: u64,
}

/// What is known in memory of some counts, at one moment.
pub(super) struct KnownCounts {
    /// What is to be added to each count.
    pub(super) added: BTreeMap<Vec<u8>, u64>,
    /// The rows that are being written, which count instead of those in the index.
    pub(super) totals: BTreeMap<Vec<u8>, u64>,
    rounds: u64,
}

/// The handle of one count: made once, and used to count often.
#[derive(Debug, Clone)]
pub struct Counter {
    index_key: Vec<u8>,
    table: TableInfo,
    slot: Slot,
}

impl Counter {
    /// Makes the handle of the count under a key.
    pub fn of<T: Table<Row = u64>>(key: &T::Key) -> Self {
        let mut written = KeyWriter::new();
        key.encode(&mut written);
        Self {
            index_key: index_key(T::ID, written.as_bytes()),
            table: TableInfo::of::<T>(),
            slot: Slot::of_written::<T>(&written),
        }
    }
}

impl Counters {
    /// Adds to one count.
    pub(super) fn add(&self, counter: &Counter, by: u64) {
        let Counter {
            index_key,
            table,
            slot,
        } = counter;
        let mut state = self.lock();
        if let Some(count) = state.pending.get_mut(index_key) {
            count.by = count.by.saturating_add(by);
        } else {
            let (table, slot) = (*table, *slot);
            let count = Count { table, slot, by };
            state.pending.insert(index_key.clone(), count);
        }
        drop(state);
        self.steps.fetch_add(1, Ordering::SeqCst);
    }

    /// Returns a number that grows whenever any count is increased.
    pub(super) fn steps(&self) -> u64 {
        self.steps.load(Ordering::SeqCst)
    }

    /// Returns what is known of the counts in a range of keys. Read their rows next, and then ask
    /// [`Self::is_still_known`].
    pub(super) fn known(&self, from: Vec<u8>, to: Bound<Vec<u8>>) -> KnownCounts {
        let range = (Bound::Included(from), to);
        let state = self.lock();
        let pending = state.pending.range(range.clone());
        let being_written = state.being_written.range(range);
        KnownCounts {
            added: pending
                .map(|(key, count)| (key.clone(), count.by))
                .collect(),
            totals: being_written
                .map(|(key, count)| (key.clone(), count.total))
                .collect(),
            rounds: state.rounds,
        }
    }

    /// Tells whether no count was taken to be written since `known` was: otherwise a row may have
    /// what is also in `known`.
    pub(super) fn is_still_known(&self, known: &KnownCounts) -> bool {
        self.lock().rounds == known.rounds
    }

    /// Returns the keys and tables of the counts that wait to be written.
    pub(super) fn waiting(&self) -> Vec<(Vec<u8>, TableInfo)> {
        let state = self.lock();
        let waiting = state.pending.iter();
        waiting
            .map(|(key, count)| (key.clone(), count.table))
            .collect()
    }

    /// Takes the counts whose rows are in `stored` to be written, and returns them. Only the holder
    /// of the writers' lock may call this, and must call [`Self::end_writing`].
    pub(super) fn begin_writing(
        &self,
        stored: &BTreeMap<Vec<u8>, u64>,
    ) -> BTreeMap<Vec<u8>, CountBeingWritten> {
        let mut state = self.lock();
        for (key, row) in stored {
            if let Some(count) = state.pending.remove(key) {
                let total = row.saturating_add(count.by);
                let written = CountBeingWritten { count, total };
                state.being_written.insert(key.clone(), written);
            }
        }
        state.rounds += 1;
        state.being_written.clone()
    }

    /// Ends the writing: the index has the rows, or they wait again.
    pub(super) fn end_writing(&self, written: bool) {
        let mut state = self.lock();
        let taken = std::mem::take(&mut state.being_written);
        if written {
            return;
        }
        for (key, CountBeingWritten { count, .. }) in taken {
            let by = count.by;
            let waiting = state.pending.entry(key).or_insert(Count { by: 0, ..count });
            waiting.by = waiting.by.saturating_add(by);
        }
        state.rounds += 1;
    }

    /// The lock is held for moments only, never over a change of the index or of a file: requests
    /// count on async threads.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
