//! Serving the files of providers: signed addresses of packages, lists of checksums and signatures,
//! and the files themselves.
//!
//! Terraform sends no token with these requests
//! (`tests/fixtures/contracts/provider-registry-protocol.toml#order`), so the address itself
//! carries a signature.

use data_encoding::BASE64;

use super::read::provider_organization;
use crate::auth::{Grant, ReadProviders};
use crate::domain::{OrganizationId, ProviderVersion, ProviderVersionAddress, Sha256};
use crate::registry::base::state::ArchiveBytes;
use crate::registry::base::{Error, Registry};
use crate::registry::modules::ArchiveProof;
use crate::storage::tables::{provider_packages, providers};

/// A signature to fetch one file of a provider with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedFile {
    /// The name of the file.
    pub name: String,
    /// When the signature expires, in seconds since 1970.
    pub expires: i64,
    /// The signature.
    pub signature: String,
}

/// The file behind an address.
#[derive(Debug)]
pub enum ProviderFile {
    /// A package, by its checksum.
    Package(Sha256),
    /// The content of the list of checksums, or of its signature.
    Small(Vec<u8>),
}

/// The ending that makes the name of a list's signature out of the name of the list.
const SIGNATURE_ENDING: &str = ".sig";
const PURPOSE: &str = "read provider file";

impl Registry {
    /// Signs the address of a file of a published version: a package by its name, the list of
    /// checksums, or the signature of that list.
    pub fn sign_provider_file(
        &self,
        grant: &Grant<ReadProviders>,
        version: &ProviderVersionAddress,
        name: String,
    ) -> Result<SignedFile, Error> {
        let organization = provider_organization(grant, &version.provider)?;
        let lifetime = self.settings().archive_url_seconds;
        let expires = self.now().as_seconds().saturating_add(lifetime);
        let claim = signed_text(&organization.id, version, &name, expires);
        Ok(SignedFile {
            signature: self.signer.sign_text(PURPOSE, &claim),
            expires,
            name,
        })
    }

    /// Returns the file with a name, if the proof allows to fetch it.
    ///
    /// Without a valid proof, the answer is the same whether the file exists or not.
    pub fn provider_file(
        &self,
        address: &ProviderVersionAddress,
        name: &str,
        proof: &ArchiveProof<'_>,
    ) -> Result<ProviderFile, Error> {
        let namespace = address.provider.namespace.as_str();
        let missing = || Error::NotFound(format!("`{name}` of `{address}`"));
        match proof {
            ArchiveProof::Caller(caller) => {
                let grant = self.grant::<ReadProviders>(caller, namespace)?;
                let published = self.published_provider(&grant, address)?;
                let packages = published.packages.iter();
                let packages = packages.map(|it| (&*it.package.file_name, it.file.sha256));
                find(&published.version, packages, name)?.ok_or_else(missing)
            }
            ArchiveProof::Signature { expires, signature } => {
                let refused = || {
                    let reason =
                        "the address of this file has expired or was changed; run terraform again";
                    Error::Forbidden(reason.to_owned())
                };
                let organization = self.organization(namespace)?.ok_or_else(refused)?;
                let claim = signed_text(&organization.id, address, name, *expires);
                let accepted = self.signer.accepts_text(PURPOSE, &claim, signature);
                let longest = self.settings().archive_url_seconds;
                if !accepted || !self.is_in_time(*expires, longest) {
                    return Err(refused());
                }
                // The holder of a signature may have the file; so may publishers before the version
                // is published.
                let version = providers::find_version(&self.store, address)?.ok_or_else(refused)?;
                let packages = provider_packages::list(&self.store, address);
                let packages = packages.collect::<Result<Vec<_>, _>>()?;
                let here = packages.iter().filter_map(|package| {
                    let file = package.file.as_ref()?;
                    Some((&*package.file_name, file.sha256))
                });
                find(&version, here, name)?.ok_or_else(missing)
            }
        }
    }

    /// Opens a package and verifies its checksum; waits for the disk.
    pub fn open_package(&self, sum: &Sha256) -> Result<ArchiveBytes, Error> {
        if let Some(held) = self.archive_bytes_in_memory(sum) {
            return Ok(ArchiveBytes::Memory(held));
        }
        match self.blobs.open(sum)? {
            Some(file) => self.read_archive(sum, file),
            None => Err(Error::NotFound("the package".to_owned())),
        }
    }
}

fn find(
    version: &ProviderVersion,
    mut packages: impl Iterator<Item = (impl AsRef<str>, Sha256)>,
    name: &str,
) -> Result<Option<ProviderFile>, Error> {
    let list = version.address.checksums_name();
    if name == list {
        let text = version.checksums.as_ref();
        return Ok(text.map(|text| ProviderFile::Small(text.clone().into_bytes())));
    }
    if name.strip_suffix(SIGNATURE_ENDING) == Some(&*list) {
        let Some(signature) = &version.signature else {
            return Ok(None);
        };
        let bytes = BASE64.decode(signature.as_bytes());
        return bytes
            .map(|bytes| Some(ProviderFile::Small(bytes)))
            .map_err(Error::internal);
    }
    let package = packages.find(|(file_name, _)| file_name.as_ref() == name);
    Ok(package.map(|(_, sha256)| ProviderFile::Package(sha256)))
}

fn signed_text(
    organization: &OrganizationId,
    version: &ProviderVersionAddress,
    name: &str,
    expires: i64,
) -> String {
    let (provider, version) = (version.provider.folded(), &version.version);
    format!("{organization}\n{provider}\n{version}\n{name}\n{expires}")
}
