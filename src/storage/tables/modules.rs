//! Modules, their versions, and what stays of deleted ones.

use super::{blobs, module_ids};
use crate::domain::{
    Module, ModuleAddress, ModuleName, ModuleVersion, ModuleVersionAddress, Namespace, Tombstone,
    Version,
};
use crate::storage::{Key, KeyReader, KeyWriter, Ownership, Prefix, Store, StoreError, Table, Tx};

/// The folded parts of a module address: two addresses that differ in case are one key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModuleKey {
    namespace: String,
    name: String,
    system: String,
}

impl From<&ModuleAddress> for ModuleKey {
    fn from(address: &ModuleAddress) -> Self {
        Self {
            namespace: address.namespace.folded(),
            name: address.name.folded(),
            system: address.system.folded(),
        }
    }
}

impl Key for ModuleKey {
    fn encode(&self, to: &mut KeyWriter) {
        to.text(&self.namespace).text(&self.name).text(&self.system);
    }

    fn decode(from: &mut KeyReader<'_>) -> Option<Self> {
        Some(Self {
            namespace: from.text()?,
            name: from.text()?,
            system: from.text()?,
        })
    }
}

/// Modules by address.
#[derive(Debug)]
pub enum Modules {}

impl Table for Modules {
    const ID: u8 = 12;
    const NAME: &'static str = "modules";
    const OWNER: Ownership = Ownership::Namespace;
    const GROUP_SEGMENTS: usize = 1;
    type Key = ModuleKey;
    type Row = Module;
}

/// Versions by address and precedence.
#[derive(Debug)]
pub enum ModuleVersions {}

impl Table for ModuleVersions {
    const ID: u8 = 13;
    const NAME: &'static str = "module_versions";
    const OWNER: Ownership = Ownership::Namespace;
    const GROUP_SEGMENTS: usize = 3;
    type Key = (ModuleKey, Version);
    type Row = ModuleVersion;
}

/// What stays of deleted versions.
#[derive(Debug)]
pub enum Tombstones {}

impl Table for Tombstones {
    const ID: u8 = 14;
    const NAME: &'static str = "module_tombstones";
    const OWNER: Ownership = Ownership::Tombstone;
    const GROUP_SEGMENTS: usize = 3;
    type Key = (ModuleKey, Version);
    type Row = Tombstone;
}

/// The module that a row of these tables is of, by the row's table and key.
pub fn changed(table: &str, key: &[u8]) -> Option<ModuleAddress> {
    let is_of_module = [Modules::NAME, ModuleVersions::NAME].contains(&table);
    is_of_module.then(|| address_of(key)).flatten()
}

/// The module whose folded address a key begins with.
pub(super) fn address_of(key: &[u8]) -> Option<ModuleAddress> {
    let mut reader = KeyReader::new(key);
    Some(ModuleAddress {
        namespace: reader.text()?,
        name: reader.text()?,
        system: reader.text()?,
    })
}

pub(super) fn version_key(address: &ModuleVersionAddress) -> (ModuleKey, Version) {
    (ModuleKey::from(&address.module), address.version.clone())
}

/// A version's row, whatever the spelling of its address; it shares its revision with all
/// versions of its module.
pub fn of_version(address: &ModuleVersionAddress) -> Prefix {
    Prefix::key(&version_key(address))
}

fn of_namespace(namespace: &Namespace) -> Prefix {
    Prefix::of(|key| key.text(&namespace.folded()))
}

fn of_module(address: &ModuleAddress) -> Prefix {
    Prefix::key(&ModuleKey::from(address))
}

/// The revision of a module's row, which it shares with its namespace.
pub fn revision(store: &Store, address: &ModuleAddress) -> u64 {
    store.revision::<Modules>(&of_module(address))
}

/// The revision of a namespace's modules.
pub fn revision_of(store: &Store, namespace: &Namespace) -> u64 {
    store.revision::<Modules>(&of_namespace(namespace))
}

/// The revision of one module's versions.
pub fn versions_revision(store: &Store, address: &ModuleAddress) -> u64 {
    store.revision::<ModuleVersions>(&of_module(address))
}

/// The module at an address.
pub fn find(store: &Store, address: &ModuleAddress) -> Result<Option<Module>, StoreError> {
    store.get::<Modules>(&ModuleKey::from(address))
}

/// Modules by address: all, or those of one namespace.
pub fn list(
    store: &Store,
    namespace: Option<&Namespace>,
) -> impl Iterator<Item = Result<Module, StoreError>> + use<> {
    let prefix = namespace.map_or_else(Prefix::all, of_namespace);
    store
        .scan::<Modules>(&prefix)
        .map(|entry| entry.map(|(_, row)| row))
}

/// The modules of one name in a namespace, for all systems.
pub fn named(
    store: &Store,
    namespace: &Namespace,
    name: &ModuleName,
) -> impl Iterator<Item = Result<Module, StoreError>> + use<> {
    let prefix = Prefix::of(|key| key.text(&namespace.folded()).text(&name.folded()));
    store
        .scan::<Modules>(&prefix)
        .map(|entry| entry.map(|(_, row)| row))
}

/// One version.
pub fn find_version(
    store: &Store,
    address: &ModuleVersionAddress,
) -> Result<Option<ModuleVersion>, StoreError> {
    store.get::<ModuleVersions>(&version_key(address))
}

/// A module's versions, lowest precedence first.
pub fn versions(
    store: &Store,
    address: &ModuleAddress,
) -> impl DoubleEndedIterator<Item = Result<ModuleVersion, StoreError>> + use<> {
    store
        .scan::<ModuleVersions>(&of_module(address))
        .map(|entry| entry.map(|(_, row)| row))
}

/// The module at an address, as the write that is under way sees it.
pub fn in_tx(tx: &Tx<'_>, address: &ModuleAddress) -> Result<Option<Module>, StoreError> {
    tx.get::<Modules>(&ModuleKey::from(address))
}

/// Every module of a namespace, as the write that is under way sees them.
pub fn all_in_tx(tx: &Tx<'_>, namespace: &Namespace) -> Result<Vec<Module>, StoreError> {
    tx.scan::<Modules>(&of_namespace(namespace))
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// The modules of a namespace and name, for all systems, as the write that is under way sees them.
pub fn named_in_tx(tx: &Tx<'_>, address: (&Namespace, &str)) -> Result<Vec<Module>, StoreError> {
    let (namespace, name) = address;
    let prefix = Prefix::of(|key| {
        key.text(&namespace.folded())
            .text(&name.to_ascii_lowercase())
    });
    tx.scan::<Modules>(&prefix)
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// One version, as the write that is under way sees it.
pub fn version_in_tx(
    tx: &Tx<'_>,
    address: &ModuleVersionAddress,
) -> Result<Option<ModuleVersion>, StoreError> {
    tx.get::<ModuleVersions>(&version_key(address))
}

/// A module's versions, as the write that is under way sees them.
pub fn versions_in_tx(
    tx: &Tx<'_>,
    address: &ModuleAddress,
) -> Result<Vec<ModuleVersion>, StoreError> {
    tx.scan::<ModuleVersions>(&of_module(address))
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// What stays of a deleted version, as the write that is under way sees it.
pub fn tombstone_in_tx(
    tx: &Tx<'_>,
    address: &ModuleVersionAddress,
) -> Result<Option<Tombstone>, StoreError> {
    tx.get::<Tombstones>(&version_key(address))
}

/// Adds or changes a module.
pub fn put(tx: &mut Tx<'_>, module: &Module) -> Result<(), StoreError> {
    module_ids::insert(tx, &module.id, &module.address)?;
    tx.put::<Modules>(&ModuleKey::from(&module.address), module)
}

/// Removes a module that has no version any more.
pub fn remove(tx: &mut Tx<'_>, module: &Module) -> Result<(), StoreError> {
    module_ids::remove(tx, &module.id)?;
    tx.remove::<Modules>(&ModuleKey::from(&module.address))?;
    Ok(())
}

/// Adds or changes a version; a blob that it newly names is counted.
pub fn put_version(tx: &mut Tx<'_>, version: &ModuleVersion) -> Result<(), StoreError> {
    let key = version_key(&version.address);
    let before = tx.get::<ModuleVersions>(&key)?.and_then(|row| row.archive);
    if let Some(before) = before {
        blobs::forget(tx, &before.sha256)?;
    }
    if let Some(archive) = &version.archive {
        blobs::refer(tx, &archive.sha256, archive.size)?;
    }
    tx.put::<ModuleVersions>(&key, version)
}

/// Removes a version and leaves the tombstone, where it had been published.
pub fn remove_version(
    tx: &mut Tx<'_>,
    version: &ModuleVersion,
    tombstone: Option<&Tombstone>,
) -> Result<(), StoreError> {
    let key = version_key(&version.address);
    if let Some(archive) = &version.archive {
        blobs::forget(tx, &archive.sha256)?;
    }
    if let Some(tombstone) = tombstone {
        tx.put::<Tombstones>(&key, tombstone)?;
    }
    tx.remove::<ModuleVersions>(&key)?;
    Ok(())
}
