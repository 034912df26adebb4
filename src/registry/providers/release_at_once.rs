//! Publishing a whole release of a provider in one call: all of it or nothing.

use std::collections::BTreeMap;

use super::incoming_package::IncomingPackage;
use super::release::OwnSignature;
use crate::auth::{Grant, PublishProviders};
use crate::domain::{Platform, ProtocolVersion, ProviderVersion, ProviderVersionAddress};
use crate::registry::base::{Error, Registry};
use crate::storage::IncomingBlob;
use crate::storage::tables::providers;

/// The parts of a release.
pub struct NewRelease {
    /// The packages, by platform.
    pub packages: BTreeMap<Platform, IncomingPackage>,
    /// An archive of its documentation; `None` if it has none.
    pub docs: Option<IncomingBlob>,
    /// The plugin protocols that it speaks; `None` if the publisher does not say.
    pub protocols: Option<Vec<ProtocolVersion>>,
    /// The publisher's list and signature; with `None`, this registry signs.
    pub own: Option<OwnSignature>,
}

impl Registry {
    /// Publishes a release. If a part of it is refused, a version that did not exist before is
    /// removed again.
    pub fn publish_release(
        &self,
        grant: &Grant<PublishProviders>,
        address: &ProviderVersionAddress,
        release: NewRelease,
    ) -> Result<ProviderVersion, Error> {
        let is_known = providers::find(&self.store, &address.provider)?.is_some();
        let is_there = providers::find_version(&self.store, address)?.is_some();
        let published = self.publish_parts(grant, address, release);
        if published.is_err()
            && !is_there
            && let Err(error) = self.withdraw(grant, address, is_known)
        {
            // Nobody sees the rest, and the next attempt replaces it.
            tracing::warn!(%address, %error, "a refused release could not be removed");
        }
        published
    }

    fn publish_parts(
        &self,
        grant: &Grant<PublishProviders>,
        address: &ProviderVersionAddress,
        release: NewRelease,
    ) -> Result<ProviderVersion, Error> {
        for (platform, package) in release.packages {
            self.stage_package(grant, address, &platform, package)?;
        }
        if let Some(docs) = release.docs {
            self.put_provider_docs(grant, address, docs)?;
        }
        self.release_provider(grant, address, release.protocols, release.own.as_ref())
    }

    /// Removes a version that nobody has seen, and its provider too unless `is_known`.
    fn withdraw(
        &self,
        grant: &Grant<PublishProviders>,
        address: &ProviderVersionAddress,
        is_known: bool,
    ) -> Result<(), Error> {
        self.deleting(grant, "take back provider version", |deleting, tx| {
            let version = providers::version_in_tx(tx, address)?;
            let Some(version) = version.filter(|version| version.publication.is_none()) else {
                return Ok(());
            };
            deleting.version(tx, &version)?;
            let is_empty = providers::versions_in_tx(tx, &address.provider)?.is_empty();
            if let Some(provider) = providers::in_tx(tx, &address.provider)?
                && is_empty
                && !is_known
            {
                deleting.provider(tx, &provider)?;
            }
            Ok(())
        })
    }
}
