//! The providers of public registries that an organization recommends. As with public modules, the
//! registry does not check that they exist.

use crate::auth::{Caller, Grant, ManageProviders, PublishProviders, ReadProviders, random_bits};
use crate::domain::{Organization, ProviderAddress, ProviderId, PublicProvider};
use crate::registry::base::{Error, Registry, organization_of};
use crate::registry::modules::curating;
use crate::storage::tables::{organizations, public_providers};

impl Registry {
    /// Puts a public provider into the list of an organization.
    pub fn add_public_provider(
        &self,
        grant: &Grant<PublishProviders>,
        address: ProviderAddress,
    ) -> Result<PublicProvider, Error> {
        let organization = curating(grant)?;
        let provider = PublicProvider {
            id: ProviderId::from_random(random_bits()),
            organization: organization.id.clone(),
            address,
            tags: Vec::new(),
            created_at: self.now(),
        };
        self.write(&grant.actor(), "add public provider", |tx| {
            let (organization, address) = (&provider.organization, &provider.address);
            if public_providers::contains(tx, organization, address)? {
                return Err(Error::AlreadyExists(format!(
                    "the public provider `{address}`"
                )));
            }
            public_providers::put(tx, &provider)?;
            Ok(())
        })?;
        Ok(provider)
    }

    /// Returns one of the public providers of an organization.
    pub fn public_provider(
        &self,
        grant: &Grant<ReadProviders>,
        address: &ProviderAddress,
    ) -> Result<PublicProvider, Error> {
        let organization = curating(grant)?;
        public_providers::find(&self.store, &organization.id, address)?
            .ok_or_else(|| no_public_provider(address))
    }

    /// Returns the public provider with an id and its organization, if the caller may see it.
    pub fn public_provider_by_id(
        &self,
        caller: &Caller,
        id: &ProviderId,
    ) -> Result<(Organization, PublicProvider), Error> {
        let missing = || Error::NotFound(format!("the provider `{id}`"));
        self.require_authenticated(caller)?;
        let provider = public_providers::by_id(&self.store, id)?.ok_or_else(missing)?;
        let organization =
            organizations::by_id(&self.store, &provider.organization)?.ok_or_else(missing)?;
        let grant = self.grant::<ReadProviders>(caller, organization.id.as_str());
        let shown = grant.is_ok() && organization.public_curation;
        shown
            .then_some((organization, provider))
            .ok_or_else(missing)
    }

    /// Returns the public providers of an organization, by address; empty if the organization has
    /// no such list.
    pub fn public_providers_of(
        &self,
        grant: &Grant<ReadProviders>,
    ) -> Result<Vec<PublicProvider>, Error> {
        let organization = organization_of(grant)?;
        if !organization.public_curation {
            return Ok(Vec::new());
        }
        Ok(public_providers::list(&self.store, &organization.id).collect::<Result<_, _>>()?)
    }

    /// Takes a public provider out of the list.
    pub fn remove_public_provider(
        &self,
        grant: &Grant<ManageProviders>,
        address: &ProviderAddress,
    ) -> Result<(), Error> {
        let organization = &curating(grant)?.id;
        self.write(&grant.actor(), "remove public provider", |tx| {
            let listed = public_providers::list_in(tx, organization)?;
            let mut listed = listed.iter();
            let provider = listed
                .find(|it| it.address.folded() == address.folded())
                .ok_or_else(|| no_public_provider(address))?;
            public_providers::remove(tx, provider)?;
            Ok(())
        })
    }
}

pub(super) fn no_public_provider(address: &ProviderAddress) -> Error {
    Error::NotFound(format!("the public provider `{address}`"))
}
