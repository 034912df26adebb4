//! Archives on their way out: signed addresses, and bytes that are known to be the right ones.

use std::collections::HashMap;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use bytes::Bytes;

use super::rights::organization_for;
use super::{Error, Registry, disk_error};
use crate::auth::{ArchiveClaim, Caller, Grant, ReadModules};
use crate::domain::{ModuleVersion, ModuleVersionAddress, Sha256, Timestamp};
use crate::storage::tables::{downloads, modules};
use crate::storage::{BlobFile, Counter};

/// How long a large file's check counts before it is made again.
const RECHECK_SECONDS: i64 = 3600;

/// A version's archive and a signature to fetch it with.
#[derive(Debug)]
pub struct SignedArchive {
    /// The version.
    pub version: Arc<ModuleVersion>,
    /// The checksum of the bytes.
    pub sha256: Sha256,
    /// Until when the signature is good, in seconds since 1970.
    pub expires: i64,
    /// The signature.
    pub signature: String,
    counter: Counter,
    shown: OnceLock<String>,
}

impl SignedArchive {
    /// The address that a wing makes of it, made the first time and kept as long as the signature.
    pub fn shown_as(&self, make: impl FnOnce(&Self) -> String) -> &str {
        self.shown.get_or_init(|| make(self))
    }
}

/// Why somebody may have an archive.
#[derive(Debug)]
pub enum ArchiveProof<'a> {
    /// The address says so.
    Signature {
        /// Until when, in seconds since 1970.
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
    /// The version, with the address in its own spelling.
    pub version: Arc<ModuleVersion>,
    /// The checksum of the bytes.
    pub sha256: Sha256,
    /// The bytes.
    pub bytes: ArchiveBytes,
}

/// Bytes whose checksum has been verified.
#[derive(Debug, Clone)]
pub enum ArchiveBytes {
    /// In memory.
    Memory(Arc<HeldBytes>),
    /// In a file.
    File(Arc<OpenArchiveFile>),
}

/// An archive too large to be kept in memory.
#[derive(Debug)]
pub struct OpenArchiveFile(BlobFile);

impl ArchiveBytes {
    /// Their number.
    pub fn size(&self) -> u64 {
        match self {
            Self::Memory(held) => length(held.bytes()),
            Self::File(file) => file.0.len,
        }
    }
}

impl OpenArchiveFile {
    /// Up to `length` bytes from `offset` on; waits for the disk.
    pub fn read_at(&self, offset: u64, length: u64) -> Result<Bytes, Error> {
        let wanted = length.min(self.0.len.saturating_sub(offset));
        let mut piece = vec![0; usize::try_from(wanted).map_err(Error::internal)?];
        self.0
            .file
            .read_exact_at(&mut piece, offset)
            .map_err(disk_error)?;
        Ok(Bytes::from(piece))
    }
}

/// The bytes of an archive in memory, counted until the last reader has let go of them.
#[derive(Debug)]
pub struct HeldBytes {
    bytes: Bytes,
    held: Arc<AtomicU64>,
}

impl HeldBytes {
    /// The bytes.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

impl Drop for HeldBytes {
    fn drop(&mut self) {
        self.held.fetch_sub(length(&self.bytes), Ordering::Relaxed);
    }
}

fn length(bytes: &Bytes) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Archives that were verified: the bytes of small ones, and when large ones were read through.
///
/// All bytes in memory together stay within the capacity, also those that slow readers still hold
/// of archives that are no longer kept here.
#[derive(Debug)]
pub(super) struct ArchiveCache {
    capacity_bytes: u64,
    held: Arc<AtomicU64>,
    // Taken while a small file is read, so that many who wait for one read it once.
    reading: Mutex<()>,
    small: RwLock<HashMap<Sha256, Arc<HeldBytes>>>,
    large: RwLock<HashMap<Sha256, (String, Timestamp)>>,
}

impl ArchiveCache {
    pub(super) fn new(capacity_bytes: u64) -> Self {
        Self {
            capacity_bytes,
            held: Arc::default(),
            reading: Mutex::default(),
            small: RwLock::default(),
            large: RwLock::default(),
        }
    }

    /// Whether an archive may come into memory, after others had to go where that helps.
    fn has_room_for(&self, size: u64) -> bool {
        let fits = || self.held.load(Ordering::Relaxed).saturating_add(size) <= self.capacity_bytes;
        if size > self.capacity_bytes / 2 {
            return false;
        }
        if !fits() {
            self.small
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .clear();
        }
        fits()
    }

    pub(super) fn bytes(&self, sum: &Sha256) -> Option<Arc<HeldBytes>> {
        let small = self.small.read().unwrap_or_else(PoisonError::into_inner);
        small.get(sum).map(Arc::clone)
    }

    fn keep(&self, sum: Sha256, bytes: Bytes) -> Arc<HeldBytes> {
        self.held.fetch_add(length(&bytes), Ordering::Relaxed);
        let held = Arc::new(HeldBytes {
            bytes,
            held: Arc::clone(&self.held),
        });
        let mut small = self.small.write().unwrap_or_else(PoisonError::into_inner);
        small.insert(sum, Arc::clone(&held));
        held
    }

    pub(super) fn forget(&self, sum: &Sha256) {
        let mut small = self.small.write().unwrap_or_else(PoisonError::into_inner);
        small.remove(sum);
        let mut large = self.large.write().unwrap_or_else(PoisonError::into_inner);
        large.remove(sum);
    }

    fn is_checked(&self, sum: &Sha256, identity: &str, now: Timestamp) -> bool {
        let large = self.large.read().unwrap_or_else(PoisonError::into_inner);
        large.get(sum).is_some_and(|(checked, at)| {
            checked == identity && at.plus_seconds(RECHECK_SECONDS) > now
        })
    }

    fn checked(&self, sum: Sha256, identity: String, now: Timestamp) {
        self.large
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(sum, (identity, now));
    }
}

impl Registry {
    /// Signs an address for the archive of a published version, and counts the download.
    ///
    /// Who asks for the same version within a thirtieth of the lifetime gets the same signature.
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
        let signed = if let Some(signed) = self.signed.get(row.as_bytes(), &revision) {
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
            self.signed.put(key, revision, Arc::clone(&signed));
            signed
        };
        self.refuse_revoked(organization, &signed.version)?;
        self.store.count(&signed.counter, 1);
        Ok(signed)
    }

    /// Whether an archive may be had with this proof, and of which version.
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
                if self.signer.accepts(&claim, signature, self.now()) {
                    Ok(version)
                } else {
                    Err(refused())
                }
            }
        }
    }

    /// The bytes of a version's archive, if they are in memory.
    pub fn archive_in_memory(&self, version: &Arc<ModuleVersion>) -> Option<OpenedArchive> {
        let sha256 = archive_sum(version).ok()?;
        let bytes = ArchiveBytes::Memory(self.archives.bytes(&sha256)?);
        Some(OpenedArchive {
            version: Arc::clone(version),
            sha256,
            bytes,
        })
    }

    /// Opens a version's archive and makes sure of its checksum; waits for the disk.
    ///
    /// A file that is not what its name says is put aside and never served.
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
            // Deleted since it was looked up, or lost.
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

    /// A small archive, from memory; or from its file, while others take the room.
    pub(super) fn read_archive(&self, sum: &Sha256, file: BlobFile) -> Result<ArchiveBytes, Error> {
        let reading = self
            .archives
            .reading
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = self.archives.bytes(sum) {
            return Ok(ArchiveBytes::Memory(held));
        }
        if !self.archives.has_room_for(file.len) {
            drop(reading);
            return self.check_large(sum, file);
        }
        let whole = OpenArchiveFile(file).read_at(0, u64::MAX)?;
        if Sha256::of(&whole) != *sum {
            return Err(self.put_aside(sum));
        }
        Ok(ArchiveBytes::Memory(self.archives.keep(*sum, whole)))
    }

    fn check_large(&self, sum: &Sha256, file: BlobFile) -> Result<ArchiveBytes, Error> {
        let (identity, now) = (format!("{} {:?}", file.len, file.modified), self.now());
        if !self.archives.is_checked(sum, &identity, now) {
            match self.blobs.verify(sum)? {
                Some(true) => self.archives.checked(*sum, identity, now),
                Some(false) => return Err(self.put_aside(sum)),
                None => return Err(Error::NotFound("the module version".to_owned())),
            }
        }
        Ok(ArchiveBytes::File(Arc::new(OpenArchiveFile(file))))
    }

    /// Puts a damaged file aside; the error says what an operator must do.
    pub(super) fn put_aside(&self, sum: &Sha256) -> Error {
        self.archives.forget(sum);
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
}

fn archive_sum(version: &ModuleVersion) -> Result<Sha256, Error> {
    version
        .archive
        .as_ref()
        .map(|archive| archive.sha256)
        .ok_or_else(|| Error::NotFound(format!("the module version `{}`", version.address)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_a_slow_reader_holds_count_until_they_are_let_go() {
        let cache = ArchiveCache::new(100);
        let archive = |letter: u8| Bytes::from(vec![letter; 40]);
        let (one, two) = (Sha256::of(b"1"), Sha256::of(b"2"));
        let slow = cache.keep(one, archive(b'a'));
        cache.keep(two, archive(b'b'));
        assert!(!cache.has_room_for(51), "more than half of the capacity");
        // The second goes, as nobody holds it; the first is gone from here, and still in memory.
        assert!(cache.has_room_for(50));
        assert!(cache.bytes(&one).is_none() && cache.bytes(&two).is_none());
        let other = cache.keep(two, archive(b'b'));
        assert!(
            !cache.has_room_for(40),
            "80 of 100 bytes are held by readers"
        );
        drop(slow);
        assert!(cache.has_room_for(40));
        drop(other);
        assert_eq!(cache.held.load(Ordering::Relaxed), 0);
    }
}
