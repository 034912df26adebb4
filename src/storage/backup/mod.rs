//! A hot backup: everything up to one place in the journal, while writers continue.
//!
//! The order makes it consistent. First the removal of blobs is paused. Then a checkpoint is taken,
//! and a place in the journal is fixed up to which everything is synced. Then the blobs are copied:
//! each blob that a row up to that place names was kept before its record was written, and is still
//! there. The backup may have more blobs than its rows need, never fewer.
//!
//! Every file is a copy of its own: nobody who writes into a backup changes the registry. What is
//! copied is checked on the way: the chain of the journal, the checksum of each blob and of each
//! secret. If something is damaged, there is no backup, but an error that names all of it: a backup
//! of damage would look like a good one until the day on which it is needed. The backup gets its
//! name when everything is written and synced, so an interrupted one is never mistaken for a whole
//! one.

mod copies;
mod error;
mod place;

pub use error::BackupError;
pub use place::remove_interrupted;

pub(super) use copies::{CopyError, copy};

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::domain::{Sha256, Timestamp};

use copies::Copies;
use place::UnfinishedBackup;

use super::blob_files::blob_path;
use super::checkpoint::Checkpoint;
use super::journal::{JournalPosition, check_chain, checkpoint_path, files, segment_path};
use super::manifest::Manifest;
use super::{Blobs, FORMAT, Progress, Secrets, Step, Store, StoreError, StoreFault};

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

/// What is backed up.
pub struct BackupSource<'a> {
    /// The rows.
    pub store: &'a Store,
    /// The blobs, of the same data directory.
    pub blobs: &'a Blobs,
    /// The time of the backup.
    pub at: Timestamp,
    /// Gets the checksums of the blobs that were copied, and returns what is wrong with the
    /// registry's files beyond what their own checksums say, such as a blob that a row needs and
    /// that is missing.
    pub further_faults: &'a FurtherFaults<'a>,
}

/// The type of [`BackupSource::further_faults`].
pub type FurtherFaults<'a> = dyn Fn(&HashSet<Sha256>) -> Result<Vec<StoreFault>, StoreError> + 'a;

/// Makes a backup in `target`, which must be empty or absent.
///
/// # Errors
///
/// [`BackupError::Exists`] if there is something at `target`, [`BackupError::Running`] if another
/// backup to it is under way, [`BackupError::Place`] if it cannot be written,
/// [`BackupError::Damaged`] if files of the registry are damaged or missing, and
/// [`BackupError::Store`] if they cannot be read.
pub fn backup(
    source: &BackupSource<'_>,
    target: &Path,
    mut progress: impl FnMut(Progress),
) -> Result<BackupReport, BackupError> {
    let disk = Arc::clone(&source.store.inner().disk);
    let place = UnfinishedBackup::begin(&*disk, target)?;
    let written = write_into(place.dir(), source, &mut progress);
    let report = written.map_err(|error| error.naming(target, place.dir()))?;
    place.finish()?;
    Ok(report)
}

/// Writes a backup into a directory that exists and is empty.
fn write_into(
    dir: &Path,
    source: &BackupSource<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<BackupReport, BackupError> {
    let store = source.store;
    let disk = &*store.inner().disk;
    let mut work = Work {
        store,
        copies: Copies::new(disk, dir),
        faults: Vec::new(),
    };
    let _pause = source.blobs.pause_removal();
    match checkpoint_if_writable(store, source.at) {
        // A backup is wanted most when the registry's own disk is full or failing. Without a new
        // checkpoint, only the first start after a restore takes longer.
        Err(error @ (StoreError::NoSpace { .. } | StoreError::Io { .. })) => {
            tracing::warn!(%error, "the backup is made without a new checkpoint");
        }
        other => other?,
    }
    let position = store.synced_position()?;
    work.journal(position)?;
    work.secrets()?;
    work.copies.add(&store.inner().dir.format(), "format")?;
    let copied = work.blobs(&source.blobs.list()?, progress)?;
    StoreFault::add_new(&mut work.faults, (source.further_faults)(&copied)?);
    if !work.faults.is_empty() {
        return Err(BackupError::Damaged {
            faults: work.faults,
        });
    }
    let manifest = Manifest {
        format: FORMAT,
        created_at: source.at,
        sequence: position.sequence,
        chain: position.chain,
        files: work.copies.finish()?,
    };
    manifest
        .write(disk, dir)
        .map_err(|error| from_write(error, dir))?;
    Ok(BackupReport {
        sequence: position.sequence,
        files: u64::try_from(manifest.files.len()).unwrap_or(u64::MAX),
        bytes: manifest.files.iter().map(|file| file.bytes).sum(),
    })
}

/// Makes the error of a backup out of the error of writing a small file of it.
fn from_write(error: StoreError, path: &Path) -> BackupError {
    if let StoreError::NoSpace { source, .. } | StoreError::Io { source, .. } = error {
        return BackupError::place(path, source);
    }
    BackupError::Store(error)
}

/// Takes a checkpoint, unless nothing can be written: the journal has everything, too.
fn checkpoint_if_writable(store: &Store, at: Timestamp) -> Result<(), StoreError> {
    if store.inner().dir.read_only().is_some() {
        return Ok(());
    }
    store.checkpoint(at)
}

struct Work<'a> {
    store: &'a Store,
    copies: Copies<'a>,
    faults: Vec<StoreFault>,
}

impl Work<'_> {
    /// Copies the newest checkpoint and the segments up to one place, and checks the copies.
    fn journal(&mut self, end: JournalPosition) -> Result<(), BackupError> {
        let inner = self.store.inner();
        // While this lock is held, no old checkpoint is removed, so the one that is copied stays.
        let _none_new = inner.no_checkpoint_meanwhile();
        let journal = inner.dir.journal();
        let files = files(&*inner.disk, &journal)?;
        let copied = self.copies.root().join("journal");
        let newest = files.checkpoints.last();
        if let Some(number) = newest.filter(|number| **number <= end.segment) {
            let path = checkpoint_path(&journal, *number);
            self.copies
                .add(&path, &format!("journal/{number:06}.checkpoint"))?;
            match Checkpoint::check(&*inner.disk, &copied, *number) {
                Ok(_) => {}
                Err(StoreError::Checkpoint { fault, .. }) => {
                    self.faults.push(StoreFault::checkpoint(path, fault));
                }
                Err(other) => return Err(other.into()),
            }
        }
        for number in files.segments {
            if number > end.segment {
                break;
            }
            let length = if number == end.segment {
                end.end
            } else {
                u64::MAX
            };
            let path = segment_path(&journal, number);
            self.copies
                .add_beginning(&path, &format!("journal/{number:06}.log"), length)?;
        }
        match check_chain(&*inner.disk, &copied, end, |_| Ok(())) {
            Ok(()) => {}
            Err(StoreError::Journal(error)) => {
                let mut fault = StoreFault::from(error);
                let name = fault.path.file_name().unwrap_or_default();
                fault.path = journal.join(name);
                self.faults.push(fault);
            }
            Err(other) => return Err(other.into()),
        }
        Ok(())
    }

    fn secrets(&mut self) -> Result<(), BackupError> {
        let inner = self.store.inner();
        self.copies.make_dir("secrets")?;
        let folder = inner.dir.secrets();
        let names = inner
            .disk
            .list(&folder)
            .map_err(|error| StoreError::io("list", &folder, error))?;
        for name in names {
            // A secret that was removed with its row meanwhile is left out.
            self.copies
                .add_if_there(&folder.join(&name), &format!("secrets/{name}"))?;
        }
        self.faults
            .extend(Secrets::new(&inner.dir, &*inner.disk).faults()?);
        Ok(())
    }

    /// Copies blobs; returns the checksums of those that were there.
    fn blobs(
        &mut self,
        sums: &[Sha256],
        progress: &mut dyn FnMut(Progress),
    ) -> Result<HashSet<Sha256>, BackupError> {
        let total = u64::try_from(sums.len()).unwrap_or(u64::MAX);
        let mut copied = HashSet::with_capacity(sums.len());
        for (done, sum) in (1..).zip(sums) {
            let name = sum.to_string();
            let folder = name.get(..2).unwrap_or("00");
            let path = blob_path(&self.store.inner().dir, sum);
            let name = format!("blobs/sha256/{folder}/{name}");
            // A blob that was put aside meanwhile, because it is damaged, is missing from now on.
            let found = self.copies.add_if_there(&path, &name)?;
            if let Some(found) = found {
                copied.insert(*sum);
                if found != *sum {
                    self.faults.push(StoreFault::damaged_blob(path));
                }
            }
            progress(Progress {
                step: Step::Blobs,
                done,
                total,
            });
        }
        Ok(copied)
    }
}

/// Returns whether an error says that a file to be copied does not exist.
fn is_missing(error: &BackupError) -> bool {
    matches!(
        error,
        BackupError::Store(StoreError::Io { source, .. })
            if source.kind() == io::ErrorKind::NotFound
    )
}
