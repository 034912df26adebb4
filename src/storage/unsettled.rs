//! Notes of blobs that are stored before the rows that name them are written.
//!
//! A note is an empty file among the uploads with the blob's name. It exists from before the blob
//! is stored until the blob has its row or is removed. The next start after a kill looks only at
//! blobs with a note. Notes are not synced: after a power loss the index is rebuilt, and then every
//! blob is looked at.

use std::collections::HashSet;
use std::io;

use crate::domain::Sha256;

use super::data_dir::remove_if_there;
use super::{DataDir, Disk, StoreError};

/// The blobs that have a note.
#[derive(Default)]
pub(super) struct Unsettled(HashSet<Sha256>);

impl Unsettled {
    /// Makes the set from the notes that a stop left.
    pub(super) fn from_notes(notes: impl IntoIterator<Item = Sha256>) -> Self {
        Self(notes.into_iter().collect())
    }

    /// Creates the note of a blob, unless it has one.
    pub(super) fn add(
        &mut self,
        dir: &DataDir,
        disk: &dyn Disk,
        sum: &Sha256,
    ) -> Result<(), StoreError> {
        if self.0.contains(sum) {
            return Ok(());
        }
        let path = dir.incoming().join(sum.to_string());
        match disk.create(&path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                Err(StoreError::io("make", &path, error))
            }
            Ok(_) | Err(_) => {
                self.0.insert(*sum);
                Ok(())
            }
        }
    }

    /// Removes the note of a blob, if it has one.
    pub(super) fn remove(&mut self, dir: &DataDir, disk: &dyn Disk, sum: &Sha256) {
        if !self.0.remove(sum) {
            return;
        }
        let path = dir.incoming().join(sum.to_string());
        if let Err(error) = remove_if_there(disk, &path) {
            // The next start finds that the blob has a row or is removed, and removes the note.
            tracing::warn!(%error, path = %path.display(), "a note could not be removed");
        }
    }

    /// Returns all blobs that have a note.
    pub(super) fn all(&self) -> Vec<Sha256> {
        self.0.iter().copied().collect()
    }
}
