//! Documentation of providers, one archive for each version.

use super::providers::{ProviderKey, version_key};
use super::{blobs, unpublished};
use crate::domain::{ProviderDocs, ProviderVersionAddress, Version};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// Documentation archives by provider address and version.
#[derive(Debug)]
pub enum ProviderDocsArchives {}

impl Table for ProviderDocsArchives {
    const ID: u8 = 68;
    const NAME: &'static str = "provider_docs";
    const OWNER: Ownership = Ownership::Namespace;
    type Key = (ProviderKey, Version);
    type Row = ProviderDocs;
}

/// Returns the documentation of a version.
pub fn find(
    store: &Store,
    version: &ProviderVersionAddress,
) -> Result<Option<ProviderDocs>, StoreError> {
    store.get::<ProviderDocsArchives>(&version_key(version))
}

/// Returns the documentation of every version that has some.
pub fn all(store: &Store) -> impl Iterator<Item = Result<ProviderDocs, StoreError>> + use<> {
    store
        .scan::<ProviderDocsArchives>(&Prefix::all())
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns the documentation of a version, as the running write sees it.
pub fn in_tx(
    tx: &Tx<'_>,
    version: &ProviderVersionAddress,
) -> Result<Option<ProviderDocs>, StoreError> {
    tx.get::<ProviderDocsArchives>(&version_key(version))
}

/// Adds or replaces the documentation of a version and counts the references to its file.
pub fn put(tx: &mut Tx<'_>, docs: &ProviderDocs) -> Result<(), StoreError> {
    let before = in_tx(tx, &docs.version)?;
    if let Some(before) = &before {
        blobs::forget(tx, &before.sha256)?;
    }
    blobs::refer(tx, &docs.sha256, docs.size)?;
    let before = before.map_or(0, |before| before.size);
    unpublished::count_file(tx, &docs.version, before, docs.size)?;
    tx.put::<ProviderDocsArchives>(&version_key(&docs.version), docs)
}

/// Removes the documentation of a version.
pub fn remove(tx: &mut Tx<'_>, docs: &ProviderDocs) -> Result<(), StoreError> {
    blobs::forget(tx, &docs.sha256)?;
    unpublished::count_file(tx, &docs.version, docs.size, 0)?;
    tx.remove::<ProviderDocsArchives>(&version_key(&docs.version))?;
    Ok(())
}
