//! An organization's modules page by page; the last page costs as much as the first one.

use std::sync::Arc;

use super::read::ModuleQuery;
use super::read::matches;
use crate::auth::{Grant, ReadModules};
use crate::domain::{Module, ModuleAddress, Namespace};
use crate::registry::base::state::{ModuleInBrief, VersionInBrief};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::tables::modules;

impl Registry {
    /// Returns a page of an organization's modules, published or not, with their versions in brief;
    /// and how many modules there are in all.
    pub fn modules_of(
        &self,
        grant: &Grant<ReadModules>,
        query: &ModuleQuery,
    ) -> Result<(usize, Vec<Arc<ModuleInBrief>>), Error> {
        let addresses = self.addresses_in(&organization_of(grant)?.name)?;
        let wanted = || addresses.iter().filter(|address| matches(address, query));
        let page = wanted()
            .skip(query.offset)
            .take(query.limit)
            // A module that is deleted meanwhile is left out of the page.
            .filter_map(|address| self.remembered_module(address).transpose())
            .collect::<Result<_, _>>()?;
        Ok((wanted().count(), page))
    }

    fn addresses_in(&self, namespace: &Namespace) -> Result<Arc<Vec<ModuleAddress>>, Error> {
        let (key, revision) = (
            namespace.folded(),
            modules::revision_of(&self.store, namespace),
        );
        if let Some(known) = self.state.modules.pages.addresses.get(&key, &revision) {
            return Ok(known);
        }
        let address = |module: Result<Module, _>| module.map(|module| module.address);
        let addresses = modules::list(&self.store, Some(namespace)).map(address);
        let addresses = Arc::new(addresses.collect::<Result<Vec<_>, _>>()?);
        let pages = &self.state.modules.pages.addresses;
        pages.put(key, revision, Arc::clone(&addresses));
        Ok(addresses)
    }

    /// Returns a module with its versions in brief, from the cache while neither has changed;
    /// `None` if there is no such module.
    pub(in crate::registry) fn remembered_module(
        &self,
        address: &ModuleAddress,
    ) -> Result<Option<Arc<ModuleInBrief>>, Error> {
        let revision = self.module_revision(address);
        let key = address.folded();
        if let Some(known) = self.state.modules.pages.modules.get(&key, &revision) {
            return Ok(Some(known));
        }
        let Some(module) = modules::find(&self.store, address)? else {
            return Ok(None);
        };
        let versions = modules::versions(&self.store, address).rev();
        let briefs = versions.map(|version| Ok(VersionInBrief::from(&version?)));
        let versions = briefs.collect::<Result<Vec<_>, Error>>()?;
        let found = Arc::new((module, versions));
        self.state
            .modules
            .pages
            .modules
            .put(key, revision, Arc::clone(&found));
        Ok(Some(found))
    }
}
