//! The few file operations that durability depends on, behind a trait.
//!
//! The journal, the checkpoints and the blobs reach the disk only through [`Disk`], so a test can
//! simulate a disk that fails or that loses what was not synced. Reading returns plain files. The
//! index does not use it; it may be lost at any time.

use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use rustix::fs::{Access, FallocateFlags, StatVfsMountFlags, access, fallocate};
use rustix::io::Errno;

/// A disk, or a test's simulation of one.
pub trait Disk: Send + Sync + 'static {
    /// Creates a new, empty file (mode 0600) for appending; fails if the name is taken.
    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;

    /// Opens an existing file for appending.
    fn append(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;

    /// Opens an existing file for reading.
    fn open(&self, path: &Path) -> io::Result<File>;

    /// Renames a file; a file that has the new name is replaced.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file's name.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Creates a directory (mode 0700).
    fn create_dir(&self, path: &Path) -> io::Result<()>;

    /// Makes the names in a directory durable.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;

    /// Returns the names in a directory, sorted.
    fn list(&self, path: &Path) -> io::Result<Vec<String>>;

    /// Returns a file's metadata.
    fn metadata(&self, path: &Path) -> io::Result<Metadata>;

    /// Returns how much space there is where a file or directory lies; `None` if that is not known.
    fn space(&self, _path: &Path) -> Option<DiskSpace> {
        None
    }

    /// Returns why this process can create nothing in a directory; `None` if it can.
    fn write_refusal(&self, _dir: &Path) -> Option<io::Error> {
        None
    }

    /// Gives a file `bytes` bytes of the disk that nothing else can use; creates it (mode 0600) if
    /// it does not exist.
    fn allocate(&self, path: &Path, _bytes: u64) -> io::Result<()> {
        let reason = format!("no space can be kept for `{}`", path.display());
        Err(io::Error::new(io::ErrorKind::Unsupported, reason))
    }

    /// Gives an existing file `bytes` bytes of the disk behind its end, so that it can grow on a
    /// full disk. The file stays as long as it is.
    fn allocate_ahead(&self, _path: &Path, _bytes: u64) -> io::Result<()> {
        Ok(())
    }

    /// Returns an id of the machine's current boot; `None` if the system has none.
    ///
    /// While it stays the same, everything that a killed process wrote is still in the system's
    /// memory or on the disk, synced or not.
    fn boot_id(&self) -> Option<String>;
}

/// The space of the disk that a file or directory lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskSpace {
    /// How many bytes this process may still write.
    pub available: u64,
    /// How many bytes the disk has in all.
    pub total: u64,
    /// Whether the disk is mounted read-only.
    pub read_only: bool,
}

/// A file that is open for appending.
pub trait DiskFile: Send + Sync {
    /// Writes at the end of the file.
    fn append(&self, bytes: &[u8]) -> io::Result<()>;

    /// Makes the content durable (`fdatasync`).
    fn sync_data(&self) -> io::Result<()>;

    /// Makes the content and the metadata durable (`fsync`).
    fn sync_all(&self) -> io::Result<()>;

    /// Cuts the file off after `length` bytes.
    fn set_len(&self, length: u64) -> io::Result<()>;
}

/// The disk of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let mut options = OpenOptions::new();
        options.append(true).create_new(true);
        private_file(&mut options);
        Ok(Arc::new(options.open(path)?))
    }

    fn append(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        Ok(Arc::new(OpenOptions::new().append(true).open(path)?))
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        File::open(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        let mut builder = DirBuilder::new();
        private_dir(&mut builder);
        builder.create(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        sync_directory(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(path)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        std::fs::metadata(path)
    }

    fn space(&self, path: &Path) -> Option<DiskSpace> {
        let found = rustix::fs::statvfs(path).ok()?;
        Some(DiskSpace {
            available: found.f_bavail.saturating_mul(found.f_frsize),
            total: found.f_blocks.saturating_mul(found.f_frsize),
            read_only: found.f_flag.contains(StatVfsMountFlags::RDONLY),
        })
    }

    fn write_refusal(&self, dir: &Path) -> Option<io::Error> {
        let refused = access(dir, Access::WRITE_OK | Access::EXEC_OK).err()?;
        let cannot_write = [Errno::ROFS, Errno::ACCESS, Errno::PERM].contains(&refused);
        cannot_write.then(|| refused.into())
    }

    fn allocate(&self, path: &Path, bytes: u64) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        private_file(&mut options);
        let file = options.open(path)?;
        match fallocate(&file, FallocateFlags::empty(), 0, bytes) {
            Err(Errno::OPNOTSUPP) => fill(file, bytes),
            done => Ok(done?),
        }
    }

    fn allocate_ahead(&self, path: &Path, bytes: u64) -> io::Result<()> {
        let file = OpenOptions::new().append(true).open(path)?;
        let length = file.metadata()?.len();
        match fallocate(&file, FallocateFlags::KEEP_SIZE, length, bytes) {
            // Such a disk gives the space when it is written.
            Err(Errno::OPNOTSUPP) => Ok(()),
            done => Ok(done?),
        }
    }

    fn boot_id(&self) -> Option<String> {
        let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        Some(text.trim().to_owned()).filter(|id| !id.is_empty())
    }
}

impl DiskFile for File {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        let mut file = self;
        file.write_all(bytes)
    }

    fn sync_data(&self) -> io::Result<()> {
        Self::sync_data(self)
    }

    fn sync_all(&self) -> io::Result<()> {
        Self::sync_all(self)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        Self::set_len(self, length)
    }
}

/// Writes bytes that no disk can compress, for disks that keep no space for a file.
fn fill(mut file: File, bytes: u64) -> io::Result<()> {
    const PIECE: usize = 1024 * 1024;
    let mut piece = vec![0; PIECE];
    getrandom::fill(&mut piece).map_err(io::Error::other)?;
    let mut rest = usize::try_from(bytes).unwrap_or(usize::MAX);
    while rest > 0 {
        let part = piece.get(..rest.min(PIECE)).unwrap_or_default();
        file.write_all(part)?;
        rest -= part.len();
    }
    file.sync_all()
}

#[cfg(unix)]
fn private_file(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn private_file(_options: &mut OpenOptions) {}

#[cfg(unix)]
fn private_dir(builder: &mut DirBuilder) {
    use std::os::unix::fs::DirBuilderExt;
    builder.mode(0o700);
}

#[cfg(not(unix))]
fn private_dir(_builder: &mut DirBuilder) {}

#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}
