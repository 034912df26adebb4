//! The limits on what an archive may hold. They are enforced by the files that read it.

const MIB: u64 = 1024 * 1024;

/// The limits on what an archive may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// The most bytes of the tar stream, and of the files that are served.
    pub unpacked_bytes: u64,
    /// The most entries of the archive, and the most files and folders that result from them.
    pub entries: u64,
    /// The most bytes of tar metadata (PAX records, long names) before one entry.
    pub metadata_bytes: u64,
    /// How many times larger the tar stream may be than its compressed form.
    pub ratio: u64,
    /// The bytes of tar stream after which `ratio` counts, since small files often compress well.
    pub ratio_after_bytes: u64,
    /// The most bytes of one path, and of the target of one link.
    pub path_bytes: usize,
    /// The most bytes of one component of a path.
    pub component_bytes: usize,
    /// The most components of one path.
    pub depth: usize,
    /// The most bytes of a file that replaces a link, since the file is held in memory.
    pub linked_file_bytes: u64,
}

impl ArchiveLimits {
    /// Returns no limits, for archives that were accepted before, possibly under other limits.
    pub const fn none() -> Self {
        Self {
            unpacked_bytes: u64::MAX,
            entries: u64::MAX,
            metadata_bytes: u64::MAX,
            ratio: u64::MAX,
            ratio_after_bytes: u64::MAX,
            path_bytes: usize::MAX,
            component_bytes: usize::MAX,
            depth: usize::MAX,
            linked_file_bytes: u64::MAX,
        }
    }
}

impl Default for ArchiveLimits {
    fn default() -> Self {
        Self {
            unpacked_bytes: 256 * MIB,
            entries: 10_000,
            metadata_bytes: 64 * 1024,
            ratio: 200,
            ratio_after_bytes: 10 * MIB,
            path_bytes: 512,
            component_bytes: 255,
            depth: 32,
            linked_file_bytes: 8 * MIB,
        }
    }
}
