//! The files `index/boot` and `index/clean`: they tell whether the index can be trusted after a
//! stop, and how far the journal must reach.
//!
//! `boot` names the boot of the machine in which the index was opened, and the directory's
//! identity, so that a copy of a running store is not mistaken for it. While both are the same,
//! everything that a killed process wrote is there. A clean stop writes `clean` after it has synced
//! the index. Both also say up to which record the journal was known to be on the disk, and this
//! number is carried from one to the other: a start that fails because of a damaged journal must
//! fail again the next time.

use std::path::PathBuf;

use super::data_dir::{read_text, remove_if_there, write_file};
use super::{DataDir, Disk, StoreError};

/// Stands for the boot id if the index must not be trusted.
const NO_BOOT: &str = "-";

/// The state that the last stop left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LastStop {
    /// Whether the index has everything that was written to it, and so can be used.
    pub(super) trusted: bool,
    /// Whether the stop was a clean one.
    pub(super) clean: bool,
    /// Records up to this sequence number were on the disk.
    pub(super) synced: u64,
}

/// Reads the state that the last stop left.
pub(super) fn last_stop(dir: &DataDir, disk: &dyn Disk) -> LastStop {
    let read = |path: PathBuf| {
        let text = read_text(disk, &path).ok()?;
        read_line(&text).map(|(boot, synced)| (boot.to_owned(), synced))
    };
    let (clean, boot) = (read(clean_path(dir)), read(boot_path(dir)));
    match (clean, boot) {
        (Some((_, synced)), _) => LastStop {
            trusted: true,
            clean: true,
            synced,
        },
        (None, Some((boot, synced))) => LastStop {
            trusted: Some(boot) == this_boot(dir, disk),
            clean: false,
            synced,
        },
        (None, None) => LastStop {
            trusted: false,
            clean: false,
            synced: 0,
        },
    }
}

/// Records that the index is about to be opened and changed.
pub(super) fn begin(dir: &DataDir, disk: &dyn Disk, synced: u64) -> Result<(), StoreError> {
    let boot = this_boot(dir, disk).unwrap_or_else(|| NO_BOOT.to_owned());
    if let Err(error) = write_file(disk, &boot_path(dir), line(&boot, synced).as_bytes()) {
        // A full disk must not prevent the start. The file of an earlier start remains true.
        tracing::warn!(%error, "the index may not be trusted at the next start");
    }
    remove(dir, disk, &[clean_path(dir)])
}

/// Records that the index must not be trusted; keeps the number of synced records, if it can be
/// written.
pub(super) fn distrust(dir: &DataDir, disk: &dyn Disk) -> Result<(), StoreError> {
    let synced = last_stop(dir, disk).synced;
    match write_file(disk, &boot_path(dir), line(NO_BOOT, synced).as_bytes()) {
        Ok(()) => remove(dir, disk, &[clean_path(dir)]),
        Err(_) => remove(dir, disk, &[clean_path(dir), boot_path(dir)]),
    }
}

/// Records that the index was synced and has everything up to record `synced`.
pub(super) fn mark_clean(dir: &DataDir, disk: &dyn Disk, synced: u64) -> Result<(), StoreError> {
    write_file(disk, &clean_path(dir), line("clean", synced).as_bytes())
}

fn remove(dir: &DataDir, disk: &dyn Disk, paths: &[PathBuf]) -> Result<(), StoreError> {
    for path in paths {
        remove_if_there(disk, path).map_err(|error| StoreError::io("remove", path, error))?;
    }
    let index = dir.index();
    disk.sync_dir(&index)
        .map_err(|error| StoreError::io("sync", &index, error))
}

/// Returns a line with its checksum: a wrong number would look like missing records.
fn line(boot: &str, synced: u64) -> String {
    let text = format!("{boot} {synced}");
    format!("{text} {:08x}\n", crc32c::crc32c(text.as_bytes()))
}

fn read_line(text: &str) -> Option<(&str, u64)> {
    let (rest, _checksum) = text.trim_end().rsplit_once(' ')?;
    let (boot, synced) = rest.rsplit_once(' ')?;
    let synced = synced.parse().ok()?;
    (line(boot, synced) == text).then_some((boot, synced))
}

fn clean_path(dir: &DataDir) -> PathBuf {
    dir.index().join("clean")
}

fn boot_path(dir: &DataDir) -> PathBuf {
    dir.index().join("boot")
}

fn this_boot(dir: &DataDir, disk: &dyn Disk) -> Option<String> {
    let boot = disk.boot_id()?;
    Some(format!("{boot} {}", directory_identity(dir, disk)?))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_flipped_bit_of_a_line_is_found() {
        let text = line("boot 1:2", 42);
        assert_eq!(read_line(&text), Some(("boot 1:2", 42)));
        for bit in 0..text.len() * 8 {
            let mut bytes = text.clone().into_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            if let Ok(changed) = String::from_utf8(bytes) {
                assert_eq!(read_line(&changed), None, "bit {bit}");
            }
        }
    }
}
