//! Provider packages of other registries, which the network mirror serves.

use super::blobs;
use super::providers::ProviderKey;
use crate::domain::{MirroredPackage, OriginAddress, Platform, Version};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

type MirroredKey = ((String, ProviderKey), (Version, String));

/// Packages by origin registry, provider, version and platform.
#[derive(Debug)]
pub enum MirroredPackages {}

impl Table for MirroredPackages {
    const ID: u8 = 67;
    const NAME: &'static str = "mirrored_packages";
    const OWNER: Ownership = Ownership::Site;
    type Key = MirroredKey;
    type Row = MirroredPackage;
}

fn origin(address: &OriginAddress) -> (String, ProviderKey) {
    (
        address.host.to_string(),
        ProviderKey::from(&address.provider),
    )
}

fn key(address: &OriginAddress, version: &Version, platform: &Platform) -> MirroredKey {
    (origin(address), (version.clone(), platform.to_string()))
}

/// Returns the packages of a provider, lowest version precedence first.
pub fn list(
    store: &Store,
    address: &OriginAddress,
) -> impl Iterator<Item = Result<MirroredPackage, StoreError>> + use<> {
    store
        .scan::<MirroredPackages>(&Prefix::key(&origin(address)))
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns every mirrored package.
pub fn all(store: &Store) -> impl Iterator<Item = Result<MirroredPackage, StoreError>> + use<> {
    store
        .scan::<MirroredPackages>(&Prefix::all())
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns the package of a version for a platform.
pub fn find(
    store: &Store,
    address: &OriginAddress,
    version: &Version,
    platform: &Platform,
) -> Result<Option<MirroredPackage>, StoreError> {
    store.get::<MirroredPackages>(&key(address, version, platform))
}

/// Returns the package of a version for a platform, as the running write sees it.
pub fn in_tx(
    tx: &Tx<'_>,
    address: &OriginAddress,
    version: &Version,
    platform: &Platform,
) -> Result<Option<MirroredPackage>, StoreError> {
    tx.get::<MirroredPackages>(&key(address, version, platform))
}

/// Returns another version of a provider with the precedence of `version`, as the running write sees
/// it: its number differs in build metadata only. `None` if there is none.
pub fn same_precedence_in_tx(
    tx: &Tx<'_>,
    address: &OriginAddress,
    version: &Version,
) -> Result<Option<Version>, StoreError> {
    let prefix = Prefix::precedence(&origin(address), version);
    for key in tx.scan_keys::<MirroredPackages>(&prefix) {
        let (_, (number, _)) = key?;
        if number != *version {
            return Ok(Some(number));
        }
    }
    Ok(None)
}

/// Adds a package and counts the reference to its file.
pub fn insert(tx: &mut Tx<'_>, package: &MirroredPackage) -> Result<(), StoreError> {
    let address = OriginAddress {
        host: package.host.clone(),
        provider: package.version.provider.clone(),
    };
    blobs::refer(tx, &package.file.sha256, package.file.size)?;
    let key = key(&address, &package.version.version, &package.platform);
    tx.put::<MirroredPackages>(&key, package)
}
