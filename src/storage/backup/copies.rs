//! The files of a backup while they are copied. They and their directories are durable when
//! [`Copies::finish`] returns.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::Digest;

use super::{BackupError, is_missing};
use crate::domain::Sha256;
use crate::storage::manifest::ManifestFile;
use crate::storage::{Disk, StoreError};

const COPY_BYTES: usize = 256 * 1024;

/// The files that were copied into a directory.
pub(super) struct Copies<'a> {
    disk: &'a dyn Disk,
    root: PathBuf,
    files: Vec<ManifestFile>,
    dirs: BTreeSet<PathBuf>,
}

impl<'a> Copies<'a> {
    /// Begins to copy into the directory `root`.
    pub(super) fn new(disk: &'a dyn Disk, root: &Path) -> Self {
        Self {
            disk,
            root: root.to_owned(),
            files: Vec::new(),
            dirs: BTreeSet::from([root.to_owned()]),
        }
    }

    /// Returns the directory of the copies.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Copies a file; returns the checksum of what was read.
    pub(super) fn add(&mut self, from: &Path, name: &str) -> Result<Sha256, BackupError> {
        self.add_beginning(from, name, u64::MAX)
    }

    /// Copies a file; returns the checksum of what was read, or `None` if there is no such file.
    pub(super) fn add_if_there(
        &mut self,
        from: &Path,
        name: &str,
    ) -> Result<Option<Sha256>, BackupError> {
        match self.add(from, name) {
            Err(error) if is_missing(&error) => Ok(None),
            other => other.map(Some),
        }
    }

    /// Copies the first `length` bytes of a file that still grows.
    pub(super) fn add_beginning(
        &mut self,
        from: &Path,
        name: &str,
        length: u64,
    ) -> Result<Sha256, BackupError> {
        let to = self.root.join(name);
        if let Some((dir, _)) = name.rsplit_once('/') {
            self.make_dir(dir)?;
        }
        let (bytes, sha256) = copy(self.disk, from, &to, length).map_err(|error| match error {
            CopyError::Read(error) => StoreError::io("back up", from, error).into(),
            CopyError::Write(error) => BackupError::place(&to, error),
        })?;
        self.files.push(ManifestFile {
            path: name.to_owned(),
            bytes,
            sha256,
        });
        Ok(sha256)
    }

    /// Makes a directory below the root, and those above it.
    pub(super) fn make_dir(&mut self, name: &str) -> Result<(), BackupError> {
        let mut dir = self.root.clone();
        for part in name.split('/') {
            dir.push(part);
            if self.dirs.contains(&dir) {
                continue;
            }
            self.disk
                .create_dir(&dir)
                .map_err(|error| BackupError::place(&dir, error))?;
            self.dirs.insert(dir.clone());
        }
        Ok(())
    }

    /// Makes the names of all copies durable; returns the files in the order they were copied.
    pub(super) fn finish(&mut self) -> Result<Vec<ManifestFile>, BackupError> {
        for dir in &self.dirs {
            self.disk
                .sync_dir(dir)
                .map_err(|error| BackupError::place(dir, error))?;
        }
        Ok(std::mem::take(&mut self.files))
    }
}

/// Why a file was not copied.
pub(in crate::storage) enum CopyError {
    /// It cannot be read.
    Read(io::Error),
    /// Its copy cannot be written.
    Write(io::Error),
}

impl CopyError {
    /// Returns the system's error.
    pub(in crate::storage) fn into_inner(self) -> io::Error {
        match self {
            Self::Read(error) | Self::Write(error) => error,
        }
    }
}

/// Copies the first `length` bytes of a file (all, if it has fewer) durably; returns the size and
/// checksum of the copy. The name of the copy is durable after its directory was synced.
pub(in crate::storage) fn copy(
    disk: &dyn Disk,
    from: &Path,
    to: &Path,
    length: u64,
) -> Result<(u64, Sha256), CopyError> {
    let mut from = disk.open(from).map_err(CopyError::Read)?.take(length);
    let to = disk.create(to).map_err(CopyError::Write)?;
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0; COPY_BYTES];
    let mut bytes = 0;
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(CopyError::Read(error)),
        };
        let part = buffer.get(..read).unwrap_or_default();
        hasher.update(part);
        to.append(part).map_err(CopyError::Write)?;
        bytes += u64::try_from(read).unwrap_or(u64::MAX);
    }
    to.sync_all().map_err(CopyError::Write)?;
    Ok((bytes, Sha256::finish(hasher)))
}
