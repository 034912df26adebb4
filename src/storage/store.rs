//! The store: reads and writes rows.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::domain::{Actor, Timestamp};

use super::commit::{Committer, WhenSyncFails};
use super::counters::{Counter, Counters};
use super::health::Health;
use super::hidden::Hidden;
use super::journal::Writer;
use super::recovery::recover;
use super::revisions::Revisions;
use super::scan::{Walk, prefix_range};
use super::shared::{Inner, WriterState, distrust_index};
use super::table::{Tables, decode_key, decode_row, index_key};
use super::{
    DataDir, Disk, Key, OpenError, Prefix, Progress, Recovery, Scan, ScanKeys, StoreError,
    StoreOptions, StoreOutage, Table, trust,
};

/// What the journal records about a write in addition to its changes.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// The time of the write.
    pub at: Timestamp,
    /// The actor who made it.
    pub actor: Actor,
    /// What was done, as a verb and its object: `publish_module_version`.
    pub action: &'static str,
}

/// The rows of the registry. All clones share them.
///
/// [`mod@super`] describes the guarantees and how they are kept.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

impl Store {
    /// Opens the store: checks the end of the journal and brings the index up to date.
    ///
    /// # Errors
    ///
    /// [`StoreError::Journal`] if the journal is damaged, [`StoreError::UnknownTable`] if it has
    /// rows of a table that this program does not have.
    pub fn open(
        dir: &DataDir,
        disk: Arc<dyn Disk>,
        options: StoreOptions,
        mut progress: impl FnMut(Progress),
    ) -> Result<Self, OpenError> {
        let recovered = recover(dir, &*disk, options, &mut progress)?;
        let health = Arc::new(Health::default());
        let revisions = Arc::new(Revisions::new());
        let hidden = Arc::new(Hidden::new(Arc::clone(&revisions)));
        let (journal, position) = (dir.journal(), recovered.position);
        let writer = match dir.read_only() {
            None => Writer::open(Arc::clone(&disk), &journal, position)?,
            Some(reason) => {
                health.stop_writing(&format!("the data directory cannot be written: {reason}"));
                Writer::refusing(Arc::clone(&disk), &journal, position)
            }
        };
        let failure = WhenSyncFails {
            health: Arc::clone(&health),
            hidden: Arc::clone(&hidden),
            after: {
                let (dir, disk) = (dir.clone(), Arc::clone(&disk));
                // The index may have changes that never reached the disk in the journal.
                Box::new(move || distrust_index(&dir, &*disk))
            },
        };
        let sequence = recovered.position.sequence;
        let committer = Committer::start(writer.file(), sequence, failure)
            .map(Arc::new)
            .map_err(|error| StoreError::io("start a thread for", &journal, error))?;
        dir.set_committer(&committer);
        let inner = Inner {
            dir: dir.clone(),
            disk,
            options,
            tables: Tables::new(options.tables)?,
            writer_state: Mutex::new(WriterState {
                writer,
                bytes_since_checkpoint: recovered.bytes_since_checkpoint,
            }),
            applied: Mutex::new(recovered.position),
            committer,
            waiting: AtomicUsize::new(0),
            health,
            revisions,
            hidden,
            counters: Counters::default(),
            checkpointing: Mutex::new(()),
            recovery: recovered.recovery,
            kept_ahead: Mutex::default(),
            index: RwLock::new(Some(recovered.index)),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Returns the work that was needed to open the store.
    ///
    /// Unless it is [`Recovery::Current`], rows of derived tables may be missing.
    pub fn recovery(&self) -> Recovery {
        self.inner.recovery
    }

    /// Returns the row of a key; `None` if there is none.
    pub fn get<T: Table>(&self, key: &T::Key) -> Result<Option<T::Row>, StoreError> {
        let found = self.inner.row(&index_key(T::ID, &key.to_bytes()))?;
        found.map(|row| decode_row::<T>(&row)).transpose()
    }

    /// Returns whether there is a row with a key.
    pub fn contains<T: Table>(&self, key: &T::Key) -> Result<bool, StoreError> {
        let found = self.inner.row(&index_key(T::ID, &key.to_bytes()))?;
        Ok(found.is_some())
    }

    /// Returns the rows whose keys begin with `prefix`, in order.
    pub fn scan<T: Table>(&self, prefix: &Prefix) -> Scan<T> {
        let (from, to) = prefix_range(T::ID, prefix.as_bytes());
        self.range(from, to)
    }

    /// Returns the keys that begin with `prefix`, in order; the rows are not read.
    pub fn scan_keys<T: Table>(&self, prefix: &Prefix) -> ScanKeys<T> {
        self.scan(prefix).keys()
    }

    /// Returns the revision of the group that `prefix` names: a number that changes with every
    /// write to a row of the group.
    ///
    /// Rows whose keys share the first [`Table::GROUP_SEGMENTS`] segments are a group. Read the
    /// revision before the rows and keep it with what is computed from them: while it stays the
    /// same, so do the rows. The revision of a prefix with fewer segments changes with every write
    /// to the store.
    pub fn revision<T: Table>(&self, prefix: &Prefix) -> u64 {
        self.inner.revisions.get::<T>(prefix)
    }

    /// Returns a number that changes with every write to any row.
    pub fn row_revision(&self) -> u64 {
        self.inner.revisions.of_all()
    }

    /// Returns a number that changes with every write to any row and every increase of any count.
    ///
    /// It suits responses that are computed from many rows and requested again at once: they stay
    /// valid only while nothing at all is written or counted.
    pub fn store_revision(&self) -> u64 {
        // Both only grow, so their sum stays the same only if both do.
        self.row_revision()
            .wrapping_add(self.inner.counters.steps())
    }

    /// Adds to a count in memory; [`Self::flush_counters`] writes it.
    pub fn count(&self, counter: &Counter, by: u64) {
        self.inner.counters.add(counter, by);
    }

    /// Returns the counts whose keys begin with `prefix`, in order, including what is not written
    /// yet.
    pub fn counts<T: Table<Row = u64>>(
        &self,
        prefix: &Prefix,
    ) -> Result<Vec<(T::Key, u64)>, StoreError> {
        let counters = &self.inner.counters;
        loop {
            let (from, to) = prefix_range(T::ID, prefix.as_bytes());
            let known = counters.known(from, to);
            let mut counts = BTreeMap::new();
            for found in self.scan::<T>(prefix) {
                let (key, stored) = found?;
                counts.insert(index_key(T::ID, &key.to_bytes()), stored);
            }
            if !counters.is_still_known(&known) {
                continue;
            }
            counts.extend(known.totals);
            for (key, by) in known.added {
                let count = counts.entry(key).or_insert(0);
                *count = count.saturating_add(by);
            }
            let decoded = counts.into_iter().map(|(key, count)| {
                let key = decode_key::<T>(key.get(1..).unwrap_or_default())?;
                Ok((key, count))
            });
            return decoded.collect();
        }
    }

    /// Returns why nothing can be written any more; `None` while writing works.
    pub fn is_read_only(&self) -> Option<String> {
        self.inner.health.read_only()
    }

    /// Checks that reads and writes work.
    pub fn health(&self) -> Result<(), StoreOutage> {
        self.check_space()?;
        if let Some(reason) = self.inner.health.read_only() {
            return Err(StoreOutage::Stopped(reason));
        }
        let index = self.inner.index();
        let index = index.map_err(|error| StoreOutage::Index(error.to_string()))?;
        index.health().map_err(StoreOutage::Index)
    }

    /// Returns the sequence number of the last record whose changes the rows show; waits for no
    /// writer.
    pub fn sequence(&self) -> u64 {
        self.inner.applied().sequence
    }

    /// Closes the store cleanly: everything is synced, and the next start has nothing to recover.
    ///
    /// Counts that are not written yet are lost: call [`Self::flush_counters`] first.
    pub fn close(&self) -> Result<(), StoreError> {
        let inner = &*self.inner;
        let state = inner.lock_writer();
        let Some(index) = inner
            .index
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
        else {
            return Ok(());
        };
        if inner.dir.read_only().is_some() {
            return Ok(());
        }
        inner.health.check()?;
        inner.committer.sync_now()?;
        inner.committer.stop();
        let is_own = index.lies_in(&inner.dir.index());
        let closed = index.close().inspect_err(|_| {
            // What it holds in memory may be lost.
            distrust_index(&inner.dir, &*inner.disk);
        })?;
        if closed && is_own {
            let sequence = state.writer.position().sequence;
            match trust::mark_clean(&inner.dir, &*inner.disk, sequence) {
                // The next start takes it for a kill, after which nothing is lost either.
                Err(error) if error.is_no_space() => tracing::warn!(%error, "an unclean stop"),
                marked => marked?,
            }
        }
        Ok(())
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.inner
    }

    fn range<T: Table>(&self, from: Vec<u8>, to: Bound<Vec<u8>>) -> Scan<T> {
        let hidden = self
            .inner
            .hidden
            .range(&from, to.as_ref().map(Vec::as_slice));
        let range = self.inner.index().map(|index| index.range(from, to));
        Scan::new(range.map(|range| Walk::new(range, hidden)))
    }
}

/// Discards the index and rebuilds it from the journal.
pub fn rebuild_index(
    dir: &DataDir,
    disk: Arc<dyn Disk>,
    options: StoreOptions,
    progress: impl FnMut(Progress),
) -> Result<(), OpenError> {
    trust::distrust(dir, &*disk)?;
    let store = Store::open(dir, disk, options, progress)?;
    Ok(store.close()?)
}
