//! Backups: of the running registry by name, into the configured directory; of a stopped one into
//! any directory that its operator names.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};
use std::sync::TryLockError;

use crate::auth::{AdministerSite, Grant};
use crate::domain::{BackupName, Sha256};
use crate::registry::base::{Error, Registry};
use crate::storage::tables::blobs;
use crate::storage::{
    self, BackupError, BackupReport, BackupSource, StoreError, StoreFault, remove_interrupted,
};

impl Registry {
    /// Makes a backup of that name in the configured directory, while the registry goes on working;
    /// returns its path, too.
    pub fn back_up(
        &self,
        grant: &Grant<AdministerSite>,
        name: &BackupName,
    ) -> Result<(PathBuf, BackupReport), Error> {
        let settings = self.settings();
        let Some(directory) = &settings.backup_dir else {
            return Err(Error::Conflict(
                "this registry has no directory for backups: write \
                 `backup_dir = \"/var/lib/terrakeep-backups\"` below `[storage]` into its \
                 configuration, and reload it"
                    .to_owned(),
            ));
        };
        let target = absolute(directory)?.join(name.as_str());
        let report = self.back_up_into(grant, &target)?;
        Ok((target, report))
    }

    /// Makes a backup in a directory of this machine that must be empty or absent.
    pub fn back_up_into(
        &self,
        _grant: &Grant<AdministerSite>,
        target: &Path,
    ) -> Result<BackupReport, Error> {
        if overlap(self.blobs.data_dir().root(), target) {
            let reason = format!(
                "`{}` lies in the data directory or around it; name one elsewhere",
                target.display()
            );
            return Err(Error::invalid("directory", reason));
        }
        let _alone = match self.state.maintenance.backing_up.try_lock() {
            Ok(guard) => guard,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Conflict(
                    "a backup is being made already; wait until it has ended".to_owned(),
                ));
            }
        };
        let further = |copied: &HashSet<Sha256>| self.faults_beside_blobs(copied);
        let source = BackupSource {
            store: &self.store,
            blobs: &self.blobs,
            at: self.now(),
            further_faults: &further,
        };
        storage::backup(&source, target, |_| {}).map_err(|error| {
            tracing::error!(%error, target = %target.display(), "no backup was made");
            Error::from(error)
        })
    }

    /// Removes what backups that a kill interrupted have left in the configured directory.
    pub fn remove_interrupted_backups(&self) {
        if let Some(directory) = &self.settings().backup_dir {
            remove_interrupted(directory);
        }
    }

    /// Returns the blobs that rows need and that are not among `there`, and damaged secrets.
    fn faults_beside_blobs(&self, there: &HashSet<Sha256>) -> Result<Vec<StoreFault>, StoreError> {
        let mut faults = self.secret_faults()?;
        for sum in blobs::all(&self.store) {
            let sum = sum?;
            // One that was published a moment ago may be missing in the copy; it is on the disk.
            if !there.contains(&sum)
                && self.blobs.open(&sum)?.is_none()
                && blobs::is_named(&self.store, &sum)?
            {
                faults.push(self.blobs.missing(&sum));
            }
        }
        Ok(faults)
    }
}

impl From<BackupError> for Error {
    fn from(error: BackupError) -> Self {
        if error.is_no_space() {
            return Self::NoSpaceForBackup(error.to_string());
        }
        match error {
            BackupError::Store(error) => error.into(),
            machine @ (BackupError::Exists { .. }
            | BackupError::Running { .. }
            | BackupError::Place { .. }
            | BackupError::Damaged { .. }) => Self::Conflict(machine.to_string()),
        }
    }
}

fn absolute(directory: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(directory).map_err(Error::internal)
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
