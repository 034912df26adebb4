//! The versions that are announced but not published, so that they are found without looking at
//! all versions.

use serde::{Deserialize, Serialize};

use super::usage;
use crate::domain::{ModuleVersionAddress, ProviderVersionAddress, Version};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// Versions of modules that wait for their archive, by the folded address of the module and the
/// version.
#[derive(Debug)]
pub enum UnpublishedModules {}

impl Table for UnpublishedModules {
    const ID: u8 = 72;
    const NAME: &'static str = "unpublished_module_versions";
    const OWNER: Ownership = Ownership::Index;
    type Key = (String, Version);
    type Row = ModuleVersionAddress;
}

/// Versions of providers that are not published yet, by the folded address of the provider and the
/// version.
#[derive(Debug)]
pub enum UnpublishedProviders {}

impl Table for UnpublishedProviders {
    const ID: u8 = 73;
    const NAME: &'static str = "unpublished_provider_versions";
    const OWNER: Ownership = Ownership::Index;
    type Key = (String, Version);
    type Row = StagedVersion;
}

/// A version of a provider that is not published yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedVersion {
    /// Its address.
    pub address: ProviderVersionAddress,
    /// The size of its packages and of its documentation, in bytes.
    pub bytes: u64,
}

fn module_key(address: &ModuleVersionAddress) -> (String, Version) {
    (address.module.folded(), address.version.clone())
}

fn provider_key(address: &ProviderVersionAddress) -> (String, Version) {
    (address.provider.folded(), address.version.clone())
}

/// Returns the module versions that wait for their archive.
pub fn modules(
    store: &Store,
) -> impl Iterator<Item = Result<ModuleVersionAddress, StoreError>> + use<> {
    store
        .scan::<UnpublishedModules>(&Prefix::all())
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns the provider versions that are not published yet.
pub fn providers(store: &Store) -> impl Iterator<Item = Result<StagedVersion, StoreError>> + use<> {
    store
        .scan::<UnpublishedProviders>(&Prefix::all())
        .map(|entry| entry.map(|(_, row)| row))
}

/// Adds module versions that were written before this table existed.
pub fn fill_modules(tx: &mut Tx<'_>, versions: &[ModuleVersionAddress]) -> Result<(), StoreError> {
    for version in versions {
        tx.put::<UnpublishedModules>(&module_key(version), version)?;
    }
    Ok(())
}

/// Adds provider versions that were written before this table existed.
pub fn fill_providers(tx: &mut Tx<'_>, versions: &[StagedVersion]) -> Result<(), StoreError> {
    for version in versions {
        tx.put::<UnpublishedProviders>(&provider_key(&version.address), version)?;
    }
    Ok(())
}

/// Notes whether a module version waits for its archive.
pub(super) fn note_module(
    tx: &mut Tx<'_>,
    address: &ModuleVersionAddress,
    waits: bool,
) -> Result<(), StoreError> {
    let key = module_key(address);
    if !waits {
        tx.remove::<UnpublishedModules>(&key)?;
    } else if !tx.contains::<UnpublishedModules>(&key)? {
        tx.put::<UnpublishedModules>(&key, address)?;
    }
    Ok(())
}

/// Notes that a provider version is not published yet.
pub(super) fn note_staged(
    tx: &mut Tx<'_>,
    address: &ProviderVersionAddress,
) -> Result<(), StoreError> {
    let key = provider_key(address);
    if tx.contains::<UnpublishedProviders>(&key)? {
        return Ok(());
    }
    let version = StagedVersion {
        address: address.clone(),
        bytes: 0,
    };
    tx.put::<UnpublishedProviders>(&key, &version)
}

/// Notes that a provider version is published: from now on its files count as such.
pub(super) fn note_published(
    tx: &mut Tx<'_>,
    address: &ProviderVersionAddress,
) -> Result<(), StoreError> {
    let key = provider_key(address);
    let Some(version) = tx.get::<UnpublishedProviders>(&key)? else {
        return Ok(());
    };
    tx.remove::<UnpublishedProviders>(&key)?;
    usage::change(tx, &address.provider.namespace, |usage| {
        usage::replace(&mut usage.staged, version.bytes, 0);
        usage::replace(&mut usage.published, 0, version.bytes);
    })
}

/// Forgets a provider version that is removed; its files are removed already.
pub(super) fn forget_provider(
    tx: &mut Tx<'_>,
    address: &ProviderVersionAddress,
) -> Result<(), StoreError> {
    tx.remove::<UnpublishedProviders>(&provider_key(address))?;
    Ok(())
}

/// Counts that a file of a provider version is replaced: `before` bytes by `after` bytes, each 0 if
/// there is no such file.
pub(super) fn count_file(
    tx: &mut Tx<'_>,
    address: &ProviderVersionAddress,
    before: u64,
    after: u64,
) -> Result<(), StoreError> {
    if before == after {
        return Ok(());
    }
    let key = provider_key(address);
    let staged = tx.get::<UnpublishedProviders>(&key)?;
    let is_staged = staged.is_some();
    if let Some(mut version) = staged {
        usage::replace(&mut version.bytes, before, after);
        tx.put::<UnpublishedProviders>(&key, &version)?;
    }
    usage::change(tx, &address.provider.namespace, |usage| {
        let sum = if is_staged {
            &mut usage.staged
        } else {
            &mut usage.published
        };
        usage::replace(sum, before, after);
    })
}
