//! The committer: one thread that syncs the journal for all waiting writers (group commit).
//!
//! While a sync runs, records accumulate; the next sync covers them all. There is no timer: an idle
//! store syncs a single record at once. A failed sync is never tried again, because the system may
//! have dropped what it could not write and report success the next time. All writers that wait,
//! and all later ones, get the error.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::health::Health;
use super::hidden::Hidden;
use super::{DiskFile, StoreError};

/// The committer's thread and the state that it shares with the writers.
pub(super) struct Committer {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    state: Mutex<State>,
    appended: Condvar,
    synced: Condvar,
    // Held while a sync runs and its outcome is stored: the system reports a failure to one caller
    // only, so a second sync must not succeed before the failure of the first is known.
    one_sync: Mutex<()>,
    failing: WhenSyncFails,
}

/// What a failed sync does to the store.
pub(super) struct WhenSyncFails {
    /// It stops all writing.
    pub(super) health: Arc<Health>,
    /// It hides what was not synced.
    pub(super) hidden: Arc<Hidden>,
    /// It is called at last, once.
    pub(super) after: Box<dyn Fn() + Send + Sync>,
}

struct State {
    file: Arc<dyn DiskFile>,
    appended: u64,
    synced: u64,
    failure: Option<String>,
    stopping: bool,
}

impl Committer {
    /// Starts the thread. Records up to `sequence` are on the disk already.
    pub(super) fn start(
        file: Arc<dyn DiskFile>,
        sequence: u64,
        failing: WhenSyncFails,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                file,
                appended: sequence,
                synced: sequence,
                failure: None,
                stopping: false,
            }),
            appended: Condvar::new(),
            synced: Condvar::new(),
            one_sync: Mutex::new(()),
            failing,
        });
        let work = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("committer".to_owned())
            .spawn(move || work.run())?;
        Ok(Self {
            shared,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Reports that records up to `sequence` are in `file` and wait for a sync.
    pub(super) fn appended(&self, sequence: u64, file: Arc<dyn DiskFile>) {
        let mut state = self.shared.lock();
        state.appended = sequence;
        state.file = file;
        drop(state);
        self.shared.appended.notify_one();
    }

    /// Returns the last record that is known to be on the disk.
    pub(super) fn synced(&self) -> u64 {
        self.shared.lock().synced
    }

    /// Waits until the record `sequence` is on the disk; fails if a sync failed before.
    pub(super) fn wait(&self, sequence: u64) -> Result<(), StoreError> {
        let mut state = self.shared.lock();
        while state.synced < sequence {
            if let Some(reason) = &state.failure {
                return Err(StoreError::ReadOnly {
                    reason: reason.clone(),
                });
            }
            state = self
                .shared
                .synced
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    /// Syncs everything that was appended so far, in the caller's thread.
    pub(super) fn sync_now(&self) -> Result<(), StoreError> {
        self.shared.sync()
    }

    /// Waits until no outcome is open: each write is on the disk, or nothing is left of it.
    ///
    /// # Errors
    ///
    /// [`StoreError::ReadOnly`] if an outcome stays open until the next start.
    pub(super) fn settle(&self) -> Result<(), StoreError> {
        self.check()?;
        self.shared.sync()
    }

    /// Fails if an outcome stays open until the next start; does not wait for the disk.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        self.shared.failing.health.check()
    }

    /// Syncs what is appended and ends the thread.
    pub(super) fn stop(&self) {
        self.shared.lock().stopping = true;
        self.shared.appended.notify_one();
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            let health = &self.shared.failing.health;
            health.stop_writing("the committer panicked");
        }
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn run(&self) {
        loop {
            let mut state = self.lock();
            while state.appended == state.synced && !state.stopping {
                state = self
                    .appended
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            let idle = state.appended == state.synced;
            drop(state);
            if idle || self.sync().is_err() {
                return;
            }
        }
    }

    fn sync(&self) -> Result<(), StoreError> {
        let _alone = self.one_sync.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, appended) = {
            let state = self.lock();
            if let Some(reason) = state.failure.clone() {
                return Err(StoreError::ReadOnly { reason });
            }
            if state.appended == state.synced {
                return Ok(());
            }
            (Arc::clone(&state.file), state.appended)
        };
        let outcome = file.sync_data();
        let mut state = self.lock();
        let Err(error) = outcome else {
            state.synced = appended;
            drop(state);
            self.synced.notify_all();
            return Ok(());
        };
        let reason = format!("the journal could not be synced: {error}");
        self.failing.health.stop_writing(&reason);
        // Before the writers get their errors.
        self.failing.hidden.hide_after(state.synced);
        state.failure = Some(reason.clone());
        drop(state);
        self.synced.notify_all();
        (self.failing.after)();
        Err(StoreError::ReadOnly { reason })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
