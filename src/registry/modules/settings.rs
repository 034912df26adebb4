//! Creating modules, and changing their settings.

use super::read::ModuleWithVersions;
use crate::auth::{AdministerModules, Grant, PublishModules, random_bits};
use crate::domain::{
    KeptChange, MOST_MODULE_TAGS, Module, ModuleAddress, ModuleId, ModuleSettings, Organization,
    ShortText, Timestamp,
};
use crate::registry::base::{Error, Registry, organization_for, replace_tags};
use crate::storage::tables::modules;

/// A change of a module's settings; what is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ModuleChange {
    /// All tags, as pairs of key and value; they replace the present ones.
    pub tags: Option<Vec<(ShortText, ShortText)>>,
    /// Settings for features that are not here yet.
    pub kept: KeptChange,
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
    /// Creates a module without versions; `kept` are settings for features that are not here yet.
    pub fn create_module(
        &self,
        grant: &Grant<PublishModules>,
        address: ModuleAddress,
        kept: KeptChange,
    ) -> Result<Module, Error> {
        let organization = organization_for(grant, &address)?;
        let room = self.require_room();
        let mut settings = ModuleSettings::default();
        settings.kept.apply(kept);
        let module = new_module(organization, address, settings, self.now());
        self.write(&grant.actor(), "create module", |tx| {
            if modules::in_tx(tx, &module.address)?.is_some() {
                return Err(Error::AlreadyExists(format!(
                    "the module `{}`",
                    module.address
                )));
            }
            room?;
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

fn changed(before: ModuleSettings, change: ModuleChange) -> Result<ModuleSettings, Error> {
    let mut settings = before;
    if let Some(wanted) = change.tags {
        settings.tags = replace_tags(&settings.tags, wanted, MOST_MODULE_TAGS)?;
    }
    settings.kept.apply(change.kept);
    Ok(settings)
}
