//! Blobs: files that never change, named by the SHA-256 of their content.
//!
//! A blob gets its name only after its content was synced, and the name is synced before any row
//! may name the blob. It is removed only when no row names it. Between the moment it is kept and
//! the moment its row is written, a [`KeptBlob`] pins it. Removing takes the same lock as pinning,
//! for the decision and the removal together. So a pinned blob is either seen as pinned, or was
//! removed before and is stored again. Before a blob is removed, the journal is synced, because the
//! row that named it must not come back. While the outcome of a write is open, nothing is removed,
//! not even a note: the row may be in the journal and not in the index. From the moment a blob is
//! pinned until it has a row or is removed, it has a note that outlives a kill.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::{Sha256, Timestamp};

use super::blob_files::{BlobFile, blob_folder, blob_path, list_blobs, open_blob, random_name};
use super::clock_floor::write_clock_floor;
use super::data_dir::make_dirs;
use super::unsettled::Unsettled;
use super::{DataDir, Disk, IncomingBlob, Secrets, StoreError};

/// The blobs of a data directory. All clones share them.
#[derive(Clone)]
pub struct Blobs {
    inner: Arc<Inner>,
}

struct Inner {
    dir: DataDir,
    disk: Arc<dyn Disk>,
    placing: Mutex<()>,
    held: Mutex<Held>,
    // The folders whose names are known to be durable, because this process has synced them.
    folders: Mutex<HashSet<PathBuf>>,
}

/// The blobs that must not be removed, and those that may have to be.
#[derive(Default)]
struct Held {
    pins: HashMap<Sha256, usize>,
    pauses: usize,
    unsettled: Unsettled,
}

/// A blob that is durable and is not removed while this value exists.
pub struct KeptBlob {
    blobs: Blobs,
    sha256: Sha256,
    length: u64,
}

/// A pause: while this value exists, no blob is removed.
pub struct RemovalPause(Blobs);

/// The blobs that one garbage collection removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RemovedBlobs {
    /// How many blobs were removed.
    pub removed: u64,
    /// How many bytes they had.
    pub bytes: u64,
}

impl Blobs {
    /// Opens the blobs of a data directory and deletes the uploads that a stop interrupted.
    ///
    /// Blobs that the stop may have left without a row are removed by [`Self::settle`], which the
    /// caller calls next.
    pub fn new(dir: &DataDir, disk: Arc<dyn Disk>) -> Result<Self, StoreError> {
        let incoming = dir.incoming();
        // What an interrupted stop left on a disk that cannot be written does no harm there.
        let names = match dir.read_only() {
            None => disk.list(&incoming),
            Some(_) => Ok(Vec::new()),
        };
        let names = names.map_err(|error| StoreError::io("list", &incoming, error))?;
        let mut left = Vec::new();
        for name in &names {
            let path = incoming.join(name);
            // No upload is a folder, so somebody else put it there; it does no harm.
            if disk.metadata(&path).is_ok_and(|found| found.is_dir()) {
                tracing::warn!(path = %path.display(), "there is a folder among the uploads");
                continue;
            }
            if let Ok(sum) = name.parse() {
                left.push(sum);
                continue;
            }
            disk.remove(&path)
                .map_err(|error| StoreError::io("remove", &path, error))?;
        }
        let held = Held {
            unsettled: Unsettled::from_notes(left),
            ..Held::default()
        };
        Ok(Self {
            inner: Arc::new(Inner {
                dir: dir.clone(),
                disk,
                held: Mutex::new(held),
                placing: Mutex::default(),
                folders: Mutex::default(),
            }),
        })
    }

    /// Returns the data directory that they lie in.
    pub fn data_dir(&self) -> &DataDir {
        &self.inner.dir
    }

    /// Returns the secrets of rows, which lie in the same data directory.
    pub fn secrets(&self) -> Secrets<'_> {
        Secrets::new(&self.inner.dir, &*self.inner.disk)
    }

    /// Writes the clock floor of the same data directory.
    pub fn write_clock_floor(&self, floor: Timestamp) -> Result<(), StoreError> {
        write_clock_floor(&self.inner.dir, &*self.inner.disk, floor)
    }

    /// Makes a file for bytes that are about to arrive.
    pub fn incoming(&self) -> Result<IncomingBlob, StoreError> {
        let path = self.inner.dir.incoming().join(random_name()?);
        IncomingBlob::create(&self.inner.dir, Arc::clone(&self.inner.disk), path.clone())
            .map_err(|error| StoreError::io("make", &path, error))
    }

    /// Makes a blob of the bytes that have arrived. It is durable when this returns.
    ///
    /// Hold the result until the row that names the blob is written. Then drop it and call
    /// [`Self::remove_if_unreferenced`], whether the row was written or not. If a blob with the
    /// same content exists, it is read and used; if it is damaged, it is quarantined and replaced.
    pub fn keep(&self, mut incoming: IncomingBlob) -> Result<KeptBlob, StoreError> {
        let kept = self.pin(incoming.sha256(), incoming.len())?;
        let path = self.path(&kept.sha256);
        incoming
            .check()
            .map_err(|error| StoreError::io("keep", &path, error))?;
        let folder = self.folder(&kept.sha256);
        self.make_folder(&folder)?;
        let found = self.verify(&kept.sha256)?;
        if found != Some(true) {
            let failed = |error| StoreError::io("keep", &path, error);
            incoming.sync().map_err(failed)?;
            let _placing = self.placing();
            // It is verified again, because another upload may have stored the same content
            // meanwhile: only a blob that is damaged now is set aside, and a whole one is at most
            // replaced by its equal.
            if found == Some(false) && self.verify(&kept.sha256)? == Some(false) {
                let reason = "its content was damaged when it was uploaded again";
                self.set_aside(&kept.sha256, reason)?;
            }
            self.inner
                .disk
                .rename(incoming.path(), &path)
                .map_err(failed)?;
            incoming.moved();
        }
        // Synced in any case: the upload that stored the blob may not have synced the folder yet.
        self.sync_dir(&folder)?;
        Ok(kept)
    }

    /// Opens a blob for reading; `None` if it is not there.
    pub fn open(&self, sum: &Sha256) -> Result<Option<BlobFile>, StoreError> {
        open_blob(&self.inner.dir, &*self.inner.disk, sum)
    }

    /// Moves a blob to the quarantine if it is damaged: it is never served again, and kept for
    /// inspection.
    pub fn quarantine(&self, sum: &Sha256, reason: &str) -> Result<(), StoreError> {
        let _placing = self.placing();
        if self.verify(sum)? == Some(false) {
            self.set_aside(sum, reason)?;
        }
        Ok(())
    }

    fn set_aside(&self, sum: &Sha256, reason: &str) -> Result<(), StoreError> {
        let (from, quarantine) = (self.path(sum), self.inner.dir.quarantine());
        let to = quarantine.join(sum.to_string());
        tracing::error!(blob = %sum, reason, "a blob is quarantined");
        self.inner
            .disk
            .rename(&from, &to)
            .map_err(|error| StoreError::io("quarantine", &from, error))?;
        self.sync_dir(&quarantine)?;
        self.sync_dir(&self.folder(sum))
    }

    /// Returns the SHA-256 of every blob.
    pub fn list(&self) -> Result<Vec<Sha256>, StoreError> {
        list_blobs(&self.inner.dir, &*self.inner.disk)
    }

    /// Removes every blob that is not pinned and that no row names; `is_referenced` looks for rows.
    pub fn remove_unreferenced(
        &self,
        mut is_referenced: impl FnMut(&Sha256) -> Result<bool, StoreError>,
    ) -> Result<RemovedBlobs, StoreError> {
        self.remove_all(self.list()?, &mut is_referenced)
    }

    fn remove_all(
        &self,
        sums: Vec<Sha256>,
        is_referenced: &mut dyn FnMut(&Sha256) -> Result<bool, StoreError>,
    ) -> Result<RemovedBlobs, StoreError> {
        let mut total = RemovedBlobs::default();
        for sum in sums {
            if let Some(bytes) = self.remove_unless(&sum, is_referenced)? {
                total.removed += 1;
                total.bytes += bytes;
            }
        }
        Ok(total)
    }

    /// Removes blobs that were kept for a row and have none.
    ///
    /// Looks at every blob that has a note: those kept since it was last called, in this run or
    /// before a kill.
    pub fn settle(
        &self,
        mut is_referenced: impl FnMut(&Sha256) -> Result<bool, StoreError>,
    ) -> Result<RemovedBlobs, StoreError> {
        let unsettled = self.held().unsettled.all();
        self.remove_all(unsettled, &mut is_referenced)
    }

    /// Removes one blob if it is not pinned and no row names it; returns whether it was removed.
    ///
    /// # Errors
    ///
    /// [`StoreError::ReadOnly`] if the outcome of a write is open.
    pub fn remove_if_unreferenced(
        &self,
        sum: &Sha256,
        mut is_referenced: impl FnMut(&Sha256) -> Result<bool, StoreError>,
    ) -> Result<bool, StoreError> {
        Ok(self.remove_unless(sum, &mut is_referenced)?.is_some())
    }

    /// Pauses the removal of blobs while the result exists; a later [`Self::settle`] removes what
    /// was due meanwhile.
    pub fn pause_removal(&self) -> RemovalPause {
        self.held().pauses += 1;
        RemovalPause(self.clone())
    }

    fn path(&self, sum: &Sha256) -> PathBuf {
        blob_path(&self.inner.dir, sum)
    }

    fn folder(&self, sum: &Sha256) -> PathBuf {
        blob_folder(&self.inner.dir, sum)
    }

    /// Makes a folder durable. It is not enough that it exists: another upload may have made it and
    /// not yet synced it.
    fn make_folder(&self, folder: &Path) -> Result<(), StoreError> {
        let mut folders = self
            .inner
            .folders
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !folders.contains(folder) {
            make_dirs(&*self.inner.disk, folder)?;
            self.sync_dir(&self.inner.dir.blobs())?;
            folders.insert(folder.to_owned());
        }
        Ok(())
    }

    fn pin(&self, sha256: Sha256, length: u64) -> Result<KeptBlob, StoreError> {
        let (dir, disk) = (&self.inner.dir, &*self.inner.disk);
        let mut held = self.held();
        held.unsettled.add(dir, disk, &sha256)?;
        *held.pins.entry(sha256).or_default() += 1;
        Ok(KeptBlob {
            blobs: self.clone(),
            sha256,
            length,
        })
    }

    /// Removes a blob unless it is pinned or named; returns its size if it was removed.
    ///
    /// The lock is held from the decision until the removal.
    fn remove_unless(
        &self,
        sum: &Sha256,
        is_referenced: &mut dyn FnMut(&Sha256) -> Result<bool, StoreError>,
    ) -> Result<Option<u64>, StoreError> {
        let (dir, disk) = (&self.inner.dir, &*self.inner.disk);
        let mut held = self.held();
        if held.pins.contains_key(sum) {
            return Ok(None);
        }
        // A blob is pinned until its write has an outcome, so an open one is known here.
        dir.check_writes()?;
        if is_referenced(sum)? {
            held.unsettled.remove(dir, disk, sum);
            return Ok(None);
        }
        if held.pauses > 0 {
            held.unsettled.add(dir, disk, sum)?;
            return Ok(None);
        }
        let removed = self.remove(sum);
        match removed {
            Ok(_) => held.unsettled.remove(dir, disk, sum),
            // `settle` tries it again later.
            Err(_) => held.unsettled.add(dir, disk, sum)?,
        }
        removed
    }

    fn remove(&self, sum: &Sha256) -> Result<Option<u64>, StoreError> {
        let disk = &*self.inner.disk;
        // The row may have been removed by a write that a power loss can still undo.
        self.inner.dir.settle_writes()?;
        let path = self.path(sum);
        let removed = disk.metadata(&path).and_then(|metadata| {
            disk.remove(&path)?;
            Ok(metadata.len())
        });
        match removed {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::io("remove", &path, error)),
        }
    }

    fn sync_dir(&self, path: &Path) -> Result<(), StoreError> {
        self.inner
            .disk
            .sync_dir(path)
            .map_err(|error| StoreError::io("sync", path, error))
    }

    /// Takes the lock under which blobs are stored and damaged ones are moved away.
    fn placing(&self) -> MutexGuard<'_, ()> {
        self.inner
            .placing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.inner
            .held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeptBlob {
    /// Returns the blob's SHA-256, which is its name.
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    /// Returns how many bytes it has.
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Returns whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }
}

impl Drop for KeptBlob {
    fn drop(&mut self) {
        let mut held = self.blobs.held();
        if let Some(pins) = held.pins.get_mut(&self.sha256) {
            *pins -= 1;
            if *pins == 0 {
                held.pins.remove(&self.sha256);
            }
        }
    }
}

impl Drop for RemovalPause {
    fn drop(&mut self) {
        self.0.held().pauses -= 1;
    }
}
