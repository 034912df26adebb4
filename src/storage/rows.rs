//! All rows of the journal in memory: `verify` compares everything else with them.

use std::collections::BTreeMap;

use super::journal::{Payload, Record};
use super::key_text::key_bytes;
use super::scan::prefix_range;
use super::table::{Tables, decode_key, decode_row, index_key};
use super::{Prefix, StoreError, Table};

/// All rows that the journal's records lead to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct JournalRows(BTreeMap<Vec<u8>, String>);

impl JournalRows {
    /// Returns the rows whose keys begin with `prefix`, in order.
    pub fn scan<T: Table>(
        &self,
        prefix: &Prefix,
    ) -> impl DoubleEndedIterator<Item = Result<(T::Key, T::Row), StoreError>> + use<'_, T> {
        let (from, to) = prefix_range(T::ID, prefix.as_bytes());
        self.0
            .range((std::ops::Bound::Included(from), to))
            .map(|(key, row)| {
                let key = key.get(1..).unwrap_or_default();
                Ok((decode_key::<T>(key)?, decode_row::<T>(row.as_bytes())?))
            })
    }

    /// Returns how many rows there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn put(&mut self, key: Vec<u8>, row: &str) {
        self.0.insert(key, row.to_owned());
    }

    /// Applies a record's changes.
    pub(super) fn apply(&mut self, tables: Tables, record: &Record<'_>) -> Result<(), StoreError> {
        let payload = Payload::parse(record.json)?;
        for (table, key, row) in &payload.puts {
            let table = tables.named(table)?;
            self.put(index_key(table.id, &key_bytes(key)), row.get());
        }
        for (table, key) in &payload.removes {
            let table = tables.named(table)?;
            self.0.remove(&index_key(table.id, &key_bytes(key)));
        }
        Ok(())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], &str)> {
        self.0
            .iter()
            .map(|(key, row)| (key.as_slice(), row.as_str()))
    }
}
