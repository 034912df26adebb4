//! The files in `secrets/`: secrets that belong to a row, each in a file of its own that is removed
//! with the row, and the keys of the server itself.
//!
//! The journal keeps everything for ever, so secrets are never in it.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::secret_sums::{self, SumState};
use super::{DataDir, Disk, StoreError, StoreFault};

/// The prefix of the names of secrets that belong to a row.
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
        secret_sums::remove(self.disk, &path)?;
        let write = || -> io::Result<()> {
            let file = self.disk.create(&new)?;
            file.append(secret)?;
            file.sync_all()?;
            self.disk.rename(&new, &path)?;
            self.disk.sync_dir(&self.dir.secrets())
        };
        write().map_err(|error| StoreError::io("keep", &path, error))?;
        secret_sums::write(self.disk, &path, secret)
    }

    /// Reads the secret of a row; its memory is erased when it is dropped.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedSecret`] if it is not what was written.
    pub fn read(&self, id: &str) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let path = self.path(id);
        let secret = self
            .content(&path)
            .map_err(|error| StoreError::io("read", &path, error))?;
        match secret_sums::compare(self.disk, &path, &secret)? {
            SumState::Right | SumState::Absent => Ok(secret),
            SumState::Wrong => Err(StoreError::DamagedSecret { path }),
        }
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
            Ok(()) | Err(_) => secret_sums::remove(self.disk, &path),
        }
    }

    /// Returns the ids of all rows that have a secret.
    pub fn ids(&self) -> Result<Vec<String>, StoreError> {
        let names = self.names()?;
        let ids = names.iter().filter_map(|name| name.strip_prefix(PREFIX));
        Ok(ids.map(str::to_owned).collect())
    }

    /// Returns the path of the secret of a row.
    pub fn path(&self, id: &str) -> PathBuf {
        self.dir.secrets().join(format!("{PREFIX}{id}"))
    }

    /// Returns the names of all secrets, those of the server among them, without their checksums.
    pub fn names(&self) -> Result<Vec<String>, StoreError> {
        let mut names = self.all_names()?;
        names.retain(|name| !secret_sums::is_sum(name) && !is_unfinished(name));
        Ok(names)
    }

    /// Writes the checksum of each secret that has none, as an older program leaves it, and removes
    /// checksums of secrets that are gone.
    pub fn complete_sums(&self) -> Result<(), StoreError> {
        let secrets = self.dir.secrets();
        let names = self.all_names()?;
        for name in names.iter().filter(|name| !is_unfinished(name)) {
            if let Some(secret) = secret_sums::secret_of(name) {
                if !names.iter().any(|name| name == secret) {
                    secret_sums::remove(self.disk, &secrets.join(secret))?;
                }
                continue;
            }
            let path = secrets.join(name);
            let content = self
                .content(&path)
                .map_err(|error| StoreError::io("read", &path, error))?;
            if secret_sums::compare(self.disk, &path, &content)? == SumState::Absent {
                secret_sums::write(self.disk, &path, &content)?;
            }
        }
        Ok(())
    }

    /// Returns the secrets that cannot be read, or are not what was written.
    pub fn faults(&self) -> Result<Vec<StoreFault>, StoreError> {
        let mut faults = Vec::new();
        for name in self.names()? {
            let path = self.dir.secrets().join(name);
            let content = match self.content(&path) {
                Ok(content) => content,
                // It was removed with its row meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => {
                    let text = format!("it cannot be read ({error})");
                    faults.push(StoreFault::new(path, text));
                    continue;
                }
            };
            if secret_sums::compare(self.disk, &path, &content)? == SumState::Wrong {
                faults.push(StoreFault::new(path, DAMAGED));
            }
        }
        Ok(faults)
    }

    fn content(&self, path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
        let mut secret = Zeroizing::new(Vec::new());
        self.disk.open(path)?.read_to_end(&mut secret)?;
        Ok(secret)
    }

    fn all_names(&self) -> Result<Vec<String>, StoreError> {
        let secrets = self.dir.secrets();
        self.disk
            .list(&secrets)
            .map_err(|error| StoreError::io("list", &secrets, error))
    }
}

/// Writes the checksum of a secret that lies in a file of the server's own, after the file.
pub fn write_secret_sum(path: &Path, secret: &[u8]) -> Result<(), StoreError> {
    secret_sums::write(&super::RealDisk, path, secret)
}

/// Removes the checksum of such a secret, before the file is replaced.
pub fn remove_secret_sum(path: &Path) -> Result<(), StoreError> {
    secret_sums::remove(&super::RealDisk, path)
}

/// Returns whether a name is that of a file which a kill left before it got its own name.
fn is_unfinished(name: &str) -> bool {
    [".new", ".part"].iter().any(|end| name.ends_with(end))
}

const DAMAGED: &str = "its content is not what its checksum says; restore it from a backup, or \
                       remove the checksum beside it (`sha256-…`) if you replaced it yourself";
