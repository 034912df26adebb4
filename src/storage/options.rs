//! The options of a store.

use super::TableInfo;

/// The size in bytes at which the program begins a new segment of the journal.
pub const SEGMENT_BYTES: u64 = 32 * 1024 * 1024;

/// The options of a store. What can be configured has its default in the configuration.
#[derive(Debug, Clone, Copy)]
pub struct StoreOptions {
    /// The tables of the program.
    pub tables: &'static [TableInfo],
    /// The size of the index's cache in bytes. The index may use several times as much memory.
    pub index_cache_bytes: u64,
    /// How many bytes the journal grows before the next checkpoint is due.
    pub checkpoint_after_bytes: u64,
    /// How many bytes a segment of the journal has before the next one begins; [`SEGMENT_BYTES`]
    /// in the program.
    pub segment_bytes: u64,
    /// How many writes may wait for the disk; more are refused with
    /// [`StoreError::Busy`](super::StoreError::Busy).
    pub waiting_writes_limit: usize,
}
