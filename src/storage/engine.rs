//! The index: a wrapper of sled. No other file names sled.
//!
//! One tree holds all tables. These are the pitfalls of sled 0.34 that are handled here. A crash
//! while it writes a snapshot leaves a `snap.*.generating` that it later takes for a snapshot, so
//! these files are removed before each open. If it finds corruption, its snapshots are moved aside,
//! and it reads its whole log. It may panic over damaged files. Its own flush syncs with a call
//! that guarantees nothing after a power loss. Its cache has 1 GiB unless it is set.
//!
//! Transactions and merge operators are not used: one batch is atomic, and only one writer writes
//! at a time.

use std::cell::Cell;
use std::fs::{self, File};
use std::ops::{Bound, Deref};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};
use std::time::Duration;

use crate::domain::Sha256;

use super::error::is_no_space;
use super::journal::JournalPosition;
use super::table::INDEX_ID;
use super::{Key, StoreError};

/// The interval in milliseconds at which sled writes out its memory. The journal replays what a
/// kill loses.
const FLUSH_EVERY_MS: u64 = 500;

/// How often to wait for the lock of sled's files.
const LOCK_WAITS: u32 = 200;
const LOCK_WAIT: Duration = Duration::from_millis(10);

/// The key under which the index keeps how far it has applied the journal.
const APPLIED: &[u8] = &[INDEX_ID, b'a'];

/// Set when a thread of sled panics: from then on sled may hang instead of answering.
static IO_THREAD_PANICKED: AtomicBool = AtomicBool::new(false);

/// The bytes of a key or a row, as sled returns them.
#[derive(Debug, Clone)]
pub(super) struct Bytes(sled::IVec);

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

/// How far the index has applied the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Applied {
    /// The last record whose changes are in it.
    pub(super) position: JournalPosition,
    /// The sequence number of the last record that was known to be on the disk at that time.
    pub(super) synced: u64,
}

/// The index: rows by key.
pub(super) struct Index {
    #[expect(
        clippy::disallowed_types,
        reason = "this is the file that goes to sled"
    )]
    db: sled::Db,
    path: PathBuf,
    // The system reports a failure to write back a file once to each that has the file open. sled
    // may have dropped such a report before the index is closed; these files still get theirs.
    files: [File; 2],
}

/// The files in which sled keeps the index.
const FILES: [&str; 2] = ["db", "conf"];

/// An ordered iteration over keys and rows; it keeps the index open.
pub(super) struct Range {
    walk: sled::Iter,
    _index: Arc<Index>,
}

/// A change of the index: a key, and the new row; `None` removes the row.
pub(super) type Change<'a> = (&'a [u8], Option<&'a [u8]>);

impl Index {
    /// Opens the index in `path`, or creates it. Its cache has `cache_bytes` bytes.
    pub(super) fn open(path: &Path, cache_bytes: u64) -> Result<Arc<Self>, StoreError> {
        watch_io_threads();
        remove_unfinished_snapshots(path).map_err(|error| StoreError::io("list", path, error))?;
        let corrupt = Cell::new(false);
        let attempt = || {
            guarded("opening", || {
                let opened = open_unlocked(path, cache_bytes);
                corrupt.set(matches!(opened, Err(sled::Error::Corruption { .. })));
                opened
            })
        };
        let mut opened = attempt();
        if corrupt.get() {
            move_snapshots_aside(path)
                .map_err(|error| StoreError::io("move snapshots of", path, error))?;
            opened = attempt();
        }
        let db = opened?;
        let open = |name| File::open(path.join(name));
        let [db_file, conf] = FILES.map(open);
        let files = db_file
            .and_then(|db_file| Ok([db_file, conf?]))
            .map_err(|error| StoreError::io("open the files of", path, error))?;
        let index = Self {
            db,
            path: path.to_owned(),
            files,
        };
        index.make_private();
        Ok(Arc::new(index))
    }

    /// Returns the row of a key; `None` if there is none.
    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        Ok(guarded("reading", || self.db.get(key))?.map(Bytes))
    }

    /// Returns the keys and rows from `from` on up to the bound `to`.
    pub(super) fn range(self: &Arc<Self>, from: Vec<u8>, to: Bound<Vec<u8>>) -> Range {
        Range {
            walk: self.db.range((Bound::Included(from), to)),
            _index: Arc::clone(self),
        }
    }

    /// Returns the keys and rows of all tables.
    pub(super) fn all_rows(self: &Arc<Self>) -> Range {
        self.range(vec![INDEX_ID + 1], Bound::Unbounded)
    }

    /// Applies changes atomically, together with how far the journal is applied with them.
    pub(super) fn apply(
        &self,
        changes: &mut dyn Iterator<Item = Change<'_>>,
        applied: Option<Applied>,
    ) -> Result<(), StoreError> {
        let mut batch = sled::Batch::default();
        for (key, row) in changes {
            match row {
                Some(row) => batch.insert(key, row),
                None => batch.remove(key),
            }
        }
        if let Some(applied) = applied {
            batch.insert(APPLIED, applied.to_bytes());
        }
        guarded("writing", || self.db.apply_batch(batch))
    }

    /// Returns how far the journal is applied; `None` in a new index.
    pub(super) fn applied(&self) -> Result<Option<Applied>, StoreError> {
        Ok(self.get(APPLIED)?.and_then(|bytes| Applied::read(&bytes)))
    }

    /// Closes the index so that it survives a power loss; returns `false` if a reader still uses
    /// it.
    ///
    /// sled keeps writing to its files as long as it is open, so they are synced after it is
    /// closed.
    pub(super) fn close(self: Arc<Self>) -> Result<bool, StoreError> {
        let Some(index) = Arc::into_inner(self) else {
            return Ok(false);
        };
        let Self { db, path, files } = index;
        guarded("closing", move || {
            let flushed = db.flush();
            drop(db);
            flushed
        })?;
        let sync = || -> std::io::Result<()> {
            for file in &files {
                file.sync_all()?;
            }
            File::open(&path)?.sync_all()
        };
        sync().map_err(|error| StoreError::io("sync", &path, error))?;
        Ok(true)
    }

    /// Returns the path of sled's log, which grows at its end.
    pub(super) fn log_file(&self) -> PathBuf {
        self.path.join("db")
    }

    /// Returns whether the index is the one in this folder, and not a copy of it.
    pub(super) fn lies_in(&self, folder: &Path) -> bool {
        self.path == folder
    }

    /// Checks that sled still answers; the error is the reason in words.
    pub(super) fn health(&self) -> Result<(), String> {
        self.check_files()
            .and_then(|()| self.applied().map(drop))
            .map_err(|error| error.to_string())
    }

    /// Fails if sled could not write its files in the background: from then on it takes no change.
    pub(super) fn check_files(&self) -> Result<(), StoreError> {
        if IO_THREAD_PANICKED.load(Ordering::Acquire) {
            return Err(StoreError::Index {
                action: "writing",
                reason: "one of its threads panicked".to_owned(),
            });
        }
        guarded("writing", || self.db.context.global_error())
    }

    /// Makes sled's files readable by the owner only: sled creates them with the mode of the umask.
    fn make_private(&self) {
        #[cfg(unix)]
        for name in FILES {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            if let Err(error) = fs::set_permissions(self.path.join(name), mode) {
                tracing::debug!(%error, name, "the mode of an index file stays as it is");
            }
        }
    }
}

impl Applied {
    fn to_bytes(self) -> Vec<u8> {
        let place = self.position;
        let segment = (place.segment, place.start, place.end);
        (place.sequence, place.chain, segment, self.synced).to_bytes()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        type Stored = (u64, Sha256, (u32, u64, u64), u64);
        let (sequence, chain, (segment, start, end), synced) = Stored::from_bytes(bytes)?;
        Some(Self {
            position: JournalPosition {
                sequence,
                chain,
                segment,
                start,
                end,
            },
            synced,
        })
    }
}

impl Iterator for Range {
    type Item = Result<(Bytes, Bytes), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        step(|| self.walk.next())
    }
}

impl DoubleEndedIterator for Range {
    fn next_back(&mut self) -> Option<Self::Item> {
        step(|| self.walk.next_back())
    }
}

type Entry = (sled::IVec, sled::IVec);

/// Opens sled's files, and waits up to two seconds for their lock.
///
/// The data directory is locked by this process. Only a child process that was started while the
/// index was open before can still hold sled's lock, until it executes another program.
#[expect(
    clippy::disallowed_types,
    reason = "this is the file that goes to sled"
)]
fn open_unlocked(path: &Path, cache_bytes: u64) -> sled::Result<sled::Db> {
    let mut waits = LOCK_WAITS;
    loop {
        let opened = sled::Config::new()
            .path(path)
            .cache_capacity(cache_bytes)
            .flush_every_ms(Some(FLUSH_EVERY_MS))
            .mode(sled::Mode::HighThroughput)
            .open();
        match opened {
            Err(sled::Error::Io(error)) if waits > 0 && is_locked(&error) => {
                waits -= 1;
                std::thread::sleep(LOCK_WAIT);
            }
            other => return other,
        }
    }
}

/// Returns whether sled failed to lock its files; sled says so only in the error's text.
fn is_locked(error: &std::io::Error) -> bool {
    error.to_string().contains("could not acquire lock")
}

/// Takes one step of an iteration.
fn step(
    step: impl FnOnce() -> Option<sled::Result<Entry>>,
) -> Option<Result<(Bytes, Bytes), StoreError>> {
    let found = guarded("reading", || step().transpose()).transpose()?;
    Some(found.map(|(key, row)| (Bytes(key), Bytes(row))))
}

/// Calls sled, and turns a panic, which damaged files can cause, into an error.
fn guarded<R>(
    action: &'static str,
    call: impl FnOnce() -> sled::Result<R>,
) -> Result<R, StoreError> {
    let reason = match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(sled::Error::Io(source))) if is_no_space(&source) => {
            let path = PathBuf::from("index");
            return Err(StoreError::NoSpace { path, source });
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "it panicked".to_owned(),
    };
    Err(StoreError::Index { action, reason })
}

fn snapshots(path: &Path) -> std::io::Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("snap.") {
            found.push((entry.path(), name));
        }
    }
    Ok(found)
}

fn remove_unfinished_snapshots(path: &Path) -> std::io::Result<()> {
    for (snapshot, name) in snapshots(path)? {
        if name.ends_with(".generating") {
            fs::remove_file(snapshot)?;
        }
    }
    Ok(())
}

fn move_snapshots_aside(path: &Path) -> std::io::Result<()> {
    for (snapshot, name) in snapshots(path)? {
        fs::rename(snapshot, path.join(format!("aside.{name}")))?;
    }
    Ok(())
}

/// Sets `IO_THREAD_PANICKED` when a thread of sled panics; the program's own panic hook runs as
/// well.
fn watch_io_threads() {
    static WATCH: Once = Once::new();
    WATCH.call_once(|| {
        let others = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let thread = std::thread::current();
            if thread.name().is_some_and(|name| name.starts_with("sled-")) {
                IO_THREAD_PANICKED.store(true, Ordering::Release);
            }
            others(panic);
        }));
    });
}
