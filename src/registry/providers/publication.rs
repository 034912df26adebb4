//! Publishing a provider: checksums, signature and packages arrive in any order, and from the
//! moment they fit together the version is visible and never changes.
//!
//! Source: `tests/fixtures/contracts/threats.toml`, T16, T17, T28 and T71.

use data_encoding::BASE64;

use super::create::refuse_other_bytes;
use super::read::{listed, no_version, usable};
use crate::auth::PublicKey;
use crate::domain::{
    Actor, Checksums, OrganizationId, PackageFile, Platform, ProviderPackage, ProviderVersion,
    ProviderVersionAddress, Publication, Sha256, Timestamp,
};
use crate::registry::base::Error;
use crate::storage::Tx;
use crate::storage::tables::{gpg_keys, provider_packages, providers};

/// Who publishes what, when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Publishing<'a> {
    pub(in crate::registry) organization: &'a OrganizationId,
    pub(in crate::registry) version: &'a ProviderVersionAddress,
    pub(in crate::registry) publisher: &'a Actor,
    pub(in crate::registry) now: Timestamp,
}

impl Publishing<'_> {
    /// The version, as the write that is under way sees it.
    pub(super) fn version_in(&self, tx: &Tx<'_>) -> Result<ProviderVersion, Error> {
        providers::version_in_tx(tx, self.version)?.ok_or_else(|| no_version(self.version))
    }

    /// Takes the list of checksums.
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

    /// Takes the signature of that list.
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

    /// Takes the file of an announced package.
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

    /// Writes a version, published if that is complete now: the signature is verified whenever
    /// both it and what it signs are here.
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

    /// Whether checksums and signature are here; an error where they do not fit.
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

/// Published versions never change.
pub(super) fn refuse_change(version: &ProviderVersion, what: &str) -> Result<(), Error> {
    match version.publication {
        None => Ok(()),
        Some(_) => Err(Error::Conflict(format!(
            "`{}` is published, and {what} of a published version never changes; publish a new version",
            version.address
        ))),
    }
}

/// A package that is here, or announced, is listed as it is.
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

/// Whether a package may take a place: a free one, or one whose file is the same.
pub(super) fn is_same_file(package: &ProviderPackage, sha256: Sha256) -> bool {
    package
        .file
        .as_ref()
        .is_some_and(|file| file.sha256 == sha256)
}
