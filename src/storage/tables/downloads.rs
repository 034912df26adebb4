//! How often each version was downloaded on each day.

use super::modules::ModuleKey;
use crate::domain::{Day, ModuleAddress, ModuleVersionAddress, Version};
use crate::storage::{Prefix, Store, StoreError, Table};

/// Counters by module, version and day.
#[derive(Debug)]
pub enum Downloads {}

impl Table for Downloads {
    const ID: u8 = 17;
    const NAME: &'static str = "downloads";
    const GROUP_SEGMENTS: usize = 3;
    type Key = (ModuleKey, Version, Day);
    type Row = u64;
}

/// Counts one download; in memory, and in the journal a few seconds later.
pub fn count(store: &Store, address: &ModuleVersionAddress, day: Day) {
    let key = (
        ModuleKey::from(&address.module),
        address.version.clone(),
        day,
    );
    store.count::<Downloads>(&key, 1);
}

/// How often a module was downloaded, all versions and days together.
pub fn of_module(store: &Store, address: &ModuleAddress) -> Result<u64, StoreError> {
    let counts = store.counts::<Downloads>(&Prefix::key(&ModuleKey::from(address)))?;
    Ok(counts.iter().map(|(_, count)| count).sum())
}
