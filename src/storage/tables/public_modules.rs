//! Public modules that organizations recommend. There are few.

use super::modules::ModuleKey;
use crate::domain::{ModuleAddress, ModuleId, OrganizationId, PublicModule};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// Public modules by organization id and module address.
#[derive(Debug)]
pub enum PublicModules {}

impl Table for PublicModules {
    const ID: u8 = 53;
    const NAME: &'static str = "public_modules";
    const OWNER: Ownership = Ownership::Organization;
    type Key = (String, ModuleKey);
    type Row = PublicModule;
}

fn key(organization: &OrganizationId, address: &ModuleAddress) -> (String, ModuleKey) {
    (organization.to_string(), ModuleKey::from(address))
}

fn of(organization: &OrganizationId) -> Prefix {
    Prefix::of(|key| key.text(organization.as_str()))
}

/// Returns an organization's record of a module address.
pub fn find(
    store: &Store,
    organization: &OrganizationId,
    address: &ModuleAddress,
) -> Result<Option<PublicModule>, StoreError> {
    store.get::<PublicModules>(&key(organization, address))
}

/// Returns the record with an id, found by looking at every record.
pub fn by_id(store: &Store, id: &ModuleId) -> Result<Option<PublicModule>, StoreError> {
    let mut all = store.scan::<PublicModules>(&Prefix::all());
    let found = all.find(|entry| entry.as_ref().map_or(true, |(_, row)| row.id == *id));
    Ok(found.transpose()?.map(|(_, row)| row))
}

/// Returns an organization's records, sorted by address.
pub fn list(
    store: &Store,
    organization: &OrganizationId,
) -> impl Iterator<Item = Result<PublicModule, StoreError>> + use<> {
    store
        .scan::<PublicModules>(&of(organization))
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns an organization's records, as the running write sees them.
pub fn list_in(
    tx: &Tx<'_>,
    organization: &OrganizationId,
) -> Result<Vec<PublicModule>, StoreError> {
    tx.scan::<PublicModules>(&of(organization))
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// Returns whether an organization has a record of an address, as the running write sees it.
pub fn contains(
    tx: &Tx<'_>,
    organization: &OrganizationId,
    address: &ModuleAddress,
) -> Result<bool, StoreError> {
    tx.contains::<PublicModules>(&key(organization, address))
}

/// Adds or replaces a record.
pub fn put(tx: &mut Tx<'_>, module: &PublicModule) -> Result<(), StoreError> {
    tx.put::<PublicModules>(&key(&module.organization, &module.address), module)
}

/// Removes a record.
pub fn remove(tx: &mut Tx<'_>, module: &PublicModule) -> Result<(), StoreError> {
    tx.remove::<PublicModules>(&key(&module.organization, &module.address))?;
    Ok(())
}
