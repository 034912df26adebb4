//! Modules, their versions, and the tombstones of deleted versions.

use super::{blobs, module_ids, unpublished, usage};
use crate::domain::{
    Module, ModuleAddress, ModuleName, ModuleVersion, ModuleVersionAddress, Namespace,
    PublishedArchive, Tombstone, Version,
};
use crate::storage::{Key, KeyReader, KeyWriter, Ownership, Prefix, Store, StoreError, Table, Tx};

/// The folded parts of a module address: two addresses that differ only in case have the same key.
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

/// Versions by module address and version precedence.
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

/// Tombstones of deleted versions, by module address and version.
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

/// Returns the module that a row belongs to; `None` if the row is of another table.
pub fn changed(table: &str, key: &[u8]) -> Option<ModuleAddress> {
    let is_of_module = [Modules::NAME, ModuleVersions::NAME].contains(&table);
    is_of_module.then(|| address_of(key)).flatten()
}

/// Returns the module whose folded address a key begins with.
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

/// Returns the prefix of a version's row, independent of the case of its address.
///
/// The row shares its revision with all versions of its module.
pub fn of_version(address: &ModuleVersionAddress) -> Prefix {
    Prefix::key(&version_key(address))
}

fn of_namespace(namespace: &Namespace) -> Prefix {
    Prefix::of(|key| key.text(&namespace.folded()))
}

fn of_module(address: &ModuleAddress) -> Prefix {
    Prefix::key(&ModuleKey::from(address))
}

/// Returns the revision of a module's row, which it shares with all modules of its namespace.
pub fn revision(store: &Store, address: &ModuleAddress) -> u64 {
    store.revision::<Modules>(&of_module(address))
}

/// Returns the revision of a namespace's modules.
pub fn revision_of(store: &Store, namespace: &Namespace) -> u64 {
    store.revision::<Modules>(&of_namespace(namespace))
}

/// Returns the revision of one module's versions.
pub fn versions_revision(store: &Store, address: &ModuleAddress) -> u64 {
    store.revision::<ModuleVersions>(&of_module(address))
}

/// Returns the module at an address.
pub fn find(store: &Store, address: &ModuleAddress) -> Result<Option<Module>, StoreError> {
    store.get::<Modules>(&ModuleKey::from(address))
}

/// Returns every version of every module.
pub fn all_versions(
    store: &Store,
) -> impl Iterator<Item = Result<ModuleVersion, StoreError>> + use<> {
    store
        .scan::<ModuleVersions>(&Prefix::all())
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns modules sorted by address: all of them, or those of one namespace.
pub fn list(
    store: &Store,
    namespace: Option<&Namespace>,
) -> impl Iterator<Item = Result<Module, StoreError>> + use<> {
    let prefix = namespace.map_or_else(Prefix::all, of_namespace);
    store
        .scan::<Modules>(&prefix)
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns the modules with one name in a namespace, for all systems.
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

/// Returns one version.
pub fn find_version(
    store: &Store,
    address: &ModuleVersionAddress,
) -> Result<Option<ModuleVersion>, StoreError> {
    store.get::<ModuleVersions>(&version_key(address))
}

/// Returns a module's versions, lowest precedence first.
pub fn versions(
    store: &Store,
    address: &ModuleAddress,
) -> impl DoubleEndedIterator<Item = Result<ModuleVersion, StoreError>> + use<> {
    store
        .scan::<ModuleVersions>(&of_module(address))
        .map(|entry| entry.map(|(_, row)| row))
}

/// Returns the module at an address, as the running write sees it.
pub fn in_tx(tx: &Tx<'_>, address: &ModuleAddress) -> Result<Option<Module>, StoreError> {
    tx.get::<Modules>(&ModuleKey::from(address))
}

/// Returns every module of a namespace, as the running write sees them.
pub fn all_in_tx(tx: &Tx<'_>, namespace: &Namespace) -> Result<Vec<Module>, StoreError> {
    tx.scan::<Modules>(&of_namespace(namespace))
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// Returns the modules with one name in a namespace, for all systems, as the running write sees
/// them.
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

/// Returns one version, as the running write sees it.
pub fn version_in_tx(
    tx: &Tx<'_>,
    address: &ModuleVersionAddress,
) -> Result<Option<ModuleVersion>, StoreError> {
    tx.get::<ModuleVersions>(&version_key(address))
}

/// Returns a module's versions, as the running write sees them.
pub fn versions_in_tx(
    tx: &Tx<'_>,
    address: &ModuleAddress,
) -> Result<Vec<ModuleVersion>, StoreError> {
    tx.scan::<ModuleVersions>(&of_module(address))
        .map(|entry| entry.map(|(_, row)| row))
        .collect()
}

/// Returns the module's other versions with the precedence of this one, and the tombstones of such
/// versions, as the running write sees them: their numbers differ in build metadata only.
pub fn same_precedence_in_tx(
    tx: &Tx<'_>,
    address: &ModuleVersionAddress,
) -> Result<(Vec<ModuleVersion>, Vec<Tombstone>), StoreError> {
    let number = &address.version;
    let prefix = Prefix::precedence(&ModuleKey::from(&address.module), number);
    let versions = tx.scan::<ModuleVersions>(&prefix);
    let tombstones = tx.scan::<Tombstones>(&prefix);
    let (mut versions, mut tombstones) = (
        versions
            .map(|entry| entry.map(|(_, row)| row))
            .collect::<Result<Vec<_>, _>>()?,
        tombstones
            .map(|entry| entry.map(|(_, row)| row))
            .collect::<Result<Vec<_>, _>>()?,
    );
    versions.retain(|other| other.address.version != *number);
    tombstones.retain(|other| other.address.version != *number);
    Ok((versions, tombstones))
}

/// Returns the tombstone of a deleted version, as the running write sees it.
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

/// Removes a module; the caller has removed its versions.
pub fn remove(tx: &mut Tx<'_>, module: &Module) -> Result<(), StoreError> {
    module_ids::remove(tx, &module.id)?;
    tx.remove::<Modules>(&ModuleKey::from(&module.address))?;
    Ok(())
}

/// Adds or changes a version and counts the references to its blob.
pub fn put_version(tx: &mut Tx<'_>, version: &ModuleVersion) -> Result<(), StoreError> {
    let key = version_key(&version.address);
    let before = tx.get::<ModuleVersions>(&key)?.and_then(|row| row.archive);
    if let Some(before) = &before {
        blobs::forget(tx, &before.sha256)?;
    }
    if let Some(archive) = &version.archive {
        blobs::refer(tx, &archive.sha256, archive.size)?;
    }
    count_archive(tx, version, before.as_ref(), version.archive.as_ref())?;
    unpublished::note_module(tx, &version.address, version.archive.is_none())?;
    tx.put::<ModuleVersions>(&key, version)
}

/// Counts that the archive of a version is replaced.
fn count_archive(
    tx: &mut Tx<'_>,
    version: &ModuleVersion,
    before: Option<&PublishedArchive>,
    after: Option<&PublishedArchive>,
) -> Result<(), StoreError> {
    let size = |archive: Option<&PublishedArchive>| archive.map_or(0, |archive| archive.size);
    usage::change(tx, &version.address.module.namespace, |usage| {
        usage::replace(&mut usage.published, size(before), size(after));
    })
}

/// Removes a version and writes the tombstone, which it has if it had been published.
pub fn remove_version(
    tx: &mut Tx<'_>,
    version: &ModuleVersion,
    tombstone: Option<&Tombstone>,
) -> Result<(), StoreError> {
    let key = version_key(&version.address);
    if let Some(archive) = &version.archive {
        blobs::forget(tx, &archive.sha256)?;
    }
    count_archive(tx, version, version.archive.as_ref(), None)?;
    unpublished::note_module(tx, &version.address, false)?;
    if let Some(tombstone) = tombstone {
        tx.put::<Tombstones>(&key, tombstone)?;
    }
    tx.remove::<ModuleVersions>(&key)?;
    Ok(())
}
