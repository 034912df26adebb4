//! Section `storage`: where data is kept, and how much memory that may take.

use std::path::PathBuf;

use super::{ByteSize, HumanDuration};

/// Where data is kept, and how much memory that may take.
#[derive(Debug, Clone, PartialEq)]
pub struct StorageConfig {
    /// The directory of everything the server keeps.
    pub data_dir: PathBuf,
    /// Memory for the index.
    pub index_cache: ByteSize,
    /// Memory for small archives that are asked for often.
    pub archive_cache: ByteSize,
    /// How far the journal grows before all rows are written as a checkpoint.
    pub checkpoint_after: ByteSize,
    /// Writes that may wait for their turn before new ones are turned away.
    pub waiting_writes: u32,
    /// How often every stored file is compared with its checksum, and goes if no row names it; 0
    /// stands for never.
    pub verify_blobs_every: HumanDuration,
}

impl Default for StorageConfig {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("./terrakeep-data"),
            index_cache: ByteSize::mebibytes(8),
            archive_cache: ByteSize::mebibytes(32),
            checkpoint_after: ByteSize::mebibytes(64),
            waiting_writes: 1024,
            verify_blobs_every: HumanDuration::hours(24),
        }
    }
}
