//! The reserve: space of the disk that uploads never get, so that deletions, sign-ins and the index
//! go on when the disk is full.
//!
//! It works in two steps. Uploads are refused while less than twice the reserve is free, and caches
//! are not written. So what the registry writes itself has the size of the reserve to grow in. If
//! others fill the disk, the file that holds the reserve is removed, and the registry goes on in
//! its place. The file is made again when there is room. Of a small disk the reserve takes at most
//! an eighth.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::data_dir::remove_if_there;
use super::{Disk, DiskSpace};

/// The part of a disk that the reserve takes at most: one of so many.
const PART_OF_DISK: u64 = 8;

/// How little space there is when nothing can be relied on to be written.
const NOTHING_LEFT: u64 = 64 * 1024;

/// The reserve of a data directory.
#[derive(Debug)]
pub(super) struct Reserve {
    file: PathBuf,
    /// Its size in bytes; 0 if there is none.
    bytes: AtomicU64,
    /// Whether the file has the space now.
    held: AtomicBool,
}

impl Reserve {
    /// Makes one without space, for a data directory that is not written to.
    pub(super) fn none(root: &Path) -> Self {
        Self {
            file: root.join("reserve"),
            bytes: AtomicU64::new(0),
            held: AtomicBool::new(false),
        }
    }

    /// Finds the reserve that an earlier run left in a data directory, and gives it up if the disk
    /// is full: opening the directory may need the space.
    pub(super) fn of(root: &Path, disk: &dyn Disk) -> Self {
        let mut reserve = Self::none(root);
        let left = disk.metadata(&reserve.file);
        let left = left.map_or(0, |metadata| metadata.len());
        reserve.bytes = AtomicU64::new(left);
        reserve.held = AtomicBool::new(left > 0);
        reserve.give_up_if_full(disk);
        reserve
    }

    /// Sets the size in bytes, and takes the space if there is room for it; 0 removes the reserve.
    pub(super) fn resize(&self, disk: &dyn Disk, bytes: u64) {
        let Some(space) = self.space(disk) else {
            return;
        };
        let bytes = bytes.min(space.total / PART_OF_DISK);
        let before = self.bytes.swap(bytes, Ordering::SeqCst);
        if bytes != before && self.held.load(Ordering::SeqCst) {
            self.give_up(disk);
        }
        self.take_if_room(disk);
    }

    /// Takes the space again, if it was given up and there is room for it.
    pub(super) fn take_if_room(&self, disk: &dyn Disk) {
        let bytes = self.bytes();
        let has_room = |space: DiskSpace| space.available >= bytes.saturating_add(bytes / 2);
        if bytes == 0 || self.held.load(Ordering::SeqCst) || !self.space(disk).is_some_and(has_room)
        {
            return;
        }
        match disk.allocate(&self.file, bytes) {
            Ok(()) => self.held.store(true, Ordering::SeqCst),
            Err(error) => {
                tracing::warn!(%error, "no space is kept for a full disk");
                self.remove(disk);
            }
        }
    }

    /// Gives the space up if others have used up almost all of the rest.
    pub(super) fn give_up_if_full(&self, disk: &dyn Disk) {
        let is_full = |space: DiskSpace| space.available < self.bytes() / 4;
        if self.held.load(Ordering::SeqCst) && self.space(disk).is_some_and(is_full) {
            self.give_up(disk);
            tracing::warn!(
                "the disk is full: the space that was kept for this is in use now, and uploads are \
                 refused; free some space on it"
            );
        }
    }

    /// Gives the space up; returns whether there was any.
    pub(super) fn give_up(&self, disk: &dyn Disk) -> bool {
        self.held.swap(false, Ordering::SeqCst) && self.remove(disk)
    }

    /// Returns whether an upload may write so many bytes more.
    pub(super) fn has_room_for(&self, disk: &dyn Disk, bytes: u64) -> bool {
        let Some(space) = self.space(disk) else {
            return true;
        };
        let kept = self.bytes();
        let held = if self.held.load(Ordering::SeqCst) {
            kept
        } else {
            0
        };
        let needed = kept.saturating_mul(2).saturating_add(bytes);
        kept == 0 || space.available.saturating_add(held) >= needed
    }

    /// Returns whether the disk is so full that nothing can be written.
    pub(super) fn is_used_up(&self, disk: &dyn Disk) -> bool {
        let is_full = |space: DiskSpace| space.available < NOTHING_LEFT;
        !self.held.load(Ordering::SeqCst) && self.space(disk).is_some_and(is_full)
    }

    fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::SeqCst)
    }

    fn space(&self, disk: &dyn Disk) -> Option<DiskSpace> {
        disk.space(self.file.parent()?)
    }

    fn remove(&self, disk: &dyn Disk) -> bool {
        match remove_if_there(disk, &self.file) {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, "the space that is kept for a full disk cannot be freed");
                false
            }
        }
    }
}
