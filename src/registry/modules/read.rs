//! Modules: find, list.

use std::collections::HashMap;
use std::sync::Arc;

use crate::auth::{Action, Caller, Grant, ReadModules};
use crate::domain::{
    Module, ModuleAddress, ModuleId, ModuleName, ModuleOutline, ModuleVersion,
    ModuleVersionAddress, ModuleVersionStatus, Namespace, Organization, OrganizationId, System,
    latest_of,
};
use crate::registry::base::{Error, Registry, may_see, organization_for, organization_of};
use crate::storage::tables::{downloads, module_ids, modules, organizations};

/// Which modules to list.
#[derive(Debug, Clone, Default)]
pub struct ModuleQuery {
    /// Only those of this namespace.
    pub namespace: Option<Namespace>,
    /// Only those of this name.
    pub name: Option<ModuleName>,
    /// Only those for this system.
    pub system: Option<System>,
    /// How many to pass over.
    pub offset: usize,
    /// How many to give at the most.
    pub limit: usize,
}

/// A module in a list: with its latest version.
#[derive(Debug, Clone)]
pub struct ModuleListing {
    /// The module.
    pub module: Module,
    /// Its latest published version.
    pub latest: ModuleVersion,
    /// What it is, in one sentence: as given, else as the README of its latest version says.
    pub description: String,
    /// How often it was downloaded, all versions together.
    pub downloads: u64,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct ModulePage {
    /// The modules, by address.
    pub listings: Vec<ModuleListing>,
    /// Whether there are more after them.
    pub more: bool,
}

/// A published version, and the short of its documentation where it has been inspected.
pub type OutlinedVersion = (ModuleVersion, Option<Arc<ModuleOutline>>);

/// A module and its versions, newest first.
pub type ModuleWithVersions = (Module, Vec<ModuleVersion>);

impl Registry {
    /// Where the module of an id is, in its organization's own words, and the right to do `A` to it.
    ///
    /// An id that nothing has, and one of what the caller may not see, get the same answer.
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

    /// The module at an address and its versions, newest first, whatever their status.
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

    /// The revision of a module's versions: what was made of them holds while it stays.
    pub fn versions_revision(&self, address: &ModuleAddress) -> u64 {
        modules::versions_revision(&self.store, address)
    }

    /// A revision that changes whenever anything in the registry does, downloads included.
    pub fn store_revision(&self) -> u64 {
        self.store.store_revision()
    }

    /// Whether the caller may see every module of the organization that a grant was given in.
    pub fn sees_all_modules(
        &self,
        caller: &Caller,
        grant: &Grant<ReadModules>,
    ) -> Result<bool, Error> {
        Ok(may_see(caller, organization_of(grant)?, None))
    }

    /// A module's published versions, lowest precedence first.
    pub fn published_versions(
        &self,
        grant: &Grant<ReadModules>,
        address: &ModuleAddress,
    ) -> Result<Vec<ModuleVersion>, Error> {
        organization_for(grant, address)?;
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
        Ok(published)
    }

    /// One published version.
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

    /// The version that "latest" means for a module.
    pub fn latest_version(
        &self,
        grant: &Grant<ReadModules>,
        address: &ModuleAddress,
    ) -> Result<ModuleVersion, Error> {
        latest_of(&self.published_versions(grant, address)?)
            .cloned()
            .ok_or_else(|| Error::NotFound(format!("the module `{address}`")))
    }

    /// A published module as a list shows it.
    pub fn listing(
        &self,
        grant: &Grant<ReadModules>,
        address: &ModuleAddress,
    ) -> Result<ModuleListing, Error> {
        let versions = self.published_versions(grant, address)?;
        self.listing_of(grant, address, &versions)
    }

    /// The same, for whoever has the published versions at hand.
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
        // Whoever asks for one module can wait until it has been read.
        let digest = self.module_outline(&latest)?;
        self.listed((module, latest), |_| digest.summary.clone())
    }

    /// What a list shows of a module and its latest version; `summary` says what it is where the
    /// module itself does not.
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
        let digest = self.outline_or_enqueue(version);
        digest.map_or_else(String::new, |digest| digest.summary.clone())
    }

    /// The systems that there is a published module of this name for, as far as the caller may see.
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
            if may_see(caller, &organization, Some(&module.address))
                && self.latest_of(&module)?.is_some()
            {
                systems.push(module.address.system);
            }
        }
        Ok(systems)
    }

    /// A module's published versions, lowest precedence first, each with what was read of it.
    pub fn outlined_versions(
        &self,
        grant: &Grant<ReadModules>,
        address: &ModuleAddress,
    ) -> Result<Vec<OutlinedVersion>, Error> {
        let versions = self.published_versions(grant, address)?;
        Ok(versions
            .into_iter()
            .map(|version| {
                let digest = self.outline_or_enqueue(&version);
                (version, digest)
            })
            .collect())
    }

    /// One page of the modules that the caller may see and that have a published version.
    pub fn list_modules(&self, caller: &Caller, query: &ModuleQuery) -> Result<ModulePage, Error> {
        let organizations = self.organizations_for(caller)?;
        let visible = |module: &Module| {
            let organization = organizations.get(&module.organization);
            organization.is_some_and(|it| may_see(caller, it, Some(&module.address)))
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
            let Some(latest) = self.latest_of(&module)? else {
                continue;
            };
            if passed < query.offset {
                passed += 1;
            } else if page.listings.len() == query.limit {
                page.more = true;
                break;
            } else {
                let listing = self.listed((module, latest), |it| self.known_summary(it))?;
                page.listings.push(listing);
            }
        }
        Ok(page)
    }

    /// Every organization by its id. Where nothing is public, nobody looks without a token.
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
