//! The check of all files while the registry works: the journal's chain, secrets, archives.
//!
//! It reads at a bounded rate, so that it takes little from those who want to be served, and it can
//! be stopped at any moment. What it finds is logged, and `/metrics` counts it.

use std::sync::Arc;

use crate::domain::Sha256;
use crate::registry::base::state::FilesChecked;
use crate::registry::base::{Error, Registry, lock};
use crate::storage::tables::blobs;
use crate::storage::{Pace, StoreError, StoreFault};

impl Registry {
    /// Reads the journal, all secrets and every file that a row names; puts damaged files aside,
    /// then removes files that no row names. Returns what is damaged, or `None` if `pace` was
    /// stopped before the end.
    pub fn scrub(&self, pace: &mut Pace) -> Result<Option<Vec<StoreFault>>, Error> {
        pace.begin_again();
        let found = self.read_all(pace);
        if pace.is_stopped() {
            return Ok(None);
        }
        let faults = found?;
        for fault in &faults {
            tracing::error!(path = %fault.path.display(), fault = fault.text, "a file is damaged");
        }
        *lock(&self.state.maintenance.checked) = Arc::new(FilesChecked {
            at: Some(self.now()),
            faults: faults.clone(),
        });
        self.collect_all()?;
        Ok(Some(faults))
    }

    /// Returns the result of the last check of all files.
    pub fn files_checked(&self) -> Arc<FilesChecked> {
        Arc::clone(&lock(&self.state.maintenance.checked))
    }

    fn read_all(&self, pace: &mut Pace) -> Result<Vec<StoreFault>, Error> {
        let mut faults = self.store.journal_faults(pace)?;
        faults.extend(self.secret_faults()?);
        StoreFault::add_new(&mut faults, self.blobs.secrets().faults()?);
        for sum in blobs::all(&self.store) {
            let sum = sum?;
            faults.extend(self.blob_fault(&sum, pace)?);
        }
        Ok(faults)
    }

    /// Reads one blob that a row named a moment ago; returns what is wrong with it.
    fn blob_fault(&self, sum: &Sha256, pace: &mut Pace) -> Result<Option<StoreFault>, StoreError> {
        let found = self.blobs.verify_slowly(sum, pace)?;
        if found == Some(true) || !blobs::is_named(&self.store, sum)? {
            return Ok(None);
        }
        if found == Some(false) {
            tracing::error!(%sum, error = %self.put_aside(sum), "a stored archive is damaged");
        }
        Ok(Some(self.blobs.missing(sum)))
    }
}
