//! Organizations by id and by name.

use crate::domain::{Namespace, Organization, OrganizationId};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// Organizations by their id.
#[derive(Debug)]
pub enum Organizations {}

impl Table for Organizations {
    const ID: u8 = 1;
    const NAME: &'static str = "organizations";
    const OWNER: Ownership = Ownership::Organization;
    type Key = String;
    type Row = Organization;
}

/// Organization ids by the skeleton of the name: names that look alike have the same key.
#[derive(Debug)]
pub enum OrganizationNames {}

impl Table for OrganizationNames {
    const ID: u8 = 2;
    const NAME: &'static str = "organization_names";
    const OWNER: Ownership = Ownership::Index;
    type Key = String;
    type Row = OrganizationId;
}

fn key(id: &OrganizationId) -> String {
    id.as_str().to_owned()
}

/// Returns the organization with an id.
pub fn by_id(store: &Store, id: &OrganizationId) -> Result<Option<Organization>, StoreError> {
    store.get::<Organizations>(&key(id))
}

/// Returns the organization with a name; upper and lower case are equal. A name that only looks
/// alike is not the same name.
pub fn by_name(store: &Store, name: &Namespace) -> Result<Option<Organization>, StoreError> {
    let Some(id) = store.get::<OrganizationNames>(&name.skeleton())? else {
        return Ok(None);
    };
    let found = by_id(store, &id)?;
    Ok(found.filter(|organization| organization.name.is_same(name)))
}

/// Returns every organization, sorted by id.
pub fn all(store: &Store) -> impl Iterator<Item = Result<Organization, StoreError>> + use<> {
    store
        .scan::<Organizations>(&Prefix::all())
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns the organization name in use that is equal to `name` or easily mistaken for it.
pub fn look_alike(tx: &Tx<'_>, name: &Namespace) -> Result<Option<Namespace>, StoreError> {
    let Some(id) = tx.get::<OrganizationNames>(&name.skeleton())? else {
        return Ok(None);
    };
    Ok(in_tx(tx, &id)?.map(|organization| organization.name))
}

/// Returns the organization with an id, as the running write sees it.
pub fn in_tx(tx: &Tx<'_>, id: &OrganizationId) -> Result<Option<Organization>, StoreError> {
    tx.get::<Organizations>(&key(id))
}

/// Returns every organization, as the running write sees it.
pub fn all_in_tx(tx: &Tx<'_>) -> Result<Vec<Organization>, StoreError> {
    tx.scan::<Organizations>(&Prefix::all())
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// Adds an organization; the caller has checked that the name is free.
pub fn insert(tx: &mut Tx<'_>, organization: &Organization) -> Result<(), StoreError> {
    tx.put::<OrganizationNames>(&organization.name.skeleton(), &organization.id)?;
    update(tx, organization)
}

/// Removes an organization and frees its name; the caller has removed what belonged to it.
pub fn remove(tx: &mut Tx<'_>, id: &OrganizationId, name: &Namespace) -> Result<(), StoreError> {
    tx.remove::<OrganizationNames>(&name.skeleton())?;
    tx.remove::<Organizations>(&key(id))?;
    Ok(())
}

/// Changes an organization; the name must stay the same.
pub fn update(tx: &mut Tx<'_>, organization: &Organization) -> Result<(), StoreError> {
    tx.put::<Organizations>(&key(&organization.id), organization)
}
