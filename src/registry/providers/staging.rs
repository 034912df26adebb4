//! Packages by their names: each is checked and stored, and nobody sees it before its version is
//! published.

use super::create::{pending_version, provider_in, refuse_other_bytes};
use super::incoming_package::IncomingPackage;
use super::publication::is_same_file;
use super::read::{listed, provider_organization};
use super::same_number;
use crate::auth::{Grant, PublishProviders, random_bits};
use crate::domain::{
    PackageFile, Platform, ProtocolVersion, ProviderPackage, ProviderPackageId,
    ProviderVersionAddress, Timestamp,
};
use crate::registry::base::{Error, Registry, UploadLimit, organization_of};
use crate::storage::Tx;
use crate::storage::tables::{provider_packages, providers};

impl Registry {
    /// Returns how large a package may be that is sent for a platform of a version.
    pub fn stage_limit(
        &self,
        grant: &Grant<PublishProviders>,
        address: &ProviderVersionAddress,
        platform: &Platform,
    ) -> Result<UploadLimit, Error> {
        let organization = provider_organization(grant, &address.provider)?;
        self.package_limit(organization, address, platform)
    }

    /// Returns how large all packages of a release together may be.
    pub fn release_limit(&self, grant: &Grant<PublishProviders>) -> Result<UploadLimit, Error> {
        let organization = organization_of(grant)?;
        Ok(self.budget(organization)?.upload_limit(u64::MAX, true))
    }

    /// Stores a package of a version that will be published; creates the provider and the version
    /// if they do not exist. The package is not visible before [`Registry::release_provider`].
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if the package is refused or the number of the version differs from
    /// another one in build metadata only, [`Error::OverBudget`] if the organization would store
    /// more than it may, and [`Error::Conflict`] if the version was published for this platform with
    /// other bytes.
    pub fn stage_package(
        &self,
        grant: &Grant<PublishProviders>,
        address: &ProviderVersionAddress,
        platform: &Platform,
        upload: IncomingPackage,
    ) -> Result<ProviderPackage, Error> {
        let organization = provider_organization(grant, &address.provider)?;
        self.expect_first_key(grant)?;
        let file = upload.check(self, &address.provider.name)?;
        let now = self.now();
        self.store_blob_then(upload.blob, || {
            self.write(&grant.actor(), "take provider package", |tx| {
                self.within_budget(tx, &organization.id, |tx| {
                    stage(tx, address, (platform, file), now)
                })
            })
        })
    }
}

/// Stores the row of a package, as part of a write; creates the provider and the version if they do
/// not exist.
pub(super) fn stage(
    tx: &mut Tx<'_>,
    address: &ProviderVersionAddress,
    (platform, file): (&Platform, PackageFile),
    now: Timestamp,
) -> Result<ProviderPackage, Error> {
    let provider = provider_in(tx, &address.provider, now)?;
    let address = ProviderVersionAddress {
        provider: provider.address,
        version: address.version.clone(),
    };
    let version = if let Some(version) = providers::version_in_tx(tx, &address)? {
        version
    } else {
        same_number::refuse_new(tx, &address)?;
        pending_version(address.clone(), vec![ProtocolVersion::DEFAULT], now)
    };
    let sum = file.sha256;
    refuse_other_bytes(tx, &address, platform, sum)?;
    let before = provider_packages::in_tx(tx, &address, platform)?;
    if let Some(before) = before.as_ref().filter(|before| is_same_file(before, sum)) {
        return Ok(before.clone());
    }
    let listed = listed(&version).of(&address.package_name(platform));
    if version.publication.is_some() && listed.is_some_and(|listed| listed != sum) {
        return Err(Error::Conflict(format!(
            "`{address}` is already published for {platform} with other content; published versions never change, so publish a new version"
        )));
    }
    let package = ProviderPackage {
        id: before.map_or_else(
            || ProviderPackageId::from_random(random_bits()),
            |before| before.id,
        ),
        file_name: address.package_name(platform),
        version: address,
        platform: platform.clone(),
        announced: sum.into(),
        file: Some(file),
        created_at: now,
    };
    // The version comes first: it says whether the package counts as published.
    providers::put_version(tx, &version)?;
    provider_packages::put(tx, &package)?;
    Ok(package)
}
