//! What is derived from modules follows their changes: a little later, and off the way of whoever
//! made the change.
//!
//! A change leaves the module's address in a list in memory. What a stop takes out of the list is
//! found again: whoever misses something that should have been derived puts the module back.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::{Error, Registry};
use crate::domain::{ModuleAddress, ModuleVersionStatus};
use crate::storage::tables::modules;

/// How many modules wait at the most; more are found when they are asked for.
const MOST_WAITING: usize = 100_000;

/// Modules whose derived data may be behind.
#[derive(Debug, Default)]
pub(super) struct Changes(Mutex<BTreeSet<ModuleAddress>>);

impl Changes {
    /// Notes a change of a module.
    pub(super) fn note(&self, address: &ModuleAddress) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < MOST_WAITING {
            waiting.insert(address.clone());
        }
    }

    fn take(&self, most: usize) -> Vec<ModuleAddress> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = Vec::new();
        while taken.len() < most
            && let Some(address) = waiting.pop_first()
        {
            taken.push(address);
        }
        taken
    }
}

impl Registry {
    /// Notes that a module or one of its versions has changed.
    pub(super) fn changed(&self, address: &ModuleAddress) {
        self.changes.note(address);
    }

    /// Reads what is new of some of the modules that have changed; returns how many.
    pub fn follow_changes(&self, most: usize) -> Result<usize, Error> {
        let changed = self.changes.take(most);
        for address in &changed {
            self.read_versions(address)?;
        }
        Ok(changed.len())
    }

    /// Reads the published versions of a module that nobody has read yet.
    fn read_versions(&self, address: &ModuleAddress) -> Result<(), Error> {
        for version in modules::versions(&self.store, address) {
            let version = version?;
            if version.status() != ModuleVersionStatus::Ok {
                continue;
            }
            if let Err(error) = self.module_digest(&version) {
                // Deleted meanwhile, or damaged; both are told where they are found.
                tracing::debug!(version = %version.address, %error, "a version could not be read");
            }
        }
        Ok(())
    }
}
