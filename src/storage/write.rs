//! Writing: takes the lock, appends the record, applies the changes, and waits for the disk.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{MutexGuard, PoisonError};

use crate::domain::{Actor, Timestamp};

use super::checkpoint::{CheckpointWriter, unfinished_path};
use super::counters::CountBeingWritten;
use super::data_dir::remove_if_there;
use super::engine::{Applied, Index};
use super::hidden::OldRows;
use super::journal::{AppendError, JournalPosition, checkpoint_path, encode_payload, files};
use super::open_write::OpenWrite;
use super::shared::{Inner, WriterState, distrust_index};
use super::table::TableInfo;
use super::tx::{Change, Changes};
use super::{Stamp, Store, StoreError, Tx};

/// How many checkpoints are kept: if the newest is damaged, there is another.
const CHECKPOINTS_KEPT: usize = 2;

impl Store {
    /// Makes one write: all of its changes or none, on the disk before `Ok` is returned.
    ///
    /// `change` sees the rows and its own changes; all other writers wait. It must be short: no IO,
    /// no clock, and no other write, which would wait for this one for ever. If it fails, or
    /// changes nothing, nothing is written.
    ///
    /// # Errors
    ///
    /// The error of `change`; [`StoreError::Busy`] if too many writes wait;
    /// [`StoreError::ReadOnly`] after an earlier failure of the disk; [`StoreError::NoSpace`] or
    /// [`StoreError::Io`] if the record cannot be written. After each of these, nothing is left of
    /// the changes. [`StoreError::OutcomeUnknown`] if the disk failed when the record may have been
    /// written: the next start may show the changes, and the store is read-only from then on.
    pub fn write<R, E: From<StoreError>>(
        &self,
        stamp: Stamp,
        change: impl FnOnce(&mut Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let inner = self.inner();
        let _waiting = QueuedWrite::begin(inner)?;
        let (value, sequence) = {
            let mut state = inner.begin_write()?;
            let index = inner.index()?;
            let mut tx = Tx::new(&index);
            let value = change(&mut tx)?;
            let changes = tx.into_changes();
            (value, inner.commit(&mut state, &index, stamp, &changes)?)
        };
        inner.wait_for(sequence)?;
        Ok(value)
    }

    /// Writes the counts that were added up in memory, as one record.
    pub fn flush_counters(&self, at: Timestamp) -> Result<(), StoreError> {
        let inner = self.inner();
        let stamp = Stamp {
            at,
            actor: Actor::System,
            action: "count",
        };
        let sequence = {
            let mut state = inner.begin_write()?;
            let index = inner.index()?;
            let stored = stored_counts(&index, inner.counters.waiting())?;
            let changes = changes_of(&inner.counters.begin_writing(&stored));
            let committed = inner.commit(&mut state, &index, stamp, &changes);
            inner.counters.end_writing(committed.is_ok());
            committed?
        };
        inner.wait_for(sequence)
    }

    /// Takes a checkpoint if the journal has grown enough since the last one; returns whether it
    /// did.
    pub fn checkpoint_if_due(&self, at: Timestamp) -> Result<bool, StoreError> {
        let inner = self.inner();
        let bytes = inner.lock_writer().bytes_since_checkpoint;
        if bytes < inner.options.checkpoint_after_bytes || !self.has_room() {
            return Ok(false);
        }
        self.checkpoint(at)?;
        Ok(true)
    }

    /// Takes a checkpoint now, unless nothing was written since the last one.
    ///
    /// Writers continue meanwhile, except for the moment in which a new segment begins.
    pub fn checkpoint(&self, at: Timestamp) -> Result<(), StoreError> {
        let inner = self.inner();
        let _alone = inner.no_checkpoint_meanwhile();
        let journal = inner.dir.journal();
        let position = inner.begin_segment()?;
        let path = checkpoint_path(&journal, position.segment);
        if inner.disk.metadata(&path).is_ok() {
            return Ok(());
        }
        let index = inner.index()?;
        let write = || {
            let mut checkpoint = CheckpointWriter::begin(&*inner.disk, &journal, position, at)?;
            checkpoint.rows(inner.tables, index.all_rows())?;
            let complete_at = inner.lock_writer().writer.position().sequence;
            inner.committer.wait(complete_at)?;
            checkpoint.finish(complete_at)
        };
        write().inspect_err(|_| inner.remove_unfinished_checkpoint(position))?;
        inner.lock_writer().forget_bytes_before(position);
        inner.remove_old_checkpoints()
    }

    /// Waits until everything that was appended is on the disk; returns the place of the last
    /// record.
    pub(super) fn synced_position(&self) -> Result<JournalPosition, StoreError> {
        let position = self.inner().lock_writer().writer.position();
        self.inner().committer.wait(position.sequence)?;
        Ok(position)
    }
}

impl Inner {
    /// Takes the lock of checkpoints: while the result exists, none is taken or removed.
    pub(super) fn no_checkpoint_meanwhile(&self) -> MutexGuard<'_, ()> {
        self.checkpointing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the writers' lock; fails if the store is read-only.
    fn begin_write(&self) -> Result<MutexGuard<'_, WriterState>, StoreError> {
        let state = self.lock_writer();
        self.health.check()?;
        // The index writes its files in the background. If that has failed, no write can succeed,
        // and now nothing of this one is in the journal yet.
        if let Err(error) = self.index()?.check_files() {
            self.stop_writing(&error.to_string());
        }
        self.health.check()?;
        Ok(state)
    }

    /// Waits until the record of a write is on the disk.
    fn wait_for(&self, sequence: u64) -> Result<(), StoreError> {
        self.committer.wait(sequence).map_err(|error| {
            if let StoreError::ReadOnly { reason } = error {
                StoreError::OutcomeUnknown { reason }
            } else {
                error
            }
        })?;
        self.hidden.forget_synced(sequence);
        Ok(())
    }

    /// Appends a record and applies it to the index; returns the sequence number of the record that
    /// must be on the disk before the write is acknowledged.
    fn commit(
        &self,
        state: &mut WriterState,
        index: &Index,
        stamp: Stamp,
        changes: &Changes,
    ) -> Result<u64, StoreError> {
        let synced = self.committer.synced();
        if changes.is_empty() {
            // The rows that the closure read may not be on the disk yet, and its caller relies on
            // them.
            return Ok(state.writer.position().sequence);
        }
        let json = encode_payload(stamp.at, stamp.actor, stamp.action, changes)?;
        let old = rows_before(index, changes)?;
        if json.is_some() {
            self.rotate_if_large(state)?;
        }
        let mut open = OpenWrite::begin(self);
        if let Some(json) = &json
            && let Err(error) = self.append(state, json, synced)
        {
            return Err(match error {
                AppendError::Undone(error) => {
                    open.end();
                    error
                }
                AppendError::Stuck(error) => open.fails(&error),
            });
        }
        let position = state.writer.position();
        if json.is_some() {
            open.appended(position.sequence, old);
        }
        // This comes before the index shows the changes: a caller that acts on them can then wait
        // for the record.
        self.committer
            .appended(position.sequence, state.writer.file());
        let applied = Applied { position, synced };
        if let Err(error) = index.apply(&mut changes.for_index(), Some(applied)) {
            return Err(open.fails(&error));
        }
        // Whoever sees the new revision must also see the new place, to read the journal up to it.
        self.set_applied(position);
        self.revisions.change(changes.slots());
        open.end();
        Ok(position.sequence)
    }

    /// Appends a record. On a full disk, it gives up the reserve and tries again.
    fn append(&self, state: &mut WriterState, json: &str, synced: u64) -> Result<(), AppendError> {
        let before = state.writer.position().end;
        self.dir.reserve().give_up_if_full(&*self.disk);
        let appended = match state.writer.append(json, synced) {
            Err(AppendError::Undone(error))
                if error.is_no_space() && self.dir.reserve().give_up(&*self.disk) =>
            {
                state.writer.append(json, synced)
            }
            appended => appended,
        };
        state.bytes_since_checkpoint += appended?.end - before;
        Ok(())
    }

    fn rotate_if_large(&self, state: &mut WriterState) -> Result<(), StoreError> {
        if state.writer.position().end < self.options.segment_bytes {
            return Ok(());
        }
        self.committer.sync_now()?;
        if let Err(error) = state.writer.rotate() {
            // The current segment can grow further; the next write tries again.
            tracing::warn!(%error, "a new journal segment could not be made");
        }
        Ok(())
    }

    /// Begins a new segment, unless the current one is empty; returns the place where it begins.
    fn begin_segment(&self) -> Result<JournalPosition, StoreError> {
        let mut state = self.begin_write()?;
        if state.writer.position().end > 0 {
            self.committer.sync_now()?;
            state.writer.rotate()?;
        }
        Ok(state.writer.position())
    }

    /// Removes what a failed checkpoint has written: it takes space that others need.
    fn remove_unfinished_checkpoint(&self, position: JournalPosition) {
        let path = unfinished_path(&self.dir.journal(), position.segment);
        if let Err(error) = remove_if_there(&*self.disk, &path) {
            tracing::warn!(%error, "an unfinished checkpoint stays until the next start");
        }
    }

    fn remove_old_checkpoints(&self) -> Result<(), StoreError> {
        let journal = self.dir.journal();
        let checkpoints = files(&*self.disk, &journal)?.checkpoints;
        let surplus = checkpoints.len().saturating_sub(CHECKPOINTS_KEPT);
        for number in checkpoints.into_iter().take(surplus) {
            let path = checkpoint_path(&journal, number);
            self.disk
                .remove(&path)
                .map_err(|error| StoreError::io("remove", &path, error))?;
        }
        Ok(())
    }

    pub(super) fn stop_writing(&self, reason: &str) {
        self.health.stop_writing(reason);
        distrust_index(&self.dir, &*self.disk);
    }
}

/// Returns the rows that changes will replace.
fn rows_before(index: &Index, changes: &Changes) -> Result<OldRows, StoreError> {
    changes
        .for_index()
        .map(|(key, _)| {
            let row = index.get(key)?;
            Ok((key.to_vec(), row.map(|row| row.to_vec())))
        })
        .collect()
}

/// A write that waits for the writers' lock or for the disk; it is counted while this exists.
struct QueuedWrite<'a>(&'a AtomicUsize);

impl<'a> QueuedWrite<'a> {
    fn begin(inner: &'a Inner) -> Result<Self, StoreError> {
        let place = Self(&inner.waiting);
        let waiting = inner.waiting.fetch_add(1, Ordering::SeqCst);
        if waiting >= inner.options.waiting_writes_limit {
            return Err(StoreError::Busy { waiting });
        }
        Ok(place)
    }
}

impl Drop for QueuedWrite<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Returns the rows of counts; 0 for those that have none yet.
fn stored_counts(
    index: &Index,
    waiting: Vec<(Vec<u8>, TableInfo)>,
) -> Result<BTreeMap<Vec<u8>, u64>, StoreError> {
    let stored = waiting.into_iter().map(|(key, table)| {
        let row = index.get(&key)?;
        let count = row.map(|row| serde_json::from_slice(&row)).transpose();
        let count = count.map_err(|source| StoreError::Row {
            table: table.name,
            source,
        })?;
        Ok((key, count.unwrap_or(0)))
    });
    stored.collect()
}

fn changes_of(counts: &BTreeMap<Vec<u8>, CountBeingWritten>) -> Changes {
    let mut changes = Changes::default();
    for (key, CountBeingWritten { count, total }) in counts {
        let change = Change {
            table: count.table,
            row: Some(total.to_string()),
        };
        changes.add_raw(key.clone(), change, count.slot);
    }
    changes
}
