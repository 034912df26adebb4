//! One write: its turn, its record, its batch, and the wait for the disk.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{MutexGuard, PoisonError};

use crate::domain::{Actor, Timestamp};

use super::checkpoint::CheckpointWriter;
use super::counters::Pending;
use super::engine::{Applied, Index};
use super::journal::{AppendError, JournalPosition, checkpoint_path, encode_payload, files};
use super::shared::{Inner, WriterState, distrust_index};
use super::tx::{Change, Changes};
use super::{Stamp, Store, StoreError, Tx};

/// How many checkpoints are kept: should the newest be damaged, there is another.
const CHECKPOINTS_KEPT: usize = 2;

impl Store {
    /// Makes one write: all of its changes or none, on the disk before `Ok` is returned.
    ///
    /// `change` sees the rows and its own changes, and nobody else writes meanwhile. It must be
    /// short: no IO, no clock, and no other write, which would wait for this one for ever. If it
    /// fails, or changes nothing, nothing is written.
    ///
    /// An error after `change` succeeded can mean that the changes are seen until the next start
    /// and perhaps after it; they were not acknowledged, and the store is read-only then.
    pub fn write<R, E: From<StoreError>>(
        &self,
        stamp: Stamp,
        change: impl FnOnce(&mut Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let inner = self.inner();
        let _waiting = QueuedWrite::begin(inner)?;
        let (value, sequence) = {
            let mut turn = inner.take_turn()?;
            let index = inner.index()?;
            let mut tx = Tx::new(&index);
            let value = change(&mut tx)?;
            let changes = tx.into_changes();
            (value, inner.commit(&mut turn, &index, stamp, &changes)?)
        };
        inner.committer.wait(sequence)?;
        Ok(value)
    }

    /// Writes the counts that were added up, as one record.
    pub fn flush_counters(&self, at: Timestamp) -> Result<(), StoreError> {
        let inner = self.inner();
        let stamp = Stamp {
            at,
            actor: Actor::System,
            action: "count",
        };
        let sequence = {
            let mut turn = inner.take_turn()?;
            let index = inner.index()?;
            // Held until they are in the index, so that nobody reads a count twice or not at all.
            let mut pending = inner.counters.lock();
            let changes = added_up(&index, &pending)?;
            let sequence = inner.commit(&mut turn, &index, stamp, &changes)?;
            pending.clear();
            sequence
        };
        inner.committer.wait(sequence)
    }

    /// Takes a checkpoint if the journal has grown enough since the last one.
    pub fn checkpoint_if_due(&self, at: Timestamp) -> Result<bool, StoreError> {
        let inner = self.inner();
        let bytes = inner.lock_turn().bytes_since_checkpoint;
        if bytes < inner.options.checkpoint_after_bytes {
            return Ok(false);
        }
        self.checkpoint(at)?;
        Ok(true)
    }

    /// Takes a checkpoint now, unless nothing was written since the last one.
    ///
    /// Writers go on meanwhile, but for the moment in which a new segment begins.
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
        let mut checkpoint = CheckpointWriter::begin(&*inner.disk, &journal, position, at)?;
        checkpoint.rows(inner.tables, index.all_rows())?;
        let complete_at = self.sequence();
        inner.committer.wait(complete_at)?;
        checkpoint.finish(complete_at)?;
        inner.lock_turn().forget_bytes_before(position);
        inner.remove_old_checkpoints()
    }

    /// Waits until everything that was appended is on the disk; the place up to which that is.
    pub(super) fn synced_position(&self) -> Result<JournalPosition, StoreError> {
        let position = self.inner().lock_turn().writer.position();
        self.inner().committer.wait(position.sequence)?;
        Ok(position)
    }
}

impl Inner {
    /// While the result exists, no checkpoint is taken.
    pub(super) fn no_checkpoint_meanwhile(&self) -> MutexGuard<'_, ()> {
        self.checkpointing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the writer's turn.
    fn take_turn(&self) -> Result<MutexGuard<'_, WriterState>, StoreError> {
        let turn = self.lock_turn();
        if turn.interrupted {
            self.stop_writing("a write was interrupted");
        }
        self.health.check()?;
        Ok(turn)
    }

    /// Appends a record and applies it; the record that has to be on the disk before the answer.
    fn commit(
        &self,
        turn: &mut WriterState,
        index: &Index,
        stamp: Stamp,
        changes: &Changes,
    ) -> Result<u64, StoreError> {
        let synced = self.committer.synced();
        if changes.is_empty() {
            // What the closure read may not be on the disk yet, and its caller relies on it.
            return Ok(turn.writer.position().sequence);
        }
        let json = encode_payload(stamp.at, stamp.actor, stamp.action, changes)?;
        if let Some(json) = &json {
            self.rotate_if_large(turn)?;
            turn.interrupted = true;
            self.append(turn, json, synced)?;
        }
        let position = turn.writer.position();
        // Before the index shows it: whoever acts on what they see can wait for it by this.
        self.committer
            .appended(position.sequence, turn.writer.file());
        let applied = Applied { position, synced };
        if let Err(error) = index.apply(&mut changes.for_index(), Some(applied)) {
            self.stop_writing("the index could not be written");
            return Err(error);
        }
        self.revisions.change(changes.slots());
        turn.interrupted = false;
        Ok(position.sequence)
    }

    fn append(&self, turn: &mut WriterState, json: &str, synced: u64) -> Result<(), StoreError> {
        let before = turn.writer.position().end;
        match turn.writer.append(json, synced) {
            Ok(position) => {
                turn.bytes_since_checkpoint += position.end - before;
                Ok(())
            }
            Err(AppendError::Undone(error)) => {
                turn.interrupted = false;
                Err(error)
            }
            Err(AppendError::Stuck(error)) => {
                self.health.stop_writing(&error.to_string());
                Err(error)
            }
        }
    }

    fn rotate_if_large(&self, turn: &mut WriterState) -> Result<(), StoreError> {
        if turn.writer.position().end < self.options.segment_bytes {
            return Ok(());
        }
        self.committer.sync_now()?;
        if let Err(error) = turn.writer.rotate() {
            // The segment that there is can grow on; the next write tries again.
            tracing::warn!(%error, "no new journal segment could begin");
        }
        Ok(())
    }

    /// Begins a new segment, unless the current one is empty; where it begins.
    fn begin_segment(&self) -> Result<JournalPosition, StoreError> {
        let mut turn = self.take_turn()?;
        if turn.writer.position().end > 0 {
            self.committer.sync_now()?;
            turn.writer.rotate()?;
        }
        Ok(turn.writer.position())
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

    fn stop_writing(&self, reason: &str) {
        self.health.stop_writing(reason);
        distrust_index(&self.dir, &*self.disk);
    }
}

/// One of the writes that wait for their turn or for the disk.
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

/// The rows that counts become when they are added to those that are there.
fn added_up(index: &Index, pending: &Pending) -> Result<Changes, StoreError> {
    let mut changes = Changes::default();
    for (key, count) in pending {
        let malformed = |source| StoreError::Row {
            table: count.table.name,
            source,
        };
        let stored: u64 = match index.get(key)? {
            Some(row) => serde_json::from_slice(&row).map_err(malformed)?,
            None => 0,
        };
        let change = Change {
            table: count.table,
            row: Some(stored.saturating_add(count.by).to_string()),
        };
        changes.add_raw(key.clone(), change, count.slot);
    }
    Ok(changes)
}
