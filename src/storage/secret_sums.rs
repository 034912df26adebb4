//! The checksums of secrets: beside each secret `x` lies `sha256-x`, so that a flipped bit is found
//! before the secret is used.
//!
//! A secret without a checksum is as good as one with it: an older program, or somebody who brought
//! a file along, did not write any.

use std::path::{Path, PathBuf};

use crate::domain::Sha256;

use super::data_dir::{read_text, remove_if_there, write_file};
use super::{Disk, StoreError};

const PREFIX: &str = "sha256-";

/// What the checksum of a secret says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SumState {
    /// There is none.
    Absent,
    /// The secret is what was written.
    Right,
    /// The secret or its checksum was changed.
    Wrong,
}

/// Returns whether a name in `secrets/` is that of a checksum.
pub(super) fn is_sum(name: &str) -> bool {
    name.starts_with(PREFIX)
}

/// Returns the name of the secret that a checksum belongs to; `None` for other names.
pub(super) fn secret_of(name: &str) -> Option<&str> {
    name.strip_prefix(PREFIX)
}

/// Compares a secret with its checksum.
pub(super) fn compare(disk: &dyn Disk, path: &Path, secret: &[u8]) -> Result<SumState, StoreError> {
    let sum = sum_path(path);
    match read_text(disk, &sum) {
        Ok(text) if text == line(secret) => Ok(SumState::Right),
        Ok(_) => Ok(SumState::Wrong),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(SumState::Absent),
        // A flipped bit may make it something that is no text.
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Ok(SumState::Wrong),
        Err(error) => Err(StoreError::io("read", &sum, error)),
    }
}

/// Writes the checksum of a secret.
pub(super) fn write(disk: &dyn Disk, path: &Path, secret: &[u8]) -> Result<(), StoreError> {
    write_file(disk, &sum_path(path), line(secret).as_bytes())
}

/// Removes the checksum of a secret, if there is one. Whoever replaces a secret does so first, so
/// that a kill leaves a secret without a checksum, and never one with a wrong one.
pub(super) fn remove(disk: &dyn Disk, path: &Path) -> Result<(), StoreError> {
    let sum = sum_path(path);
    remove_if_there(disk, &sum).map_err(|error| StoreError::io("remove", &sum, error))
}

fn sum_path(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(PREFIX);
    name.push(path.file_name().unwrap_or_default());
    path.with_file_name(name)
}

fn line(secret: &[u8]) -> String {
    format!("{}\n", Sha256::of(secret))
}
