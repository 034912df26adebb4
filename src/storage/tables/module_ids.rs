//! Where the module of each id is.

use crate::domain::{ModuleAddress, ModuleId};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// Addresses by module id. A row changes only when a module comes or goes.
#[derive(Debug)]
pub enum ModuleIds {}

impl Table for ModuleIds {
    const ID: u8 = 50;
    const NAME: &'static str = "module_ids";
    const OWNER: Ownership = Ownership::Index;
    type Key = String;
    type Row = ModuleAddress;
}

/// The address of the module with an id.
pub fn address(store: &Store, id: &ModuleId) -> Result<Option<ModuleAddress>, StoreError> {
    store.get::<ModuleIds>(&id.to_string())
}

/// The revision of which modules there are, of whatever organization.
pub fn revision(store: &Store) -> u64 {
    store.revision::<ModuleIds>(&Prefix::all())
}

/// Notes where a module is, unless that is known.
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

/// Forgets a module.
pub(super) fn remove(tx: &mut Tx<'_>, id: &ModuleId) -> Result<(), StoreError> {
    tx.remove::<ModuleIds>(&id.to_string())?;
    Ok(())
}

/// Notes where modules are that were written before their ids were kept.
pub fn fill(tx: &mut Tx<'_>, modules: &[(ModuleId, ModuleAddress)]) -> Result<(), StoreError> {
    for (id, address) in modules {
        insert(tx, id, address)?;
    }
    Ok(())
}
