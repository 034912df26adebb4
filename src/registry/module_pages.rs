//! An organization's modules by pages: the last page costs what the first one costs.

use std::sync::Arc;

use super::latest::ModuleRevision;
use super::modules::matches;
use super::rights::organization_of;
use super::{Error, ModuleQuery, Registry, RevisionCache};
use crate::auth::{Grant, ReadModules};
use crate::domain::{
    Module, ModuleAddress, ModuleVersion, ModuleVersionStatus, Namespace, Version,
};
use crate::storage::tables::modules;

/// How many addresses are kept, of all organizations that are looked through.
const ADDRESSES_KEPT: usize = 50_000;

/// How many modules are kept with the short of their versions, counted together: some ten
/// megabytes.
const BRIEFS_KEPT: usize = 80_000;

/// A version, as far as the list of its module tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionInBrief {
    /// The version.
    pub version: Version,
    /// Whether it is there.
    pub status: ModuleVersionStatus,
    /// Whether it is revoked.
    pub revoked: bool,
}

impl From<&ModuleVersion> for VersionInBrief {
    fn from(version: &ModuleVersion) -> Self {
        Self {
            version: version.address.version.clone(),
            status: version.status(),
            revoked: version.revocation.is_some(),
        }
    }
}

/// A module with the short of its versions, newest first.
pub type ModuleInBrief = (Module, Vec<VersionInBrief>);

/// What is remembered for pages.
#[derive(Debug)]
pub(super) struct ModulePages {
    /// The addresses in an organization, in order, by the folded name of its namespace.
    addresses: RevisionCache<String, u64, Vec<ModuleAddress>>,
    /// Modules by the folded address and the revisions of themselves and their versions.
    modules: RevisionCache<String, ModuleRevision, ModuleInBrief>,
}

impl ModulePages {
    pub(super) fn new() -> Self {
        Self {
            addresses: RevisionCache::weighed(ADDRESSES_KEPT, Vec::len),
            modules: RevisionCache::weighed(BRIEFS_KEPT, |(_, versions)| 1 + versions.len()),
        }
    }
}

impl Registry {
    /// A page of an organization's modules, published or not, with the short of their versions; and
    /// how many there are in all.
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
            // One that is deleted meanwhile is not on the page.
            .filter_map(|address| self.remembered_module(address).transpose())
            .collect::<Result<_, _>>()?;
        Ok((wanted().count(), page))
    }

    fn addresses_in(&self, namespace: &Namespace) -> Result<Arc<Vec<ModuleAddress>>, Error> {
        let (key, revision) = (
            namespace.folded(),
            modules::revision_of(&self.store, namespace),
        );
        if let Some(known) = self.pages.addresses.get(&key, &revision) {
            return Ok(known);
        }
        let address = |module: Result<Module, _>| module.map(|module| module.address);
        let addresses = modules::list(&self.store, Some(namespace)).map(address);
        let addresses = Arc::new(addresses.collect::<Result<Vec<_>, _>>()?);
        let pages = &self.pages.addresses;
        pages.put(key, revision, Arc::clone(&addresses));
        Ok(addresses)
    }

    /// A module with the short of its versions.
    pub(super) fn remembered_module(
        &self,
        address: &ModuleAddress,
    ) -> Result<Option<Arc<ModuleInBrief>>, Error> {
        let revision = self.module_revision(address);
        let key = address.folded();
        if let Some(known) = self.pages.modules.get(&key, &revision) {
            return Ok(Some(known));
        }
        let Some(module) = modules::find(&self.store, address)? else {
            return Ok(None);
        };
        let versions = modules::versions(&self.store, address).rev();
        let briefs = versions.map(|version| Ok(VersionInBrief::from(&version?)));
        let versions = briefs.collect::<Result<Vec<_>, Error>>()?;
        let found = Arc::new((module, versions));
        self.pages.modules.put(key, revision, Arc::clone(&found));
        Ok(Some(found))
    }
}
