//! A write transaction: its changes, and a view of the rows with the changes applied.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use super::engine::{self, Bytes, Index};
use super::revisions::Slot;
use super::scan::{Merged, Rows, prefix_range};
use super::table::{TableInfo, decode_key, decode_row, encode_row, index_key};
use super::{Key, Prefix, StoreError, Table};

/// A write that is being prepared: its changes, and the rows with the changes applied.
pub struct Tx<'a> {
    index: &'a Arc<Index>,
    changes: Changes,
}

/// The changes of a write.
#[derive(Debug, Default)]
pub(super) struct Changes {
    rows: BTreeMap<Vec<u8>, Change>,
    slots: Vec<Slot>,
}

/// The change of one row.
#[derive(Debug, Clone)]
pub(super) struct Change {
    /// The table of the row.
    pub(super) table: TableInfo,
    /// The row as JSON; `None` to remove it.
    pub(super) row: Option<String>,
}

impl<'a> Tx<'a> {
    pub(super) fn new(index: &'a Arc<Index>) -> Self {
        Self {
            index,
            changes: Changes::default(),
        }
    }

    pub(super) fn into_changes(self) -> Changes {
        self.changes
    }

    /// Returns the row of a key, with the changes of this write applied; `None` if there is none.
    pub fn get<T: Table>(&self, key: &T::Key) -> Result<Option<T::Row>, StoreError> {
        self.find::<T, _>(key, |row| decode_row::<T>(row))?
            .transpose()
    }

    /// Returns whether there is a row with a key.
    pub fn contains<T: Table>(&self, key: &T::Key) -> Result<bool, StoreError> {
        Ok(self.find::<T, _>(key, |_| ())?.is_some())
    }

    /// Writes a row; an existing one is replaced.
    pub fn put<T: Table>(&mut self, key: &T::Key, row: &T::Row) -> Result<(), StoreError> {
        let row = encode_row::<T>(row)?;
        self.changes.add::<T>(key, Some(row));
        Ok(())
    }

    /// Removes a row; returns whether there was one.
    pub fn remove<T: Table>(&mut self, key: &T::Key) -> Result<bool, StoreError> {
        let was_there = self.contains::<T>(key)?;
        if was_there {
            self.changes.add::<T>(key, None);
        }
        Ok(was_there)
    }

    /// Returns the rows whose keys begin with `prefix`, in order.
    pub fn scan<T: Table>(
        &self,
        prefix: &Prefix,
    ) -> impl DoubleEndedIterator<Item = Result<(T::Key, T::Row), StoreError>> + use<'_, T> {
        self.merged::<T>(prefix).map(|found| {
            let (key, row) = found?;
            Ok((
                decode_key::<T>(key.get(1..).unwrap_or_default())?,
                decode_row::<T>(&row)?,
            ))
        })
    }

    /// Returns the keys that begin with `prefix`, in order; the rows are not read.
    pub fn scan_keys<T: Table>(
        &self,
        prefix: &Prefix,
    ) -> impl DoubleEndedIterator<Item = Result<T::Key, StoreError>> + use<'_, T> {
        self.merged::<T>(prefix)
            .map(|found| decode_key::<T>(found?.0.get(1..).unwrap_or_default()))
    }

    fn find<T: Table, R>(
        &self,
        key: &T::Key,
        read: impl FnOnce(&[u8]) -> R,
    ) -> Result<Option<R>, StoreError> {
        let key = index_key(T::ID, &key.to_bytes());
        if let Some(change) = self.changes.rows.get(&key) {
            return Ok(change.row.as_deref().map(|row| read(row.as_bytes())));
        }
        let found: Option<Bytes> = self.index.get(&key)?;
        Ok(found.map(|row| read(&row)))
    }

    fn merged<T: Table>(&self, prefix: &Prefix) -> Merged<'_> {
        let (from, to) = prefix_range(T::ID, prefix.as_bytes());
        let changes: Rows<'_> = self
            .changes
            .rows
            .range((Bound::Included(from.clone()), to.clone()))
            .map(|(key, change)| {
                let row = change.row.as_deref().map(str::as_bytes);
                (Cow::Borrowed(key.as_slice()), row.map(Cow::Borrowed))
            })
            .collect();
        Merged::new(self.index.range(from, to), changes)
    }
}

impl Changes {
    /// Adds a change; it replaces an earlier one of the same key.
    pub(super) fn add<T: Table>(&mut self, key: &T::Key, row: Option<String>) {
        let change = Change {
            table: TableInfo::of::<T>(),
            row,
        };
        self.slots.push(Slot::of_key::<T>(key));
        self.rows.insert(index_key(T::ID, &key.to_bytes()), change);
    }

    /// Adds a change of a key that is given as index key.
    pub(super) fn add_raw(&mut self, key: Vec<u8>, change: Change, slot: Slot) {
        self.slots.push(slot);
        self.rows.insert(key, change);
    }

    /// Returns whether nothing is changed.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the changes that go into the journal, with their keys without the table's id.
    pub(super) fn journalled(&self) -> impl Iterator<Item = (&[u8], &Change)> {
        self.rows
            .iter()
            .filter(|(_, change)| !change.table.derived)
            .map(|(key, change)| (key.get(1..).unwrap_or_default(), change))
    }

    /// Returns the changes for the index.
    pub(super) fn for_index(&self) -> impl Iterator<Item = engine::Change<'_>> {
        self.rows
            .iter()
            .map(|(key, change)| (key.as_slice(), change.row.as_deref().map(str::as_bytes)))
    }

    /// Returns the slots of the groups whose revisions change.
    pub(super) fn slots(&self) -> impl Iterator<Item = Slot> {
        self.slots.iter().copied()
    }
}
