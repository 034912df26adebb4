//! How often each version was downloaded on each day.

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

/// Where the downloads of one version on one day are counted.
pub fn counter(address: &ModuleVersionAddress, day: Day) -> Counter {
    let (module, version) = version_key(address);
    Counter::of::<Downloads>(&(module, version, day))
}

/// The module that a count is of, by its row's table and key.
pub fn changed(table: &str, key: &[u8]) -> Option<ModuleAddress> {
    (table == Downloads::NAME)
        .then(|| address_of(key))
        .flatten()
}

/// How often each version of a module was downloaded on each day that it was.
pub fn by_version_and_day(
    store: &Store,
    address: &ModuleAddress,
) -> Result<Vec<(Version, Day, u64)>, StoreError> {
    let counts = store.counts::<Downloads>(&Prefix::key(&ModuleKey::from(address)))?;
    let split = |((_, version, day), count)| (version, day, count);
    Ok(counts.into_iter().map(split).collect())
}

/// Forgets how often a module was downloaded.
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

/// How often a module was downloaded, all versions and days together.
pub fn of_module(store: &Store, address: &ModuleAddress) -> Result<u64, StoreError> {
    let counts = store.counts::<Downloads>(&Prefix::key(&ModuleKey::from(address)))?;
    Ok(counts.iter().map(|(_, count)| count).sum())
}
