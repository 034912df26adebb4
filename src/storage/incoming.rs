//! An upload that is arriving: its bytes are counted and hashed on their way into a file.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use sha2::Digest;

use crate::domain::Sha256;

use super::arrival::{Arrival, Arriving};
use super::{DataDir, Disk, DiskFile};

/// An upload that is arriving. Dropping it deletes its file; [`Blobs::keep`](super::Blobs::keep)
/// makes a blob of it.
pub struct IncomingBlob {
    dir: DataDir,
    disk: Arc<dyn Disk>,
    path: PathBuf,
    file: Arc<dyn DiskFile>,
    hasher: sha2::Sha256,
    length: u64,
    // Set when the file was renamed, so that dropping this must not delete it.
    gone: bool,
    // Set when a write failed: it may have written a part, so the file is not what was hashed.
    broken: bool,
    arrival: Arc<Arrival>,
    early: EarlySync,
}

/// How many bytes of an upload are synced at a time while more of it arrives.
const EARLY_BYTES: u64 = 32 * 1024 * 1024;

/// Syncs the file in a thread while more bytes arrive, so that little is left to sync at the end.
#[derive(Default)]
struct EarlySync {
    running: Option<JoinHandle<io::Result<()>>>,
    unsynced: u64,
}

impl EarlySync {
    /// Begins to sync `file` if enough bytes were written since the last sync and no sync is
    /// running.
    fn written(&mut self, bytes: u64, file: &Arc<dyn DiskFile>) -> io::Result<()> {
        self.unsynced += bytes;
        let is_busy = self.running.as_ref().is_some_and(|it| !it.is_finished());
        if self.unsynced < EARLY_BYTES || is_busy {
            return Ok(());
        }
        self.end()?;
        let file = Arc::clone(file);
        let thread = thread::Builder::new().name("upload-sync".to_owned());
        // Without a thread, the sync at the end has more to do.
        self.running = thread.spawn(move || file.sync_data()).ok();
        self.unsynced = 0;
        Ok(())
    }

    /// Waits for the running sync and returns its error: the system reports an error only once, so
    /// the sync at the end would not fail again.
    fn end(&mut self) -> io::Result<()> {
        let Some(running) = self.running.take() else {
            return Ok(());
        };
        running
            .join()
            .map_err(|_| io::Error::other("syncing an upload ended in a panic"))?
    }
}

impl IncomingBlob {
    /// Makes the file of an upload; refuses it if the disk is nearly full.
    pub(super) fn create(dir: &DataDir, disk: Arc<dyn Disk>, path: PathBuf) -> io::Result<Self> {
        check_room(dir, &*disk, 0)?;
        let file = disk.create(&path)?;
        Ok(Self {
            dir: dir.clone(),
            disk,
            path,
            file,
            hasher: sha2::Sha256::new(),
            length: 0,
            gone: false,
            broken: false,
            arrival: Arc::default(),
            early: EarlySync::default(),
        })
    }

    /// Returns how many bytes have arrived.
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Returns whether nothing has arrived.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Returns the SHA-256 of the bytes that have arrived.
    pub fn sha256(&self) -> Sha256 {
        Sha256::finish(self.hasher.clone())
    }

    /// Opens the file for reading from the beginning, up to what has arrived.
    pub fn reader(&self) -> io::Result<File> {
        self.disk.open(&self.path)
    }

    /// Opens a reader that reads from the beginning and waits for more bytes until
    /// [`Self::arrived`].
    pub fn arriving(&self) -> io::Result<Arriving> {
        Ok(Arriving::new(self.reader()?, Arc::clone(&self.arrival)))
    }

    /// Declares that all bytes have arrived.
    pub fn arrived(&self) {
        self.arrival.end();
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Fails if a part of the upload could not be written.
    pub(super) fn check(&self) -> io::Result<()> {
        if self.broken {
            return Err(io::Error::other(
                "a part of the upload could not be written",
            ));
        }
        Ok(())
    }

    /// Makes the content durable.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        self.early.end()?;
        self.file.sync_all()
    }

    /// Records that the file was given its final name.
    pub(super) fn moved(&mut self) {
        self.gone = true;
    }
}

/// Refuses bytes that would take space that is kept for other things than uploads.
fn check_room(dir: &DataDir, disk: &dyn Disk, bytes: u64) -> io::Result<()> {
    if dir.reserve().has_room_for(disk, bytes) {
        return Ok(());
    }
    let reason = "the disk is so full that it takes no more uploads";
    Err(io::Error::new(io::ErrorKind::StorageFull, reason))
}

impl Write for IncomingBlob {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let written =
            check_room(&self.dir, &*self.disk, count).and_then(|()| self.file.append(bytes));
        let written = written.and_then(|()| self.early.written(count, &self.file));
        if let Err(error) = written {
            self.broken = true;
            return Err(error);
        }
        self.hasher.update(bytes);
        self.length += count;
        self.arrival.reached(self.length);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for IncomingBlob {
    fn drop(&mut self) {
        self.arrival.end();
        if !self.gone
            && let Err(error) = self.disk.remove(&self.path)
        {
            // The next start deletes it.
            tracing::warn!(%error, path = %self.path.display(), "an upload could not be deleted");
        }
    }
}
