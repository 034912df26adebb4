//! What all clones of a store share, and the lock that writers take.

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::commit::Committer;
use super::counters::Counters;
use super::engine::Index;
use super::health::Health;
use super::journal::{JournalPosition, Writer};
use super::recovery::Recovery;
use super::revisions::Revisions;
use super::table::Tables;
use super::{DataDir, Disk, StoreError, StoreOptions, trust};

/// What all clones of a store share.
pub(super) struct Inner {
    pub(super) dir: DataDir,
    pub(super) disk: Arc<dyn Disk>,
    pub(super) options: StoreOptions,
    pub(super) tables: Tables,
    pub(super) turn: Mutex<WriterState>,
    pub(super) committer: Arc<Committer>,
    pub(super) waiting: AtomicUsize,
    pub(super) health: Arc<Health>,
    pub(super) revisions: Revisions,
    pub(super) counters: Counters,
    pub(super) checkpointing: Mutex<()>,
    pub(super) recovery: Recovery,
    // Taken out when the store is closed.
    pub(super) index: RwLock<Option<Arc<Index>>>,
}

/// What belongs to the writer whose turn it is.
pub(super) struct WriterState {
    /// The journal's end.
    pub(super) writer: Writer,
    /// How much journal there is behind the newest checkpoint.
    pub(super) bytes_since_checkpoint: u64,
    /// Set while the journal and the index may disagree.
    pub(super) interrupted: bool,
}

impl Inner {
    /// The index, while the store is open.
    pub(super) fn index(&self) -> Result<Arc<Index>, StoreError> {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        index.as_ref().map(Arc::clone).ok_or(StoreError::Closed)
    }

    /// The writer's turn, without asking whether writing makes sense.
    pub(super) fn lock_turn(&self) -> MutexGuard<'_, WriterState> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WriterState {
    /// Forgets the journal before `position`, where the newest checkpoint begins.
    pub(super) fn forget_bytes_before(&mut self, position: JournalPosition) {
        let now = self.writer.position();
        // A later segment has begun meanwhile only under a very busy writer; it is counted whole
        // at the next start.
        if now.segment == position.segment {
            self.bytes_since_checkpoint = now.end;
        }
    }
}

/// Takes back the trust in the index; where even that fails, the next start finds out by itself.
pub(super) fn distrust_index(dir: &DataDir, disk: &dyn Disk) {
    if let Err(error) = trust::distrust(dir, disk) {
        tracing::warn!(%error, "the index may be trusted wrongly at the next start");
    }
}
