//! The payload of a record: the changes of one write as JSON, readable without this program.
//!
//! ```json
//! {"at":"2026-11-25T08:30:00.000000Z","actor":{"kind":"operator"},"action":"create_module",
//!  "puts":[["modules","acme%00vpc%00aws%00",{"description":"…"}]],"removes":[]}
//! ```
//!
//! Keys are written as `storage/key_text.rs` says. Rows are the same bytes that the index holds.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::domain::{Actor, Timestamp};

use crate::storage::StoreError;
use crate::storage::key_text::key_text;
use crate::storage::tx::Changes;

/// The changes of one write, and who made them.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::storage) struct Payload<'a> {
    /// The time of the write.
    pub(in crate::storage) at: Timestamp,
    /// The actor who made it.
    pub(in crate::storage) actor: Actor,
    /// What was done, in one word.
    #[serde(borrow)]
    pub(in crate::storage) action: Cow<'a, str>,
    /// Rows written: table, key, row.
    #[serde(borrow)]
    pub(in crate::storage) puts: Vec<(Cow<'a, str>, Cow<'a, str>, &'a RawValue)>,
    /// Rows removed: table, key.
    #[serde(borrow)]
    pub(in crate::storage) removes: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Payload<'a> {
    /// Reads the payload from a record's JSON.
    pub(in crate::storage) fn parse(json: &'a str) -> Result<Self, StoreError> {
        serde_json::from_str(json).map_err(|source| StoreError::Row {
            table: "journal",
            source,
        })
    }
}

/// Returns the JSON of a write; `None` if it changed nothing that is journalled.
pub(in crate::storage) fn encode_payload(
    at: Timestamp,
    actor: Actor,
    action: &str,
    changes: &Changes,
) -> Result<Option<String>, StoreError> {
    let mut payload = Payload {
        at,
        actor,
        action: Cow::Borrowed(action),
        puts: Vec::new(),
        removes: Vec::new(),
    };
    let malformed = |table: &'static str, source| StoreError::Row { table, source };
    for (key, change) in changes.journalled() {
        let table = Cow::Borrowed(change.table.name);
        let key = Cow::Owned(key_text(key));
        match &change.row {
            Some(row) => {
                let row = serde_json::from_str(row)
                    .map_err(|source| malformed(change.table.name, source))?;
                payload.puts.push((table, key, row));
            }
            None => payload.removes.push((table, key)),
        }
    }
    if payload.puts.is_empty() && payload.removes.is_empty() {
        return Ok(None);
    }
    let json = serde_json::to_string(&payload).map_err(|source| malformed("journal", source))?;
    Ok(Some(json))
}
