//! The modules of public registries that an organization recommends. The registry does not check
//! that they exist, because it may have no connection to the internet.

use super::settings::ModuleChange;
use crate::auth::{
    Action, AdministerModules, Caller, Grant, PublishModules, ReadModules, random_bits,
};
use crate::domain::{
    KeptAttributes, KeptChange, MOST_MODULE_TAGS, ModuleAddress, ModuleId, ModuleName, Namespace,
    Organization, PublicModule, System,
};
use crate::registry::base::{Error, Registry, organization_of, replace_tags};
use crate::storage::tables::{organizations, public_modules};

impl Registry {
    /// Puts a public module into the list of an organization; `kept` are settings for features that
    /// are not here yet.
    pub fn add_public_module(
        &self,
        grant: &Grant<PublishModules>,
        address: ModuleAddress,
        kept: KeptChange,
    ) -> Result<PublicModule, Error> {
        let organization = curating(grant)?;
        let mut settings = KeptAttributes::default();
        settings.apply(kept);
        if address.namespace.is_same(&organization.name) {
            let reason = "this is the organization's own namespace; create a private module";
            return Err(Error::invalid("namespace", reason));
        }
        let module = PublicModule {
            id: ModuleId::from_random(random_bits()),
            organization: organization.id.clone(),
            address,
            tags: Vec::new(),
            kept: settings,
            created_at: self.now(),
        };
        self.write(&grant.actor(), "add public module", |tx| {
            let (organization, address) = (&module.organization, &module.address);
            if public_modules::contains(tx, organization, address)? {
                return Err(Error::AlreadyExists(format!(
                    "the public module `{address}`"
                )));
            }
            public_modules::put(tx, &module)?;
            Ok(())
        })?;
        Ok(module)
    }

    /// Changes the tags of a public module, and its settings for features that are not here yet.
    pub fn update_public_module(
        &self,
        grant: &Grant<AdministerModules>,
        address: &ModuleAddress,
        change: ModuleChange,
    ) -> Result<PublicModule, Error> {
        let organization = curating(grant)?.id.clone();
        self.write(&grant.actor(), "update public module", |tx| {
            let listed = public_modules::list_in(tx, &organization)?;
            let found = listed.into_iter().find(|it| it.address.is_same(address));
            let mut module =
                found.ok_or_else(|| Error::NotFound(format!("the public module `{address}`")))?;
            let before = module.clone();
            if let Some(tags) = change.tags {
                module.tags = replace_tags(&module.tags, tags, MOST_MODULE_TAGS)?;
            }
            module.kept.apply(change.kept);
            if module != before {
                public_modules::put(tx, &module)?;
            }
            Ok(module)
        })
    }

    /// Returns one of the public modules of an organization.
    pub fn public_module(
        &self,
        grant: &Grant<ReadModules>,
        address: &ModuleAddress,
    ) -> Result<PublicModule, Error> {
        let organization = curating(grant)?;
        public_modules::find(&self.store, &organization.id, address)?
            .ok_or_else(|| Error::NotFound(format!("the public module `{address}`")))
    }

    /// Returns the public module with an id and its organization, if the caller may see it.
    pub fn public_module_by_id(
        &self,
        caller: &Caller,
        id: &ModuleId,
    ) -> Result<(Organization, PublicModule), Error> {
        let missing = || Error::NotFound(format!("the module `{id}`"));
        self.require_authenticated(caller)?;
        let module = public_modules::by_id(&self.store, id)?.ok_or_else(missing)?;
        let organization =
            organizations::by_id(&self.store, &module.organization)?.ok_or_else(missing)?;
        let grant = self.grant::<ReadModules>(caller, organization.id.as_str());
        let shown = grant.is_ok() && organization.public_curation;
        shown.then_some((organization, module)).ok_or_else(missing)
    }

    /// Returns the public modules of an organization, by address; empty if the organization has no
    /// such list.
    pub fn public_modules_of(
        &self,
        grant: &Grant<ReadModules>,
    ) -> Result<Vec<PublicModule>, Error> {
        let organization = organization_of(grant)?;
        if !organization.public_curation {
            return Ok(Vec::new());
        }
        Ok(public_modules::list(&self.store, &organization.id).collect::<Result<_, _>>()?)
    }

    /// Takes a public module out of the list, for one system or for all.
    pub fn remove_public_module(
        &self,
        grant: &Grant<AdministerModules>,
        (namespace, name): (&Namespace, &ModuleName),
        system: Option<&System>,
    ) -> Result<(), Error> {
        let what = format!("the public module `{namespace}/{name}`");
        self.remove_listed(grant, what, |address| {
            address.namespace.is_same(namespace)
                && address.name.is_same(name)
                && system.is_none_or(|system| address.system == *system)
        })
    }

    /// Takes all public modules of one name out of the list, whatever their namespace.
    pub fn remove_public_modules_named(
        &self,
        grant: &Grant<AdministerModules>,
        name: &ModuleName,
    ) -> Result<(), Error> {
        let what = format!("the public module `{name}`");
        self.remove_listed(grant, what, |address| address.name.is_same(name))
    }

    /// Removes the records that `is_it` chooses; `what` names them in the error where there is none.
    fn remove_listed(
        &self,
        grant: &Grant<AdministerModules>,
        what: String,
        is_it: impl Fn(&ModuleAddress) -> bool,
    ) -> Result<(), Error> {
        let organization = &curating(grant)?.id;
        self.write(&grant.actor(), "remove public module", |tx| {
            let mut listed = public_modules::list_in(tx, organization)?;
            listed.retain(|module| is_it(&module.address));
            if listed.is_empty() {
                return Err(Error::NotFound(what));
            }
            for module in &listed {
                public_modules::remove(tx, module)?;
            }
            Ok(())
        })
    }
}

/// Returns the organization of a grant; refuses one that has no list of public modules and
/// providers.
pub(in crate::registry) fn curating<A: Action>(grant: &Grant<A>) -> Result<&Organization, Error> {
    let organization = organization_of(grant)?;
    if organization.public_curation {
        return Ok(organization);
    }
    let reason = "this organization does without public modules and providers; an owner can change that in \
                  its settings";
    Err(Error::Forbidden(reason.to_owned()))
}
