//! Archives whose checksum was verified: small ones in memory, large ones as open files.

use std::collections::HashMap;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use bytes::Bytes;

use crate::domain::{Sha256, Timestamp};
use crate::registry::base::{Error, disk_error};
use crate::storage::BlobFile;

/// How long a large file's verified checksum counts, in seconds, before it is verified again.
const RECHECK_SECONDS: i64 = 3600;

/// Bytes whose checksum has been verified.
#[derive(Debug, Clone)]
pub enum ArchiveBytes {
    /// The bytes in memory.
    Memory(Arc<HeldBytes>),
    /// The open file that has the bytes.
    File(Arc<OpenArchiveFile>),
}

/// An archive too large to be kept in memory.
#[derive(Debug)]
pub struct OpenArchiveFile(pub(in crate::registry) BlobFile);

impl ArchiveBytes {
    /// Returns the number of bytes.
    pub fn size(&self) -> u64 {
        match self {
            Self::Memory(held) => length(held.bytes()),
            Self::File(file) => file.0.len,
        }
    }
}

impl OpenArchiveFile {
    /// Returns up to `length` bytes from `offset` on; waits for the disk.
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

/// The bytes of an archive in memory. The cache counts them until their last reader drops them.
#[derive(Debug)]
pub struct HeldBytes {
    bytes: Bytes,
    held: Arc<AtomicU64>,
}

impl HeldBytes {
    /// Returns the bytes.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Makes bytes that no cache counts.
    #[cfg(test)]
    pub(crate) fn uncounted(bytes: Bytes) -> Self {
        let held = Arc::new(AtomicU64::new(length(&bytes)));
        Self { bytes, held }
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

/// A cache of verified archives: the bytes of small ones, and for large ones when their checksum
/// was verified.
///
/// All bytes in memory together stay within the capacity. Bytes that left the cache count as long
/// as a slow reader still holds them.
#[derive(Debug)]
pub(in crate::registry) struct ArchiveCache {
    capacity_bytes: u64,
    held: Arc<AtomicU64>,
    // Held while a small file is read, so that many callers who wait for one archive read it once.
    pub(in crate::registry) reading: Mutex<()>,
    small: RwLock<HashMap<Sha256, Arc<HeldBytes>>>,
    large: RwLock<HashMap<Sha256, (String, Timestamp)>>,
}

impl ArchiveCache {
    pub(in crate::registry) fn new(capacity_bytes: u64) -> Self {
        Self {
            capacity_bytes,
            held: Arc::default(),
            reading: Mutex::default(),
            small: RwLock::default(),
            large: RwLock::default(),
        }
    }

    /// Tells whether an archive of `size` bytes fits into memory; empties the cache if there is no
    /// room otherwise.
    pub(in crate::registry) fn has_room_for(&self, size: u64) -> bool {
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

    pub(in crate::registry) fn bytes(&self, sum: &Sha256) -> Option<Arc<HeldBytes>> {
        let small = self.small.read().unwrap_or_else(PoisonError::into_inner);
        small.get(sum).map(Arc::clone)
    }

    pub(in crate::registry) fn keep(&self, sum: Sha256, bytes: Bytes) -> Arc<HeldBytes> {
        self.held.fetch_add(length(&bytes), Ordering::Relaxed);
        let held = Arc::new(HeldBytes {
            bytes,
            held: Arc::clone(&self.held),
        });
        let mut small = self.small.write().unwrap_or_else(PoisonError::into_inner);
        small.insert(sum, Arc::clone(&held));
        held
    }

    pub(in crate::registry) fn forget(&self, sum: &Sha256) {
        let mut small = self.small.write().unwrap_or_else(PoisonError::into_inner);
        small.remove(sum);
        let mut large = self.large.write().unwrap_or_else(PoisonError::into_inner);
        large.remove(sum);
    }

    pub(in crate::registry) fn is_checked(
        &self,
        sum: &Sha256,
        identity: &str,
        now: Timestamp,
    ) -> bool {
        let large = self.large.read().unwrap_or_else(PoisonError::into_inner);
        large.get(sum).is_some_and(|(checked, at)| {
            checked == identity && at.plus_seconds(RECHECK_SECONDS) > now
        })
    }

    pub(in crate::registry) fn checked(&self, sum: Sha256, identity: String, now: Timestamp) {
        self.large
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(sum, (identity, now));
    }
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
