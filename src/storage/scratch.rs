//! Scratch space: a private directory outside the data directory, for a registry that cannot write
//! there.
//!
//! sled writes to its files as soon as it opens them. So the index of a read-only or full disk is
//! opened as a copy in the scratch space, and derived data is kept there, too. It is removed when
//! the data directory is closed.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::Disk;

/// Where a scratch directory is made if the system's place for temporary files is full or
/// read-only, too: in memory.
const IN_MEMORY: &str = "/dev/shm";

/// Makes a directory that only this user can enter.
pub(super) fn make() -> io::Result<TempDir> {
    let make_in = |place: PathBuf| {
        tempfile::Builder::new()
            .prefix("terrakeep-")
            .tempdir_in(place)
    };
    make_in(std::env::temp_dir()).or_else(|error| make_in(IN_MEMORY.into()).map_err(|_| error))
}

/// Copies the files of a folder into another, but not those of folders in it.
pub(super) fn copy_files(disk: &dyn Disk, from: &Path, to: &Path) -> io::Result<()> {
    for name in disk.list(from)? {
        let file = from.join(&name);
        if disk.metadata(&file)?.is_file() {
            let mut copy = File::create(to.join(&name))?;
            io::copy(&mut disk.open(&file)?, &mut copy)?;
        }
    }
    Ok(())
}
