//! A data directory that has lost its journal must not be taken for a new one.

use super::blob_files::list_blobs;
use super::{DataDir, Disk, OpenError, Secrets, StoreError};

impl DataDir {
    /// Checks that the journal was not lost: a directory with archives, or with secrets of rows, has
    /// at least one record.
    ///
    /// # Errors
    ///
    /// [`OpenError::NoJournal`] if it has none. Whoever opened the store nevertheless would begin a
    /// new journal, and what is left would be removed as something that nobody needs.
    pub fn check_journal(&self, disk: &dyn Disk) -> Result<(), OpenError> {
        let journal = self.journal();
        let names = disk
            .list(&journal)
            .map_err(|error| StoreError::io("list", &journal, error))?;
        let has_bytes = |name: &String| {
            let found = disk.metadata(&journal.join(name));
            found.map_or(true, |found| found.len() > 0)
        };
        if names.iter().any(has_bytes) {
            return Ok(());
        }
        let is_new =
            list_blobs(self, disk)?.is_empty() && Secrets::new(self, disk).ids()?.is_empty();
        if is_new {
            return Ok(());
        }
        Err(OpenError::NoJournal { journal })
    }
}
