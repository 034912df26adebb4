//! Whether the store still writes: the first reason why not is kept until the restart.

use std::sync::OnceLock;

use super::StoreError;

/// The first fault after which nothing more is written.
#[derive(Debug, Default)]
pub(super) struct Health(OnceLock<String>);

impl Health {
    /// Stops all writing, for a reason in words.
    pub(super) fn stop_writing(&self, reason: &str) {
        if self.0.set(reason.to_owned()).is_ok() {
            tracing::error!(reason, "the store is read-only from now on");
        }
    }

    /// Why nothing is written, if so.
    pub(super) fn read_only(&self) -> Option<String> {
        self.0.get().cloned()
    }

    /// Refuses where nothing is written.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match self.read_only() {
            Some(reason) => Err(StoreError::ReadOnly { reason }),
            None => Ok(()),
        }
    }
}
