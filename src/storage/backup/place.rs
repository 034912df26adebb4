//! The place of a backup: it is written under a name of its own beside its target, and gets the
//! target's name when it is complete.
//!
//! So a directory with the target's name is a whole backup, and whatever else is found is the rest
//! of one that a kill interrupted. Such rests are removed by the next backup into the same
//! directory. Whoever makes a backup holds a lock on the directory that it is written into, so the
//! rest of a kill is told apart from a backup that another process is making.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::BackupError;
use crate::storage::Disk;

/// What the names of unfinished backups end in; they begin with a dot.
const UNFINISHED: &str = ".unfinished-backup";

/// A backup that is being written. Dropping it removes everything that was written.
pub(super) struct UnfinishedBackup<'a> {
    disk: &'a dyn Disk,
    target: PathBuf,
    dir: PathBuf,
    /// Directories above the target that were made for this backup, the topmost first.
    made_above: Vec<PathBuf>,
    is_dir_made: bool,
    is_finished: bool,
    lock: Option<File>,
}

impl<'a> UnfinishedBackup<'a> {
    /// Begins a backup that becomes the directory `target`, which must be empty or absent; first
    /// removes what interrupted backups have left beside it.
    pub(super) fn begin(disk: &'a dyn Disk, target: &Path) -> Result<Self, BackupError> {
        let (Some(name), Some(above)) = (target.file_name(), target.parent()) else {
            let target = target.to_owned();
            return Err(BackupError::Exists { target });
        };
        check_is_free(target, above)?;
        let mut name = name.to_owned();
        name.push(UNFINISHED);
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        let mut begun = Self {
            disk,
            target: target.to_owned(),
            dir: above.join(hidden),
            made_above: Vec::new(),
            is_dir_made: false,
            is_finished: false,
            lock: None,
        };
        begun.make_above(above)?;
        remove_interrupted(above);
        begun.make_dir()?;
        Ok(begun)
    }

    /// Returns the directory to write into.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Gives the backup its name. All files and directories below must be durable.
    pub(super) fn finish(mut self) -> Result<(), BackupError> {
        let above = self.target.parent().unwrap_or(Path::new("/"));
        self.disk.rename(&self.dir, &self.target).map_err(|error| {
            let is_taken = matches!(
                error.kind(),
                ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty | ErrorKind::NotADirectory
            );
            if is_taken {
                let target = self.target.clone();
                BackupError::Exists { target }
            } else {
                BackupError::place(&self.target, error)
            }
        })?;
        if let Err(error) = self.disk.sync_dir(above) {
            // Whether the name survives a power loss is not known, so the backup does not count.
            self.dir.clone_from(&self.target);
            return Err(BackupError::place(&self.target, error));
        }
        self.is_finished = true;
        Ok(())
    }

    fn make_above(&mut self, path: &Path) -> Result<(), BackupError> {
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => return Ok(()),
            Ok(_) => return Err(BackupError::place(path, ErrorKind::NotADirectory.into())),
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(BackupError::place(path, error));
            }
            Err(_) => {}
        }
        let above = path.parent();
        if let Some(above) = above {
            self.make_above(above)?;
        }
        match self.disk.create_dir(path) {
            Ok(()) => self.made_above.push(path.to_owned()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => {}
            Err(error) => return Err(BackupError::place(path, error)),
        }
        let above = above.unwrap_or(Path::new("/"));
        self.disk
            .sync_dir(above)
            .map_err(|error| BackupError::place(path, error))
    }

    fn make_dir(&mut self) -> Result<(), BackupError> {
        match self.disk.create_dir(&self.dir) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(BackupError::Running {
                target: self.target.clone(),
            }),
            Err(error) => Err(BackupError::place(&self.target, error)),
            Ok(()) => {
                self.is_dir_made = true;
                self.lock = lock(&self.dir).ok();
                Ok(())
            }
        }
    }
}

impl Drop for UnfinishedBackup<'_> {
    fn drop(&mut self) {
        // Only after this does the next backup take what is left for the rest of a kill.
        let _lock = self.lock.take();
        if self.is_finished {
            return;
        }
        if self.is_dir_made {
            remove(&self.dir);
        }
        for dir in self.made_above.iter().rev() {
            // Another backup may be in it by now; then it stays.
            drop(fs::remove_dir(dir));
        }
    }
}

/// Fails unless the target is absent or an empty directory, on the disk of the directory above it.
fn check_is_free(target: &Path, above: &Path) -> Result<(), BackupError> {
    let exists = || BackupError::Exists {
        target: target.to_owned(),
    };
    let found = match fs::symlink_metadata(target) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        other => other.map_err(|error| BackupError::place(target, error))?,
    };
    if !found.is_dir() {
        return Err(exists());
    }
    let mut entries = fs::read_dir(target).map_err(|error| BackupError::place(target, error))?;
    if entries.next().is_some() {
        return Err(exists());
    }
    if is_other_disk(&found, above) {
        return Err(BackupError::place(target, ErrorKind::CrossesDevices.into()));
    }
    Ok(())
}

#[cfg(unix)]
fn is_other_disk(found: &fs::Metadata, above: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(above).is_ok_and(|above| above.dev() != found.dev())
}

#[cfg(not(unix))]
fn is_other_disk(_found: &fs::Metadata, _above: &Path) -> bool {
    false
}

/// Removes what interrupted backups have left in a directory. A failure is logged: it does not keep
/// the next backup from being made.
pub fn remove_interrupted(above: &Path) {
    let Ok(entries) = fs::read_dir(above) else {
        return;
    };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let is_unfinished = path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with('.') && name.ends_with(UNFINISHED));
        if !is_unfinished || !path.is_dir() {
            continue;
        }
        match lock(&path) {
            Err(TryLockError::WouldBlock) => {}
            // Some file systems have no locks. There, nobody can tell; and two registries that
            // write backups into one directory at the same moment are rare.
            Ok(_) | Err(TryLockError::Error(_)) => {
                tracing::warn!(path = %path.display(), "the rest of an interrupted backup is removed");
                remove(&path);
            }
        }
    }
}

fn remove(dir: &Path) {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            tracing::warn!(path = %dir.display(), %error, "an unfinished backup could not be removed");
        }
        Ok(()) | Err(_) => {}
    }
}

fn lock(dir: &Path) -> Result<File, TryLockError> {
    let file = File::open(dir).map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok(file)
}
