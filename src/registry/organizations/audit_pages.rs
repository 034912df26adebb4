//! Whether what an audit event is about still has a page.

use crate::domain::{
    ModuleAddress, ModuleVersionAddress, ModuleVersionStatus, ProviderAddress,
    ProviderVersionAddress, Version,
};
use crate::registry::base::{Error, Registry};
use crate::storage::RowChange;
use crate::storage::tables::{modules, providers};

impl Registry {
    /// Returns whether the row of a change has a page now: it was not removed since, and what it names is
    /// published. The page shows itself to those only who may see it.
    pub fn has_page(&self, change: &RowChange) -> Result<bool, Error> {
        let name = change.name.as_str();
        let (address, number) = name.split_once(' ').unwrap_or((name, ""));
        match change.table.as_str() {
            "organizations" | "organization_names" => Ok(self.organization(address)?.is_some()),
            "modules" => self.has_module_page(address),
            "module_versions" => self.has_module_version_page(address, number),
            "providers" => self.has_provider_page(address),
            "provider_versions" => self.has_provider_version_page(address, number),
            _ => Ok(false),
        }
    }

    fn has_module_page(&self, address: &str) -> Result<bool, Error> {
        match address.parse::<ModuleAddress>() {
            Ok(module) => Ok(self.module_with_latest(&module)?.is_some()),
            Err(_) => Ok(false),
        }
    }

    fn has_module_version_page(&self, address: &str, number: &str) -> Result<bool, Error> {
        let (Ok(module), Ok(version)) = (address.parse(), number.parse::<Version>()) else {
            return Ok(false);
        };
        let address = ModuleVersionAddress { module, version };
        let found = modules::find_version(&self.store, &address)?;
        Ok(found.is_some_and(|version| version.status() == ModuleVersionStatus::Ok))
    }

    fn has_provider_page(&self, address: &str) -> Result<bool, Error> {
        let Ok(provider) = address.parse::<ProviderAddress>() else {
            return Ok(false);
        };
        for version in providers::versions(&self.store, &provider) {
            if version?.publication.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn has_provider_version_page(&self, address: &str, number: &str) -> Result<bool, Error> {
        let (Ok(provider), Ok(version)) = (address.parse(), number.parse::<Version>()) else {
            return Ok(false);
        };
        let address = ProviderVersionAddress { provider, version };
        let found = providers::find_version(&self.store, &address)?;
        Ok(found.is_some_and(|version| version.publication.is_some()))
    }
}
