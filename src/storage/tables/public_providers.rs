//! Public providers that organizations recommend. There are few.

use super::providers::ProviderKey;
use crate::domain::{OrganizationId, ProviderAddress, ProviderId, PublicProvider};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// Public providers by organization id and provider address.
#[derive(Debug)]
pub enum PublicProviders {}

impl Table for PublicProviders {
    const ID: u8 = 66;
    const NAME: &'static str = "public_providers";
    const OWNER: Ownership = Ownership::Organization;
    type Key = (String, ProviderKey);
    type Row = PublicProvider;
}

fn key(organization: &OrganizationId, address: &ProviderAddress) -> (String, ProviderKey) {
    (organization.to_string(), ProviderKey::from(address))
}

fn of(organization: &OrganizationId) -> Prefix {
    Prefix::of(|key| key.text(organization.as_str()))
}

/// Returns an organization's record of a provider address.
pub fn find(
    store: &Store,
    organization: &OrganizationId,
    address: &ProviderAddress,
) -> Result<Option<PublicProvider>, StoreError> {
    store.get::<PublicProviders>(&key(organization, address))
}

/// Returns the record with an id, found by looking at every record.
pub fn by_id(store: &Store, id: &ProviderId) -> Result<Option<PublicProvider>, StoreError> {
    let mut all = store.scan::<PublicProviders>(&Prefix::all());
    let found = all.find(|entry| entry.as_ref().map_or(true, |(_, row)| row.id == *id));
    Ok(found.transpose()?.map(|(_, row)| row))
}

/// Returns an organization's records, sorted by address.
pub fn list(
    store: &Store,
    organization: &OrganizationId,
) -> impl Iterator<Item = Result<PublicProvider, StoreError>> + use<> {
    store
        .scan::<PublicProviders>(&of(organization))
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns an organization's records, as the running write sees them.
pub fn list_in(
    tx: &Tx<'_>,
    organization: &OrganizationId,
) -> Result<Vec<PublicProvider>, StoreError> {
    tx.scan::<PublicProviders>(&of(organization))
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// Returns whether an organization has a record of an address, as the running write sees it.
pub fn contains(
    tx: &Tx<'_>,
    organization: &OrganizationId,
    address: &ProviderAddress,
) -> Result<bool, StoreError> {
    tx.contains::<PublicProviders>(&key(organization, address))
}

/// Adds or replaces a record.
pub fn put(tx: &mut Tx<'_>, provider: &PublicProvider) -> Result<(), StoreError> {
    tx.put::<PublicProviders>(&key(&provider.organization, &provider.address), provider)
}

/// Removes a record.
pub fn remove(tx: &mut Tx<'_>, provider: &PublicProvider) -> Result<(), StoreError> {
    tx.remove::<PublicProviders>(&key(&provider.organization, &provider.address))?;
    Ok(())
}
