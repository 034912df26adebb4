//! A hot backup: everything up to one place in the journal, while writers continue.
//!
//! The order makes it consistent. First the removal of blobs is paused. Then a checkpoint is taken,
//! and a place in the journal is fixed up to which everything is synced. Then the blobs are copied:
//! each blob that a row up to that place names was kept before its record was written, and is still
//! there. The backup may have more blobs than its rows need, never fewer. The manifest is written
//! last, so an interrupted backup has none and cannot be restored.
//!
//! Blobs and finished segments never change, so they are hard-linked if the disk allows it. A
//! backup on the same disk costs no space, but is lost with that disk: copy it to another one.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use sha2::Digest;

use crate::domain::{Sha256, Timestamp};

use super::blob_files::blob_path;
use super::data_dir::make_dirs;
use super::journal::{JournalPosition, checkpoint_path, files, segment_path};
use super::manifest::{Manifest, ManifestFile};
use super::{Blobs, DataDir, Disk, FORMAT, Progress, Step, Store, StoreError};

const COPY_BYTES: usize = 256 * 1024;

/// The content of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// The sequence number of its last record.
    pub sequence: u64,
    /// How many files it has.
    pub files: u64,
    /// How many bytes its files have.
    pub bytes: u64,
}

/// Makes a backup in `target`, which must be empty or absent.
///
/// Every blob is read and checked; a damaged one fails the backup.
///
/// # Errors
///
/// [`StoreError::Io`] if `target` is not empty, a blob is damaged, or a file cannot be read or
/// written; [`StoreError::NoSpace`] if the disk is full.
pub fn backup(
    store: &Store,
    blobs: &Blobs,
    target: &Path,
    at: Timestamp,
    mut progress: impl FnMut(Progress),
) -> Result<BackupReport, StoreError> {
    let (dir, disk) = (&store.inner().dir, Arc::clone(&store.inner().disk));
    let mut work = Work {
        disk: &*disk,
        target,
        files: Vec::new(),
    };
    work.begin()?;
    let _pause = blobs.pause_removal();
    take_checkpoint(store, at)?;
    let position = store.synced_position()?;
    work.journal(store, position)?;
    work.secrets(dir)?;
    work.add(&dir.format(), "format", None)?;
    work.blobs(dir, &blobs.list()?, &mut progress)?;
    let manifest = Manifest {
        format: FORMAT,
        created_at: at,
        sequence: position.sequence,
        chain: position.chain,
        files: work.files,
    };
    manifest.write(&*disk, target)?;
    Ok(BackupReport {
        sequence: position.sequence,
        files: u64::try_from(manifest.files.len()).unwrap_or(u64::MAX),
        bytes: manifest.files.iter().map(|file| file.bytes).sum(),
    })
}

/// Takes a checkpoint, so that restoring is fast. Where there is no space for one, or nothing can be
/// written, the journal has everything, too.
fn take_checkpoint(store: &Store, at: Timestamp) -> Result<(), StoreError> {
    if store.inner().dir.read_only().is_some() {
        return Ok(());
    }
    match store.checkpoint(at) {
        Err(error) if error.is_no_space() => {
            tracing::warn!(%error, "the backup is made without a new checkpoint");
            Ok(())
        }
        taken => taken,
    }
}

struct Work<'a> {
    disk: &'a dyn Disk,
    target: &'a Path,
    files: Vec<ManifestFile>,
}

impl Work<'_> {
    fn begin(&self) -> Result<(), StoreError> {
        make_dirs(self.disk, self.target)?;
        let names = self
            .disk
            .list(self.target)
            .map_err(|error| StoreError::io("list", self.target, error))?;
        if names.is_empty() {
            return Ok(());
        }
        let error = io::Error::new(io::ErrorKind::DirectoryNotEmpty, "it is not empty");
        Err(StoreError::io("back up into", self.target, error))
    }

    /// Backs up the newest checkpoint and the segments up to one place.
    fn journal(&mut self, store: &Store, end: JournalPosition) -> Result<(), StoreError> {
        // While this lock is held, no old checkpoint is removed, so the one that is linked stays.
        let _none_new = store.inner().no_checkpoint_meanwhile();
        let journal = store.inner().dir.journal();
        let files = files(self.disk, &journal)?;
        if let Some(number) = files
            .checkpoints
            .last()
            .filter(|number| **number <= end.segment)
        {
            let path = checkpoint_path(&journal, *number);
            self.add(&path, &format!("journal/{number:06}.checkpoint"), None)?;
        }
        for number in files
            .segments
            .iter()
            .filter(|number| **number <= end.segment)
        {
            let length = (*number == end.segment).then_some(end.end);
            let path = segment_path(&journal, *number);
            self.add(&path, &format!("journal/{number:06}.log"), length)?;
        }
        Ok(())
    }

    fn secrets(&mut self, dir: &DataDir) -> Result<(), StoreError> {
        let secrets = dir.secrets();
        make_dirs(self.disk, &self.target.join("secrets"))?;
        let names = self
            .disk
            .list(&secrets)
            .map_err(|error| StoreError::io("list", &secrets, error))?;
        for name in names {
            let path = secrets.join(&name);
            let copy = format!("secrets/{name}");
            match self.add_copy(&path, &copy, u64::MAX) {
                // The secret was removed with its row meanwhile.
                Err(StoreError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
                copied => copied?,
            }
        }
        Ok(())
    }

    fn blobs(
        &mut self,
        dir: &DataDir,
        sums: &[Sha256],
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), StoreError> {
        let total = u64::try_from(sums.len()).unwrap_or(u64::MAX);
        for (done, sum) in (1..).zip(sums) {
            let name = sum.to_string();
            let folder = name.get(..2).unwrap_or("00");
            let path = blob_path(dir, sum);
            self.add(&path, &format!("blobs/sha256/{folder}/{name}"), None)?;
            if self.files.last().is_some_and(|file| file.sha256 != *sum) {
                let error = io::Error::new(
                    io::ErrorKind::InvalidData,
                    "its content is not what its name says",
                );
                return Err(StoreError::io("back up", &path, error));
            }
            progress(Progress {
                step: Step::Blobs,
                done,
                total,
            });
        }
        Ok(())
    }

    /// Adds a file: without a `length`, one that never changes, by a link or by a copy; with a
    /// `length`, the first bytes of one that still grows.
    fn add(&mut self, from: &Path, name: &str, length: Option<u64>) -> Result<(), StoreError> {
        let Some(length) = length else {
            let to = self.place(name)?;
            return match self.disk.hard_link(from, &to) {
                Ok(()) => self.note_linked(&to, name),
                // The target is on another disk, or its disk has no links.
                Err(_) => self.add_copy(from, name, u64::MAX),
            };
        };
        self.add_copy(from, name, length)
    }

    fn note_linked(&mut self, to: &Path, name: &str) -> Result<(), StoreError> {
        let read = || -> io::Result<ManifestFile> {
            let mut file = self.disk.open(to)?;
            let bytes = file.metadata()?.len();
            let sha256 = super::blob_files::hash(&mut file)?;
            self.sync_folder(to)?;
            Ok(ManifestFile {
                path: name.to_owned(),
                bytes,
                sha256,
            })
        };
        let file = read().map_err(|error| StoreError::io("back up", to, error))?;
        self.files.push(file);
        Ok(())
    }

    fn add_copy(&mut self, from: &Path, name: &str, length: u64) -> Result<(), StoreError> {
        let to = self.place(name)?;
        let copied = copy(self.disk, from, &to, length)
            .and_then(|copied| self.sync_folder(&to).map(|()| copied))
            .map_err(|error| StoreError::io("back up", from, error))?;
        let (bytes, sha256) = copied;
        self.files.push(ManifestFile {
            path: name.to_owned(),
            bytes,
            sha256,
        });
        Ok(())
    }

    fn place(&self, name: &str) -> Result<std::path::PathBuf, StoreError> {
        let to = self.target.join(name);
        make_dirs(self.disk, to.parent().unwrap_or(self.target))?;
        Ok(to)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.disk.sync_dir(path.parent().unwrap_or(self.target))
    }
}

/// Copies the first `length` bytes of a file (all, if it has fewer) durably; returns the size and
/// checksum of the copy.
pub(super) fn copy(
    disk: &dyn Disk,
    from: &Path,
    to: &Path,
    length: u64,
) -> io::Result<(u64, Sha256)> {
    let mut from = disk.open(from)?.take(length);
    let to = disk.create(to)?;
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0; COPY_BYTES];
    let mut bytes = 0;
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        let part = buffer.get(..read).unwrap_or_default();
        hasher.update(part);
        to.append(part)?;
        bytes += u64::try_from(read).unwrap_or(u64::MAX);
    }
    to.sync_all()?;
    Ok((bytes, Sha256::finish(hasher)))
}
