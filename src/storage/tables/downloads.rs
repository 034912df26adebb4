//! Download counts of modules, by version and day.

use super::modules::{ModuleKey, address_of, version_key};
use crate::domain::{Day, ModuleAddress, ModuleVersionAddress, Version};
use crate::storage::{Counter, Ownership, Prefix, Store, StoreError, Table, Tx};

/// Counters by module, version and day.
#[derive(Debug)]
pub enum Downloads {}

impl Table for Downloads {
    const ID: u8 = 17;
    const NAME: &'static str = "downloads";
    const OWNER: Ownership = Ownership::Namespace;
    const GROUP_SEGMENTS: usize = 3;
    type Key = (ModuleKey, Version, Day);
    type Row = u64;
}

/// Returns the counter for the downloads of one version on one day.
pub fn counter(address: &ModuleVersionAddress, day: Day) -> Counter {
    let (module, version) = version_key(address);
    Counter::of::<Downloads>(&(module, version, day))
}

/// Returns the module that a changed count belongs to; `None` if the row is of another table.
pub fn changed(table: &str, key: &[u8]) -> Option<ModuleAddress> {
    (table == Downloads::NAME)
        .then(|| address_of(key))
        .flatten()
}

/// Returns a module's downloads by version and day; days without downloads have no entry.
pub fn by_version_and_day(
    store: &Store,
    address: &ModuleAddress,
) -> Result<Vec<(Version, Day, u64)>, StoreError> {
    let counts = store.counts::<Downloads>(&Prefix::key(&ModuleKey::from(address)))?;
    let split = |((_, version, day), count)| (version, day, count);
    Ok(counts.into_iter().map(split).collect())
}

/// Removes all download counts of a module.
pub fn remove_of(tx: &mut Tx<'_>, address: &ModuleAddress) -> Result<(), StoreError> {
    let prefix = Prefix::key(&ModuleKey::from(address));
    let keys: Vec<_> = tx
        .scan_keys::<Downloads>(&prefix)
        .collect::<Result<_, _>>()?;
    for key in &keys {
        tx.remove::<Downloads>(key)?;
    }
    Ok(())
}

/// Returns how often a module was downloaded, all versions and days together.
pub fn of_module(store: &Store, address: &ModuleAddress) -> Result<u64, StoreError> {
    let counts = store.counts::<Downloads>(&Prefix::key(&ModuleKey::from(address)))?;
    Ok(counts.iter().map(|(_, count)| count).sum())
}
