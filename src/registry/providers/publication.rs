//! Publishing a provider: checksums, signature and packages arrive in any order. As soon as they
//! fit together the version is published, and from then on it never changes.
//!
//! Source: `tests/fixtures/contracts/threats.toml`, T16, T17, T28 and T71.

use data_encoding::BASE64;

use super::create::refuse_other_bytes;
use super::read::{listed, no_version, usable};
use super::same_number;
use crate::auth::PublicKey;
use crate::domain::{
    Actor, Checksums, OrganizationId, PackageFile, Platform, ProviderPackage, ProviderVersion,
    ProviderVersionAddress, Publication, Sha256, Timestamp,
};
use crate::registry::base::Error;
use crate::storage::Tx;
use crate::storage::tables::{gpg_keys, provider_packages, providers};

/// A write that publishes a version: the organization, the version, the publisher and the time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Publishing<'a> {
    pub(in crate::registry) organization: &'a OrganizationId,
    pub(in crate::registry) version: &'a ProviderVersionAddress,
    pub(in crate::registry) publisher: &'a Actor,
    pub(in crate::registry) now: Timestamp,
}

impl Publishing<'_> {
    /// Returns the version, as the present write sees it.
    pub(super) fn version_in(&self, tx: &Tx<'_>) -> Result<ProviderVersion, Error> {
        providers::version_in_tx(tx, self.version)?.ok_or_else(|| no_version(self.version))
    }

    /// Stores the list of checksums.
    pub(super) fn take_checksums(&self, tx: &mut Tx<'_>, text: &str) -> Result<(), Error> {
        let mut version = self.version_in(tx)?;
        if version.checksums.as_deref() == Some(text) {
            return Ok(());
        }
        refuse_change(&version, "the list of checksums")?;
        let sums =
            Checksums::parse(text.as_bytes()).map_err(|error| Error::invalid("shasums", error))?;
        for package in provider_packages::list_in_tx(tx, self.version)? {
            check_listed(&sums, &package.file_name, package.announced)?;
        }
        version.checksums = Some(text.to_owned());
        self.settle(tx, version)
    }

    /// Stores the signature of the list of checksums.
    pub(super) fn take_signature(&self, tx: &mut Tx<'_>, bytes: &[u8]) -> Result<(), Error> {
        let mut version = self.version_in(tx)?;
        let text = BASE64.encode(bytes);
        if version.signature.as_ref() == Some(&text) {
            return Ok(());
        }
        refuse_change(&version, "the signature")?;
        version.signature = Some(text);
        self.settle(tx, version)
    }

    /// Stores the file of an announced package.
    pub(super) fn take_package(
        &self,
        tx: &mut Tx<'_>,
        platform: &Platform,
        file: PackageFile,
    ) -> Result<(), Error> {
        let version = self.version_in(tx)?;
        let mut package = provider_packages::in_tx(tx, self.version, platform)?
            .ok_or_else(|| Error::NotFound(format!("the platform `{platform}`")))?;
        if package.announced != file.sha256 {
            let reason = format!(
                "`{}` was announced with the SHA-256 {} and came with {}; announce it with the checksum of the very file",
                package.file_name, package.announced, file.sha256
            );
            return Err(Error::invalid("shasum", reason));
        }
        if package
            .file
            .as_ref()
            .is_some_and(|before| before.sha256 == file.sha256)
        {
            return Ok(());
        }
        if version.checksums.is_some() {
            check_listed(&listed(&version), &package.file_name, file.sha256)?;
        }
        refuse_other_bytes(tx, self.version, platform, file.sha256)?;
        package.file = Some(file);
        provider_packages::put(tx, &package)?;
        self.settle(tx, version)
    }

    /// Writes a version, as published if it is now complete. The signature is verified whenever
    /// both it and the list that it signs are stored.
    pub(in crate::registry) fn settle(
        &self,
        tx: &mut Tx<'_>,
        mut version: ProviderVersion,
    ) -> Result<(), Error> {
        version.updated_at = self.now;
        if self.is_signed(tx, &version)? && version.publication.is_none() {
            let sums = listed(&version);
            let packages = provider_packages::list_in_tx(tx, self.version)?;
            if packages
                .iter()
                .any(|package| usable(package, &sums).is_some())
            {
                same_number::refuse_publication(tx, &version)?;
                version.publication = Some(Publication {
                    at: self.now,
                    by: self.publisher.clone(),
                });
            }
        }
        providers::put_version(tx, &version)?;
        if let Some(mut provider) = providers::in_tx(tx, &self.version.provider)? {
            provider.updated_at = self.now;
            providers::put(tx, &provider)?;
        }
        Ok(())
    }

    /// Tells whether both checksums and signature are stored; returns an error if the signature
    /// does not fit.
    fn is_signed(&self, tx: &Tx<'_>, version: &ProviderVersion) -> Result<bool, Error> {
        let (Some(sums), Some(signature)) = (&version.checksums, &version.signature) else {
            return Ok(false);
        };
        let invalid = |reason: String| Error::invalid("shasums-sig", reason);
        let key_id = version
            .key_id
            .as_ref()
            .ok_or_else(|| invalid("no key was named for this version".to_owned()))?;
        let key = gpg_keys::in_tx(tx, self.organization, key_id)?.ok_or_else(|| {
            invalid(format!("the key {key_id} is not among the keys of this organization; add it, then send the signature again"))
        })?;
        let signature = BASE64
            .decode(signature.as_bytes())
            .map_err(Error::internal)?;
        let key = PublicKey::parse(&key.armor).map_err(Error::internal)?;
        key.verify(sums.as_bytes(), &signature)
            .map_err(|error| invalid(error.to_string()))?;
        Ok(true)
    }
}

/// Refuses to change `what` of a published version.
pub(super) fn refuse_change(version: &ProviderVersion, what: &str) -> Result<(), Error> {
    match version.publication {
        None => Ok(()),
        Some(_) => Err(Error::Conflict(format!(
            "`{}` is published, and {what} of a published version never changes; publish a new version",
            version.address
        ))),
    }
}

/// Refuses a list of checksums that does not list this package by exactly its name and checksum.
pub(super) fn check_listed(sums: &Checksums, file_name: &str, sha256: Sha256) -> Result<(), Error> {
    let reason = match sums.of(file_name) {
        Some(listed) if listed == sha256 => return Ok(()),
        Some(listed) => {
            format!("SHA256SUMS lists `{file_name}` with {listed}, but its checksum is {sha256}")
        }
        None => format!(
            "SHA256SUMS does not list `{file_name}`; list every package by exactly its name"
        ),
    };
    Err(Error::invalid("shasums", reason))
}

/// Tells whether a file with this checksum may be stored for a package: it has no file yet, or the
/// same one.
pub(super) fn is_same_file(package: &ProviderPackage, sha256: Sha256) -> bool {
    package
        .file
        .as_ref()
        .is_some_and(|file| file.sha256 == sha256)
}
