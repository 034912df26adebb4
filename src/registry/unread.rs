//! Published versions are read a moment later, off the way of whoever published them.
//!
//! Which ones is only kept in memory: what a stop takes out of the list is found again, since
//! whoever misses what is read out of a version puts it back.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::indexing::lock;
use super::{Error, Registry};
use crate::domain::ModuleVersionAddress;
use crate::storage::tables::modules;

/// How many versions wait at the most; more are found when they are asked for.
const MOST_WAITING: usize = 100_000;

/// Versions that nobody has read yet.
#[derive(Debug, Default)]
pub(super) struct Unread(Mutex<BTreeSet<ModuleVersionAddress>>);

impl Unread {
    /// Has a version read in a moment.
    pub(super) fn note(&self, address: &ModuleVersionAddress) {
        let mut waiting = lock(&self.0);
        if waiting.len() < MOST_WAITING {
            waiting.insert(address.clone());
        }
    }

    fn take_one(&self) -> Option<ModuleVersionAddress> {
        let mut waiting = lock(&self.0);
        waiting.pop_first()
    }
}

impl Registry {
    /// Reads versions that nobody has read yet, for about as long as it is given.
    pub fn read_noted(&self, at_most: Duration) -> Result<(), Error> {
        let started = Instant::now();
        while started.elapsed() < at_most
            && let Some(address) = self.unread.take_one()
        {
            let Some(version) = modules::find_version(&self.store, &address)? else {
                continue;
            };
            if let Err(error) = self.module_digest(&version) {
                // Deleted meanwhile, or damaged; both are told where they are found.
                tracing::debug!(version = %address, %error, "a version could not be read");
            }
        }
        Ok(())
    }
}
