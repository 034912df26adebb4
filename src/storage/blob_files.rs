//! The files of blobs: their paths, listing, opening and hashing. `blobs.rs` decides which stay.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::Digest;

use crate::domain::Sha256;

use super::{DataDir, Disk, StoreError};

const READ_BYTES: usize = 128 * 1024;

/// A blob that is open for reading.
#[derive(Debug)]
pub struct BlobFile {
    /// The file, at its beginning.
    pub file: File,
    /// How many bytes it has.
    pub len: u64,
    /// When it was stored; `None` if the system does not say.
    pub modified: Option<SystemTime>,
    /// Device and inode number: they stay the same as long as the file is not replaced. `None` on
    /// systems without them.
    pub identity: Option<(u64, u64)>,
}

impl BlobFile {
    /// Reads the whole file and returns whether its content has a checksum.
    pub fn has_checksum(&self, sum: &Sha256) -> io::Result<bool> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0))?;
        Ok(hash(&mut file)? == *sum)
    }
}

/// Returns all blobs of a data directory; files with other names are ignored.
pub(super) fn list_blobs(dir: &DataDir, disk: &dyn Disk) -> Result<Vec<Sha256>, StoreError> {
    let root = dir.blobs();
    let list = |path: &Path| {
        disk.list(path)
            .map_err(|error| StoreError::io("list", path, error))
    };
    let mut sums = Vec::new();
    for folder in list(&root)? {
        let names = list(&root.join(folder))?;
        sums.extend(names.iter().filter_map(|name| name.parse::<Sha256>().ok()));
    }
    Ok(sums)
}

/// Opens a blob for reading; `None` if it is not there.
pub(super) fn open_blob(
    dir: &DataDir,
    disk: &dyn Disk,
    sum: &Sha256,
) -> Result<Option<BlobFile>, StoreError> {
    let path = blob_path(dir, sum);
    let opened = disk.open(&path).and_then(|file| {
        let metadata = file.metadata()?;
        Ok((file, metadata))
    });
    match opened {
        Ok((file, metadata)) => Ok(Some(BlobFile {
            file,
            len: metadata.len(),
            modified: metadata.modified().ok(),
            identity: identity(&metadata),
        })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::io("read", &path, error)),
    }
}

/// Returns the path of a blob, which may not exist.
pub(super) fn blob_path(dir: &DataDir, sum: &Sha256) -> PathBuf {
    blob_folder(dir, sum).join(sum.to_string())
}

pub(super) fn blob_folder(dir: &DataDir, sum: &Sha256) -> PathBuf {
    let digits = sum.to_string();
    dir.blobs().join(digits.get(..2).unwrap_or("00"))
}

/// Returns the SHA-256 of everything that a reader still has.
pub(super) fn hash(from: &mut impl Read) -> io::Result<Sha256> {
    hash_with(from, |_| Ok(()))
}

/// Returns the SHA-256 of everything that a reader still has; `each` gets the length of each piece
/// and can end the work with an error.
pub(super) fn hash_with(
    from: &mut impl Read,
    mut each: impl FnMut(u64) -> io::Result<()>,
) -> io::Result<Sha256> {
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0; READ_BYTES];
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => return Ok(Sha256::finish(hasher)),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(buffer.get(..read).unwrap_or_default());
        each(u64::try_from(read).unwrap_or(u64::MAX))?;
    }
}

pub(super) fn random_name() -> Result<String, StoreError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Io {
        action: "get random bytes for",
        path: PathBuf::from("incoming"),
        source: io::Error::other(error),
    })?;
    Ok(data_encoding::HEXLOWER.encode(&bytes))
}

#[cfg(unix)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "other systems have no such identity"
)]
fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_metadata: &Metadata) -> Option<(u64, u64)> {
    None
}
