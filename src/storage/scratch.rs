//! Scratch space: a private directory outside the data directory, for a registry that cannot write
//! there.
//!
//! sled writes to its files as soon as it opens them. So the index of a read-only or full disk is
//! opened as a copy in the scratch space, and derived data is kept there, too. It is removed when
//! the data directory is closed. What a killed process left is removed when the next one needs
//! scratch space: a lock tells the two apart.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::Disk;

/// Where a scratch directory is made if the system's place for temporary files is full or
/// read-only, too: in memory.
const IN_MEMORY: &str = "/dev/shm";

const PREFIX: &str = "terrakeep-scratch-";
const LOCK: &str = "lock";

/// A directory that only this user can enter; it is removed when this is dropped.
pub(super) struct Scratch {
    folder: TempDir,
    _lock: File,
}

impl Scratch {
    /// Makes a directory where the system has its temporary files, or else in memory.
    pub(super) fn make() -> io::Result<Self> {
        let first = Self::make_in(&std::env::temp_dir());
        first.or_else(|error| Self::make_in(Path::new(IN_MEMORY)).map_err(|_| error))
    }

    fn make_in(place: &Path) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(place)?;
        remove_leftovers(place, folder.path());
        // It has its name only once it is locked, so nobody takes it for a leftover.
        let (new, path) = (folder.path().join("lock.new"), folder.path().join(LOCK));
        let lock = File::create(&new)?;
        lock.try_lock().map_err(io::Error::other)?;
        fs::rename(new, path)?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// Returns the path of the directory.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the scratch directories of this user that no process uses any more. `own` is one of this
/// user.
fn remove_leftovers(place: &Path, own: &Path) {
    let Ok(entries) = fs::read_dir(place) else {
        return;
    };
    let is_scratch = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(PREFIX) && path != own && has_same_owner(path, own)
    };
    let paths = entries.flatten().map(|entry| entry.path());
    for path in paths.filter(is_scratch) {
        let lock = File::open(path.join(LOCK));
        let is_unused = lock.is_ok_and(|lock| lock.try_lock().is_ok());
        if is_unused && let Err(error) = fs::remove_dir_all(&path) {
            tracing::warn!(%error, path = %path.display(), "a temporary directory is left over");
        }
    }
}

#[cfg(unix)]
fn has_same_owner(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let owner = |path| fs::symlink_metadata(path).map(|found| found.uid()).ok();
    owner(one).is_some() && owner(one) == owner(other)
}

#[cfg(not(unix))]
fn has_same_owner(_one: &Path, _other: &Path) -> bool {
    false
}

/// Copies the files of a folder into another, but not those of folders in it.
pub(super) fn copy_files(disk: &dyn Disk, from: &Path, to: &Path) -> io::Result<()> {
    for name in disk.list(from)? {
        let file = from.join(&name);
        if disk.metadata(&file)?.is_file() {
            let mut copy = File::create(to.join(&name))?;
            io::copy(&mut disk.open(&file)?, &mut copy)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_is_removed_and_what_another_uses_is_not() {
        let place = tempfile::tempdir().expect("a directory");
        let used = Scratch::make_in(place.path()).expect("made");
        let left = place.path().join("terrakeep-scratch-left");
        fs::create_dir(&left).expect("a directory");
        fs::write(left.join(LOCK), "").expect("a lock");
        let being_made = place.path().join("terrakeep-scratch-new");
        fs::create_dir(&being_made).expect("a directory");
        let next = Scratch::make_in(place.path()).expect("made");
        assert!(used.path().exists() && next.path().exists() && being_made.exists());
        assert!(!left.exists());
        let path = used.path().to_owned();
        drop(used);
        assert!(!path.exists());
    }
}
