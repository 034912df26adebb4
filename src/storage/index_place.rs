//! Where the index is opened: in the data directory, or as a copy in the scratch space if nothing
//! can be written in the data directory.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::engine::Index;
use super::{DataDir, Disk, StoreError, StoreOptions, scratch, trust};

/// How little space makes it useless to open the index on a disk: sled writes while it opens.
const LEAST_BYTES: u64 = 256 * 1024;

/// The folder of the index that is opened.
pub(super) struct IndexPlace {
    folder: PathBuf,
    is_copy: bool,
}

impl IndexPlace {
    /// Chooses the data directory, or the scratch space if the data directory cannot be written or
    /// its disk is full. An index that is not trusted is not copied there.
    pub(super) fn of(dir: &DataDir, disk: &dyn Disk, trusted: bool) -> Result<Self, StoreError> {
        if dir.read_only().is_some() || Self::is_full(dir, disk) {
            return Self::scratch(dir, disk, trusted);
        }
        Ok(Self {
            folder: dir.index(),
            is_copy: false,
        })
    }

    /// Returns whether the disk has too little space to open the index on it.
    fn is_full(dir: &DataDir, disk: &dyn Disk) -> bool {
        let space = disk.space(dir.root());
        space.is_some_and(|space| space.available < LEAST_BYTES)
    }

    /// Chooses the scratch space, and copies the index there if it is trusted.
    pub(super) fn scratch(
        dir: &DataDir,
        disk: &dyn Disk,
        trusted: bool,
    ) -> Result<Self, StoreError> {
        let from = dir.index();
        let failed = |error| StoreError::io("make a temporary copy of", &from, error);
        let folder = dir.scratch().map_err(failed)?.join("index");
        std::fs::create_dir_all(&folder).map_err(failed)?;
        if trusted {
            scratch::copy_files(disk, &from, &folder).map_err(failed)?;
        }
        Ok(Self {
            folder,
            is_copy: true,
        })
    }

    /// Returns whether it is the scratch space.
    pub(super) fn is_copy(&self) -> bool {
        self.is_copy
    }

    /// Opens the index that is there.
    pub(super) fn open(
        &self,
        dir: &DataDir,
        disk: &dyn Disk,
        known_synced: u64,
        options: StoreOptions,
    ) -> Result<Arc<Index>, StoreError> {
        if !self.is_copy {
            trust::begin(dir, disk, known_synced)?;
        }
        self.reopen(options)
    }

    /// Opens the index again.
    pub(super) fn reopen(&self, options: StoreOptions) -> Result<Arc<Index>, StoreError> {
        Index::open(&self.folder, options.index_cache_bytes)
    }

    /// Makes an empty index. One that is there is moved aside; a copy is removed.
    pub(super) fn make(
        &self,
        dir: &DataDir,
        disk: &dyn Disk,
        known_synced: u64,
        options: StoreOptions,
    ) -> Result<Arc<Index>, StoreError> {
        let failed = |error| StoreError::io("move aside", &self.folder, error);
        if self.is_copy {
            std::fs::remove_dir_all(&self.folder)
                .and_then(|()| std::fs::create_dir(&self.folder))
                .map_err(failed)?;
        } else {
            let names = disk.list(&self.folder);
            let is_new = names.is_ok_and(|names| names.iter().all(|name| name == "boot"));
            if !is_new {
                move_aside(dir, disk, &self.folder).map_err(failed)?;
            }
        }
        self.open(dir, disk, known_synced, options)
    }
}

/// Opens the index to compare it with the journal: as a copy if its disk has no space for opening it
/// or cannot be written.
pub(super) fn open_to_compare(
    dir: &DataDir,
    disk: &dyn Disk,
    known_synced: u64,
    options: StoreOptions,
) -> Result<Arc<Index>, StoreError> {
    let place = IndexPlace::of(dir, disk, true)?;
    match place.open(dir, disk, known_synced, options) {
        Err(error) if error.is_no_space() && !place.is_copy() => {
            IndexPlace::scratch(dir, disk, true)?.reopen(options)
        }
        opened => opened,
    }
}

fn move_aside(dir: &DataDir, disk: &dyn Disk, folder: &Path) -> io::Result<()> {
    let aside = dir.unusable_index();
    match std::fs::remove_dir_all(&aside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => disk.rename(folder, &aside)?,
    }
    disk.create_dir(folder)?;
    disk.sync_dir(dir.root())
}
