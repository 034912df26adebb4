//! How a store works.

use super::TableInfo;

/// The size in bytes at which the program begins a new segment of the journal.
pub const SEGMENT_BYTES: u64 = 32 * 1024 * 1024;

/// How a store works. What can be configured has its default in the configuration.
#[derive(Debug, Clone, Copy)]
pub struct StoreOptions {
    /// Every table of the program.
    pub tables: &'static [TableInfo],
    /// The bytes of memory for the index's cache. The index may use several times as much.
    pub index_cache_bytes: u64,
    /// The bytes of journal after which the next checkpoint is due.
    pub checkpoint_after_bytes: u64,
    /// The bytes after which a new segment of the journal begins; [`SEGMENT_BYTES`] in the program.
    pub segment_bytes: u64,
    /// How many writes may wait for the disk before more are refused.
    pub waiting_writes_limit: usize,
}
