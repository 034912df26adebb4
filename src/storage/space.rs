//! The space that a running store has: looked after in the background, and asked for by uploads.

use std::path::Path;

use super::{Disk, Store, StoreOutage};

/// How many bytes the journal and the index have ahead of them, so that each can grow by some
/// deletions on a disk that others have filled.
const AHEAD_BYTES: u64 = 1024 * 1024;

/// Where the files that grow had got to when space was last kept ahead of them; `None` if none is.
#[derive(Debug, Default)]
pub(super) struct KeptAhead {
    journal: Option<u64>,
    index: Option<u64>,
}

impl Store {
    /// Keeps space for the time when the disk is full, and gives it up when the disk is. To be
    /// called a few times a second.
    pub fn look_after_space(&self) {
        let inner = self.inner();
        let (dir, disk) = (&inner.dir, &*inner.disk);
        if self.is_read_only().is_some() {
            return;
        }
        dir.reserve().give_up_if_full(disk);
        dir.reserve().take_if_room(disk);
        let Ok(index) = inner.index() else {
            return;
        };
        let (journal, segment, end) = {
            let state = inner.lock_writer();
            let position = state.writer.position();
            (state.writer.path(), position.segment, position.end)
        };
        let mut kept = inner.lock_kept_ahead();
        // The number of the segment is part of the place: each begins at 0.
        let place = (u64::from(segment) << 40) + end;
        keep_ahead(disk, &journal, place, &mut kept.journal);
        let log = index.log_file();
        let length = disk.metadata(&log).map_or(0, |metadata| metadata.len());
        keep_ahead(disk, &log, length, &mut kept.index);
    }

    /// Returns whether there is room for more than what must be written: for uploads and caches.
    pub fn has_room(&self) -> bool {
        let inner = self.inner();
        inner.dir.reserve().has_room_for(&*inner.disk, 0)
    }

    /// Returns how many bytes are free on the disk; `None` if it does not say.
    pub fn free_bytes(&self) -> Option<u64> {
        let inner = self.inner();
        let space = inner.disk.space(inner.dir.root())?;
        Some(space.available)
    }

    /// Checks that the disk takes more bytes.
    pub(super) fn check_space(&self) -> Result<(), StoreOutage> {
        let inner = self.inner();
        let (dir, disk) = (&inner.dir, &*inner.disk);
        let space = disk.space(dir.root());
        if dir.read_only().is_some() || space.is_some_and(|space| space.read_only) {
            return Err(StoreOutage::ReadOnlyDisk);
        }
        if dir.reserve().is_used_up(disk) {
            return Err(StoreOutage::FullDisk);
        }
        Ok(())
    }
}

/// Keeps space behind the end of a file that has got to `place`, unless that was done not far before
/// it, at `kept`.
fn keep_ahead(disk: &dyn Disk, file: &Path, place: u64, kept: &mut Option<u64>) {
    if kept.is_some_and(|kept| kept.abs_diff(place) < AHEAD_BYTES / 4) {
        return;
    }
    *kept = match disk.allocate_ahead(file, AHEAD_BYTES) {
        Ok(()) => Some(place),
        Err(error) => {
            tracing::debug!(%error, file = %file.display(), "no space is kept ahead of a file");
            None
        }
    };
}
