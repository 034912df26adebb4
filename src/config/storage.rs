//! Section `storage`: where data is stored, and how much memory and checking it takes.

use std::path::PathBuf;

use super::{ByteRate, ByteSize, HumanDuration};

/// Where data is stored, and how much memory and checking it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct StorageConfig {
    /// The directory of all the server's data.
    pub data_dir: PathBuf,
    /// The space of the disk that uploads leave free, for everything else.
    pub reserve: ByteSize,
    /// The directory in which backups of the running server are made; without it, it makes none.
    pub backup_dir: Option<PathBuf>,
    /// The memory for the index.
    pub index_cache: ByteSize,
    /// The memory for small archives that are requested often.
    pub archive_cache: ByteSize,
    /// The size of the journal after which all rows are written as a checkpoint.
    pub checkpoint_after: ByteSize,
    /// The most writes that may wait; further ones are refused.
    pub waiting_writes: u32,
    /// The time between two checks of all files, which also delete archives that no row names; 0
    /// means never.
    pub verify_blobs_every: HumanDuration,
    /// How fast such a check reads; 0 means as fast as the disk.
    pub verify_rate: ByteRate,
}

impl Default for StorageConfig {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("./terrakeep-data"),
            reserve: ByteSize::mebibytes(64),
            backup_dir: None,
            index_cache: ByteSize::mebibytes(8),
            archive_cache: ByteSize::mebibytes(32),
            checkpoint_after: ByteSize::mebibytes(64),
            waiting_writes: 96,
            verify_blobs_every: HumanDuration::hours(24),
            verify_rate: ByteRate::per_second(ByteSize::mebibytes(32)),
        }
    }
}
