//! The lock of a data directory: one process writes, and only while no other reads.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::{OpenError, StoreError};

/// A lock that lasts until it is dropped; without a file where none can be made.
pub(super) struct DirLock(Option<File>);

impl DirLock {
    /// Locks a directory for the one process that writes in it.
    pub(super) fn take(root: &Path) -> Result<Self, OpenError> {
        let path = path_in(root);
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(&path)
            .map_err(|error| StoreError::io("open", &path, error))?;
        let locked = file.try_lock();
        Self::of(root, file, locked)
    }

    /// Locks a directory that cannot be written, together with others that only read it.
    pub(super) fn share(root: &Path) -> Result<Self, OpenError> {
        let path = path_in(root);
        let file = match File::open(&path) {
            Ok(file) => file,
            // A copy on a disk that was always read-only has none, and nobody can write there.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self(None)),
            Err(error) => return Err(StoreError::io("open", &path, error).into()),
        };
        let locked = file.try_lock_shared();
        Self::of(root, file, locked)
    }

    fn of(root: &Path, file: File, locked: Result<(), TryLockError>) -> Result<Self, OpenError> {
        match locked {
            Ok(()) => Ok(Self(Some(file))),
            Err(TryLockError::WouldBlock) => Err(OpenError::Locked {
                dir: root.to_owned(),
            }),
            Err(TryLockError::Error(error)) => {
                Err(StoreError::io("lock", &path_in(root), error).into())
            }
        }
    }
}

impl Drop for DirLock {
    fn drop(&mut self) {
        // Closing the file is not enough: a child process that is just being started still has the
        // file open, and with it the lock, until it executes another program.
        let unlocked = self.0.as_ref().map_or(Ok(()), File::unlock);
        if let Err(error) = unlocked {
            tracing::warn!(%error, "the lock of the data directory stays until the process ends");
        }
    }
}

fn path_in(root: &Path) -> PathBuf {
    root.join("lock")
}
