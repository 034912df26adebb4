//! Publishing a release: packages, documentation, keys and the publication in one write, so that a
//! refused release leaves nothing behind and takes nothing away from others.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::create::check_protocols;
use super::docs::put_docs;
use super::gpg_keys::add_key;
use super::incoming_package::IncomingPackage;
use super::publication::{Publishing, refuse_change};
use super::read::provider_organization;
use super::registry_key::{NewRegistryKey, refuse_second_current};
use super::release_signature::{Signed, no_package};
use super::staging::stage;
use crate::auth::{Grant, PublicKey, PublishProviders};
use crate::domain::{
    GpgKey, KeyHolder, PackageFile, Platform, ProtocolVersion, ProviderDocs, ProviderVersion,
    ProviderVersionAddress, Sha256,
};
use crate::registry::base::{Error, Registry};
use crate::storage::tables::gpg_keys;
use crate::storage::{IncomingBlob, Tx};

/// How often a release is tried again because other packages of the version came meanwhile.
const ATTEMPTS: usize = 10;

/// A publisher's own list of checksums and their signature of it.
#[derive(Debug, Clone)]
pub struct OwnSignature {
    /// The content of SHA256SUMS.
    pub checksums: String,
    /// A binary detached signature of the list.
    pub signature: Vec<u8>,
}

impl OwnSignature {
    /// Refuses a signature that is not by this key.
    fn check_key(&self, key: &PublicKey) -> Result<(), Error> {
        key.verify(self.checksums.as_bytes(), &self.signature)
            .map_err(|error| Error::invalid("shasums-sig", error))
    }
}

/// The parts of a release. Packages that were sent before belong to it, too.
#[derive(Default)]
pub struct NewRelease {
    /// The packages, by platform.
    pub packages: BTreeMap<Platform, IncomingPackage>,
    /// An archive of its documentation; `None` if it has none.
    pub docs: Option<IncomingBlob>,
    /// The plugin protocols that it speaks; `None` if the publisher does not say.
    pub protocols: Option<Vec<ProtocolVersion>>,
    /// The publisher's list and signature; with `None`, this registry signs.
    pub own: Option<OwnSignature>,
    /// The armored public key of the signature; `None` if the organization has it already.
    pub key: Option<String>,
}

/// The parts of a release once each has been checked by itself.
pub(super) struct Parts {
    pub(super) packages: Vec<(Platform, PackageFile)>,
    docs: Option<ProviderDocs>,
    protocols: Option<Vec<ProtocolVersion>>,
    pub(super) own: Option<OwnSignature>,
    pub(super) key: Option<GpgKey>,
}

impl Registry {
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
        own: Option<OwnSignature>,
    ) -> Result<ProviderVersion, Error> {
        let release = NewRelease {
            protocols,
            own,
            ..NewRelease::default()
        };
        self.publish_release(grant, address, release)
    }

    /// Publishes a release: all of its parts in one write. If a part of it is refused, nothing is
    /// written, and what others sent meanwhile stays.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if a part is refused or does not fit the others, and [`Error::Conflict`]
    /// if the version was published with other content.
    pub fn publish_release(
        &self,
        grant: &Grant<PublishProviders>,
        address: &ProviderVersionAddress,
        release: NewRelease,
    ) -> Result<ProviderVersion, Error> {
        let organization = provider_organization(grant, &address.provider)?;
        let (parts, files) = self.check_parts(grant, address, release)?;
        let write = || self.write_release(grant, address, &parts);
        let (version, replaced) =
            self.store_blobs_then(files, || self.run_for_first_key(&organization.id, write))?;
        self.collect_blobs(replaced.as_slice());
        Ok(version)
    }

    /// Checks each part by itself; returns them with the files that must be kept for them.
    fn check_parts(
        &self,
        grant: &Grant<PublishProviders>,
        address: &ProviderVersionAddress,
        release: NewRelease,
    ) -> Result<(Parts, Vec<IncomingBlob>), Error> {
        let organization = provider_organization(grant, &address.provider)?;
        check_protocols(release.protocols.as_deref().unwrap_or_default())?;
        let key = release.key.map(|armor| {
            let Some(own) = &release.own else {
                let reason = "this is the key of your own signature, and there is none among the files; add SHA256SUMS and its signature, or leave the key out and this registry signs";
                return Err(Error::invalid("key", reason));
            };
            let key = PublicKey::parse(&armor)?;
            own.check_key(&key)?;
            Ok::<_, Error>(self.row_of(&organization.id, &key, armor, KeyHolder::Publisher))
        });
        let key = key.transpose()?;
        let mut files = Vec::new();
        let mut packages = Vec::new();
        for (platform, package) in release.packages {
            packages.push((platform, package.check(self, &address.provider.name)?));
            files.push(package.blob);
        }
        let mut docs = None;
        if let Some(upload) = release.docs {
            let checked = self.check_docs(grant, address, upload)?;
            docs = Some(checked.row);
            files.push(checked.served);
        }
        let parts = Parts {
            packages,
            docs,
            protocols: release.protocols,
            own: release.own,
            key,
        };
        Ok((parts, files))
    }

    /// Signs and writes a release; returns the version, and the documentation that was replaced.
    ///
    /// It is signed before the write, since signing takes long. If packages come between the two,
    /// the list is signed again.
    fn write_release(
        &self,
        grant: &Grant<PublishProviders>,
        address: &ProviderVersionAddress,
        parts: &Parts,
    ) -> Result<(ProviderVersion, Option<Sha256>), Error> {
        let organization = provider_organization(grant, &address.provider)?;
        let actor = grant.actor();
        let mut new_key = None;
        let mut last = None;
        for _ in 0..ATTEMPTS {
            let publishing = Publishing {
                organization: &organization.id,
                version: address,
                publisher: &actor,
                now: self.now(),
            };
            let outdated = Cell::new(false);
            let signed = self.signed(grant, address, parts, new_key.as_ref())?;
            let Some(signed) = signed else {
                // Making a key takes seconds, which a release that is refused in any case need not
                // spend.
                self.try_parts(&publishing, parts)?;
                new_key = Some(self.new_registry_key(organization)?);
                continue;
            };
            let new_key = new_key
                .as_ref()
                .filter(|new: &&NewRegistryKey| new.row.id == signed.key.id);
            let written = self.keep_new_key_then(new_key, || {
                self.write(&actor, "publish provider version", |tx| {
                    if let Some(new_key) = new_key {
                        refuse_second_current(tx, &new_key.row)
                            .inspect_err(|_| outdated.set(true))?;
                        gpg_keys::put(tx, &new_key.row)?;
                    }
                    self.within_budget(tx, &organization.id, |tx| {
                        let replaced = parts.put(tx, &publishing)?;
                        let version = publish(tx, &publishing, parts, &signed, &outdated)?;
                        Ok((version, replaced))
                    })
                })
            });
            if !outdated.get() {
                return written;
            }
            last = Some(written);
        }
        last.unwrap_or_else(|| Err(Error::internal("a release was never tried")))
    }

    /// Tries to write the parts of a release, and writes nothing.
    fn try_parts(&self, publishing: &Publishing<'_>, parts: &Parts) -> Result<(), Error> {
        let fits = Cell::new(false);
        let tried = self.write(publishing.publisher, "publish provider version", |tx| {
            parts.put(tx, publishing)?;
            fits.set(true);
            Err::<(), _>(Error::internal("this write was only tried"))
        });
        if fits.get() { Ok(()) } else { tried }
    }
}

impl Parts {
    /// Writes the parts, as part of a write; returns the documentation that was replaced.
    fn put(&self, tx: &mut Tx<'_>, publishing: &Publishing<'_>) -> Result<Option<Sha256>, Error> {
        if let Some(key) = &self.key {
            add_key(tx, key)?;
        }
        for (platform, file) in &self.packages {
            stage(
                tx,
                publishing.version,
                (platform, file.clone()),
                publishing.now,
            )?;
        }
        match &self.docs {
            Some(docs) => Ok(put_docs(tx, docs.clone())?.1),
            None => Ok(None),
        }
    }
}

/// Publishes a version with a signed list, as part of a write. Sets `outdated` if the list of this
/// registry lacks packages that came after it was signed.
fn publish(
    tx: &mut Tx<'_>,
    publishing: &Publishing<'_>,
    parts: &Parts,
    signed: &Signed,
    outdated: &Cell<bool>,
) -> Result<ProviderVersion, Error> {
    let mut version = publishing.version_in(tx)?;
    if signed.is_published_as(&version, parts.protocols.as_ref()) {
        return Ok(version);
    }
    signed.bind(&mut version)?;
    if let Some(protocols) = &parts.protocols {
        if version.publication.is_some() && version.protocols != *protocols {
            refuse_change(&version, "the list of protocols")?;
        }
        version.protocols.clone_from(protocols);
    }
    signed.check(tx, publishing.version, outdated)?;
    signed.put_into(&mut version);
    publishing.settle(tx, version)?;
    let version = publishing.version_in(tx)?;
    if version.publication.is_none() {
        return Err(no_package());
    }
    Ok(version)
}
