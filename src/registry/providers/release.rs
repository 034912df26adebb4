//! Publishing a provider in two steps: packages are sent by their names, then one call publishes
//! them, signed by this registry or with the publisher's own list and signature.

use data_encoding::BASE64;

use super::create::{check_protocols, pending_version, provider_in, refuse_other_bytes};
use super::incoming_package::IncomingPackage;
use super::publication::{Publishing, is_same_file, refuse_change};
use super::read::{listed, no_version, provider_organization};
use crate::auth::{Grant, PublishProviders, signer};
use crate::domain::{
    Checksums, GpgKey, MAX_CHECKSUMS_BYTES, Platform, ProtocolVersion, ProviderPackage,
    ProviderPackageId, ProviderVersion, ProviderVersionAddress,
};
use crate::registry::base::{Error, Registry, UploadLimit, organization_of};
use crate::storage::Tx;
use crate::storage::tables::{gpg_keys, provider_packages, providers};

/// A publisher's own list of checksums and their signature of it.
#[derive(Debug, Clone)]
pub struct OwnSignature {
    /// The content of SHA256SUMS.
    pub checksums: String,
    /// A binary detached signature of the list.
    pub signature: Vec<u8>,
}

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
    /// [`Error::Invalid`] if the package is refused, [`Error::OverBudget`] if the organization would
    /// store more than it may, and [`Error::Conflict`] if the version was published for this
    /// platform with other bytes.
    pub fn stage_package(
        &self,
        grant: &Grant<PublishProviders>,
        address: &ProviderVersionAddress,
        platform: &Platform,
        upload: IncomingPackage,
    ) -> Result<ProviderPackage, Error> {
        let organization = provider_organization(grant, &address.provider)?;
        let file = upload.check(self, &address.provider.name)?;
        let (now, sum) = (self.now(), file.sha256);
        let write = |tx: &mut Tx<'_>| {
            let provider = provider_in(tx, &address.provider, now)?;
            let address = ProviderVersionAddress {
                provider: provider.address,
                version: address.version.clone(),
            };
            let version = match providers::version_in_tx(tx, &address)? {
                Some(version) => version,
                None => pending_version(address.clone(), vec![ProtocolVersion::DEFAULT], now),
            };
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
                    || ProviderPackageId::from_random(crate::auth::random_bits()),
                    |before| before.id,
                ),
                file_name: address.package_name(platform),
                version: address,
                platform: platform.clone(),
                announced: sum,
                file: Some(file),
                created_at: now,
            };
            // The version comes first: it says whether the package counts as published.
            providers::put_version(tx, &version)?;
            provider_packages::put(tx, &package)?;
            Ok(package)
        };
        self.store_blob_then(upload.blob, || {
            self.write(&grant.actor(), "take provider package", |tx| {
                self.within_budget(tx, &organization.id, write)
            })
        })
    }

    /// Publishes the packages of a version that have been sent.
    ///
    /// Without `own`, this registry writes the list of checksums and signs it, and further packages
    /// may join a version that it signed. With `own`, the list and the signature are the
    /// publisher's, and nothing becomes visible unless they are right.
    pub fn release_provider(
        &self,
        grant: &Grant<PublishProviders>,
        address: &ProviderVersionAddress,
        protocols: Option<Vec<ProtocolVersion>>,
        own: Option<&OwnSignature>,
    ) -> Result<ProviderVersion, Error> {
        let organization = provider_organization(grant, &address.provider)?;
        check_protocols(protocols.as_deref().unwrap_or_default())?;
        let actor = grant.actor();
        let publishing = Publishing {
            organization: &organization.id,
            version: address,
            publisher: &actor,
            now: self.now(),
        };
        let signed = match own {
            None => self.signed_here(grant, address)?,
            Some(own) => self.signed_elsewhere(grant, own)?,
        };
        self.write(&actor, "publish provider version", |tx| {
            let mut version = publishing.version_in(tx)?;
            if is_published_so(&version, &signed, protocols.as_ref()) {
                return Ok(version);
            }
            bind(&mut version, &signed)?;
            if let Some(protocols) = protocols {
                if version.publication.is_some() && version.protocols != protocols {
                    refuse_change(&version, "the list of protocols")?;
                }
                version.protocols = protocols;
            }
            signed.check(tx, address)?;
            version.checksums = Some(signed.checksums.clone());
            version.signature = Some(BASE64.encode(&signed.signature));
            publishing.settle(tx, version)?;
            let version = publishing.version_in(tx)?;
            if version.publication.is_none() {
                let reason = "there is no package to publish; send at least one first";
                return Err(Error::invalid("packages", reason));
            }
            Ok(version)
        })
    }

    /// Returns the list of all packages that have been sent, signed by this registry.
    fn signed_here(
        &self,
        grant: &Grant<PublishProviders>,
        address: &ProviderVersionAddress,
    ) -> Result<Signed, Error> {
        let version =
            providers::find_version(&self.store, address)?.ok_or_else(|| no_version(address))?;
        let packages = provider_packages::list(&self.store, address);
        let sums = sums_of(&packages.collect::<Result<Vec<_>, _>>()?);
        let organization = provider_organization(grant, &address.provider)?;
        let key = match &version.key_id {
            Some(key_id) => gpg_keys::find(&self.store, &organization.id, key_id)?
                .filter(|key| key.holder != crate::domain::KeyHolder::Publisher)
                .ok_or_else(|| signed_by_another(&version))?,
            None => self.registry_key(grant)?,
        };
        let checksums = sums.to_text();
        if checksums.len() > MAX_CHECKSUMS_BYTES {
            let reason = "there are more platforms than a list of checksums may have";
            return Err(Error::invalid("packages", reason));
        }
        // The same list is not signed a second time: the key may no longer be in use.
        let before = version
            .signature
            .as_ref()
            .filter(|_| version.checksums.as_ref() == Some(&checksums));
        let signature = match before {
            Some(signature) => BASE64
                .decode(signature.as_bytes())
                .map_err(Error::internal)?,
            None => self.signing_key(&key)?.sign(checksums.as_bytes())?,
        };
        Ok(Signed {
            key,
            checksums,
            signature,
            is_own: false,
        })
    }

    /// Returns the publisher's list and signature, if the key of the signature is among the
    /// organization's.
    fn signed_elsewhere(
        &self,
        grant: &Grant<PublishProviders>,
        own: &OwnSignature,
    ) -> Result<Signed, Error> {
        let organization = organization_of(grant)?;
        let invalid = |reason: String| Error::invalid("shasums-sig", reason);
        let by = signer(&own.signature).map_err(|error| invalid(error.to_string()))?;
        for key in gpg_keys::list(&self.store, &organization.id) {
            let key = key?;
            let public = crate::auth::PublicKey::parse(&key.armor).map_err(Error::internal)?;
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

/// A signed list of checksums, which makes a version complete.
struct Signed {
    key: GpgKey,
    checksums: String,
    signature: Vec<u8>,
    is_own: bool,
}

impl Signed {
    /// Refuses a list that lacks a stored package, and a list of this registry whose packages have
    /// changed since.
    fn check(&self, tx: &Tx<'_>, address: &ProviderVersionAddress) -> Result<(), Error> {
        let packages = provider_packages::list_in_tx(tx, address)?;
        if !self.is_own {
            if sums_of(&packages).to_text() == self.checksums {
                return Ok(());
            }
            let reason = "packages came while this version was being published; publish it again";
            return Err(Error::Conflict(reason.to_owned()));
        }
        let sums = Checksums::parse(self.checksums.as_bytes())
            .map_err(|error| Error::invalid("shasums", error))?;
        for package in &packages {
            super::publication::check_listed(&sums, &package.file_name, package.announced)?;
        }
        Ok(())
    }
}

fn sums_of(packages: &[ProviderPackage]) -> Checksums {
    let here = packages.iter().filter_map(|package| {
        let file = package.file.as_ref()?;
        Some((package.file_name.clone(), file.sha256))
    });
    here.collect()
}

/// Tells whether the version is already published with this list, key and protocols.
fn is_published_so(
    version: &ProviderVersion,
    signed: &Signed,
    protocols: Option<&Vec<ProtocolVersion>>,
) -> bool {
    version.publication.is_some()
        && version.checksums.as_ref() == Some(&signed.checksums)
        && version.key_id.as_ref() == Some(&signed.key.key_id)
        && protocols.is_none_or(|protocols| *protocols == version.protocols)
}

/// Binds a version to its key for ever (T71).
fn bind(version: &mut ProviderVersion, signed: &Signed) -> Result<(), Error> {
    match &version.key_id {
        None => version.key_id = Some(signed.key.key_id.clone()),
        Some(key_id) if *key_id == signed.key.key_id => {}
        Some(_) => return Err(signed_by_another(version)),
    }
    if signed.is_own {
        refuse_change(version, "the list of checksums")?;
    }
    Ok(())
}

fn signed_by_another(version: &ProviderVersion) -> Error {
    let key_id = version.key_id.as_ref().map_or("another", |id| id.as_str());
    Error::Conflict(format!(
        "`{}` is bound to the key {key_id}, and a version is never signed with another one; publish a new version",
        version.address
    ))
}
