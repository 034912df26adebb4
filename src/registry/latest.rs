//! A module and the version that stands for it: the latest one that is published.

use std::sync::Arc;

use super::{Error, Registry};
use crate::domain::{
    Lifecycle, Module, ModuleAddress, ModuleVersion, ModuleVersionStatus, latest_of,
};
use crate::storage::tables::modules;

/// How many modules are kept with their latest version. Searches tell of fifteen each.
pub(super) const LATEST_KEPT: usize = 2048;

/// Under which revisions a module and its versions were read.
pub(super) type ModuleRevision = (u64, u64);

impl Registry {
    /// A module's latest version; none where nothing is published.
    pub(super) fn latest_of(&self, module: &Module) -> Result<Option<ModuleVersion>, Error> {
        let mut passed_over = Vec::new();
        for version in modules::versions(&self.store, &module.address).rev() {
            let version = version?;
            if version.status() != ModuleVersionStatus::Ok {
                continue;
            }
            let is_prerelease = version.address.version.is_prerelease();
            if !is_prerelease && version.lifecycle() != Lifecycle::Revoked {
                return Ok(Some(version));
            }
            passed_over.push(version);
        }
        Ok(latest_of(&passed_over).cloned())
    }

    /// The revisions that a module and its versions are read under.
    pub(super) fn module_revision(&self, address: &ModuleAddress) -> ModuleRevision {
        (
            modules::revision(&self.store, address),
            modules::versions_revision(&self.store, address),
        )
    }

    /// A module that has a published version, with the latest of them; remembered until either
    /// may have changed.
    pub(super) fn module_with_latest(
        &self,
        address: &ModuleAddress,
    ) -> Result<Option<Arc<(Module, ModuleVersion)>>, Error> {
        let revision = self.module_revision(address);
        let key = address.folded();
        if let Some(known) = self.latest.get(&key, &revision) {
            return Ok(Some(known));
        }
        let Some(module) = modules::find(&self.store, address)? else {
            return Ok(None);
        };
        let Some(latest) = self.latest_of(&module)? else {
            return Ok(None);
        };
        let found = Arc::new((module, latest));
        self.latest.put(key, revision, Arc::clone(&found));
        Ok(Some(found))
    }
}
