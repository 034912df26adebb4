//! A module with its latest published version, which stands for the module in lists.

use std::sync::Arc;

use crate::domain::{
    Lifecycle, Module, ModuleAddress, ModuleVersion, ModuleVersionStatus, latest_of,
};
use crate::registry::base::state::ModuleRevision;
use crate::registry::base::{Error, Registry};
use crate::storage::tables::modules;

impl Registry {
    /// Returns a module's latest published version; `None` if no version is published.
    pub(in crate::registry) fn latest_of(
        &self,
        module: &Module,
    ) -> Result<Option<ModuleVersion>, Error> {
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

    /// Returns the revisions of a module and of its versions.
    pub(super) fn module_revision(&self, address: &ModuleAddress) -> ModuleRevision {
        (
            modules::revision(&self.store, address),
            modules::versions_revision(&self.store, address),
        )
    }

    /// Returns a module with its latest published version, from the cache while neither has
    /// changed; `None` if there is no such module or no published version.
    pub(in crate::registry) fn module_with_latest(
        &self,
        address: &ModuleAddress,
    ) -> Result<Option<Arc<(Module, ModuleVersion)>>, Error> {
        let revision = self.module_revision(address);
        let key = address.folded();
        if let Some(known) = self.state.modules.latest.get(&key, &revision) {
            return Ok(Some(known));
        }
        let Some(module) = modules::find(&self.store, address)? else {
            return Ok(None);
        };
        let Some(latest) = self.latest_of(&module)? else {
            return Ok(None);
        };
        let found = Arc::new((module, latest));
        self.state
            .modules
            .latest
            .put(key, revision, Arc::clone(&found));
        Ok(Some(found))
    }
}
