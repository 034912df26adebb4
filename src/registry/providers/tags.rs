//! The tags of providers: of private ones, and those that an organization gives to public ones.

use super::curated::no_public_provider;
use super::read::{no_provider, provider_organization};
use crate::auth::{Caller, Grant, ManageProviders, ReadProviders};
use crate::domain::{
    MOST_MODULE_TAGS, Provider, ProviderAddress, ProviderId, PublicProvider, ShortText, TagBinding,
};
use crate::registry::base::{Error, Registry, replace_tags};
use crate::registry::modules::curating;
use crate::storage::tables::{providers, public_providers};

/// All tags, as pairs of key and value, in place of those before; `None` leaves them as they are.
type NewTags = Option<Vec<(ShortText, ShortText)>>;

impl Registry {
    /// Changes the tags of a provider.
    pub fn tag_provider(
        &self,
        grant: &Grant<ManageProviders>,
        address: &ProviderAddress,
        tags: NewTags,
    ) -> Result<Provider, Error> {
        provider_organization(grant, address)?;
        let now = self.now();
        self.write(&grant.actor(), "update provider", |tx| {
            let mut provider =
                providers::in_tx(tx, address)?.ok_or_else(|| no_provider(address))?;
            if let Some(tags) = tags {
                let tags = replace_tags(&provider.tags, tags, MOST_MODULE_TAGS)?;
                if tags != provider.tags {
                    provider.tags = tags;
                    provider.updated_at = now;
                    providers::put(tx, &provider)?;
                }
            }
            Ok(provider)
        })
    }

    /// Changes the tags of a public provider in the list of an organization.
    pub fn tag_public_provider(
        &self,
        grant: &Grant<ManageProviders>,
        address: &ProviderAddress,
        tags: NewTags,
    ) -> Result<PublicProvider, Error> {
        let organization = &curating(grant)?.id;
        self.write(&grant.actor(), "update public provider", |tx| {
            let mut provider = public_providers::list_in(tx, organization)?
                .into_iter()
                .find(|provider| provider.address.folded() == address.folded())
                .ok_or_else(|| no_public_provider(address))?;
            if let Some(tags) = tags {
                provider.tags = replace_tags(&provider.tags, tags, MOST_MODULE_TAGS)?;
                public_providers::put(tx, &provider)?;
            }
            Ok(provider)
        })
    }

    /// Returns the tags of the provider with an id, private or public, if the caller may see it.
    pub fn provider_tags(
        &self,
        caller: &Caller,
        id: &ProviderId,
    ) -> Result<Vec<TagBinding>, Error> {
        self.require_authenticated(caller)?;
        let Some(address) = self.provider_address(id)? else {
            return Ok(self.public_provider_by_id(caller, id)?.1.tags);
        };
        // A provider that the caller may not see is answered like one that does not exist.
        let missing = |_| Error::NotFound(format!("the provider `{id}`"));
        let namespace = address.namespace.as_str();
        let grant = self.grant::<ReadProviders>(caller, namespace);
        Ok(self.provider(&grant.map_err(missing)?, &address)?.tags)
    }
}
