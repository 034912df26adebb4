//! Deleting providers, versions and packages. Deleted packages of published versions leave
//! tombstones.

use super::read::{listed, no_provider, no_version, provider_organization, usable};
use crate::auth::{Change, Grant, ManageProviders};
use crate::domain::{
    Actor, Platform, Provider, ProviderAddress, ProviderPackage, ProviderTombstone,
    ProviderVersion, ProviderVersionAddress, Sha256, Timestamp,
};
use crate::registry::base::{Error, Registry};
use crate::storage::Tx;
use crate::storage::tables::{provider_docs, provider_downloads, provider_packages, providers};

/// A deletion: who does it, when, and which files may have lost their last row.
pub(in crate::registry) struct Deleting<'a> {
    pub(in crate::registry) actor: &'a Actor,
    pub(in crate::registry) now: Timestamp,
    pub(in crate::registry) freed: &'a mut Vec<Sha256>,
}

impl Registry {
    /// Deletes a provider with all its versions.
    pub fn delete_provider(
        &self,
        grant: &Grant<ManageProviders>,
        address: &ProviderAddress,
    ) -> Result<(), Error> {
        provider_organization(grant, address)?;
        self.deleting(grant, "delete provider", |deleting, tx| {
            let provider = providers::in_tx(tx, address)?.ok_or_else(|| no_provider(address))?;
            deleting.provider(tx, &provider)
        })
    }

    /// Deletes one version with its packages; the provider stays.
    pub fn delete_provider_version(
        &self,
        grant: &Grant<ManageProviders>,
        address: &ProviderVersionAddress,
    ) -> Result<(), Error> {
        provider_organization(grant, &address.provider)?;
        self.deleting(grant, "delete provider version", |deleting, tx| {
            let version =
                providers::version_in_tx(tx, address)?.ok_or_else(|| no_version(address))?;
            deleting.version(tx, &version)
        })
    }

    /// Deletes the package of a version for one platform.
    pub fn delete_package(
        &self,
        grant: &Grant<ManageProviders>,
        address: &ProviderVersionAddress,
        platform: &Platform,
    ) -> Result<(), Error> {
        provider_organization(grant, &address.provider)?;
        self.deleting(grant, "delete provider package", |deleting, tx| {
            let version =
                providers::version_in_tx(tx, address)?.ok_or_else(|| no_version(address))?;
            let package = provider_packages::in_tx(tx, address, platform)?
                .ok_or_else(|| Error::NotFound(format!("the platform `{platform}`")))?;
            deleting.package(tx, &version, &package)
        })
    }

    /// Runs `delete` in one write, then removes the files that no row names any more.
    pub(super) fn deleting<A: Change>(
        &self,
        grant: &Grant<A>,
        action: &'static str,
        delete: impl FnOnce(&mut Deleting<'_>, &mut Tx<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (actor, now) = (grant.actor(), self.now());
        let mut freed = Vec::new();
        let mut deleting = Deleting {
            actor: &actor,
            now,
            freed: &mut freed,
        };
        self.write(&actor, action, |tx| delete(&mut deleting, tx))?;
        self.collect_blobs(&freed);
        Ok(())
    }
}

impl Deleting<'_> {
    pub(in crate::registry) fn provider(
        &mut self,
        tx: &mut Tx<'_>,
        provider: &Provider,
    ) -> Result<(), Error> {
        for version in providers::versions_in_tx(tx, &provider.address)? {
            self.version(tx, &version)?;
        }
        provider_downloads::remove_of(tx, &provider.address)?;
        providers::remove(tx, provider)?;
        Ok(())
    }

    pub(in crate::registry) fn version(
        &mut self,
        tx: &mut Tx<'_>,
        version: &ProviderVersion,
    ) -> Result<(), Error> {
        for package in provider_packages::list_in_tx(tx, &version.address)? {
            self.package(tx, version, &package)?;
        }
        if let Some(docs) = provider_docs::in_tx(tx, &version.address)? {
            provider_docs::remove(tx, &docs)?;
            self.freed.push(docs.sha256);
        }
        providers::remove_version(tx, version)?;
        Ok(())
    }

    fn package(
        &mut self,
        tx: &mut Tx<'_>,
        version: &ProviderVersion,
        package: &ProviderPackage,
    ) -> Result<(), Error> {
        let was_seen = version.publication.is_some();
        let file = usable(package, &listed(version)).filter(|_| was_seen);
        let tombstone = file.map(|file| ProviderTombstone {
            version: version.address.clone(),
            platform: package.platform.clone(),
            sha256: file.sha256,
            deleted_at: self.now,
            deleted_by: self.actor.clone(),
        });
        self.freed
            .extend(package.file.as_ref().map(|file| file.sha256));
        provider_packages::remove(tx, package, tombstone.as_ref())?;
        Ok(())
    }
}
