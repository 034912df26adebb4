//! Revisions: numbers that change when a row of a group changes. They are cheap to read.
//!
//! A reader reads the revision, then the rows, and keeps both. As long as the revision stays the
//! same, so do the rows. This holds because a writer applies the rows first and changes the
//! revision after: rows that were read with an old revision may be new (and are read once more than
//! needed), but rows read with a new revision are never old. The revision is changed before the
//! write is acknowledged, so after an acknowledged write every reader sees the new revision.
//!
//! Groups share a fixed number of slots by their hash. If two groups share a slot, a write to one
//! changes the revision of both. This costs a needless read and nothing else.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Key, KeyWriter, Prefix, Table};

const SLOTS: usize = 4096;

/// The revisions of all groups, and of the whole store.
pub(super) struct Revisions {
    slots: Box<[AtomicU64]>,
    last: AtomicU64,
}

/// The slot of a group of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot(usize);

impl Slot {
    /// Returns the slot of the group that a key is in.
    pub(super) fn of_key<T: Table>(key: &T::Key) -> Self {
        let mut writer = KeyWriter::new();
        key.encode(&mut writer);
        Self::of_written::<T>(&writer)
    }

    /// Returns the slot of the group that an encoded key is in.
    pub(super) fn of_written<T: Table>(key: &KeyWriter) -> Self {
        Self::of_group::<T>(key.leading(T::GROUP_SEGMENTS).unwrap_or_default())
    }

    fn of_group<T: Table>(group: &[u8]) -> Self {
        // A table that is one group is read with every request, and needs no hash.
        if group.is_empty() {
            return Self(usize::from(T::ID));
        }
        let mut hasher = DefaultHasher::new();
        (T::ID, group).hash(&mut hasher);
        let slots = u64::try_from(SLOTS).unwrap_or(1);
        Self(usize::try_from(hasher.finish() % slots).unwrap_or(0))
    }
}

impl Revisions {
    /// Makes revisions that are all 0.
    pub(super) fn new() -> Self {
        Self {
            slots: (0..SLOTS).map(|_| AtomicU64::new(0)).collect(),
            last: AtomicU64::new(0),
        }
    }

    /// Returns the revision of the whole store.
    pub(super) fn of_all(&self) -> u64 {
        self.last.load(Ordering::SeqCst)
    }

    /// Returns the revision of the group that `prefix` names; of the whole store if it names no
    /// group.
    pub(super) fn get<T: Table>(&self, prefix: &Prefix) -> u64 {
        prefix
            .leading(T::GROUP_SEGMENTS)
            .map(Slot::of_group::<T>)
            .and_then(|Slot(slot)| self.slots.get(slot))
            .unwrap_or(&self.last)
            .load(Ordering::SeqCst)
    }

    /// Changes the revisions of some groups. Only the writer that holds the lock may call this.
    pub(super) fn change(&self, slots: impl Iterator<Item = Slot>) {
        let number = self.last.fetch_add(1, Ordering::SeqCst) + 1;
        for Slot(slot) in slots {
            if let Some(revision) = self.slots.get(slot) {
                revision.fetch_max(number, Ordering::SeqCst);
            }
        }
    }

    /// Changes the revisions of all groups; anybody may call this.
    pub(super) fn change_all(&self) {
        let number = self.last.fetch_add(1, Ordering::SeqCst) + 1;
        for revision in &self.slots {
            revision.fetch_max(number, Ordering::SeqCst);
        }
    }
}
