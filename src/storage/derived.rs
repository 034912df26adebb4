//! Derived files: data that was read out of blobs and is kept, so that it need not be read again.
//!
//! They are a cache: a file that is missing, damaged or written by another version counts as
//! absent, and the data is read out of the blob again. So nothing here is synced, and a failed
//! write is only a warning.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::blob_files::random_name;
use super::data_dir::make_dirs;
use super::{DataDir, Disk, RealDisk, StoreError};
use crate::domain::Sha256;

/// The most bytes that are read of a decompressed file.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Derived files of one kind, one for each blob.
#[derive(Debug, Clone)]
pub struct DerivedFiles {
    folder: PathBuf,
    dir: DataDir,
}

impl DerivedFiles {
    /// Opens the files of a kind. `form` is the number of their format; files with other numbers
    /// are removed.
    pub fn open(dir: &DataDir, kind: &str, form: u32) -> Result<Self, StoreError> {
        let of_kind = dir.derived().join(kind);
        let folder = of_kind.join(form.to_string());
        remove_others(&of_kind, &folder)
            .map_err(|error| StoreError::io("remove", &of_kind, error))?;
        match make_dirs(&RealDisk, &folder) {
            // It is a cache: without it, blobs are read again.
            Err(error) if error.is_no_space() => tracing::warn!(%error, "nothing is cached"),
            made => made?,
        }
        Ok(Self {
            folder,
            dir: dir.clone(),
        })
    }

    /// Returns what was kept of a blob; `None` if it is absent or cannot be read.
    pub fn get<T: DeserializeOwned>(&self, blob: &Sha256) -> Option<T> {
        let file = fs::File::open(self.path(blob)).ok()?;
        let mut json = Vec::new();
        GzDecoder::new(file)
            .take(MAX_BYTES)
            .read_to_end(&mut json)
            .ok()?;
        serde_json::from_slice(&json).ok()
    }

    /// Keeps something that was read out of a blob, if the disk has room for it; logs a warning if
    /// it cannot be written.
    pub fn put<T: Serialize>(&self, blob: &Sha256, value: &T) {
        if !self.dir.reserve().has_room_for(&RealDisk, 0) {
            return;
        }
        if let Err(error) = self.write(blob, value) {
            tracing::warn!(%blob, %error, folder = %self.folder.display(), "a derived file could not be written");
        }
    }

    /// Removes what was kept of a blob.
    pub fn remove(&self, blob: &Sha256) {
        if let Err(error) = fs::remove_file(self.path(blob))
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%blob, %error, "a derived file could not be removed");
        }
    }

    fn write<T: Serialize>(&self, blob: &Sha256, value: &T) -> io::Result<()> {
        let path = self.path(blob);
        let folder = path.parent().unwrap_or(&self.folder);
        make_dirs(&RealDisk, folder).map_err(io::Error::other)?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&serde_json::to_vec(value)?)?;
        let bytes = gzip.finish()?;
        let new = folder.join(random_name().map_err(io::Error::other)?);
        // `create` makes a file that only the owner may read, like everything in the data
        // directory.
        RealDisk
            .create(&new)?
            .append(&bytes)
            .and_then(|()| fs::rename(&new, &path))
            .inspect_err(|_| drop(fs::remove_file(&new)))
    }

    fn path(&self, blob: &Sha256) -> PathBuf {
        let name = blob.to_string();
        let (folder, _) = name.split_at(2);
        self.folder.join(folder).join(format!("{name}.json.gz"))
    }
}

/// Removes all derived files; they are rebuilt when they are needed.
pub fn remove_derived(dir: &DataDir) -> Result<(), StoreError> {
    let folder = dir.derived();
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::io("remove", &folder, error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn remove_others(of_kind: &Path, kept: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(of_kind) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let path = entry?.path();
        if path != kept {
            fs::remove_dir_all(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_damaged_or_of_another_form_is_not_there() {
        let root = tempfile::tempdir().expect("a directory");
        let dir = DataDir::open(root.path(), &RealDisk).expect("a data directory");
        let files = DerivedFiles::open(&dir, "words", 1).expect("opened");
        let (one, two) = (Sha256::of(b"1"), Sha256::of(b"2"));
        files.put(&one, &vec!["a", "b"]);
        files.put(&two, &vec!["c"]);
        let read = |files: &DerivedFiles, sum| files.get::<Vec<String>>(sum);
        assert_eq!(
            read(&files, &one),
            Some(vec!["a".to_owned(), "b".to_owned()])
        );
        let mut bytes = fs::read(files.path(&one)).expect("read");
        bytes.pop();
        fs::write(files.path(&one), bytes).expect("cut short");
        assert_eq!(read(&files, &one), None);
        files.put(&one, &vec!["d"]);
        assert_eq!(read(&files, &one), Some(vec!["d".to_owned()]));
        let newer = DerivedFiles::open(&dir, "words", 2).expect("opened");
        assert_eq!(read(&newer, &two), None);
        assert_eq!(read(&files, &two), None, "the older form was removed");
        newer.put(&two, &vec!["e"]);
        newer.remove(&two);
        newer.remove(&two);
        assert_eq!(read(&newer, &two), None);
        remove_derived(&dir).expect("removed");
        assert!(!dir.derived().exists());
        remove_derived(&dir).expect("nothing to remove");
    }
}
