//! Providers and their versions.

use super::unpublished;
use crate::domain::{
    Namespace, Provider, ProviderAddress, ProviderId, ProviderVersion, ProviderVersionAddress,
    Version,
};
use crate::storage::{Key, KeyReader, KeyWriter, Ownership, Prefix, Store, StoreError, Table, Tx};

/// The folded parts of a provider address: two addresses that differ only in case have the same
/// key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProviderKey {
    namespace: String,
    name: String,
}

impl From<&ProviderAddress> for ProviderKey {
    fn from(address: &ProviderAddress) -> Self {
        Self {
            namespace: address.namespace.folded(),
            name: address.name.folded(),
        }
    }
}

impl Key for ProviderKey {
    fn encode(&self, to: &mut KeyWriter) {
        to.text(&self.namespace).text(&self.name);
    }

    fn decode(from: &mut KeyReader<'_>) -> Option<Self> {
        Some(Self {
            namespace: from.text()?,
            name: from.text()?,
        })
    }
}

/// Providers by address.
#[derive(Debug)]
pub enum Providers {}

impl Table for Providers {
    const ID: u8 = 60;
    const NAME: &'static str = "providers";
    const OWNER: Ownership = Ownership::Namespace;
    const GROUP_SEGMENTS: usize = 1;
    type Key = ProviderKey;
    type Row = Provider;
}

/// Addresses by provider id.
#[derive(Debug)]
pub enum ProviderIds {}

impl Table for ProviderIds {
    const ID: u8 = 61;
    const NAME: &'static str = "provider_ids";
    const OWNER: Ownership = Ownership::Index;
    type Key = String;
    type Row = ProviderAddress;
}

/// Versions by provider address and version precedence.
#[derive(Debug)]
pub enum ProviderVersions {}

impl Table for ProviderVersions {
    const ID: u8 = 62;
    const NAME: &'static str = "provider_versions";
    const OWNER: Ownership = Ownership::Namespace;
    const GROUP_SEGMENTS: usize = 2;
    type Key = (ProviderKey, Version);
    type Row = ProviderVersion;
}

pub(super) fn version_key(address: &ProviderVersionAddress) -> (ProviderKey, Version) {
    (
        ProviderKey::from(&address.provider),
        address.version.clone(),
    )
}

fn of_provider(address: &ProviderAddress) -> Prefix {
    Prefix::key(&ProviderKey::from(address))
}

fn of_namespace(namespace: &Namespace) -> Prefix {
    Prefix::of(|key| key.text(&namespace.folded()))
}

/// Returns the provider at an address.
pub fn find(store: &Store, address: &ProviderAddress) -> Result<Option<Provider>, StoreError> {
    store.get::<Providers>(&ProviderKey::from(address))
}

/// Returns the address of the provider with an id.
pub fn address(store: &Store, id: &ProviderId) -> Result<Option<ProviderAddress>, StoreError> {
    store.get::<ProviderIds>(&id.to_string())
}

/// Returns providers sorted by address: all of them, or those of one namespace.
pub fn list(
    store: &Store,
    namespace: Option<&Namespace>,
) -> impl Iterator<Item = Result<Provider, StoreError>> + use<> {
    let prefix = namespace.map_or_else(Prefix::all, of_namespace);
    store
        .scan::<Providers>(&prefix)
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns one version, published or not.
pub fn find_version(
    store: &Store,
    address: &ProviderVersionAddress,
) -> Result<Option<ProviderVersion>, StoreError> {
    store.get::<ProviderVersions>(&version_key(address))
}

/// Returns every version of every provider, published or not.
pub fn all_versions(
    store: &Store,
) -> impl Iterator<Item = Result<ProviderVersion, StoreError>> + use<> {
    store
        .scan::<ProviderVersions>(&Prefix::all())
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns a provider's versions, published or not, lowest precedence first.
pub fn versions(
    store: &Store,
    address: &ProviderAddress,
) -> impl DoubleEndedIterator<Item = Result<ProviderVersion, StoreError>> + use<> {
    store
        .scan::<ProviderVersions>(&of_provider(address))
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns the provider at an address, as the running write sees it.
pub fn in_tx(tx: &Tx<'_>, address: &ProviderAddress) -> Result<Option<Provider>, StoreError> {
    tx.get::<Providers>(&ProviderKey::from(address))
}

/// Returns every provider of a namespace, as the running write sees them.
pub fn all_in_tx(tx: &Tx<'_>, namespace: &Namespace) -> Result<Vec<Provider>, StoreError> {
    tx.scan::<Providers>(&of_namespace(namespace))
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// Returns one version, as the running write sees it.
pub fn version_in_tx(
    tx: &Tx<'_>,
    address: &ProviderVersionAddress,
) -> Result<Option<ProviderVersion>, StoreError> {
    tx.get::<ProviderVersions>(&version_key(address))
}

/// Returns a provider's versions, as the running write sees them.
pub fn versions_in_tx(
    tx: &Tx<'_>,
    address: &ProviderAddress,
) -> Result<Vec<ProviderVersion>, StoreError> {
    tx.scan::<ProviderVersions>(&of_provider(address))
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// Returns the provider's other versions with the precedence of this one, as the running write sees
/// them: their numbers differ in build metadata only.
pub fn same_precedence_in_tx(
    tx: &Tx<'_>,
    address: &ProviderVersionAddress,
) -> Result<Vec<ProviderVersion>, StoreError> {
    let provider = ProviderKey::from(&address.provider);
    let found = tx.scan::<ProviderVersions>(&Prefix::precedence(&provider, &address.version));
    let mut versions = found
        .map(|entry| entry.map(|(_, row)| row))
        .collect::<Result<Vec<_>, _>>()?;
    versions.retain(|other| other.address.version != address.version);
    Ok(versions)
}

/// Adds or changes a provider.
pub fn put(tx: &mut Tx<'_>, provider: &Provider) -> Result<(), StoreError> {
    let id = provider.id.to_string();
    if !tx.contains::<ProviderIds>(&id)? {
        tx.put::<ProviderIds>(&id, &provider.address)?;
    }
    tx.put::<Providers>(&ProviderKey::from(&provider.address), provider)
}

/// Removes a provider; the caller has removed its versions.
pub fn remove(tx: &mut Tx<'_>, provider: &Provider) -> Result<(), StoreError> {
    tx.remove::<ProviderIds>(&provider.id.to_string())?;
    tx.remove::<Providers>(&ProviderKey::from(&provider.address))?;
    Ok(())
}

/// Adds or changes a version, and counts its files among what is published or not.
pub fn put_version(tx: &mut Tx<'_>, version: &ProviderVersion) -> Result<(), StoreError> {
    match version.publication {
        Some(_) => unpublished::note_published(tx, &version.address)?,
        None => unpublished::note_staged(tx, &version.address)?,
    }
    tx.put::<ProviderVersions>(&version_key(&version.address), version)
}

/// Removes a version; the caller has removed its packages.
pub fn remove_version(tx: &mut Tx<'_>, version: &ProviderVersion) -> Result<(), StoreError> {
    unpublished::forget_provider(tx, &version.address)?;
    tx.remove::<ProviderVersions>(&version_key(&version.address))?;
    Ok(())
}
