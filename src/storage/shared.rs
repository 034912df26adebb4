//! The state that all clones of a store share, and the state that the writers' lock protects.

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::commit::Committer;
use super::counters::Counters;
use super::engine::{Bytes, Index};
use super::health::Health;
use super::hidden::Hidden;
use super::journal::{JournalPosition, Writer};
use super::recovery::Recovery;
use super::revisions::Revisions;
use super::space::KeptAhead;
use super::table::Tables;
use super::{DataDir, Disk, StoreError, StoreOptions, trust};

/// The state that all clones of a store share.
pub(super) struct Inner {
    pub(super) dir: DataDir,
    pub(super) disk: Arc<dyn Disk>,
    pub(super) options: StoreOptions,
    pub(super) tables: Tables,
    pub(super) writer_state: Mutex<WriterState>,
    /// The last record whose changes the index shows. This lock is held for moments only.
    pub(super) applied: Mutex<JournalPosition>,
    pub(super) committer: Arc<Committer>,
    pub(super) waiting: AtomicUsize,
    pub(super) health: Arc<Health>,
    pub(super) revisions: Arc<Revisions>,
    pub(super) hidden: Arc<Hidden>,
    pub(super) counters: Counters,
    pub(super) checkpointing: Mutex<()>,
    pub(super) recovery: Recovery,
    pub(super) kept_ahead: Mutex<KeptAhead>,
    // Taken out when the store is closed.
    pub(super) index: RwLock<Option<Arc<Index>>>,
}

/// The state of the writer that holds the lock.
pub(super) struct WriterState {
    /// The journal's end.
    pub(super) writer: Writer,
    /// How many bytes of journal follow the newest checkpoint.
    pub(super) bytes_since_checkpoint: u64,
}

impl Inner {
    /// Returns the index; fails if the store is closed.
    pub(super) fn index(&self) -> Result<Arc<Index>, StoreError> {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        index.as_ref().map(Arc::clone).ok_or(StoreError::Closed)
    }

    /// Returns the row that readers see under an index key; `None` if there is none.
    pub(super) fn row(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        let index = self.index()?;
        match self.hidden.row(key) {
            Some(old) => Ok(old.map(Bytes::from)),
            None => index.get(key),
        }
    }

    /// Takes the lock of what was kept ahead of the files that grow.
    pub(super) fn lock_kept_ahead(&self) -> MutexGuard<'_, KeptAhead> {
        self.kept_ahead
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the writers' lock, also if the store is read-only. Its holder may be waiting for the
    /// disk, so no async thread may wait for it.
    pub(super) fn lock_writer(&self) -> MutexGuard<'_, WriterState> {
        self.writer_state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the last record whose changes the index shows; waits for no writer.
    pub(super) fn applied(&self) -> JournalPosition {
        *self.applied.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the last record whose changes the index shows.
    pub(super) fn set_applied(&self, position: JournalPosition) {
        *self.applied.lock().unwrap_or_else(PoisonError::into_inner) = position;
    }
}

impl WriterState {
    /// Counts the journal from `position` on, where the newest checkpoint was taken.
    pub(super) fn forget_bytes_before(&mut self, position: JournalPosition) {
        let now = self.writer.position();
        // Only a very busy writer has begun a later segment meanwhile; the next start counts its
        // bytes.
        if now.segment == position.segment {
            self.bytes_since_checkpoint = now.end;
        }
    }
}

/// Makes the next start rebuild the index. If even that fails, the failure is only logged.
pub(super) fn distrust_index(dir: &DataDir, disk: &dyn Disk) {
    if let Err(error) = trust::distrust(dir, disk) {
        tracing::warn!(%error, "the index may be trusted wrongly at the next start");
    }
}
