//! Tables: each has a name, an id, and the types of its keys and rows.
//!
//! All tables share one tree of the index, so that a write to several of them is atomic; the id is
//! the first byte of each key. The journal refers to tables by their names, and [`TableInfo`]
//! connects the two.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::key_text::key_text;
use super::{Key, StoreError};

/// The most bytes that a row may have as JSON; anything larger belongs into a blob.
///
/// sled keeps values of more than 128 KiB in files of their own, which it never syncs.
pub const MAX_ROW_BYTES: usize = 32 * 1024;

/// A table: rows of one type, ordered by keys of one type.
///
/// A table that counts has `Row = u64` and is written with [`Store::count`](super::Store::count).
pub trait Table {
    /// The first byte of the table's keys in the index: at least 1, and never reused for another
    /// table.
    const ID: u8;

    /// The table's name in the journal: never changed, and never reused for another table.
    const NAME: &'static str;

    /// The owner of the rows.
    const OWNER: Ownership;

    /// How many leading key segments make a group; see [`Store::revision`](super::Store::revision).
    const GROUP_SEGMENTS: usize = 0;

    /// Whether the rows can be computed again from other rows and blobs.
    ///
    /// Such rows are in the index only, and are lost if it is rebuilt or was behind the journal:
    /// [`Store::recovery`](super::Store::recovery) tells whether they must be computed again.
    const DERIVED: bool = false;

    /// The type of the keys.
    type Key: Key;

    /// The type of the rows. Fields may be added with `#[serde(default)]`; any other change needs a
    /// migration step.
    type Row: Serialize + DeserializeOwned;
}

/// The owner of a table's rows. It decides in which history a change is listed, and which rows are
/// removed with an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// The registry as a whole.
    Site,
    /// A user.
    User,
    /// An organization; its id is a segment of the key or a field of the row.
    Organization,
    /// An organization; its folded name is the first segment of the key.
    Namespace,
    /// An organization, as with [`Self::Namespace`]. But the row stays when the organization is
    /// deleted, because it keeps the hash of what was published.
    Tombstone,
    /// The owner of a token: a user, a team or an organization.
    TokenOwner,
    /// The owner of the row that this one leads to.
    Index,
}

/// A table without its types, for reading the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableInfo {
    /// The table's [`Table::ID`].
    pub id: u8,
    /// The table's [`Table::NAME`].
    pub name: &'static str,
    /// The table's [`Table::OWNER`].
    pub owner: Ownership,
    /// The table's [`Table::DERIVED`].
    pub derived: bool,
}

impl TableInfo {
    /// Returns the constants of the table `T`.
    pub const fn of<T: Table>() -> Self {
        Self {
            id: T::ID,
            name: T::NAME,
            owner: T::OWNER,
            derived: T::DERIVED,
        }
    }
}

/// The tables of the program, which are found by name or id.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tables(&'static [TableInfo]);

impl Tables {
    /// Makes the list; fails if an id or a name is in it twice, or if an id is [`INDEX_ID`].
    pub(super) fn new(tables: &'static [TableInfo]) -> Result<Self, StoreError> {
        for (position, table) in tables.iter().enumerate() {
            let repeated = tables
                .iter()
                .skip(position + 1)
                .any(|other| other.id == table.id || other.name == table.name);
            if repeated || table.id == INDEX_ID {
                return Err(StoreError::TableList { table: table.name });
            }
        }
        Ok(Self(tables))
    }

    /// Returns the table with a name; fails if there is none.
    pub(super) fn named(self, name: &str) -> Result<TableInfo, StoreError> {
        self.0
            .iter()
            .find(|table| table.name == name)
            .copied()
            .ok_or_else(|| StoreError::UnknownTable {
                table: name.to_owned(),
            })
    }

    /// Returns the table with an id; `None` if there is none.
    pub(super) fn with_id(self, id: u8) -> Option<TableInfo> {
        self.0.iter().find(|table| table.id == id).copied()
    }
}

/// The first byte of the keys of the index's own data.
pub(super) const INDEX_ID: u8 = 0;

/// Returns the bytes of a table's key in the index.
pub(super) fn index_key(table: u8, key: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(key.len() + 1);
    bytes.push(table);
    bytes.extend_from_slice(key);
    bytes
}

/// Returns a row as JSON; fails if it is larger than [`MAX_ROW_BYTES`].
pub(super) fn encode_row<T: Table>(row: &T::Row) -> Result<String, StoreError> {
    let text = serde_json::to_string(row).map_err(|source| StoreError::Row {
        table: T::NAME,
        source,
    })?;
    if text.len() > MAX_ROW_BYTES {
        return Err(StoreError::RowTooLarge {
            table: T::NAME,
            bytes: text.len(),
            limit: MAX_ROW_BYTES,
        });
    }
    Ok(text)
}

/// Reads a row from its JSON.
pub(super) fn decode_row<T: Table>(bytes: &[u8]) -> Result<T::Row, StoreError> {
    serde_json::from_slice(bytes).map_err(|source| StoreError::Row {
        table: T::NAME,
        source,
    })
}

/// Reads a key from the bytes that follow the table's id.
pub(super) fn decode_key<T: Table>(bytes: &[u8]) -> Result<T::Key, StoreError> {
    T::Key::from_bytes(bytes).ok_or_else(|| StoreError::Key {
        table: T::NAME,
        key: key_text(bytes),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn info(id: u8, name: &'static str) -> TableInfo {
        TableInfo {
            id,
            name,
            owner: Ownership::Site,
            derived: false,
        }
    }

    #[test]
    fn a_table_list_with_a_repeat_is_refused() {
        const GOOD: &[TableInfo] = &[info(1, "a"), info(2, "b")];
        const SAME_ID: &[TableInfo] = &[info(1, "a"), info(1, "b")];
        const SAME_NAME: &[TableInfo] = &[info(1, "a"), info(2, "a")];
        const RESERVED: &[TableInfo] = &[info(INDEX_ID, "a")];
        assert!(Tables::new(GOOD).is_ok());
        for bad in [SAME_ID, SAME_NAME, RESERVED] {
            assert!(Tables::new(bad).is_err());
        }
    }
}
