//! Module addresses by module id.

use crate::domain::{ModuleAddress, ModuleId};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// Addresses by module id. A row changes only when a module is added or removed.
#[derive(Debug)]
pub enum ModuleIds {}

impl Table for ModuleIds {
    const ID: u8 = 50;
    const NAME: &'static str = "module_ids";
    const OWNER: Ownership = Ownership::Index;
    type Key = String;
    type Row = ModuleAddress;
}

/// Returns the address of the module with an id.
pub fn address(store: &Store, id: &ModuleId) -> Result<Option<ModuleAddress>, StoreError> {
    store.get::<ModuleIds>(&id.to_string())
}

/// Returns the revision of the set of modules of all organizations: it changes when a module is
/// added or removed.
pub fn revision(store: &Store) -> u64 {
    store.revision::<ModuleIds>(&Prefix::all())
}

/// Adds a module's id and address, unless the id is there.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    id: &ModuleId,
    address: &ModuleAddress,
) -> Result<(), StoreError> {
    let key = id.to_string();
    if tx.contains::<ModuleIds>(&key)? {
        return Ok(());
    }
    tx.put::<ModuleIds>(&key, address)
}

/// Removes a module's id.
pub(super) fn remove(tx: &mut Tx<'_>, id: &ModuleId) -> Result<(), StoreError> {
    tx.remove::<ModuleIds>(&id.to_string())?;
    Ok(())
}

/// Adds the ids of modules that were written before this table existed.
pub fn fill(tx: &mut Tx<'_>, modules: &[(ModuleId, ModuleAddress)]) -> Result<(), StoreError> {
    for (id, address) in modules {
        insert(tx, id, address)?;
    }
    Ok(())
}
