//! The packages of provider versions, one for each platform, and the tombstones of deleted
//! packages.

use super::providers::{ProviderKey, version_key};
use super::{blobs, unpublished};
use crate::domain::{
    PackageFile, Platform, ProviderPackage, ProviderTombstone, ProviderVersionAddress, Version,
};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

type PackageKey = ((ProviderKey, Version), String);

/// Packages by version and platform.
#[derive(Debug)]
pub enum ProviderPackages {}

impl Table for ProviderPackages {
    const ID: u8 = 63;
    const NAME: &'static str = "provider_packages";
    const OWNER: Ownership = Ownership::Namespace;
    const GROUP_SEGMENTS: usize = 2;
    type Key = PackageKey;
    type Row = ProviderPackage;
}

/// Tombstones of deleted packages, by version and platform.
#[derive(Debug)]
pub enum ProviderTombstones {}

impl Table for ProviderTombstones {
    const ID: u8 = 64;
    const NAME: &'static str = "provider_tombstones";
    const OWNER: Ownership = Ownership::Tombstone;
    type Key = PackageKey;
    type Row = ProviderTombstone;
}

fn key(version: &ProviderVersionAddress, platform: &Platform) -> PackageKey {
    (version_key(version), platform.to_string())
}

fn of_version(version: &ProviderVersionAddress) -> Prefix {
    Prefix::key(&version_key(version))
}

fn size(file: Option<&PackageFile>) -> u64 {
    file.map_or(0, |file| file.size)
}

/// Returns every package of every version.
pub fn all(store: &Store) -> impl Iterator<Item = Result<ProviderPackage, StoreError>> + use<> {
    store
        .scan::<ProviderPackages>(&Prefix::all())
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns the package of a version for a platform.
pub fn find(
    store: &Store,
    version: &ProviderVersionAddress,
    platform: &Platform,
) -> Result<Option<ProviderPackage>, StoreError> {
    store.get::<ProviderPackages>(&key(version, platform))
}

/// Returns the packages of a version, sorted by platform.
pub fn list(
    store: &Store,
    version: &ProviderVersionAddress,
) -> impl Iterator<Item = Result<ProviderPackage, StoreError>> + use<> {
    store
        .scan::<ProviderPackages>(&of_version(version))
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns the package of a version for a platform, as the running write sees it.
pub fn in_tx(
    tx: &Tx<'_>,
    version: &ProviderVersionAddress,
    platform: &Platform,
) -> Result<Option<ProviderPackage>, StoreError> {
    tx.get::<ProviderPackages>(&key(version, platform))
}

/// Returns the packages of a version, as the running write sees them.
pub fn list_in_tx(
    tx: &Tx<'_>,
    version: &ProviderVersionAddress,
) -> Result<Vec<ProviderPackage>, StoreError> {
    tx.scan::<ProviderPackages>(&of_version(version))
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// Returns the tombstone of a deleted package, as the running write sees it.
pub fn tombstone_in_tx(
    tx: &Tx<'_>,
    version: &ProviderVersionAddress,
    platform: &Platform,
) -> Result<Option<ProviderTombstone>, StoreError> {
    tx.get::<ProviderTombstones>(&key(version, platform))
}

/// Returns the numbers of the provider's versions that have the precedence of this one, its own
/// included, and of which packages were published and deleted, as the running write sees them.
pub fn deleted_of_precedence_in_tx(
    tx: &Tx<'_>,
    version: &ProviderVersionAddress,
) -> Result<Vec<Version>, StoreError> {
    let provider = ProviderKey::from(&version.provider);
    tx.scan_keys::<ProviderTombstones>(&Prefix::precedence(&provider, &version.version))
        .map(|key| key.map(|((_, number), _)| number))
        .collect()
}

/// Adds or changes a package and counts the references to its file.
pub fn put(tx: &mut Tx<'_>, package: &ProviderPackage) -> Result<(), StoreError> {
    let key = key(&package.version, &package.platform);
    let before = tx.get::<ProviderPackages>(&key)?.and_then(|row| row.file);
    if let Some(before) = &before {
        blobs::forget(tx, &before.sha256)?;
    }
    if let Some(file) = &package.file {
        blobs::refer(tx, &file.sha256, file.size)?;
    }
    let (before, after) = (size(before.as_ref()), size(package.file.as_ref()));
    unpublished::count_file(tx, &package.version, before, after)?;
    tx.put::<ProviderPackages>(&key, package)
}

/// Removes a package and writes the tombstone, which it has if it had been published.
pub fn remove(
    tx: &mut Tx<'_>,
    package: &ProviderPackage,
    tombstone: Option<&ProviderTombstone>,
) -> Result<(), StoreError> {
    let key = key(&package.version, &package.platform);
    if let Some(file) = &package.file {
        blobs::forget(tx, &file.sha256)?;
    }
    unpublished::count_file(tx, &package.version, size(package.file.as_ref()), 0)?;
    if let Some(tombstone) = tombstone {
        tx.put::<ProviderTombstones>(&key, tombstone)?;
    }
    tx.remove::<ProviderPackages>(&key)?;
    Ok(())
}
