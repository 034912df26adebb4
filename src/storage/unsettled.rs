//! Blobs that are put in place before the rows that name them.
//!
//! Each has a note, an empty file among the uploads with the blob's name, from before it is there
//! until it has its row or is gone. What a kill leaves of them is looked at by the next start, so
//! it need not look at every blob. Notes are not synced: after a power loss the index is made
//! again, and then every blob is looked at.

use std::collections::HashSet;
use std::io;

use crate::domain::Sha256;

use super::data_dir::remove_if_there;
use super::{DataDir, Disk, StoreError};

/// The blobs that have a note.
#[derive(Default)]
pub(super) struct Unsettled(HashSet<Sha256>);

impl Unsettled {
    /// What a stop left, by the names of its notes.
    pub(super) fn left(notes: impl IntoIterator<Item = Sha256>) -> Self {
        Self(notes.into_iter().collect())
    }

    /// Makes the note of a blob, unless it has one.
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
            // The next start finds that there is nothing to do, and removes it.
            tracing::warn!(%error, path = %path.display(), "a note could not be removed");
        }
    }

    /// All that have one.
    pub(super) fn all(&self) -> Vec<Sha256> {
        self.0.iter().copied().collect()
    }
}
