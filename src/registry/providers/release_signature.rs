//! The signed list of checksums of a release: the publisher's own, or one that this registry makes.

use std::cell::Cell;

use data_encoding::BASE64;

use super::create::announced_sum;
use super::publication::{check_listed, refuse_change};
use super::read::{no_version, provider_organization};
use super::registry_key::NewRegistryKey;
use super::release::{OwnSignature, Parts};
use crate::auth::{Grant, PublicKey, PublishProviders, signer};
use crate::domain::{
    Checksums, GpgKey, KeyHolder, MAX_CHECKSUMS_BYTES, OrganizationId, ProtocolVersion,
    ProviderPackage, ProviderVersion, ProviderVersionAddress, Sha256,
};
use crate::registry::base::{Error, Registry};
use crate::storage::Tx;
use crate::storage::tables::{gpg_keys, provider_packages, providers};

/// A signed list of checksums, which makes a version complete.
pub(super) struct Signed {
    pub(super) key: GpgKey,
    checksums: String,
    signature: Vec<u8>,
    is_own: bool,
}

impl Registry {
    /// Returns the publisher's list if they sent one, else a list of all packages that this
    /// registry signs. `None` if it has no key for that; then the caller makes `new_key`.
    pub(super) fn signed(
        &self,
        grant: &Grant<PublishProviders>,
        address: &ProviderVersionAddress,
        parts: &Parts,
        new_key: Option<&NewRegistryKey>,
    ) -> Result<Option<Signed>, Error> {
        let organization = &provider_organization(grant, &address.provider)?.id;
        match &parts.own {
            Some(own) => self.signed_elsewhere(organization, own, parts).map(Some),
            None => self.signed_here(organization, address, parts, new_key),
        }
    }

    /// Returns the list of all packages that have been sent, signed by this registry.
    fn signed_here(
        &self,
        organization: &OrganizationId,
        address: &ProviderVersionAddress,
        parts: &Parts,
        new_key: Option<&NewRegistryKey>,
    ) -> Result<Option<Signed>, Error> {
        let version = providers::find_version(&self.store, address)?;
        if version.is_none() && parts.packages.is_empty() {
            return Err(no_version(address));
        }
        let stored = provider_packages::list(&self.store, address);
        let stored = stored.collect::<Result<Vec<_>, _>>()?;
        let new = parts
            .packages
            .iter()
            .map(|(platform, file)| (address.package_name(platform), file.sha256));
        let sums: Checksums = files_of(&stored).chain(new).collect();
        let checksums = sums.to_text();
        if checksums.is_empty() {
            return Err(no_package());
        }
        if checksums.len() > MAX_CHECKSUMS_BYTES {
            let reason = "there are more platforms than a list of checksums may have";
            return Err(Error::invalid("packages", reason));
        }
        let bound = version.as_ref().and_then(|version| version.key_id.as_ref());
        let key = match (bound, &version) {
            (Some(key_id), Some(version)) => {
                let key = gpg_keys::find(&self.store, organization, key_id)?;
                let key = key.filter(|key| key.holder != KeyHolder::Publisher);
                Some(key.ok_or_else(|| signed_by_another(version))?)
            }
            _ => self.current_key(organization)?,
        };
        let sign = |key: &GpgKey, signature: Vec<u8>| Signed {
            key: key.clone(),
            checksums: checksums.clone(),
            signature,
            is_own: false,
        };
        let Some(key) = key else {
            let Some(new) = new_key else {
                return Ok(None);
            };
            let signature = new.secret.sign(checksums.as_bytes())?;
            return Ok(Some(sign(&new.row, signature)));
        };
        // The same list is not signed a second time: the key may no longer be in use.
        let before = version
            .as_ref()
            .filter(|version| version.checksums.as_ref() == Some(&checksums))
            .and_then(|version| version.signature.as_ref());
        let signature = match before {
            Some(signature) => BASE64
                .decode(signature.as_bytes())
                .map_err(Error::internal)?,
            None => self.signing_key(&key)?.sign(checksums.as_bytes())?,
        };
        Ok(Some(sign(&key, signature)))
    }

    /// Returns the publisher's list and signature, if the key of the signature is among the
    /// organization's, or came with the release.
    fn signed_elsewhere(
        &self,
        organization: &OrganizationId,
        own: &OwnSignature,
        parts: &Parts,
    ) -> Result<Signed, Error> {
        let invalid = |reason: String| Error::invalid("shasums-sig", reason);
        let by = signer(&own.signature).map_err(|error| invalid(error.to_string()))?;
        let stored = gpg_keys::list(&self.store, organization);
        for key in stored.chain(parts.key.clone().map(Ok)) {
            let key = key?;
            let public = PublicKey::parse(&key.armor).map_err(Error::internal)?;
            let verified = public.verify(own.checksums.as_bytes(), &own.signature);
            let is_its = by.as_ref() == Some(&key.key_id);
            if verified.is_ok() {
                return Ok(Signed {
                    key,
                    checksums: own.checksums.clone(),
                    signature: own.signature.clone(),
                    is_own: true,
                });
            }
            if let (true, Err(error)) = (is_its, verified) {
                return Err(invalid(error.to_string()));
            }
        }
        let by = by.map_or_else(|| "an unknown key".to_owned(), |id| format!("the key {id}"));
        Err(invalid(format!(
            "the signature is by {by}, which is not among the keys of this organization; add its public part first"
        )))
    }
}

impl Signed {
    /// Refuses a list that lacks a stored package. A list of this registry must have exactly the
    /// stored packages; else `outdated` is set.
    pub(super) fn check(
        &self,
        tx: &Tx<'_>,
        address: &ProviderVersionAddress,
        outdated: &Cell<bool>,
    ) -> Result<(), Error> {
        let packages = provider_packages::list_in_tx(tx, address)?;
        if !self.is_own {
            if files_of(&packages).collect::<Checksums>().to_text() == self.checksums {
                return Ok(());
            }
            outdated.set(true);
            let reason = "packages came while this version was being published; publish it again";
            return Err(Error::Conflict(reason.to_owned()));
        }
        let sums = Checksums::parse(self.checksums.as_bytes())
            .map_err(|error| Error::invalid("shasums", error))?;
        for package in &packages {
            check_listed(&sums, &package.file_name, announced_sum(package)?)?;
        }
        Ok(())
    }

    /// Tells whether the version is already published with this list, key and protocols.
    pub(super) fn is_published_as(
        &self,
        version: &ProviderVersion,
        protocols: Option<&Vec<ProtocolVersion>>,
    ) -> bool {
        version.publication.is_some()
            && version.checksums.as_ref() == Some(&self.checksums)
            && version.key_id.as_ref() == Some(&self.key.key_id)
            && protocols.is_none_or(|protocols| *protocols == version.protocols)
    }

    /// Binds a version to the key for ever (T71).
    pub(super) fn bind(&self, version: &mut ProviderVersion) -> Result<(), Error> {
        match &version.key_id {
            None => version.key_id = Some(self.key.key_id.clone()),
            Some(key_id) if *key_id == self.key.key_id => {}
            Some(_) => return Err(signed_by_another(version)),
        }
        if self.is_own {
            refuse_change(version, "the list of checksums")?;
        }
        Ok(())
    }

    /// Sets the list and its signature in the row of a version.
    pub(super) fn put_into(&self, version: &mut ProviderVersion) {
        version.checksums = Some(self.checksums.clone());
        version.signature = Some(BASE64.encode(&self.signature));
    }
}

/// Returns the error for a release without packages.
pub(super) fn no_package() -> Error {
    let reason = "there is no package to publish; send at least one first";
    Error::invalid("packages", reason)
}

fn files_of(packages: &[ProviderPackage]) -> impl Iterator<Item = (String, Sha256)> {
    packages.iter().filter_map(|package| {
        let file = package.file.as_ref()?;
        Some((package.file_name.clone(), file.sha256))
    })
}

fn signed_by_another(version: &ProviderVersion) -> Error {
    let key_id = version.key_id.as_ref().map_or("another", |id| id.as_str());
    Error::Conflict(format!(
        "`{}` is bound to the key {key_id}, and a version is never signed with another one; publish a new version",
        version.address
    ))
}
