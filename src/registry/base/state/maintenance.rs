//! What the registry keeps in memory about its own upkeep.

use std::sync::{Arc, Mutex};

use crate::domain::Timestamp;
use crate::storage::StoreFault;

/// The result of the last check of all files.
#[derive(Debug, Clone, Default)]
pub struct FilesChecked {
    /// When the check ended; `None` if there was none since the start.
    pub at: Option<Timestamp>,
    /// What it found.
    pub faults: Vec<StoreFault>,
}

/// The last check of files, and the lock of backups.
#[derive(Debug, Default)]
pub(in crate::registry) struct MaintenanceState {
    /// Held while a backup is made.
    pub(in crate::registry) backing_up: Mutex<()>,
    /// The last check of all files.
    pub(in crate::registry) checked: Mutex<Arc<FilesChecked>>,
}
