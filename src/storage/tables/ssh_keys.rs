//! SSH keys by id. There are few, so an organization's keys are found by looking at every key.

use crate::domain::{OrganizationId, SshKey, SshKeyId};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// SSH keys by id, without their private keys.
#[derive(Debug)]
pub enum SshKeys {}

impl Table for SshKeys {
    const ID: u8 = 52;
    const NAME: &'static str = "ssh_keys";
    const OWNER: Ownership = Ownership::Organization;
    type Key = String;
    type Row = SshKey;
}

/// Returns the key with an id.
pub fn by_id(store: &Store, id: &SshKeyId) -> Result<Option<SshKey>, StoreError> {
    store.get::<SshKeys>(&id.to_string())
}

/// Returns every key.
pub fn all(store: &Store) -> impl Iterator<Item = Result<SshKey, StoreError>> + use<> {
    store
        .scan::<SshKeys>(&Prefix::all())
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns an organization's keys, as the running write sees them.
pub fn of_organization_in(
    tx: &Tx<'_>,
    organization: &OrganizationId,
) -> Result<Vec<SshKey>, StoreError> {
    tx.scan::<SshKeys>(&Prefix::all())
        .map(|entry| entry.map(|(_, row)| row))
        .filter(|key| {
            key.as_ref()
                .map_or(true, |key| key.organization == *organization)
        })
        .collect()
}

/// Returns the key with an id, as the running write sees it.
pub fn in_tx(tx: &Tx<'_>, id: &SshKeyId) -> Result<Option<SshKey>, StoreError> {
    tx.get::<SshKeys>(&id.to_string())
}

/// Adds or changes a key.
pub fn put(tx: &mut Tx<'_>, key: &SshKey) -> Result<(), StoreError> {
    tx.put::<SshKeys>(&key.id.to_string(), key)
}

/// Removes a key.
pub fn remove(tx: &mut Tx<'_>, id: &SshKeyId) -> Result<(), StoreError> {
    tx.remove::<SshKeys>(&id.to_string())?;
    Ok(())
}
