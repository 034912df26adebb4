//! Upload links for the parts of a provider's version. A link is a signed claim about what may be
//! sent to it; no row is stored for it.
//!
//! A link is valid until it expires, and only while the user or token that requested it may still
//! publish.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::incoming_package::IncomingPackage;
use super::publication::Publishing;
use super::read::provider_organization;
use crate::auth::{Grant, MAX_SIGNATURE_BYTES, PublishProviders, UploadTicketSecret};
use crate::domain::{
    Actor, MAX_CHECKSUMS_BYTES, Organization, OrganizationId, Platform, ProviderVersion,
    ProviderVersionAddress, ProviderVersionId,
};
use crate::registry::base::{Error, Registry, UploadLimit, disk_error};
use crate::storage::IncomingBlob;
use crate::storage::tables::uploads::UploadTicket;
use crate::storage::tables::{organizations, provider_packages, providers};

/// One part of a provider's version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProviderPart {
    /// The list of checksums.
    Checksums,
    /// The signature of that list.
    Signature,
    /// The package for a platform.
    Package(Platform),
}

/// What an upload link for a provider's part allows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProviderUpload {
    organization: OrganizationId,
    version: ProviderVersionId,
    address: ProviderVersionAddress,
    part: ProviderPart,
    publisher: Actor,
    expires: i64,
}

/// What an upload link allows; the links of modules and of providers look alike to their clients.
#[derive(Debug, Clone)]
pub enum Upload {
    /// The link is for the archive of a module's version. Its ticket is stored, or signed.
    Module(UploadTicket),
    /// The link is for a part of a provider's version. It is a signed claim, and nothing is stored.
    Provider(ProviderUpload),
}

const PURPOSE: &str = "upload provider part";

impl Registry {
    /// Returns the last segment of an upload link for one part of a version.
    pub fn provider_upload_link(
        &self,
        grant: &Grant<PublishProviders>,
        version: &ProviderVersion,
        part: ProviderPart,
    ) -> Result<String, Error> {
        let organization = provider_organization(grant, &version.address.provider)?;
        let upload = ProviderUpload {
            organization: organization.id.clone(),
            version: version.id.clone(),
            address: version.address.clone(),
            part,
            publisher: grant.actor(),
            expires: self.now().as_seconds() + self.settings().upload_url_seconds,
        };
        let claim = serde_json::to_vec(&upload).map_err(Error::internal)?;
        let claim = BASE64URL_NOPAD.encode(&claim);
        let signature = self.signer.sign_text(PURPOSE, &claim);
        Ok(format!("{claim}.{signature}"))
    }

    /// Returns what an upload link allows, by the link's last segment; refuses links that are no
    /// longer valid.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the link is unknown or no longer valid.
    pub fn redeem_upload(&self, link: &str) -> Result<Upload, Error> {
        // Only a signed claim has a point in it, between the claim and the signature.
        if link.contains('.') {
            return match self.redeem_module_link(link)? {
                Some(ticket) => Ok(Upload::Module(ticket)),
                None => self.redeem_provider_upload(link).map(Upload::Provider),
            };
        }
        let unknown = || Error::NotFound("the upload link (it may have expired)".to_owned());
        let secret = UploadTicketSecret::parse(link).ok_or_else(unknown)?;
        self.redeem_ticket(&secret).map(Upload::Module)
    }

    fn redeem_provider_upload(&self, link: &str) -> Result<ProviderUpload, Error> {
        let (claim, signature) = link.split_once('.').ok_or_else(link_is_gone)?;
        if !self.signer.accepts_text(PURPOSE, claim, signature) {
            return Err(link_is_gone());
        }
        let claim = BASE64URL_NOPAD
            .decode(claim.as_bytes())
            .map_err(Error::internal)?;
        let upload = serde_json::from_slice(&claim).map_err(Error::internal)?;
        self.check_upload(&upload)?;
        Ok(upload)
    }

    /// Returns how much may be sent to a link.
    pub fn provider_upload_limit(&self, upload: &ProviderUpload) -> Result<UploadLimit, Error> {
        let limit = |bytes| UploadLimit::of(u64::try_from(bytes).unwrap_or(u64::MAX));
        match &upload.part {
            ProviderPart::Checksums => Ok(limit(MAX_CHECKSUMS_BYTES)),
            ProviderPart::Signature => Ok(limit(MAX_SIGNATURE_BYTES)),
            ProviderPart::Package(platform) => {
                let organization = organizations::by_id(&self.store, &upload.organization)?;
                let organization = organization.ok_or_else(link_is_gone)?;
                self.package_limit(&organization, &upload.address, platform)
            }
        }
    }

    /// Returns how large a package may be that is sent for a platform of a version.
    pub(super) fn package_limit(
        &self,
        organization: &Organization,
        version: &ProviderVersionAddress,
        platform: &Platform,
    ) -> Result<UploadLimit, Error> {
        let most = self.settings().package_bytes;
        let package = provider_packages::find(&self.store, version, platform)?;
        if package.is_some_and(|package| package.file.is_some()) {
            // It may be sent again, which adds nothing.
            return Ok(UploadLimit::of(most));
        }
        Ok(self.budget(organization)?.upload_limit(most, true))
    }

    /// Stores what was sent to a link. The same bytes may be sent again; other bytes are refused
    /// once the version is published.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if the upload is not what the link is for or does not fit the other
    /// parts, [`Error::Conflict`] if the version is published with other content, and
    /// [`Error::NotFound`] if the link is no longer valid.
    pub fn take_provider_upload(
        &self,
        upload: &ProviderUpload,
        incoming: IncomingPackage,
    ) -> Result<(), Error> {
        match &upload.part {
            ProviderPart::Checksums => {
                let bytes = read_all(&incoming.blob)?;
                let text = String::from_utf8(bytes).map_err(|_| {
                    Error::invalid("shasums", "SHA256SUMS is a text, and this is none")
                })?;
                self.publishing(upload, "take provider checksums", |publishing, tx| {
                    publishing.take_checksums(tx, &text)
                })
            }
            ProviderPart::Signature => {
                let bytes = read_all(&incoming.blob)?;
                // A file that is no signature is refused at once, even if the list that it should
                // sign is not here yet.
                crate::auth::signer(&bytes)
                    .map_err(|error| Error::invalid("shasums-sig", error))?;
                self.publishing(upload, "take provider signature", |publishing, tx| {
                    publishing.take_signature(tx, &bytes)
                })
            }
            ProviderPart::Package(platform) => {
                let file = incoming.check(self, &upload.address.provider.name)?;
                self.store_blob_then(incoming.blob, || {
                    self.publishing(upload, "take provider package", |publishing, tx| {
                        publishing.take_package(tx, platform, file)
                    })
                })
            }
        }
    }

    fn publishing(
        &self,
        upload: &ProviderUpload,
        action: &'static str,
        take: impl FnOnce(&Publishing<'_>, &mut crate::storage::Tx<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        // Receiving the upload may have taken a while, and the right may have been withdrawn
        // meanwhile.
        self.check_upload(upload)?;
        let publishing = Publishing {
            organization: &upload.organization,
            version: &upload.address,
            publisher: &upload.publisher,
            now: self.now(),
        };
        self.write(&upload.publisher, action, |tx| {
            // A version that was deleted and announced again is another one.
            let version = publishing.version_in(tx)?;
            if version.id != upload.version {
                return Err(link_is_gone());
            }
            self.within_budget(tx, &upload.organization, |tx| take(&publishing, tx))
        })
    }

    fn check_upload(&self, upload: &ProviderUpload) -> Result<(), Error> {
        let caller = self.caller_of(&upload.publisher)?;
        let namespace = upload.address.provider.namespace.as_str();
        let grant = self.grant::<PublishProviders>(&caller, namespace);
        let may_publish = grant.is_ok_and(|grant| {
            let organization = grant.organization();
            organization.is_some_and(|it| it.id == upload.organization)
        });
        let version = providers::find_version(&self.store, &upload.address)?;
        let is_same = version.is_some_and(|version| version.id == upload.version);
        let longest = self.settings().upload_url_seconds;
        if may_publish && is_same && self.is_in_time(upload.expires, longest) {
            Ok(())
        } else {
            Err(link_is_gone())
        }
    }
}

fn read_all(incoming: &IncomingBlob) -> Result<Vec<u8>, Error> {
    use std::io::Read;

    let mut bytes = Vec::new();
    let mut reader = incoming.reader().map_err(disk_error)?;
    reader.read_to_end(&mut bytes).map_err(disk_error)?;
    Ok(bytes)
}

fn link_is_gone() -> Error {
    Error::NotFound("the upload link (it may have expired, or been withdrawn)".to_owned())
}
