//! Deleting versions and modules. A deleted version leaves a tombstone with the checksum of its
//! archive.

use crate::auth::{AdministerModules, Grant};
use crate::domain::{
    Actor, Module, ModuleAddress, ModuleName, ModuleVersion, ModuleVersionAddress, Sha256,
    Timestamp, Tombstone,
};
use crate::registry::base::{Error, Registry, organization_for, organization_of};
use crate::storage::Tx;
use crate::storage::tables::modules;

impl Registry {
    /// Deletes one version; with the last version the module is deleted too.
    pub fn delete_version(
        &self,
        grant: &Grant<AdministerModules>,
        address: &ModuleVersionAddress,
    ) -> Result<(), Error> {
        organization_for(grant, &address.module)?;
        let now = self.now();
        let freed = self.write(&grant.actor(), "delete module version", |tx| {
            let version = modules::version_in_tx(tx, address)?
                .ok_or_else(|| Error::NotFound(format!("the module version `{address}`")))?;
            let mut freed = Vec::new();
            delete(tx, &version, &grant.actor(), now, &mut freed)?;
            if modules::versions_in_tx(tx, &address.module)?.is_empty()
                && let Some(module) = modules::in_tx(tx, &address.module)?
            {
                modules::remove(tx, &module)?;
            }
            Ok(freed)
        })?;
        self.collect_blobs(&freed);
        Ok(())
    }

    /// Deletes a module for one system, with all its versions.
    pub fn delete_module(
        &self,
        grant: &Grant<AdministerModules>,
        address: &ModuleAddress,
    ) -> Result<(), Error> {
        organization_for(grant, address)?;
        let now = self.now();
        let freed = self.write(&grant.actor(), "delete module", |tx| {
            let module = modules::in_tx(tx, address)?
                .ok_or_else(|| Error::NotFound(format!("the module `{address}`")))?;
            delete_whole(tx, &module, &grant.actor(), now)
        })?;
        self.collect_blobs(&freed);
        Ok(())
    }

    /// Deletes the modules of one name for all systems.
    pub fn delete_modules_named(
        &self,
        grant: &Grant<AdministerModules>,
        name: &ModuleName,
    ) -> Result<(), Error> {
        let namespace = &organization_of(grant)?.name;
        let now = self.now();
        let freed = self.write(&grant.actor(), "delete modules of a name", |tx| {
            let named = modules::named_in_tx(tx, (namespace, name.as_str()))?;
            if named.is_empty() {
                return Err(Error::NotFound(format!("the module `{namespace}/{name}`")));
            }
            let mut freed = Vec::new();
            for module in &named {
                freed.extend(delete_whole(tx, module, &grant.actor(), now)?);
            }
            Ok(freed)
        })?;
        self.collect_blobs(&freed);
        Ok(())
    }
}

/// Deletes a module with all its versions, as part of a write; returns the files that may have lost
/// their last row.
pub(in crate::registry) fn delete_whole(
    tx: &mut Tx<'_>,
    module: &Module,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Sha256>, Error> {
    let mut freed = Vec::new();
    for version in modules::versions_in_tx(tx, &module.address)? {
        delete(tx, &version, actor, now, &mut freed)?;
    }
    modules::remove(tx, module)?;
    Ok(freed)
}

fn delete(
    tx: &mut Tx<'_>,
    version: &ModuleVersion,
    actor: &Actor,
    now: Timestamp,
    freed: &mut Vec<Sha256>,
) -> Result<(), Error> {
    let tombstone = version.archive.as_ref().map(|archive| Tombstone {
        address: version.address.clone(),
        sha256: archive.sha256,
        uploaded_sha256: archive.uploaded_sha256,
        deleted_at: now,
        deleted_by: actor.clone(),
    });
    freed.extend(version.archive.as_ref().map(|archive| archive.sha256));
    modules::remove_version(tx, version, tombstone.as_ref())?;
    Ok(())
}
