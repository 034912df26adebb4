//! Checks the journal of an open store, while writers continue.

use std::io;

use super::checkpoint::Checkpoint;
use super::journal::{check_chain, checkpoint_path, files};
use super::{Pace, Store, StoreError, StoreFault};

impl Store {
    /// Reads the whole journal and its checkpoints at a pace; returns what is damaged.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] if a file cannot be read, or if `pace` is stopped.
    pub fn journal_faults(&self, pace: &mut Pace) -> Result<Vec<StoreFault>, StoreError> {
        let inner = self.inner();
        let journal = inner.dir.journal();
        let end = self.synced_position()?;
        let mut faults = Vec::new();
        let checked = check_chain(&*inner.disk, &journal, end, |bytes| {
            pace.keep(bytes)
                .map_err(|error| StoreError::io("check", &journal, error))
        });
        match checked {
            Ok(()) => {}
            Err(StoreError::Journal(error)) => faults.push(error.into()),
            Err(other) => return Err(other),
        }
        for number in files(&*inner.disk, &journal)?.checkpoints {
            match Checkpoint::check(&*inner.disk, &journal, number) {
                Ok(_) => {}
                Err(StoreError::Checkpoint { path, fault }) => {
                    faults.push(StoreFault::checkpoint(path, fault));
                }
                // A newer one has replaced it meanwhile.
                Err(StoreError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
                Err(other) => return Err(other),
            }
            let path = checkpoint_path(&journal, number);
            let bytes = inner.disk.metadata(&path).map_or(0, |found| found.len());
            pace.keep(bytes)
                .map_err(|error| StoreError::io("check", &path, error))?;
        }
        Ok(faults)
    }
}
