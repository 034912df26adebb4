//! Finding and listing modules and their versions.

use std::collections::HashMap;
use std::sync::Arc;

use crate::auth::{Action, Caller, Grant, ReadModules};
use crate::domain::{
    Module, ModuleAddress, ModuleId, ModuleName, ModuleOutline, ModuleVersion,
    ModuleVersionAddress, ModuleVersionStatus, Namespace, Organization, OrganizationId, System,
    latest_of,
};
use crate::registry::base::{Error, Registry, organization_for, organization_of};
use crate::storage::tables::{downloads, module_ids, modules, organizations};

/// A query for a page of modules.
#[derive(Debug, Clone, Default)]
pub struct ModuleQuery {
    /// Lists only modules of this namespace; `None` lists all.
    pub namespace: Option<Namespace>,
    /// Lists only modules of this name; `None` lists all.
    pub name: Option<ModuleName>,
    /// Lists only modules for this system; `None` lists all.
    pub system: Option<System>,
    /// How many modules to skip.
    pub offset: usize,
    /// How many modules to return at most.
    pub limit: usize,
}

/// A module as lists show it, with its latest version.
#[derive(Debug, Clone)]
pub struct ModuleListing {
    /// The module.
    pub module: Module,
    /// Its latest published version.
    pub latest: ModuleVersion,
    /// One sentence about the module: its own description, else the summary of its latest version's
    /// README; may be empty.
    pub description: String,
    /// How many times the module was downloaded, all versions together.
    pub downloads: u64,
}

/// One page of a list of modules.
#[derive(Debug, Clone)]
pub struct ModulePage {
    /// The modules, by address.
    pub listings: Vec<ModuleListing>,
    /// Whether there are more after them.
    pub more: bool,
}

/// A published version with its outline; `None` if its archive cannot be read.
pub type OutlinedVersion = (ModuleVersion, Option<Arc<ModuleOutline>>);

/// A module and its versions, newest first.
pub type ModuleWithVersions = (Module, Vec<ModuleVersion>);

impl Registry {
    /// Returns the right to do `A` to the module with an id, and the module's address in its
    /// organization's own spelling.
    ///
    /// An unknown id, and the id of a module that the caller may not see, get the same answer.
    pub fn module_grant_by_id<A: Action>(
        &self,
        caller: &Caller,
        id: &ModuleId,
    ) -> Result<(Grant<A>, ModuleAddress), Error> {
        let missing = || Error::NotFound(format!("the module `{id}`"));
        let Some(address) = module_ids::address(&self.store, id)? else {
            self.require_authenticated(caller)?;
            return Err(missing());
        };
        match self.module_grant(caller, &address) {
            Ok(grant) => Ok((grant, address)),
            Err(Error::NotFound(_)) => Err(missing()),
            Err(error) => Err(error),
        }
    }

    /// Refuses an address that no module has. A wing calls this before it judges the body of a
    /// request about the module.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such module.
    pub fn require_module<A: Action>(
        &self,
        grant: &Grant<A>,
        address: &ModuleAddress,
    ) -> Result<(), Error> {
        organization_for(grant, address)?;
        let found = modules::find(&self.store, address)?;
        found
            .map(|_| ())
            .ok_or_else(|| Error::NotFound(format!("the module `{address}`")))
    }

    /// Refuses an address that no version has, published or not, as [`Registry::require_module`]
    /// does for modules.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such version.
    pub fn require_module_version<A: Action>(
        &self,
        grant: &Grant<A>,
        address: &ModuleVersionAddress,
    ) -> Result<(), Error> {
        organization_for(grant, &address.module)?;
        let found = modules::find_version(&self.store, address)?;
        found
            .map(|_| ())
            .ok_or_else(|| Error::NotFound(format!("the module version `{address}`")))
    }

    /// Returns the module at an address with its versions, newest first, whatever their status.
    pub fn module_with_versions(
        &self,
        grant: &Grant<ReadModules>,
        address: &ModuleAddress,
    ) -> Result<ModuleWithVersions, Error> {
        organization_for(grant, address)?;
        let module = modules::find(&self.store, address)?
            .ok_or_else(|| Error::NotFound(format!("the module `{address}`")))?;
        let versions = modules::versions(&self.store, address)
            .rev()
            .collect::<Result<_, _>>()?;
        Ok((module, versions))
    }

    /// Returns the revision of a module's versions: it changes when one of these versions changes.
    pub fn versions_revision(&self, address: &ModuleAddress) -> u64 {
        modules::versions_revision(&self.store, address)
    }

    /// Returns a revision that changes whenever any row of the registry changes, downloads
    /// included.
    pub fn store_revision(&self) -> u64 {
        self.store.store_revision()
    }

    /// Tells whether the caller may see every module of the organization that a grant was given in.
    pub fn sees_all_modules(
        &self,
        caller: &Caller,
        grant: &Grant<ReadModules>,
    ) -> Result<bool, Error> {
        Ok(self.may_read_modules(caller, organization_of(grant)?, None))
    }

    /// Returns a module's published versions, lowest precedence first.
    pub fn published_versions(
        &self,
        grant: &Grant<ReadModules>,
        address: &ModuleAddress,
    ) -> Result<Arc<Vec<ModuleVersion>>, Error> {
        organization_for(grant, address)?;
        let revision = modules::versions_revision(&self.store, address);
        let (key, cache) = (address.folded(), &self.state.modules.published);
        if let Some(known) = cache.get(&key, &revision) {
            return Ok(known);
        }
        let mut published = Vec::new();
        for version in modules::versions(&self.store, address) {
            let version = version?;
            if version.status() == ModuleVersionStatus::Ok {
                published.push(version);
            }
        }
        if published.is_empty() {
            return Err(Error::NotFound(format!("the module `{address}`")));
        }
        let published = Arc::new(published);
        cache.put(key, revision, Arc::clone(&published));
        Ok(published)
    }

    /// Returns one published version.
    pub fn published_version(
        &self,
        grant: &Grant<ReadModules>,
        address: &ModuleVersionAddress,
    ) -> Result<Arc<ModuleVersion>, Error> {
        organization_for(grant, &address.module)?;
        self.remembered_version(address)?
            .filter(|version| version.status() == ModuleVersionStatus::Ok)
            .ok_or_else(|| Error::NotFound(format!("the module version `{address}`")))
    }

    /// Returns the version of a module that "latest" means.
    pub fn latest_version(
        &self,
        grant: &Grant<ReadModules>,
        address: &ModuleAddress,
    ) -> Result<ModuleVersion, Error> {
        latest_of(&self.published_versions(grant, address)?)
            .cloned()
            .ok_or_else(|| Error::NotFound(format!("the module `{address}`")))
    }

    /// Returns a module that has a published version, as lists show it.
    pub fn listing(
        &self,
        grant: &Grant<ReadModules>,
        address: &ModuleAddress,
    ) -> Result<ModuleListing, Error> {
        let versions = self.published_versions(grant, address)?;
        self.listing_of(grant, address, &versions)
    }

    /// Returns a module as lists show it, for a caller that already has its published versions.
    pub fn listing_of(
        &self,
        grant: &Grant<ReadModules>,
        address: &ModuleAddress,
        versions: &[ModuleVersion],
    ) -> Result<ModuleListing, Error> {
        organization_for(grant, address)?;
        let module = modules::find(&self.store, address)?
            .ok_or_else(|| Error::NotFound(format!("the module `{address}`")))?;
        let latest = latest_of(versions)
            .cloned()
            .ok_or_else(|| Error::NotFound(format!("the module `{address}`")))?;
        // A caller who reads a single module can wait until it is inspected.
        let outline = self.module_outline(&latest)?;
        self.listed((module, latest), |_| outline.summary.clone())
    }

    /// Makes the listing of a module and its latest version; `summary` gives the description of a
    /// module that has none of its own.
    pub(in crate::registry) fn listed(
        &self,
        (module, latest): (Module, ModuleVersion),
        summary: impl FnOnce(&ModuleVersion) -> String,
    ) -> Result<ModuleListing, Error> {
        let mut description = module.description.clone();
        if description.is_empty() {
            description = summary(&latest);
        }
        Ok(ModuleListing {
            downloads: downloads::of_module(&self.store, &module.address)?,
            module,
            latest,
            description,
        })
    }

    fn known_summary(&self, version: &ModuleVersion) -> String {
        let outline = self.outline_for_list(version);
        outline.map_or_else(String::new, |outline| outline.summary.clone())
    }

    /// Returns the systems for which a published module of this name exists, as far as the caller
    /// may see.
    pub fn systems_of(
        &self,
        caller: &Caller,
        address: &ModuleAddress,
    ) -> Result<Vec<System>, Error> {
        let Some(organization) = self.organization(address.namespace.as_str())? else {
            return Ok(Vec::new());
        };
        let mut systems = Vec::new();
        for module in modules::named(&self.store, &address.namespace, &address.name) {
            let module = module?;
            if self.may_read_modules(caller, &organization, Some(&module.address))
                && self.latest_of(&module)?.is_some()
            {
                systems.push(module.address.system);
            }
        }
        Ok(systems)
    }

    /// Returns a module's published versions, lowest precedence first, each with its outline.
    /// Versions that are not inspected yet are inspected now.
    pub fn outlined_versions(
        &self,
        grant: &Grant<ReadModules>,
        address: &ModuleAddress,
    ) -> Result<Vec<OutlinedVersion>, Error> {
        let versions = self.published_versions(grant, address)?;
        Ok(versions
            .iter()
            .map(|version| (version.clone(), self.outline_for_list(version)))
            .collect())
    }

    /// Returns one page of the modules that have a published version and that the caller may see.
    pub fn list_modules(&self, caller: &Caller, query: &ModuleQuery) -> Result<ModulePage, Error> {
        let organizations = self.organizations_for(caller)?;
        let visible = |module: &Module| {
            let organization = organizations.get(&module.organization);
            organization.is_some_and(|it| self.may_read_modules(caller, it, Some(&module.address)))
        };
        let mut page = ModulePage {
            listings: Vec::new(),
            more: false,
        };
        let mut passed = 0;
        for module in modules::list(&self.store, query.namespace.as_ref()) {
            let module = module?;
            if !matches(&module.address, query) || !visible(&module) {
                continue;
            }
            let Some(known) = self.module_with_latest(&module.address)? else {
                continue;
            };
            if passed < query.offset {
                passed += 1;
            } else if page.listings.len() == query.limit {
                page.more = true;
                break;
            } else {
                let listing = self.listed((*known).clone(), |it| self.known_summary(it))?;
                page.listings.push(listing);
            }
        }
        Ok(page)
    }

    /// Returns every organization by its id. Where no organization is public, callers without a
    /// token are refused.
    pub(in crate::registry) fn organizations_for(
        &self,
        caller: &Caller,
    ) -> Result<HashMap<OrganizationId, Organization>, Error> {
        let mut all = HashMap::new();
        for organization in organizations::all(&self.store) {
            let organization = organization?;
            all.insert(organization.id.clone(), organization);
        }
        match caller {
            Caller::Anonymous(fault) if !all.values().any(|organization| organization.public) => {
                Err(Error::Unauthenticated(*fault))
            }
            Caller::Anonymous(_) | Caller::Operator | Caller::Token(_) => Ok(all),
        }
    }

    pub(super) fn remembered_version(
        &self,
        address: &ModuleVersionAddress,
    ) -> Result<Option<Arc<ModuleVersion>>, Error> {
        let row = modules::of_version(address);
        let revision = self.store.revision::<modules::ModuleVersions>(&row);
        if let Some(version) = self.state.modules.versions.get(row.as_bytes(), &revision) {
            return Ok(Some(version));
        }
        Ok(modules::find_version(&self.store, address)?.map(|version| {
            let version = Arc::new(version);
            let key = row.as_bytes().to_vec();
            self.state
                .modules
                .versions
                .put(key, revision, Arc::clone(&version));
            version
        }))
    }
}

pub(super) fn matches(address: &ModuleAddress, query: &ModuleQuery) -> bool {
    let same_name = query
        .name
        .as_ref()
        .is_none_or(|name| name.is_same(&address.name));
    let same_system = query
        .system
        .as_ref()
        .is_none_or(|system| *system == address.system);
    same_name && same_system
}
