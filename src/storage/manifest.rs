//! The manifest of a backup: every file with its size and its SHA-256.
//!
//! The manifest's own SHA-256 lies beside it, in the form that `sha256sum -c` reads. So a changed
//! bit anywhere in the backup is found.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::{Sha256, Timestamp};

use super::data_dir::{read_text, write_file};
use super::{Disk, FORMAT, RestoreError, StoreError};

const MANIFEST: &str = "manifest.json";
const MANIFEST_SUM: &str = "manifest.json.sha256";

/// The content of a backup.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// The number of the data format.
    pub(super) format: u32,
    /// When the backup was made.
    pub(super) created_at: Timestamp,
    /// The sequence number of its last record.
    pub(super) sequence: u64,
    /// The SHA-256 of that record.
    pub(super) chain: Sha256,
    /// The files.
    pub(super) files: Vec<ManifestFile>,
}

/// The part of a manifest that every program can read.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ManifestFile {
    /// The path inside of the backup, with `/` between its parts.
    pub(super) path: String,
    /// The size in bytes.
    pub(super) bytes: u64,
    /// The SHA-256.
    pub(super) sha256: Sha256,
}

impl Manifest {
    /// Writes the manifest and its checksum.
    pub(super) fn write(&self, disk: &dyn Disk, backup: &Path) -> Result<(), StoreError> {
        let mut json = serde_json::to_string_pretty(self).map_err(|source| StoreError::Row {
            table: "manifest",
            source,
        })?;
        json.push('\n');
        write_file(disk, &backup.join(MANIFEST_SUM), sum_line(&json).as_bytes())?;
        write_file(disk, &backup.join(MANIFEST), json.as_bytes())
    }

    /// Reads the manifest and checks that it was not changed.
    pub(super) fn read(disk: &dyn Disk, backup: &Path) -> Result<Self, RestoreError> {
        let path = backup.join(MANIFEST);
        let damaged = || RestoreError::Changed {
            path: path.clone(),
            fault: "it is not what the backup wrote",
        };
        let json = read_text(disk, &path).map_err(|error| {
            let is_missing = matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
            if is_missing {
                let path = backup.to_owned();
                RestoreError::NoBackup { path }
            } else {
                damaged()
            }
        })?;
        let sum = read_text(disk, &backup.join(MANIFEST_SUM)).map_err(|_| damaged())?;
        if sum != sum_line(&json) {
            return Err(damaged());
        }
        // A newer program may write what this one cannot read, beside the number of its format.
        let Format { format } = serde_json::from_str(&json).map_err(|_| damaged())?;
        if format > FORMAT {
            return Err(RestoreError::NewerFormat { found: format });
        }
        serde_json::from_str(&json).map_err(|_| damaged())
    }

    /// Returns the names of the files that describe the backup and are not part of the data.
    pub(super) fn own_files() -> [&'static str; 2] {
        [MANIFEST, MANIFEST_SUM]
    }
}

impl ManifestFile {
    /// Returns the file's path below `root`; `None` if it would lie outside of `root`.
    pub(super) fn below(&self, root: &Path) -> Option<PathBuf> {
        let safe = self
            .path
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != ".." && !part.contains('\\'));
        safe.then(|| {
            self.path
                .split('/')
                .fold(root.to_owned(), |path, part| path.join(part))
        })
    }
}

fn sum_line(json: &str) -> String {
    format!("{}  {MANIFEST}\n", Sha256::of(json.as_bytes()))
}
