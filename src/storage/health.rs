//! Whether the store still writes. The first reason to stop writing is kept until the restart.
//!
//! A store that does not write any more may have writes with an open outcome, so nothing that rows
//! may need is removed either.

use std::sync::OnceLock;

use super::StoreError;

/// Why a store cannot do all of its work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreOutage {
    /// The disk is mounted read-only, or the data directory cannot be written.
    #[error("the data directory cannot be written")]
    ReadOnlyDisk,
    /// The disk is full.
    #[error("the disk is full")]
    FullDisk,
    /// A write failed half-way, and nothing is written until the next start.
    #[error("{0}")]
    Stopped(String),
    /// Rows cannot be read.
    #[error("{0}")]
    Index(String),
}

impl StoreOutage {
    /// Returns the reason without anything about the machine, such as paths.
    pub fn in_public(&self) -> &'static str {
        match self {
            Self::ReadOnlyDisk => "the disk is read-only; downloads go on",
            Self::FullDisk => "the disk is full; downloads go on",
            Self::Stopped(_) => {
                "a write failed, and nothing is written until the registry is restarted; \
                 downloads go on"
            }
            Self::Index(_) => "rows cannot be read",
        }
    }
}

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
