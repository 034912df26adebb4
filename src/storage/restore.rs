//! Restoring a backup into an empty data directory.

use std::io;
use std::path::{Path, PathBuf};

use super::backup::{CopyError, copy};
use super::blob_files::hash;
use super::data_dir::make_dirs;
use super::manifest::Manifest;
use super::{DataDir, Disk, Progress, RestoreError, Step, StoreError};

/// Restores the backup in `backup` into `target`, which must be empty or absent.
///
/// Every file is checked before the first is written. Returns the sequence number of the backup's
/// last record; records that were written after it are lost.
///
/// # Errors
///
/// [`RestoreError::NoBackup`] if there is none, [`RestoreError::Changed`] if a file of the backup was changed, is missing or was added,
/// [`RestoreError::NotEmpty`] if `target` has other files than `lock`,
/// [`RestoreError::NewerFormat`] if a newer program made the backup.
pub fn restore(
    backup: &Path,
    target: &Path,
    disk: &dyn Disk,
    mut progress: impl FnMut(Progress),
) -> Result<u64, RestoreError> {
    let manifest = Manifest::read(disk, backup)?;
    check(&manifest, backup, disk)?;
    let names = match disk.list(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        other => other.map_err(|error| StoreError::io("list", target, error))?,
    };
    if names.iter().any(|name| name != "lock") {
        return Err(RestoreError::NotEmpty {
            dir: target.to_owned(),
        });
    }
    let dir = DataDir::for_restore(target, disk)?;
    let total = u64::try_from(manifest.files.len()).unwrap_or(u64::MAX);
    for (done, file) in (1..).zip(&manifest.files) {
        // The format file is written last, by `finish_restore`: it makes the directory complete.
        if file.path != "format" {
            let (from, to) = (below(file, backup)?, below(file, target)?);
            put(disk, &from, &to)?;
        }
        progress(Progress {
            step: Step::Files,
            done,
            total,
        });
    }
    dir.finish_restore(disk)?;
    Ok(manifest.sequence)
}

/// Checks that the backup has the files of its manifest, unchanged, and no others.
fn check(manifest: &Manifest, backup: &Path, disk: &dyn Disk) -> Result<(), RestoreError> {
    let mut known: Vec<PathBuf> = Manifest::own_files()
        .iter()
        .map(|name| backup.join(name))
        .collect();
    for file in &manifest.files {
        let path = below(file, backup)?;
        let changed = |fault| RestoreError::Changed {
            path: path.clone(),
            fault,
        };
        let mut opened = disk.open(&path).map_err(|_| changed("it is missing"))?;
        let bytes = opened.metadata().map(|metadata| metadata.len());
        if bytes.ok() != Some(file.bytes) {
            return Err(changed("its size is different"));
        }
        let sum = hash(&mut opened).map_err(|_| changed("it cannot be read"))?;
        if sum != file.sha256 {
            return Err(changed("its content is different"));
        }
        known.push(path);
    }
    known.sort_unstable();
    match find_unknown(backup, disk, &known)? {
        Some(path) => Err(RestoreError::Changed {
            path,
            fault: "it was added",
        }),
        None => Ok(()),
    }
}

/// Returns a file below `folder` that is not among `known`, which is sorted; `None` if there is
/// none.
fn find_unknown(
    folder: &Path,
    disk: &dyn Disk,
    known: &[PathBuf],
) -> Result<Option<PathBuf>, StoreError> {
    let names = disk
        .list(folder)
        .map_err(|error| StoreError::io("list", folder, error))?;
    for path in names.iter().map(|name| folder.join(name)) {
        let is_dir = disk
            .metadata(&path)
            .map_err(|error| StoreError::io("look at", &path, error))?
            .is_dir();
        let found = if is_dir {
            find_unknown(&path, disk, known)?
        } else {
            known.binary_search(&path).is_err().then_some(path)
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn below(file: &super::manifest::ManifestFile, root: &Path) -> Result<PathBuf, RestoreError> {
    file.below(root).ok_or_else(|| RestoreError::Changed {
        path: PathBuf::from(&file.path),
        fault: "its path leads out of the backup",
    })
}

fn put(disk: &dyn Disk, from: &Path, to: &Path) -> Result<(), StoreError> {
    let folder = to.parent().unwrap_or(Path::new("."));
    make_dirs(disk, folder)?;
    copy(disk, from, to, u64::MAX)
        .map_err(CopyError::into_inner)
        .and_then(|_| disk.sync_dir(folder))
        .map_err(|error| StoreError::io("restore", to, error))
}
