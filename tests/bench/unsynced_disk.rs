//! A disk that syncs nothing, so that making the corpus takes seconds instead of minutes.
//!
//! The measurements afterwards run on the real disk, after everything was written to it.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;
use std::sync::Arc;

use terrakeep::storage::{Disk, DiskFile, RealDisk};

/// The machine's disk, used without waiting for syncs.
pub(crate) struct UnsyncedDisk;

struct UnsyncedFile(Arc<dyn DiskFile>);

impl Disk for UnsyncedDisk {
    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        Ok(Arc::new(UnsyncedFile(RealDisk.create(path)?)))
    }

    fn append(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        Ok(Arc::new(UnsyncedFile(RealDisk.append(path)?)))
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        RealDisk.open(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        RealDisk.create_dir(path)
    }

    fn sync_dir(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        RealDisk.list(path)
    }

    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        RealDisk.metadata(path)
    }

    fn boot_id(&self) -> Option<String> {
        RealDisk.boot_id()
    }
}

impl DiskFile for UnsyncedFile {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        self.0.append(bytes)
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn sync_all(&self) -> io::Result<()> {
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }
}
