//! Garbage collection of files: a file is kept before its row is written, and is removed after its
//! last row.

use std::collections::HashSet;

use crate::domain::{Actor, Sha256};
use crate::registry::base::{Error, Registry};
use crate::storage::tables::blobs;
use crate::storage::{IncomingBlob, Recovery, StoreError};

/// How many freed files one step removes; one journal record takes them off the list of freed
/// files.
const REMOVED_AT_ONCE: usize = 10_000;

impl Registry {
    /// Keeps a file, then writes the row that names it; if the write is refused, the file is
    /// removed. If the outcome of the write is open, the file stays, and the next start decides.
    pub(in crate::registry) fn store_blob_then<T>(
        &self,
        file: IncomingBlob,
        write: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        let sum = file.sha256();
        let written = self
            .blobs
            .keep(file)
            .map_err(Error::from)
            .and_then(|_pinned| write());
        self.collect_blob(&sum);
        written
    }

    /// Keeps several files, then writes the rows that name them; if the write is refused, the files
    /// are removed.
    pub(in crate::registry) fn store_blobs_then<T>(
        &self,
        mut files: Vec<IncomingBlob>,
        write: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        match files.pop() {
            None => write(),
            Some(file) => self.store_blob_then(file, || self.store_blobs_then(files, write)),
        }
    }

    /// Removes files without a row that an earlier run may have left.
    ///
    /// After a kill of the program, the store knows which files to look at. After a power loss, and
    /// in a copy of another data directory, every file is looked at.
    pub fn collect_after_start(&self) -> Result<(), Error> {
        if let Recovery::Rebuilt { .. } = self.store.recovery() {
            self.collect_all()?;
        }
        self.collect_unreferenced()?;
        if let Err(error) = self.collect_freed() {
            // The files are removed; it does no harm that they are still listed.
            tracing::warn!(%error, "files that are gone are still listed as freed");
        }
        Ok(())
    }

    /// Removes files that were kept for a row that was never written, and secrets without a row.
    pub fn collect_unreferenced(&self) -> Result<(), Error> {
        self.blobs.settle(|sum| self.is_named(sum))?;
        self.collect_secrets()
    }

    /// Removes files that lost their last row, up to `REMOVED_AT_ONCE`; returns how many.
    pub fn collect_freed(&self) -> Result<usize, Error> {
        let freed = blobs::freed(&self.store, REMOVED_AT_ONCE)?;
        if freed.is_empty() || self.store.is_read_only().is_some() {
            return Ok(0);
        }
        self.collect_blobs(&freed);
        self.write(&Actor::System, "remove files", |tx| {
            Ok::<_, Error>(blobs::forget_freed(tx, &freed)?)
        })?;
        Ok(freed.len())
    }

    /// Removes every file that no row names.
    pub(super) fn collect_all(&self) -> Result<(), Error> {
        // One scan of the table is ten times as fast as a look-up for each file. A file that is not
        // in the scan is looked up, because its row may have been written since.
        let named = blobs::all(&self.store).collect::<Result<HashSet<_>, _>>()?;
        self.blobs
            .remove_unreferenced(|sum| Ok(named.contains(sum) || self.is_named(sum)?))?;
        Ok(())
    }

    /// Removes files if no row names them any more.
    pub(in crate::registry) fn collect_blobs(&self, sums: &[Sha256]) {
        for sum in sums {
            self.collect_blob(sum);
        }
    }

    /// Removes one file if no row names it any more.
    ///
    /// A failure is logged and left to a later collection: the operation that freed the file has
    /// succeeded.
    fn collect_blob(&self, sum: &Sha256) {
        let removed = self
            .blobs
            .remove_if_unreferenced(sum, |sum| self.is_named(sum));
        match removed {
            Ok(true) => {
                self.forget_archive(sum);
                self.forget_docs(sum);
            }
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(%sum, %error, "a file that no row names any more could not be removed");
            }
        }
    }

    fn is_named(&self, sum: &Sha256) -> Result<bool, StoreError> {
        blobs::is_named(&self.store, sum)
    }
}
