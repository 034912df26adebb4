//! Packages of other registries, for sites without internet access: administrators import them, and
//! clients fetch them under their original addresses.

use super::incoming_package::IncomingPackage;
use super::same_number;
use crate::auth::{AdministerSite, Caller, Grant};
use crate::domain::{
    MirroredPackage, OriginAddress, Platform, ProviderVersionAddress, Sha256, Version,
};
use crate::registry::base::{Error, Registry};
use crate::registry::modules::ArchiveProof;
use crate::storage::Tx;
use crate::storage::tables::mirrored;

const PURPOSE: &str = "read mirrored package";

/// A signature to fetch a mirrored package with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedPackage {
    /// When the signature expires, in seconds since 1970.
    pub expires: i64,
    /// The signature.
    pub signature: String,
}

impl Registry {
    /// Stores a package of another registry. The same bytes may be sent again; other bytes are
    /// refused, and so is a version that differs from another one in build metadata only.
    pub fn import_package(
        &self,
        grant: &Grant<AdministerSite>,
        address: &OriginAddress,
        (version, platform): (&Version, &Platform),
        upload: IncomingPackage,
    ) -> Result<MirroredPackage, Error> {
        let file = upload.check(self, &address.provider.name)?;
        let sum = file.sha256;
        let package = MirroredPackage {
            host: address.host.clone(),
            version: ProviderVersionAddress {
                provider: address.provider.clone(),
                version: version.clone(),
            },
            platform: platform.clone(),
            file,
            imported_at: self.now(),
            imported_by: grant.actor(),
        };
        let write = |tx: &mut Tx<'_>| match mirrored::in_tx(tx, address, version, platform)? {
            None => {
                same_number::refuse_import(tx, address, version)?;
                mirrored::insert(tx, &package)?;
                Ok(package)
            }
            Some(before) if before.file.sha256 == sum => Ok(before),
            Some(_) => Err(Error::Conflict(format!(
                "`{address} {version}` for {platform} is here with other content, and packages never change"
            ))),
        };
        self.store_blob_then(upload.blob, || {
            self.write(&grant.actor(), "import provider package", write)
        })
    }

    /// Refuses callers that may not fetch packages of other registries: a caller needs any token,
    /// or none where the configuration says so.
    pub fn may_read_mirror(&self, caller: &Caller) -> Result<(), Error> {
        if self.settings().public_mirror {
            return Ok(());
        }
        self.require_authenticated(caller)
    }

    /// Returns the packages of a provider of another registry, lowest version first.
    pub fn mirrored_packages(
        &self,
        caller: &Caller,
        address: &OriginAddress,
    ) -> Result<Vec<MirroredPackage>, Error> {
        self.may_read_mirror(caller)?;
        let packages = mirrored::list(&self.store, address).collect::<Result<Vec<_>, _>>()?;
        if packages.is_empty() {
            return Err(Error::NotFound(format!("the provider `{address}`")));
        }
        Ok(packages)
    }

    /// Returns every provider of other registries that is stored here, with its number of versions.
    pub fn mirrored_providers(&self) -> Result<Vec<(OriginAddress, usize)>, Error> {
        let mut providers: Vec<(OriginAddress, usize)> = Vec::new();
        let mut last = None;
        for package in mirrored::all(&self.store) {
            let package = package?;
            let address = OriginAddress {
                host: package.host,
                provider: package.version.provider,
            };
            let version = (address.clone(), package.version.version);
            if last.as_ref() == Some(&version) {
                continue;
            }
            last = Some(version);
            match providers.last_mut() {
                Some((of, versions)) if *of == address => *versions += 1,
                _ => providers.push((address, 1)),
            }
        }
        Ok(providers)
    }

    /// Signs the address of a package.
    pub fn sign_mirrored(&self, package: &MirroredPackage) -> SignedPackage {
        let lifetime = self.settings().archive_url_seconds;
        let expires = self.now().as_seconds().saturating_add(lifetime);
        let signature = self
            .signer
            .sign_text(PURPOSE, &signed_text(package, expires));
        SignedPackage { expires, signature }
    }

    /// Returns the checksum of a package, if the proof allows to fetch it.
    pub fn mirrored_package(
        &self,
        address: &OriginAddress,
        (version, platform): (&Version, &Platform),
        proof: &ArchiveProof<'_>,
    ) -> Result<Sha256, Error> {
        let found = mirrored::find(&self.store, address, version, platform)?;
        match proof {
            ArchiveProof::Caller(caller) => {
                self.may_read_mirror(caller)?;
                let missing = || Error::NotFound(format!("`{address} {version}` for {platform}"));
                found.map(|it| it.file.sha256).ok_or_else(missing)
            }
            ArchiveProof::Signature { expires, signature } => {
                let longest = self.settings().archive_url_seconds;
                let accepted = found.filter(|package| {
                    let claim = signed_text(package, *expires);
                    self.signer.accepts_text(PURPOSE, &claim, signature)
                        && self.is_in_time(*expires, longest)
                });
                accepted.map(|it| it.file.sha256).ok_or_else(|| {
                    let reason = "the address of this package has expired or was changed; run terraform again";
                    Error::Forbidden(reason.to_owned())
                })
            }
        }
    }
}

fn signed_text(package: &MirroredPackage, expires: i64) -> String {
    let MirroredPackage {
        host,
        version,
        platform,
        file,
        ..
    } = package;
    let provider = version.provider.folded();
    format!(
        "{host}\n{provider}\n{}\n{platform}\n{}\n{expires}",
        version.version, file.sha256
    )
}
