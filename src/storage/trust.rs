//! Whether the index can be trusted after a stop: the files `index/boot` and `index/clean`.
//!
//! `boot` names the start of the machine that the index was opened in, and the very directory, so
//! that a copy of a running store is not mistaken for it. While both are the same, everything that
//! a killed process wrote is there. `clean` says that the index was synced and up to which record;
//! it is removed before the index is opened.

use std::path::PathBuf;

use super::data_dir::{read_text, remove_if_there, write_file};
use super::{DataDir, Disk, StoreError};

/// What the last stop left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LastStop {
    /// A clean stop behind this record; it is on the disk.
    Clean {
        /// The last record.
        sequence: u64,
    },
    /// The process ended, but the machine did not.
    Killed,
    /// Nothing is known: a power loss, another machine, or the first start.
    Unknown,
}

/// What the last stop left.
pub(super) fn last_stop(dir: &DataDir, disk: &dyn Disk) -> LastStop {
    let clean = read_text(disk, &clean_path(dir)).ok();
    if let Some(sequence) = clean.as_deref().and_then(read_clean) {
        return LastStop::Clean { sequence };
    }
    let recorded = read_text(disk, &boot_path(dir)).ok();
    match (recorded, this_boot(dir, disk)) {
        (Some(recorded), Some(current)) if recorded == current => LastStop::Killed,
        _ => LastStop::Unknown,
    }
}

/// Notes that the index is about to be opened and changed.
pub(super) fn begin(dir: &DataDir, disk: &dyn Disk) -> Result<(), StoreError> {
    distrust(dir, disk)?;
    if let Some(boot) = this_boot(dir, disk)
        && let Err(error) = write_file(disk, &boot_path(dir), boot.as_bytes())
    {
        // A full disk must not keep the store from starting; the index is rebuilt next time.
        tracing::warn!(%error, "the index will not be trusted at the next start");
    }
    Ok(())
}

/// Takes back all trust.
pub(super) fn distrust(dir: &DataDir, disk: &dyn Disk) -> Result<(), StoreError> {
    for path in [clean_path(dir), boot_path(dir)] {
        remove_if_there(disk, &path).map_err(|error| StoreError::io("remove", &path, error))?;
    }
    let index = dir.index();
    disk.sync_dir(&index)
        .map_err(|error| StoreError::io("sync", &index, error))
}

/// Notes that the index was synced and holds everything up to record `sequence`.
pub(super) fn mark_clean(dir: &DataDir, disk: &dyn Disk, sequence: u64) -> Result<(), StoreError> {
    write_file(disk, &clean_path(dir), clean_text(sequence).as_bytes())
}

/// The sequence number and its checksum: believing a wrong number would mean that records are
/// missing.
fn clean_text(sequence: u64) -> String {
    let number = sequence.to_string();
    format!("{number} {:08x}\n", crc32c::crc32c(number.as_bytes()))
}

fn read_clean(text: &str) -> Option<u64> {
    let sequence = text.split_once(' ')?.0.parse().ok()?;
    (clean_text(sequence) == text).then_some(sequence)
}

fn clean_path(dir: &DataDir) -> PathBuf {
    dir.index().join("clean")
}

fn boot_path(dir: &DataDir) -> PathBuf {
    dir.index().join("boot")
}

fn this_boot(dir: &DataDir, disk: &dyn Disk) -> Option<String> {
    let boot = disk.boot_id()?;
    Some(format!("{boot} {}\n", directory_identity(dir, disk)?))
}

#[cfg(unix)]
fn directory_identity(dir: &DataDir, disk: &dyn Disk) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let metadata = disk.metadata(&dir.index()).ok()?;
    Some(format!("{}:{}", metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn directory_identity(_dir: &DataDir, _disk: &dyn Disk) -> Option<String> {
    None
}
