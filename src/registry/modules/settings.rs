//! Creating modules, and changing their settings.

use super::read::ModuleWithVersions;
use crate::auth::{AdministerModules, Grant, PublishModules, random_bits};
use crate::domain::{
    Module, ModuleAddress, ModuleId, ModuleSettings, Organization, SettingsError, ShortText,
    TagBindingId, TestConfig, TestConfigChange, TestConfigId, Timestamp, VcsRepo, VcsRepoChange,
    replace_tags,
};
use crate::registry::base::{Error, Registry, organization_for};
use crate::storage::tables::modules;

/// The settings of a new module.
#[derive(Debug, Clone)]
pub struct NewModule {
    /// Its address.
    pub address: ModuleAddress,
    /// Whether the module may be used without writing code.
    pub no_code: bool,
    /// The repository that the module comes from; `None` if its versions are uploaded.
    pub vcs_repo: Option<VcsRepo>,
    /// How the module is tested; `None` leaves the default.
    pub test_config: Option<TestConfigChange>,
}

impl NewModule {
    /// Returns a new module at an address, with no settings.
    pub fn at(address: ModuleAddress) -> Self {
        Self {
            address,
            no_code: false,
            vcs_repo: None,
            test_config: None,
        }
    }
}

/// A change of a module's settings; what is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ModuleChange {
    /// Whether the module may be used without writing code.
    pub no_code: Option<bool>,
    /// The repository that the module comes from.
    pub vcs_repo: Option<VcsRepoChange>,
    /// How the module is tested.
    pub test_config: Option<TestConfigChange>,
    /// All tags, as pairs of key and value; they replace the present ones.
    pub tags: Option<Vec<(ShortText, ShortText)>>,
}

/// Returns the row of a module that is about to be created.
pub(super) fn new_module(
    organization: &Organization,
    address: ModuleAddress,
    settings: ModuleSettings,
    now: Timestamp,
) -> Module {
    Module {
        id: ModuleId::from_random(random_bits()),
        organization: organization.id.clone(),
        // The row keeps the organization's own spelling of its name.
        address: ModuleAddress {
            namespace: organization.name.clone(),
            ..address
        },
        description: String::new(),
        settings,
        created_at: now,
        updated_at: now,
    }
}

impl Registry {
    /// Creates a module without versions.
    pub fn create_module(
        &self,
        grant: &Grant<PublishModules>,
        new: NewModule,
    ) -> Result<Module, Error> {
        let organization = organization_for(grant, &new.address)?;
        self.require_room()?;
        let test_config = new
            .test_config
            .map(|change| no_tests().changed(change))
            .transpose()?;
        let settings = ModuleSettings {
            no_code: new.no_code,
            vcs_repo: new.vcs_repo.map(VcsRepo::checked).transpose()?,
            test_config,
            tags: Vec::new(),
        };
        let module = new_module(organization, new.address, settings, self.now());
        self.write(&grant.actor(), "create module", |tx| {
            if modules::in_tx(tx, &module.address)?.is_some() {
                return Err(Error::AlreadyExists(format!(
                    "the module `{}`",
                    module.address
                )));
            }
            modules::put(tx, &module)?;
            Ok(())
        })?;
        Ok(module)
    }

    /// Changes a module's settings; returns the module with its versions, newest first.
    pub fn update_module(
        &self,
        grant: &Grant<AdministerModules>,
        address: &ModuleAddress,
        change: ModuleChange,
    ) -> Result<ModuleWithVersions, Error> {
        organization_for(grant, address)?;
        let now = self.now();
        self.write(&grant.actor(), "update module", |tx| {
            let mut module = modules::in_tx(tx, address)?
                .ok_or_else(|| Error::NotFound(format!("the module `{address}`")))?;
            let settings = changed(module.settings.clone(), change)?;
            if settings != module.settings {
                module.settings = settings;
                module.updated_at = now;
                modules::put(tx, &module)?;
            }
            let mut versions = modules::versions_in_tx(tx, address)?;
            versions.reverse();
            Ok((module, versions))
        })
    }
}

fn no_tests() -> TestConfig {
    TestConfig::new(TestConfigId::from_random(random_bits()))
}

fn changed(before: ModuleSettings, change: ModuleChange) -> Result<ModuleSettings, Error> {
    let vcs_repo = match (before.vcs_repo, change.vcs_repo) {
        (Some(repo), Some(change)) => Some(repo.changed(change)?),
        (None, Some(_)) => {
            let reason = "this module comes from no repository; its versions are uploaded";
            return Err(Error::invalid("vcs-repo", reason));
        }
        (repo, None) => repo,
    };
    let test_config = match (before.test_config, change.test_config) {
        (config, Some(change)) => Some(config.unwrap_or_else(no_tests).changed(change)?),
        (config, None) => config,
    };
    let new_id = || TagBindingId::from_random(random_bits());
    let tags = match change.tags {
        Some(wanted) => replace_tags(&before.tags, wanted, new_id)?,
        None => before.tags,
    };
    Ok(ModuleSettings {
        no_code: change.no_code.unwrap_or(before.no_code),
        vcs_repo,
        test_config,
        tags,
    })
}

impl From<SettingsError> for Error {
    fn from(error: SettingsError) -> Self {
        Self::invalid(error.field, error)
    }
}
