//! Recovery: brings the index up to date with the journal when the store opens.
//!
//! The index remembers the last record that was applied to it, and the place of that record. If the
//! index can be trusted and the record is there, only the records after it are read; `verify`
//! checks the whole chain. Otherwise the index is moved aside and rebuilt: from the newest
//! undamaged checkpoint and the segments after it, or from the first record on.
//!
//! A damaged end of the journal is cut off only if nothing says that the record there was
//! acknowledged: no later record, no trusted index, no checkpoint.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::checkpoint::Checkpoint;
use super::engine::{Applied, Index};
use super::index_place::IndexPlace;
use super::journal::{
    Files, JournalPosition, Payload, Record, TornTail, Walk, files, rewrite_segment,
};
use super::key_text::key_bytes;
use super::table::{Tables, index_key};
use super::{DataDir, Disk, OpenError, Progress, Step, StoreError, StoreOptions, trust};

/// How many rows are applied to the index at once while it is rebuilt.
const ROWS_AT_ONCE: usize = 4_000;

/// The work that was needed to open the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// Nothing: the index was up to date.
    Current,
    /// The last records were applied to the index.
    Replayed {
        /// How many records.
        records: u64,
    },
    /// The index was rebuilt; the rows of derived tables are lost.
    Rebuilt {
        /// How many records were read, in addition to a checkpoint.
        records: u64,
    },
}

/// The parts of a store after recovery.
pub(super) struct Recovered {
    /// The index, up to date.
    pub(super) index: Arc<Index>,
    /// The place where the next record is appended.
    pub(super) position: JournalPosition,
    /// The work that was needed.
    pub(super) recovery: Recovery,
    /// How many bytes of journal follow the newest checkpoint.
    pub(super) bytes_since_checkpoint: u64,
}

/// Opens the index and brings it up to date with the journal.
pub(super) fn recover(
    dir: &DataDir,
    disk: &dyn Disk,
    options: StoreOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<Recovered, OpenError> {
    let last_stop = trust::last_stop(dir, disk);
    let mut files = files(disk, &dir.journal())?;
    if dir.read_only().is_none() {
        remove_unfinished(disk, &mut files)?;
    }
    let mut work = Work {
        dir,
        disk,
        options,
        tables: Tables::new(options.tables)?,
        files,
        known_synced: last_stop.synced,
        place: IndexPlace::of(dir, disk, last_stop.trusted)?,
        progress,
    };
    Ok(match work.recover(last_stop.trusted) {
        Err(error) if error.is_no_space() && !work.place.is_copy() => {
            tracing::warn!(%error, "the index is opened in another place");
            work.place = IndexPlace::scratch(dir, disk, last_stop.trusted)?;
            work.recover(last_stop.trusted)
        }
        recovered => recovered,
    }?)
}

struct Work<'a> {
    dir: &'a DataDir,
    disk: &'a dyn Disk,
    options: StoreOptions,
    tables: Tables,
    files: Files,
    known_synced: u64,
    place: IndexPlace,
    progress: &'a mut dyn FnMut(Progress),
}

impl Work<'_> {
    /// Catches up with the index if it is trusted, and rebuilds it otherwise.
    fn recover(&mut self, trusted: bool) -> Result<Recovered, StoreError> {
        match trusted.then(|| self.catch_up()).transpose()?.flatten() {
            Some(recovered) => Ok(recovered),
            None => self.rebuild(),
        }
    }

    /// Uses the existing index, if it opens, its last record is in the journal, and it takes what
    /// follows; `None` otherwise.
    fn catch_up(&mut self) -> Result<Option<Recovered>, StoreError> {
        let opened = self
            .place
            .open(self.dir, self.disk, self.known_synced, self.options)
            .and_then(|index| Ok((index.applied()?, index)));
        let (applied, index) = match opened {
            Ok((Some(applied), index)) => (applied, index),
            Ok((None, _)) => return Ok(None),
            // The index may be whole: it must not be moved aside.
            Err(error) if error.is_no_space() => return Err(error),
            Err(error) => {
                tracing::warn!(%error, "the index does not open and is rebuilt");
                return Ok(None);
            }
        };
        self.known_synced = self.known_synced.max(applied.synced);
        let journal = self.dir.journal();
        if !self.walk(&journal).has(applied.position)? {
            tracing::warn!("the index has a record that the journal does not have, and is rebuilt");
            return Ok(None);
        }
        let end = match self.replay(&index, applied.position) {
            Err(error @ StoreError::Index { .. }) if !error.is_no_space() => {
                tracing::warn!(%error, "the index does not catch up and is rebuilt");
                return Ok(None);
            }
            replayed => replayed?,
        };
        let records = end.sequence - applied.position.sequence;
        let recovery = if records == 0 {
            Recovery::Current
        } else {
            Recovery::Replayed { records }
        };
        self.finish(index, end, recovery).map(Some)
    }

    /// Rebuilds the index.
    fn rebuild(&mut self) -> Result<Recovered, StoreError> {
        let index = self.new_index()?;
        let from = self.load_checkpoint(&index)?;
        let end = self.replay(&index, from)?;
        if end.sequence == 0 {
            return self.finish(index, end, Recovery::Current);
        }
        // The last run may have ended with a failed sync.
        if end.end > 0 && self.dir.read_only().is_none() {
            match rewrite_segment(self.disk, &self.dir.journal(), end) {
                // A full disk must not prevent the start.
                Err(error @ StoreError::NoSpace { .. }) => {
                    tracing::warn!(%error, "if a sync failed before, the journal still lacks it");
                }
                rewritten => rewritten?,
            }
        }
        let recovery = Recovery::Rebuilt {
            records: end.sequence - from.sequence,
        };
        self.finish(self.reopened(index)?, end, recovery)
    }

    fn finish(
        &self,
        index: Arc<Index>,
        end: JournalPosition,
        recovery: Recovery,
    ) -> Result<Recovered, StoreError> {
        // After an interrupted rotation the last segment is empty: writing continues in it.
        let last = self.files.segments.last().copied().unwrap_or(1);
        let position = if last > end.segment {
            end.at_start_of(last)
        } else {
            end
        };
        let journal = self.dir.journal();
        let behind = self.files.checkpoints.last().copied().unwrap_or(0);
        let bytes_since_checkpoint = self
            .walk(&journal)
            .bytes_from(JournalPosition::genesis().at_start_of(behind))?;
        Ok(Recovered {
            index,
            position,
            recovery,
            bytes_since_checkpoint,
        })
    }

    /// Closes the index and opens it again: a new index keeps everything that was written to it in
    /// memory.
    fn reopened(&self, index: Arc<Index>) -> Result<Arc<Index>, StoreError> {
        index.close()?;
        self.place.reopen(self.options)
    }

    /// Makes an empty index; an existing one is moved aside.
    fn new_index(&self) -> Result<Arc<Index>, StoreError> {
        self.place
            .make(self.dir, self.disk, self.known_synced, self.options)
    }

    /// Loads the newest undamaged checkpoint, if there is one; returns the place after which
    /// records must be applied.
    fn load_checkpoint(&mut self, index: &Index) -> Result<JournalPosition, StoreError> {
        let journal = self.dir.journal();
        for number in self.files.checkpoints.iter().rev() {
            let checkpoint = match Checkpoint::check(self.disk, &journal, *number) {
                Ok(checkpoint) => checkpoint,
                Err(error) => {
                    tracing::warn!(%error, "the checkpoint cannot be used; an older one is tried");
                    continue;
                }
            };
            self.known_synced = self.known_synced.max(checkpoint.complete_at);
            let mut rows = Rows::default();
            let mut done = 0;
            checkpoint.each_row(self.disk, self.tables, |key, row| {
                rows.put(key, row);
                done += 1;
                (self.progress)(Progress {
                    step: Step::Checkpoint,
                    done,
                    total: checkpoint.rows,
                });
                rows.apply_if_many(index, None)
            })?;
            rows.apply(index, Some(applied(checkpoint.position, 0)))?;
            return Ok(checkpoint.position);
        }
        Ok(JournalPosition::genesis())
    }

    /// Applies all records after `from`, and cuts off the unfinished record that a crash left.
    fn replay(
        &mut self,
        index: &Index,
        from: JournalPosition,
    ) -> Result<JournalPosition, StoreError> {
        let journal = self.dir.journal();
        let mut rows = Rows::default();
        let tables = self.tables;
        let walk = Walk {
            disk: self.disk,
            journal: &journal,
            segments: &self.files.segments,
            known_synced: self.known_synced,
        };
        let mut synced = 0;
        let end = walk.run(from, &mut *self.progress, |place, record| {
            rows.add_record(tables, record)?;
            synced = record.synced;
            rows.apply_if_many(index, Some(applied(place, synced)))
        })?;
        if end.position != from {
            rows.apply(index, Some(applied(end.position, synced)))?;
        }
        match end.torn {
            Some(torn) if self.dir.read_only().is_none() => cut_off(self.disk, &torn)?,
            Some(torn) => tracing::warn!(error = %torn.error, "an unfinished record is left out"),
            None => {}
        }
        Ok(end.position)
    }

    fn walk<'a>(&'a self, journal: &'a std::path::Path) -> Walk<'a> {
        Walk {
            disk: self.disk,
            journal,
            segments: &self.files.segments,
            known_synced: self.known_synced,
        }
    }
}

fn applied(position: JournalPosition, synced: u64) -> Applied {
    Applied { position, synced }
}

/// Changes that are not yet applied to the index: the last change of each key.
#[derive(Default)]
struct Rows(BTreeMap<Vec<u8>, Option<String>>);

impl Rows {
    fn put(&mut self, key: Vec<u8>, row: &str) {
        self.0.insert(key, Some(row.to_owned()));
    }

    fn add_record(&mut self, tables: Tables, record: &Record<'_>) -> Result<(), StoreError> {
        let payload = Payload::parse(record.json)?;
        for (table, key, row) in &payload.puts {
            let table = tables.named(table)?;
            self.put(index_key(table.id, &key_bytes(key)), row.get());
        }
        for (table, key) in &payload.removes {
            let table = tables.named(table)?;
            self.0.insert(index_key(table.id, &key_bytes(key)), None);
        }
        Ok(())
    }

    fn apply_if_many(&mut self, index: &Index, applied: Option<Applied>) -> Result<(), StoreError> {
        if self.0.len() < ROWS_AT_ONCE {
            return Ok(());
        }
        self.apply(index, applied)
    }

    fn apply(&mut self, index: &Index, applied: Option<Applied>) -> Result<(), StoreError> {
        let mut changes = self
            .0
            .iter()
            .map(|(key, row)| (key.as_slice(), row.as_deref().map(str::as_bytes)));
        index.apply(&mut changes, applied)?;
        self.0.clear();
        Ok(())
    }
}

fn cut_off(disk: &dyn Disk, torn: &TornTail) -> Result<(), StoreError> {
    tracing::warn!(error = %torn.error, "an unfinished record is cut off; it was never acknowledged");
    disk.append(&torn.path)
        .and_then(|file| {
            file.set_len(torn.length)?;
            file.sync_all()
        })
        .map_err(|error| StoreError::io("cut off", &torn.path, error))
}

/// Removes unfinished checkpoints.
fn remove_unfinished(disk: &dyn Disk, files: &mut Files) -> Result<(), StoreError> {
    for path in files.others.drain(..) {
        if path.extension().is_some_and(|extension| extension == "new") {
            disk.remove(&path)
                .map_err(|error| StoreError::io("remove", &path, error))?;
        }
    }
    Ok(())
}
