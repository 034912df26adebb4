//! Creating modules, and changing what is said of them beside their versions.

use super::read::ModuleWithVersions;
use crate::auth::{AdministerModules, Grant, PublishModules, random_bits};
use crate::domain::{
    Module, ModuleAddress, ModuleId, ModuleSettings, Organization, SettingsError, ShortText,
    TagBindingId, TestConfig, TestConfigChange, TestConfigId, Timestamp, VcsRepo, VcsRepoChange,
    replace_tags,
};
use crate::registry::base::{Error, Registry, organization_for};
use crate::storage::tables::modules;

/// What a new module is to be.
#[derive(Debug, Clone)]
pub struct NewModule {
    /// Its address.
    pub address: ModuleAddress,
    /// Whether it may be used without writing code.
    pub no_code: bool,
    /// The repository that it comes from.
    pub vcs_repo: Option<VcsRepo>,
    /// How it is tested.
    pub test_config: Option<TestConfigChange>,
}

impl NewModule {
    /// A module of which nothing more is said.
    pub fn at(address: ModuleAddress) -> Self {
        Self {
            address,
            no_code: false,
            vcs_repo: None,
            test_config: None,
        }
    }
}

/// What is to change of a module; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct ModuleChange {
    /// Whether it may be used without writing code.
    pub no_code: Option<bool>,
    /// The repository that it comes from.
    pub vcs_repo: Option<VcsRepoChange>,
    /// How it is tested.
    pub test_config: Option<TestConfigChange>,
    /// All of its tags: keys and values.
    pub tags: Option<Vec<(ShortText, ShortText)>>,
}

/// A module that is about to be created.
pub(super) fn new_module(
    organization: &Organization,
    address: ModuleAddress,
    settings: ModuleSettings,
    now: Timestamp,
) -> Module {
    Module {
        id: ModuleId::from_random(random_bits()),
        organization: organization.id.clone(),
        // The organization's own spelling of its name is the one that is kept.
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
    /// Creates a module; its versions come later.
    pub fn create_module(
        &self,
        grant: &Grant<PublishModules>,
        new: NewModule,
    ) -> Result<Module, Error> {
        let organization = organization_for(grant, &new.address)?;
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

    /// Changes what is said of a module; gives it with its versions, newest first.
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
