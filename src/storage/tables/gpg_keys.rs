//! OpenPGP keys of organizations.

use crate::domain::{GpgKey, GpgKeyId, KeyId, OrganizationId};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// Keys by organization id and OpenPGP key id.
#[derive(Debug)]
pub enum GpgKeys {}

impl Table for GpgKeys {
    const ID: u8 = 65;
    const NAME: &'static str = "gpg_keys";
    const OWNER: Ownership = Ownership::Organization;
    type Key = (String, String);
    type Row = GpgKey;
}

fn key(organization: &OrganizationId, key_id: &KeyId) -> (String, String) {
    (organization.to_string(), key_id.to_string())
}

fn of(organization: &OrganizationId) -> Prefix {
    Prefix::of(|key| key.text(organization.as_str()))
}

/// Returns an organization's key with an OpenPGP key id.
pub fn find(
    store: &Store,
    organization: &OrganizationId,
    key_id: &KeyId,
) -> Result<Option<GpgKey>, StoreError> {
    store.get::<GpgKeys>(&key(organization, key_id))
}

/// Returns an organization's keys, sorted by OpenPGP key id.
pub fn list(
    store: &Store,
    organization: &OrganizationId,
) -> impl Iterator<Item = Result<GpgKey, StoreError>> + use<> {
    store
        .scan::<GpgKeys>(&of(organization))
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns the keys of all organizations.
pub fn all(store: &Store) -> impl Iterator<Item = Result<GpgKey, StoreError>> + use<> {
    store
        .scan::<GpgKeys>(&Prefix::all())
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns whether any organization has the key with this Terrakeep id (not its OpenPGP key id).
pub fn is_known(store: &Store, id: &GpgKeyId) -> Result<bool, StoreError> {
    let mut all = store.scan::<GpgKeys>(&Prefix::all());
    let found = all.find(|entry| entry.as_ref().map_or(true, |(_, row)| row.id == *id));
    Ok(found.transpose()?.is_some())
}

/// Returns an organization's key with an OpenPGP key id, as the running write sees it.
pub fn in_tx(
    tx: &Tx<'_>,
    organization: &OrganizationId,
    key_id: &KeyId,
) -> Result<Option<GpgKey>, StoreError> {
    tx.get::<GpgKeys>(&key(organization, key_id))
}

/// Returns an organization's keys, as the running write sees them.
pub fn list_in_tx(tx: &Tx<'_>, organization: &OrganizationId) -> Result<Vec<GpgKey>, StoreError> {
    tx.scan::<GpgKeys>(&of(organization))
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// Adds or changes a key.
pub fn put(tx: &mut Tx<'_>, row: &GpgKey) -> Result<(), StoreError> {
    tx.put::<GpgKeys>(&key(&row.organization, &row.key_id), row)
}

/// Removes a key.
pub fn remove(tx: &mut Tx<'_>, row: &GpgKey) -> Result<(), StoreError> {
    tx.remove::<GpgKeys>(&key(&row.organization, &row.key_id))?;
    Ok(())
}
