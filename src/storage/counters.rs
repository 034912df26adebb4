//! Counters: added up in memory, written together now and then.
//!
//! A download must not cost a sync. What a crash takes is the counts of the last few seconds.

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
    /// How often something was counted.
    steps: AtomicU64,
}

/// The counts themselves.
pub(super) type Pending = BTreeMap<Vec<u8>, Count>;

/// What is to be added to one row.
pub(super) struct Count {
    /// The table of the row.
    pub(super) table: TableInfo,
    /// Its group.
    pub(super) slot: Slot,
    /// How much.
    pub(super) by: u64,
}

/// One count, looked up once to be added to often.
#[derive(Debug, Clone)]
pub struct Counter {
    index_key: Vec<u8>,
    table: TableInfo,
    slot: Slot,
}

impl Counter {
    /// The count under a key.
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

    /// A number that is higher after each step of any count.
    pub(super) fn steps(&self) -> u64 {
        self.steps.load(Ordering::SeqCst)
    }

    /// The counts; while they are held, none moves from here into the index.
    pub(super) fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
