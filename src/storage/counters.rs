//! Counters that are added up in memory and written together from time to time.
//!
//! A download must not cost a sync. A crash loses the counts of the last few seconds.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::revisions::Slot;
use super::table::{TableInfo, index_key};
use super::{Key, KeyWriter, Table};

/// Counts that are not written yet, by index key.
#[derive(Default)]
pub(super) struct Counters {
    pending: Mutex<Pending>,
    /// How often a count was increased.
    steps: AtomicU64,
}

/// The counts themselves.
pub(super) type Pending = BTreeMap<Vec<u8>, Count>;

/// The number to be added to one row.
pub(super) struct Count {
    /// The table of the row.
    pub(super) table: TableInfo,
    /// The revision slot of the row's group.
    pub(super) slot: Slot,
    /// How much is to be added.
    pub(super) by: u64,
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
        let mut pending = self.lock();
        if let Some(count) = pending.get_mut(index_key) {
            count.by = count.by.saturating_add(by);
        } else {
            let (table, slot) = (*table, *slot);
            pending.insert(index_key.clone(), Count { table, slot, by });
        }
        self.steps.fetch_add(1, Ordering::SeqCst);
    }

    /// Returns a number that grows whenever any count is increased.
    pub(super) fn steps(&self) -> u64 {
        self.steps.load(Ordering::SeqCst)
    }

    /// Locks the counts. While the lock is held, no count is moved from here into the index.
    pub(super) fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
