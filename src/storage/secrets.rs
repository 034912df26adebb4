//! Secrets that belong to a row: each lies in a file of its own, which is removed with the row.
//!
//! The journal keeps everything for ever, so secrets are never in it.

use std::io::{self, Read};
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::{DataDir, Disk, StoreError};

/// The prefix of these files' names; other files in the same directory are not touched.
const PREFIX: &str = "of-";

/// The secrets of a data directory.
#[derive(Clone, Copy)]
pub struct Secrets<'a> {
    dir: &'a DataDir,
    disk: &'a dyn Disk,
}

impl<'a> Secrets<'a> {
    /// Makes the access to the secrets of a data directory.
    pub fn new(dir: &'a DataDir, disk: &'a dyn Disk) -> Self {
        Self { dir, disk }
    }

    /// Writes the secret of the row with an id. It is on the disk when this returns.
    pub fn keep(&self, id: &str, secret: &[u8]) -> Result<(), StoreError> {
        let (path, new) = (
            self.path(id),
            self.dir.incoming().join(format!("{PREFIX}{id}")),
        );
        let write = || -> io::Result<()> {
            let file = self.disk.create(&new)?;
            file.append(secret)?;
            file.sync_all()?;
            self.disk.rename(&new, &path)?;
            self.disk.sync_dir(&self.dir.secrets())
        };
        write().map_err(|error| StoreError::io("keep", &path, error))
    }

    /// Reads the secret of a row; its memory is erased when it is dropped.
    pub fn read(&self, id: &str) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let path = self.path(id);
        let read = || -> io::Result<Zeroizing<Vec<u8>>> {
            let mut secret = Zeroizing::new(Vec::new());
            self.disk.open(&path)?.read_to_end(&mut secret)?;
            Ok(secret)
        };
        read().map_err(|error| StoreError::io("read", &path, error))
    }

    /// Removes the secret of a row that is gone or was refused, if there is one.
    ///
    /// # Errors
    ///
    /// [`StoreError::ReadOnly`] if the outcome of a write is open: the row may come back with the
    /// next start, and it must not be without its secret.
    pub fn remove(&self, id: &str) -> Result<(), StoreError> {
        self.dir.settle_writes()?;
        let path = self.path(id);
        let removed = self
            .disk
            .remove(&path)
            .and_then(|()| self.disk.sync_dir(&self.dir.secrets()));
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::io("remove", &path, error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Returns the ids of all rows that have a secret.
    pub fn ids(&self) -> Result<Vec<String>, StoreError> {
        let secrets = self.dir.secrets();
        let names = self
            .disk
            .list(&secrets)
            .map_err(|error| StoreError::io("list", &secrets, error))?;
        let ids = names.iter().filter_map(|name| name.strip_prefix(PREFIX));
        Ok(ids.map(str::to_owned).collect())
    }

    fn path(&self, id: &str) -> PathBuf {
        self.dir.secrets().join(format!("{PREFIX}{id}"))
    }
}
