//! The audit log: reads the journal as a history of who did what, one page at a time.
//!
//! Damage is not reported here; `verify` does that. A record that is still being written ends the
//! reading of its segment.

use std::collections::VecDeque;
use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use crate::domain::{Actor, Timestamp};

use super::journal::{HEADER_BYTES, Payload, Record, files, json_length, segment_path};
use super::key_text::key_bytes;
use super::tables::key_in_words;
use super::{Disk, Store, StoreError};

/// How many segments one page may read before it ends and says that there may be more.
const SEGMENTS_AT_ONCE: usize = 8;

/// One write, as the journal records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// The sequence number of the write's record; the first is 1.
    pub sequence: u64,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it.
    pub actor: Actor,
    /// What was done, as a verb and its object: `create_module`.
    pub action: String,
    /// The rows that it changed, as far as the filter allows.
    pub changes: Vec<RowChange>,
    /// How many more changes there are than `changes` lists.
    pub more: usize,
}

/// One row that a write changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// The table.
    pub table: String,
    /// What its key names, such as `acme/vpc/aws`; empty if the key is not readable text.
    pub name: String,
    /// Whether the row was removed.
    pub removed: bool,
}

impl fmt::Display for RowChange {
    /// Says what was done to the row, as in `wrote module versions acme/vpc/aws 1.0.0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.removed { "removed" } else { "wrote" };
        write!(f, "{verb} {}", self.table.replace('_', " "))?;
        match self.name.as_str() {
            "" => Ok(()),
            name => write!(f, " {name}"),
        }
    }
}

/// Decides which changes a reader may see, by table, key as text, and the row as JSON; `None` for a
/// removed row.
pub type ChangeFilter<'a> = &'a dyn Fn(&str, &str, Option<&str>) -> bool;

/// The part of a history to list.
#[derive(Clone, Copy)]
pub struct AuditFilter<'a> {
    /// Changes for which this is `false` are left out, and so are events without any other change.
    pub changes: ChangeFilter<'a>,
    /// Further changes that are shown beside those, but never alone.
    pub beside: ChangeFilter<'a>,
    /// Events for which this is `false` are left out.
    pub events: &'a dyn Fn(&AuditEvent) -> bool,
    /// How many changes of one event are listed at most.
    pub most_changes: usize,
}

/// Some events, newest first.
#[derive(Debug, Clone, Default)]
pub struct AuditPage {
    /// The events.
    pub events: Vec<AuditEvent>,
    /// The next page has the events before this sequence number; `None` if there are no more.
    pub older_than: Option<u64>,
}

impl Store {
    /// Returns the newest `limit` events before the sequence number `before`; `None` begins with
    /// the newest.
    ///
    /// Segments are read from the newest on; memory holds no more than one page and one record.
    pub fn audit_events_before(
        &self,
        before: Option<u64>,
        limit: usize,
        filter: AuditFilter<'_>,
    ) -> Result<AuditPage, StoreError> {
        let before = before.unwrap_or(u64::MAX);
        let segments = self.segments()?;
        let mut found: Vec<AuditEvent> = Vec::new();
        let (mut looked_through, mut oldest_seen) = (0, None);
        for number in segments.into_iter().rev() {
            if found.len() > limit || looked_through >= SEGMENTS_AT_ONCE {
                break;
            }
            let room = (limit + 1).saturating_sub(found.len());
            let mut newest = VecDeque::new();
            let mut first = None;
            self.walk(number, |sequence, payload| {
                first = first.or(Some(sequence));
                if sequence >= before {
                    return false;
                }
                if let Some(event) = read_event(sequence, payload, filter) {
                    newest.push_back(event);
                    if newest.len() > room {
                        newest.pop_front();
                    }
                }
                true
            })?;
            found.extend(newest.into_iter().rev());
            if first.is_some_and(|first| first < before) {
                looked_through += 1;
                oldest_seen = first;
            }
        }
        let more_here = found.len() > limit;
        found.truncate(limit);
        let older_than = if more_here {
            found.last().map(|event| event.sequence)
        } else {
            oldest_seen.filter(|first| *first > 1 && looked_through >= SEGMENTS_AT_ONCE)
        };
        Ok(AuditPage {
            events: found,
            older_than,
        })
    }

    /// Calls `each` with all events, oldest first, until it returns `false`.
    pub fn all_audit_events(
        &self,
        filter: AuditFilter<'_>,
        mut each: impl FnMut(AuditEvent) -> bool,
    ) -> Result<(), StoreError> {
        let mut wanted = true;
        for number in self.segments()? {
            if !wanted {
                break;
            }
            self.walk(number, |sequence, payload| {
                if let Some(event) = read_event(sequence, payload, filter) {
                    wanted = each(event);
                }
                wanted
            })?;
        }
        Ok(())
    }

    fn segments(&self) -> Result<Vec<u32>, StoreError> {
        let inner = self.inner();
        Ok(files(&*inner.disk, &inner.dir.journal())?.segments)
    }

    /// Calls `each` with the records of a segment until it returns `false`.
    fn walk(
        &self,
        segment: u32,
        mut each: impl FnMut(u64, &Payload<'_>) -> bool,
    ) -> Result<(), StoreError> {
        let inner = self.inner();
        let path = segment_path(&inner.dir.journal(), segment);
        let mut reader = Lines::open(&*inner.disk, &path)?;
        while let Some(record) = reader.next()? {
            if inner.hidden.has(record.sequence) {
                break;
            }
            if !each(record.sequence, &Payload::parse(record.json)?) {
                break;
            }
        }
        Ok(())
    }
}

fn read_event(sequence: u64, payload: &Payload<'_>, filter: AuditFilter<'_>) -> Option<AuditEvent> {
    let puts = payload
        .puts
        .iter()
        .map(|(table, key, row)| (&**table, &**key, Some(row.get())));
    let removes = payload
        .removes
        .iter()
        .map(|(table, key)| (&**table, &**key, None));
    let all = puts.chain(removes);
    let is_shown =
        |(table, key, row): &(&str, &str, Option<&str>)| (filter.changes)(table, key, *row);
    let mut shown: Vec<_> = all.clone().filter(is_shown).collect();
    if !shown.is_empty() {
        shown.extend(all.filter(|change| {
            let (table, key, row) = *change;
            !is_shown(change) && (filter.beside)(table, key, row)
        }));
    }
    let (mut changes, mut more) = (Vec::new(), 0);
    for (table, key, row) in shown {
        if changes.len() < filter.most_changes {
            changes.push(RowChange {
                table: table.to_owned(),
                name: key_in_words(table, &key_bytes(key)),
                removed: row.is_none(),
            });
        } else {
            more += 1;
        }
    }
    let event = AuditEvent {
        sequence,
        at: payload.at,
        actor: payload.actor.clone(),
        action: payload.action.clone().into_owned(),
        changes,
        more,
    };
    (!event.changes.is_empty() && (filter.events)(&event)).then_some(event)
}

/// Reads the records of one segment, one at a time.
struct Lines<'a> {
    path: &'a Path,
    file: BufReader<File>,
    line: Vec<u8>,
}

impl<'a> Lines<'a> {
    fn open(disk: &dyn Disk, path: &'a Path) -> Result<Self, StoreError> {
        let file = disk
            .open(path)
            .map_err(|error| StoreError::io("read", path, error))?;
        Ok(Self {
            path,
            file: BufReader::with_capacity(256 * 1024, file),
            line: Vec::new(),
        })
    }

    /// Reads the next whole record; `None` at the end, or if a record is still being written.
    fn next(&mut self) -> Result<Option<Record<'_>>, StoreError> {
        self.line.clear();
        self.read_up_to(HEADER_BYTES)?;
        let Ok(json) = json_length(&self.line) else {
            return Ok(None);
        };
        self.read_up_to(HEADER_BYTES + json + 1)?;
        Ok(Record::parse(&self.line).ok().map(|(record, _)| record))
    }

    fn read_up_to(&mut self, bytes: usize) -> Result<(), StoreError> {
        let missing = bytes.saturating_sub(self.line.len());
        self.file
            .by_ref()
            .take(u64::try_from(missing).unwrap_or(u64::MAX))
            .read_to_end(&mut self.line)
            .map_err(|error| StoreError::io("read", self.path, error))?;
        Ok(())
    }
}
