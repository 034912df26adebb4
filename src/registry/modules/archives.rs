//! Serving archives: signed addresses, and bytes whose checksum was verified.

use std::sync::{Arc, OnceLock};

use crate::auth::{ArchiveClaim, Caller, Grant, ReadModules};
use crate::domain::{ModuleVersion, ModuleVersionAddress, Sha256};
use crate::registry::base::state::{ArchiveBytes, HeldBytes, OpenArchiveFile, SignedArchive};
use crate::registry::base::{Error, Registry, disk_error, organization_for};
use crate::storage::BlobFile;
use crate::storage::tables::{downloads, modules};

/// The proof that somebody may fetch an archive.
#[derive(Debug)]
pub enum ArchiveProof<'a> {
    /// The address of the archive carries a signature.
    Signature {
        /// When the signature expires, in seconds since 1970.
        expires: i64,
        /// The signature.
        signature: &'a str,
    },
    /// The caller may read the module.
    Caller(&'a Caller),
}

/// An archive, ready to be sent.
#[derive(Debug)]
pub struct OpenedArchive {
    /// The version, with its address in the organization's own spelling.
    pub version: Arc<ModuleVersion>,
    /// The checksum of the archive.
    pub sha256: Sha256,
    /// The verified bytes.
    pub bytes: ArchiveBytes,
}

impl Registry {
    /// Signs an address for the archive of a published version, and counts the download.
    ///
    /// A caller who asks for the same version again within a thirtieth of the signature's lifetime
    /// gets the same signature.
    pub fn sign_archive(
        &self,
        grant: &Grant<ReadModules>,
        address: &ModuleVersionAddress,
    ) -> Result<Arc<SignedArchive>, Error> {
        let organization = organization_for(grant, &address.module)?;
        let (now, lifetime) = (self.now(), self.settings().archive_url_seconds);
        let step = (lifetime / 30).max(1);
        let expires = now.as_seconds().saturating_add(lifetime) / step * step;
        let row = modules::of_version(address);
        let revision = (
            self.store.revision::<modules::ModuleVersions>(&row),
            expires,
        );
        let signed = if let Some(signed) = self.state.modules.signed.get(row.as_bytes(), &revision)
        {
            signed
        } else {
            let version = self.published_version(grant, address)?;
            let sha256 = archive_sum(&version)?;
            let signature = self.signer.sign(&ArchiveClaim {
                organization: &organization.id,
                address: &version.address,
                sha256: &sha256,
                expires,
            });
            let signed = Arc::new(SignedArchive {
                counter: downloads::counter(&version.address, now.day()),
                version,
                sha256,
                expires,
                signature,
                shown: OnceLock::new(),
            });
            let key = row.as_bytes().to_vec();
            self.state
                .modules
                .signed
                .put(key, revision, Arc::clone(&signed));
            signed
        };
        self.refuse_revoked(organization, &signed.version)?;
        self.store.count(&signed.counter, 1);
        Ok(signed)
    }

    /// Returns the version whose archive this proof allows to fetch.
    ///
    /// Without a good proof, the answer is the same whether the version exists or not.
    pub fn prove_archive(
        &self,
        address: &ModuleVersionAddress,
        proof: &ArchiveProof<'_>,
    ) -> Result<Arc<ModuleVersion>, Error> {
        match proof {
            ArchiveProof::Caller(caller) => {
                let grant = self.module_grant::<ReadModules>(caller, &address.module)?;
                let version = self.published_version(&grant, address)?;
                self.refuse_revoked(organization_for(&grant, &address.module)?, &version)?;
                Ok(version)
            }
            ArchiveProof::Signature { expires, signature } => {
                let refused = || {
                    let reason = "the address of this archive has expired or was changed; run terraform again";
                    Error::Forbidden(reason.to_owned())
                };
                let organization = self
                    .organization(address.module.namespace.as_str())?
                    .ok_or_else(refused)?;
                let version = self.remembered_version(address)?.ok_or_else(refused)?;
                let sha256 = archive_sum(&version).map_err(|_| refused())?;
                let claim = ArchiveClaim {
                    organization: &organization.id,
                    address: &version.address,
                    sha256: &sha256,
                    expires: *expires,
                };
                let longest = self.settings().archive_url_seconds;
                if self.signer.accepts(&claim, signature, self.now())
                    && self.is_in_time(*expires, longest)
                {
                    Ok(version)
                } else {
                    Err(refused())
                }
            }
        }
    }

    /// Returns a version's archive if its bytes are in memory.
    pub fn archive_in_memory(&self, version: &Arc<ModuleVersion>) -> Option<OpenedArchive> {
        let sha256 = archive_sum(version).ok()?;
        let bytes = ArchiveBytes::Memory(self.state.modules.archives.bytes(&sha256)?);
        Some(OpenedArchive {
            version: Arc::clone(version),
            sha256,
            bytes,
        })
    }

    /// Opens a version's archive and verifies its checksum; waits for the disk.
    ///
    /// A file whose content does not match its checksum is put aside and never served.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the version was deleted meanwhile, and [`Error::Internal`] if its
    /// file is lost or damaged.
    pub fn open_archive(&self, version: Arc<ModuleVersion>) -> Result<OpenedArchive, Error> {
        if let Some(opened) = self.archive_in_memory(&version) {
            return Ok(opened);
        }
        let sha256 = archive_sum(&version)?;
        let missing = || {
            Error::internal(format!(
                "the archive {sha256} of `{}` is missing",
                version.address
            ))
        };
        let Some(file) = self.blobs.open(&sha256)? else {
            // The file is gone because the version was deleted since it was looked up, or because
            // the file was lost.
            let deleted = self.remembered_version(&version.address)?.is_none();
            let gone = || Error::NotFound(format!("the module version `{}`", version.address));
            return Err(if deleted { gone() } else { missing() });
        };
        let bytes = self.read_archive(&sha256, file)?;
        Ok(OpenedArchive {
            version,
            sha256,
            bytes,
        })
    }

    /// Returns a verified archive: a small one from memory, any other from its file, also a small
    /// one that does not fit into the cache now.
    ///
    /// However many ask for one archive at the same time, it is read and verified once.
    pub(in crate::registry) fn read_archive(
        &self,
        sum: &Sha256,
        file: BlobFile,
    ) -> Result<ArchiveBytes, Error> {
        let archives = &self.state.modules.archives;
        archives.reading.run_alone(sum, || {
            if let Some(held) = archives.bytes(sum) {
                return Ok(ArchiveBytes::Memory(held));
            }
            let Some(room) = archives.room_for(file.len) else {
                return self.check_large(sum, file);
            };
            let whole = OpenArchiveFile(file).read_at(0, u64::MAX)?;
            if Sha256::of(&whole) != *sum {
                return Err(self.put_aside(sum));
            }
            Ok(ArchiveBytes::Memory(archives.keep(*sum, whole, room)))
        })
    }

    /// Verifies a file that is too large for the memory, unless that was done in the last hour and
    /// the file is still the same.
    fn check_large(&self, sum: &Sha256, file: BlobFile) -> Result<ArchiveBytes, Error> {
        let archives = &self.state.modules.archives;
        let identity = format!("{} {:?} {:?}", file.len, file.modified, file.identity);
        let now = self.now();
        if !archives.is_checked(sum, &identity, now) {
            if !file.has_checksum(sum).map_err(disk_error)? {
                return Err(self.put_aside(sum));
            }
            archives.checked(*sum, identity, now);
        }
        Ok(ArchiveBytes::File(Arc::new(OpenArchiveFile(file))))
    }

    /// Puts a damaged file aside; the returned error says what an operator must do.
    pub(in crate::registry) fn put_aside(&self, sum: &Sha256) -> Error {
        self.state.modules.archives.forget(sum);
        let aside = self
            .blobs
            .quarantine(sum, "its content does not have its checksum");
        let note = aside
            .err()
            .map_or_else(String::new, |error| format!(" ({error})"));
        Error::internal(format!(
            "the stored archive {sum} is damaged and was put aside{note}; restore it from a backup, or delete the version"
        ))
    }

    /// Returns the bytes of an archive or package if they are in memory.
    pub(in crate::registry) fn archive_bytes_in_memory(
        &self,
        sum: &Sha256,
    ) -> Option<Arc<HeldBytes>> {
        self.state.modules.archives.bytes(sum)
    }

    /// Removes what is kept in memory and in derived files of an archive that is no longer stored.
    pub(in crate::registry) fn forget_archive(&self, sum: &Sha256) {
        self.state.modules.archives.forget(sum);
        self.state.modules.documentation.forget(sum);
    }
}

fn archive_sum(version: &ModuleVersion) -> Result<Sha256, Error> {
    version
        .archive
        .as_ref()
        .map(|archive| archive.sha256)
        .ok_or_else(|| Error::NotFound(format!("the module version `{}`", version.address)))
}
