//! Removes versions that were announced and never got their archive.

use crate::domain::{Actor, ModuleVersion, ModuleVersionAddress, Timestamp};
use crate::registry::base::{Error, Registry};
use crate::storage::tables::{modules, unpublished};

/// How many versions one journal record removes.
const AT_ONCE: usize = 1000;

impl Registry {
    /// Removes versions that have waited for their archive for longer than they may; returns how
    /// many.
    pub fn expire_announced_versions(&self) -> Result<usize, Error> {
        let Some(limit) = self.expiry() else {
            return Ok(0);
        };
        let due = self.announced_until(limit)?;
        if due.is_empty() {
            return Ok(0);
        }
        self.write(&Actor::System, "remove announced versions", |tx| {
            let mut removed = 0;
            for address in &due {
                // Its archive may have come meanwhile.
                let version = modules::version_in_tx(tx, address)?;
                if let Some(version) = version.filter(|version| is_due(version, limit)) {
                    modules::remove_version(tx, &version, None)?;
                    removed += 1;
                }
            }
            Ok(removed)
        })
    }

    fn announced_until(&self, limit: Timestamp) -> Result<Vec<ModuleVersionAddress>, Error> {
        let mut due = Vec::new();
        for address in unpublished::modules(&self.store) {
            let address = address?;
            let version = modules::find_version(&self.store, &address)?;
            if version.is_some_and(|version| is_due(&version, limit)) {
                due.push(address);
            }
            if due.len() == AT_ONCE {
                break;
            }
        }
        Ok(due)
    }
}

fn is_due(version: &ModuleVersion, limit: Timestamp) -> bool {
    version.archive.is_none() && version.updated_at < limit
}
