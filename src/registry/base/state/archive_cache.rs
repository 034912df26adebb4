//! Archives whose checksum was verified: small ones in memory, large ones as open files.

use std::collections::HashMap;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;

use crate::domain::{Sha256, Timestamp};
use crate::registry::base::{Error, KeyedLocks, disk_error};
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
    _room: Room,
}

/// A part of the cache's memory, which is free again when this is dropped.
#[derive(Debug)]
pub(in crate::registry) struct Room {
    bytes: u64,
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
        let room = Room {
            bytes: 0,
            held: Arc::default(),
        };
        Self { bytes, _room: room }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.held.fetch_sub(self.bytes, Ordering::Relaxed);
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
    /// Callers who want the same archive read it one after the other, so that the first reads it
    /// and the others find it read. Callers who want other archives do not wait for them.
    pub(in crate::registry) reading: KeyedLocks<Sha256>,
    small: RwLock<HashMap<Sha256, Arc<HeldBytes>>>,
    large: RwLock<HashMap<Sha256, (String, Timestamp)>>,
}

impl ArchiveCache {
    pub(in crate::registry) fn new(capacity_bytes: u64) -> Self {
        Self {
            capacity_bytes,
            held: Arc::default(),
            reading: KeyedLocks::default(),
            small: RwLock::default(),
            large: RwLock::default(),
        }
    }

    /// Takes room for an archive of `size` bytes, before it is read; empties the cache if there is
    /// no room otherwise. `None` if the archive does not fit into memory now.
    pub(in crate::registry) fn room_for(&self, size: u64) -> Option<Room> {
        if size > self.capacity_bytes / 2 {
            return None;
        }
        self.take_room(size).or_else(|| {
            self.small
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .clear();
            self.take_room(size)
        })
    }

    fn take_room(&self, bytes: u64) -> Option<Room> {
        let with_it = |held: u64| {
            let all = held.checked_add(bytes)?;
            (all <= self.capacity_bytes).then_some(all)
        };
        let taken = self
            .held
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, with_it);
        taken.is_ok().then(|| Room {
            bytes,
            held: Arc::clone(&self.held),
        })
    }

    pub(in crate::registry) fn bytes(&self, sum: &Sha256) -> Option<Arc<HeldBytes>> {
        let small = self.small.read().unwrap_or_else(PoisonError::into_inner);
        small.get(sum).map(Arc::clone)
    }

    pub(in crate::registry) fn keep(
        &self,
        sum: Sha256,
        bytes: Bytes,
        room: Room,
    ) -> Arc<HeldBytes> {
        let held = Arc::new(HeldBytes { bytes, _room: room });
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

    fn archive(letter: u8) -> Bytes {
        Bytes::from(vec![letter; 40])
    }

    fn keep(cache: &ArchiveCache, sum: Sha256, bytes: Bytes) -> Arc<HeldBytes> {
        let room = cache.room_for(length(&bytes)).expect("there is room");
        cache.keep(sum, bytes, room)
    }

    #[test]
    fn bytes_that_a_slow_reader_holds_count_until_they_are_let_go() {
        let cache = ArchiveCache::new(100);
        let (one, two) = (Sha256::of(b"1"), Sha256::of(b"2"));
        let slow = keep(&cache, one, archive(b'a'));
        keep(&cache, two, archive(b'b'));
        assert!(cache.room_for(51).is_none(), "more than half");
        // The second goes, as nobody holds it; the first is gone from here, and still in memory.
        assert!(cache.room_for(50).is_some());
        assert!(cache.bytes(&one).is_none() && cache.bytes(&two).is_none());
        let other = keep(&cache, two, archive(b'b'));
        assert!(cache.room_for(40).is_none(), "readers hold 80 of 100 bytes");
        drop(slow);
        assert!(cache.room_for(40).is_some());
        drop(other);
        cache.forget(&two);
        assert_eq!(cache.held.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn p10_archives_that_are_read_at_the_same_time_stay_within_the_memory() {
        let cache = ArchiveCache::new(100);
        let first = cache.room_for(50);
        let second = cache.room_for(50);
        assert!(first.is_some() && second.is_some());
        assert!(cache.room_for(1).is_none(), "both are still being read");
        drop(first);
        assert!(cache.room_for(50).is_some());
    }
}
