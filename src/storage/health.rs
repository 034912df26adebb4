//! Whether the store still writes. The first reason to stop writing is kept until the restart.
//!
//! A store that does not write any more may have writes with an open outcome, so nothing that rows
//! may need is removed either.

use std::sync::OnceLock;

use super::StoreError;

/// The reason why nothing is written any more; empty while the store writes.
#[derive(Debug, Default)]
pub(super) struct Health(OnceLock<String>);

impl Health {
    /// Stops all writing. Later calls keep the first reason.
    pub(super) fn stop_writing(&self, reason: &str) {
        if self.0.set(reason.to_owned()).is_ok() {
            tracing::error!(reason, "the store is read-only from now on");
        }
    }

    /// Returns why nothing is written; `None` while the store writes.
    pub(super) fn read_only(&self) -> Option<String> {
        self.0.get().cloned()
    }

    /// Fails with [`StoreError::ReadOnly`] if nothing is written any more.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match self.read_only() {
            Some(reason) => Err(StoreError::ReadOnly { reason }),
            None => Ok(()),
        }
    }
}
