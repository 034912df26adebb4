//! An upload in flight: bytes that are counted and hashed on their way into a file.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use sha2::Digest;

use crate::domain::Sha256;

use super::arrival::{Arrival, Arriving};
use super::{Disk, DiskFile};

/// Bytes that are arriving. Dropping it deletes them; [`Blobs::keep`](super::Blobs::keep) makes a
/// blob of them.
pub struct IncomingBlob {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    file: Arc<dyn DiskFile>,
    hasher: sha2::Sha256,
    length: u64,
    // Set when the file has another name now, or none.
    gone: bool,
    // A write that failed may have left a part behind: the file is no longer what was hashed.
    broken: bool,
    arrival: Arc<Arrival>,
    early: EarlySync,
}

/// How much of an upload is synced at a time while more of it arrives.
const EARLY_BYTES: u64 = 32 * 1024 * 1024;

/// Syncing beside the arrival, so that little is left to be waited for at its end.
#[derive(Default)]
struct EarlySync {
    running: Option<JoinHandle<io::Result<()>>>,
    unsynced: u64,
}

impl EarlySync {
    /// Begins to sync `file` if enough has come to it and nobody is about it.
    fn written(&mut self, bytes: u64, file: &Arc<dyn DiskFile>) -> io::Result<()> {
        self.unsynced += bytes;
        let is_busy = self.running.as_ref().is_some_and(|it| !it.is_finished());
        if self.unsynced < EARLY_BYTES || is_busy {
            return Ok(());
        }
        self.end()?;
        let file = Arc::clone(file);
        let thread = thread::Builder::new().name("upload-sync".to_owned());
        // Where there is no thread to be had, the end has more to do.
        self.running = thread.spawn(move || file.sync_data()).ok();
        self.unsynced = 0;
        Ok(())
    }

    /// Waits for the sync under way. What failed there would not fail once more at the end, since
    /// a system tells of it once.
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
    pub(super) fn create(disk: Arc<dyn Disk>, path: PathBuf) -> io::Result<Self> {
        let file = disk.create(&path)?;
        Ok(Self {
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

    /// How many bytes have arrived.
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Whether nothing has arrived.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The SHA-256 of what has arrived.
    pub fn sha256(&self) -> Sha256 {
        Sha256::finish(self.hasher.clone())
    }

    /// Reads what has arrived, from the beginning.
    pub fn reader(&self) -> io::Result<File> {
        self.disk.open(&self.path)
    }

    /// Reads along while it arrives, from the beginning to the [end](Self::arrived).
    pub fn arriving(&self) -> io::Result<Arriving> {
        Ok(Arriving::new(self.reader()?, Arc::clone(&self.arrival)))
    }

    /// Says that this is all.
    pub fn arrived(&self) {
        self.arrival.end();
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Refuses an upload of which a part could not be written.
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

    /// Notes that the file was given its final name.
    pub(super) fn moved(&mut self) {
        self.gone = true;
    }
}

impl Write for IncomingBlob {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let written = self.file.append(bytes);
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
            // It goes at the next start.
            tracing::warn!(%error, path = %self.path.display(), "an upload could not be deleted");
        }
    }
}
