//! Why a backup was not restored.

use std::path::PathBuf;

use super::{FORMAT, OpenError, StoreError};

/// Why a backup was not restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// There is no backup at that place.
    #[error(
        "there is no backup at `{path}`: it has no `manifest.json`; name the directory that \
         `terrakeep backup` made"
    )]
    NoBackup {
        /// The place.
        path: PathBuf,
    },
    /// A file of the backup is not what was backed up.
    #[error(
        "`{path}` of the backup was changed: {fault}; nothing was restored, use another backup"
    )]
    Changed {
        /// The file.
        path: PathBuf,
        /// The change, in words.
        fault: &'static str,
    },
    /// The target directory is not empty.
    #[error("`{dir}` is not empty; restore into a new directory")]
    NotEmpty {
        /// The data directory.
        dir: PathBuf,
    },
    /// The backup was made by a newer program.
    #[error(
        "the backup has data format {found}, and this terrakeep knows formats up to {FORMAT}; \
         use the newer terrakeep that made it"
    )]
    NewerFormat {
        /// The backup's format.
        found: u32,
    },
    /// The data directory cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Reading or writing failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
