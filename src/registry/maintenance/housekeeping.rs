//! Periodic work: writing counters, removing expired rows; backups.

use std::path::{Component, Path, PathBuf};

use crate::auth::{AdministerSite, Grant};
use crate::domain::Actor;
use crate::registry::base::{Error, Registry};
use crate::storage::tables::{credentials, sessions, uploads};
use crate::storage::{self, BackupReport, StoreOutage};

impl Registry {
    /// Writes the counters that wait in memory, as one record; called every few seconds.
    pub fn write_counters(&self) -> Result<(), Error> {
        self.store.flush_counters(self.now())?;
        Ok(())
    }

    /// Removes expired upload tickets and sessions, ends expired tokens for good, and removes old
    /// failed sign-ins from memory; returns how many rows were changed.
    pub fn remove_expired(&self) -> Result<usize, Error> {
        let now = self.now();
        let latest = now.plus_seconds(self.settings().upload_url_seconds);
        self.forget_old_failures();
        let tokens = credentials::to_end(&self.store, now)?;
        self.write(
            &Actor::System,
            "remove expired tickets and sessions",
            |tx| {
                let tickets = uploads::remove_expired(tx, now, latest)?;
                let sessions = sessions::remove_over(tx, now)?;
                Ok(tickets + sessions + credentials::end(tx, &tokens, now)?)
            },
        )
    }

    /// Writes a checkpoint if the journal has grown enough since the last one.
    pub fn checkpoint_if_due(&self) -> Result<(), Error> {
        self.store.checkpoint_if_due(self.now())?;
        Ok(())
    }

    /// Makes a backup in an empty directory of this machine, while the registry goes on working.
    pub fn back_up(
        &self,
        _grant: &Grant<AdministerSite>,
        directory: &Path,
    ) -> Result<BackupReport, Error> {
        if !directory.is_absolute() {
            let reason = "name the directory from the root, as in /var/backups/terrakeep-1";
            return Err(Error::invalid("directory", reason));
        }
        if overlap(self.blobs.data_dir().root(), directory) {
            let reason = format!(
                "`{}` lies in the data directory or around it; name one elsewhere",
                directory.display()
            );
            return Err(Error::invalid("directory", reason));
        }
        let occupied = directory
            .read_dir()
            .is_ok_and(|mut entries| entries.next().is_some());
        if occupied {
            let reason = format!(
                "`{}` is not empty; name a new directory",
                directory.display()
            );
            return Err(Error::invalid("directory", reason));
        }
        Ok(storage::backup(
            &self.store,
            &self.blobs,
            directory,
            self.now(),
            |_| {},
        )?)
    }

    /// Checks that the registry can do all of its work; the error says why it cannot.
    pub fn health(&self) -> Result<(), StoreOutage> {
        self.store.health()
    }

    /// Returns whether nothing can be written until the next start.
    pub fn is_read_only(&self) -> bool {
        self.store.is_read_only().is_some()
    }

    /// Keeps space for the time when the disk is full, and gives it up when the disk is.
    pub fn look_after_space(&self) {
        self.store.look_after_space();
    }

    /// Returns whether the disk has room for uploads.
    pub fn has_room(&self) -> bool {
        self.store.has_room()
    }

    /// Returns how many bytes are free on the disk of the data directory; `None` if it does not say.
    pub fn free_bytes(&self) -> Option<u64> {
        self.store.free_bytes()
    }

    /// Returns the sequence number of the last journal record.
    pub fn sequence(&self) -> u64 {
        self.store.sequence()
    }

    /// Writes counters and last uses that wait in memory, and closes the store.
    pub fn close(&self) -> Result<(), Error> {
        if !self.is_read_only() {
            self.settle_clock();
            self.write_token_uses()?;
            self.write_counters()?;
        }
        self.store.close()?;
        Ok(())
    }
}

/// Tells whether one of the paths lies in the other.
fn overlap(one: &Path, other: &Path) -> bool {
    let (one, other) = (resolved(one), resolved(other));
    one.starts_with(&other) || other.starts_with(&one)
}

/// Returns a path without links and dots, even if its last parts do not exist yet.
fn resolved(path: &Path) -> PathBuf {
    let mut resolved = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir {
            resolved.pop();
        } else {
            resolved.push(part);
        }
        // Each link is followed before the next part, because `..` after a link leads to the parent
        // of the link's target.
        if let Ok(real) = resolved.canonicalize() {
            resolved = real;
        }
    }
    resolved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_neither_lies_in_the_data_directory_nor_around_it() {
        let root = tempfile::tempdir().expect("a directory");
        let data = root.path().join("srv/data");
        std::fs::create_dir_all(data.join("incoming")).expect("made");
        let link = root.path().join("link");
        std::os::unix::fs::symlink(&data, &link).expect("a link");
        for (target, expected) in [
            ("srv/data", true),
            ("srv/data/incoming", true),
            ("srv/data/backups/monday", true),
            ("srv/other/../data/backups", true),
            ("srv", true),
            ("", true),
            ("link/backups", true),
            ("link/../data/backups", true),
            ("link/../../backups", false),
            ("srv/data-backups", false),
            ("backups/monday", false),
        ] {
            let target = root.path().join(target);
            assert_eq!(overlap(&data, &target), expected, "{}", target.display());
        }
        assert!(overlap(&link, &data.join("x")));
    }
}
