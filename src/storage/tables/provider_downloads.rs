//! Download counts of provider packages, by version and day.

use super::providers::{ProviderKey, version_key};
use crate::domain::{Day, ProviderAddress, ProviderVersionAddress, Version};
use crate::storage::{Counter, Ownership, Prefix, Store, StoreError, Table, Tx};

/// Counters by provider, version and day.
#[derive(Debug)]
pub enum ProviderDownloads {}

impl Table for ProviderDownloads {
    const ID: u8 = 69;
    const NAME: &'static str = "provider_downloads";
    const OWNER: Ownership = Ownership::Namespace;
    const GROUP_SEGMENTS: usize = 2;
    type Key = (ProviderKey, Version, Day);
    type Row = u64;
}

/// Returns the counter for the downloads of one version on one day.
pub fn counter(address: &ProviderVersionAddress, day: Day) -> Counter {
    let (provider, version) = version_key(address);
    Counter::of::<ProviderDownloads>(&(provider, version, day))
}

/// Returns a provider's downloads by version and day; days without downloads have no entry.
pub fn by_version_and_day(
    store: &Store,
    address: &ProviderAddress,
) -> Result<Vec<(Version, Day, u64)>, StoreError> {
    let counts = store.counts::<ProviderDownloads>(&Prefix::key(&ProviderKey::from(address)))?;
    let split = |((_, version, day), count)| (version, day, count);
    Ok(counts.into_iter().map(split).collect())
}

/// Removes all download counts of a provider.
pub fn remove_of(tx: &mut Tx<'_>, address: &ProviderAddress) -> Result<(), StoreError> {
    let prefix = Prefix::key(&ProviderKey::from(address));
    let keys: Vec<_> = tx
        .scan_keys::<ProviderDownloads>(&prefix)
        .collect::<Result<_, _>>()?;
    for key in &keys {
        tx.remove::<ProviderDownloads>(key)?;
    }
    Ok(())
}
