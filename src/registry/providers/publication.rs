//! Publishing a provider: checksums, signature and packages arrive in any order. As soon as they
//! fit together the version is published, and from then on it never changes.
//!
//! Source: `tests/fixtures/contracts/threats.toml`, T16, T17, T28 and T71.

use data_encoding::BASE64;

use super::create::{announced_sum, check_name, refuse_other_bytes};
use super::read::{listed, no_version, usable};
use super::same_number;
use crate::auth::{PublicKey, signer};
use crate::domain::{
    Actor, Checksums, KeyId, OrganizationId, PackageFile, Platform, ProviderPackage,
    ProviderVersion, ProviderVersionAddress, Publication, Sha256, Timestamp,
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
            check_name(&package)?;
            check_listed(&sums, &package.file_name, announced_sum(&package)?)?;
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
        check_name(&package)?;
        if announced_sum(&package)? != file.sha256 {
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
        let signer = self.signer_in(tx, &version)?;
        if version.key_id.is_none() {
            version.key_id.clone_from(&signer);
        }
        if signer.is_some() && version.publication.is_none() {
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

    /// Returns the id of the key that has signed the list of checksums; `None` while the list or its
    /// signature is missing. Returns an error if the signature is not one by a known key, or by
    /// another one than the version is bound to.
    fn signer_in(&self, tx: &Tx<'_>, version: &ProviderVersion) -> Result<Option<KeyId>, Error> {
        let (Some(sums), Some(signature)) = (&version.checksums, &version.signature) else {
            return Ok(None);
        };
        let invalid = |reason: String| Error::invalid("shasums-sig", reason);
        let signature = BASE64
            .decode(signature.as_bytes())
            .map_err(Error::internal)?;
        let keys = match &version.key_id {
            Some(key_id) => {
                let key = gpg_keys::in_tx(tx, self.organization, key_id)?;
                vec![key.ok_or_else(|| invalid(unknown_key(Some(key_id))))?]
            }
            // The publisher named the key by a text that is no id, so any key of the organization
            // may be meant.
            None => gpg_keys::list_in_tx(tx, self.organization)?,
        };
        for key in &keys {
            let public = PublicKey::parse(&key.armor).map_err(Error::internal)?;
            match public.verify(sums.as_bytes(), &signature) {
                Ok(()) => return Ok(Some(key.key_id.clone())),
                Err(error) if version.key_id.is_some() => return Err(invalid(error.to_string())),
                Err(_) => {}
            }
        }
        let by = signer(&signature).map_err(|error| invalid(error.to_string()))?;
        let is_known = keys.iter().any(|key| by.as_ref() == Some(&key.key_id));
        Err(invalid(if is_known {
            "this is no signature of the list of checksums".to_owned()
        } else {
            unknown_key(by.as_ref())
        }))
    }
}

fn unknown_key(key_id: Option<&KeyId>) -> String {
    let key = key_id.map_or_else(|| "of the signature".to_owned(), ToString::to_string);
    format!(
        "the key {key} is not among the keys of this organization; add it, then send the signature again"
    )
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
