//! How much an archive may hold. The numbers only; they are enforced where things are read.

const MIB: u64 = 1024 * 1024;

/// How much an archive may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// Bytes of the tar stream that the gzip stream may grow to, and of the files served.
    pub unpacked_bytes: u64,
    /// Entries of the archive, and files and folders that it may amount to.
    pub entries: u64,
    /// Bytes of tar metadata (PAX records, long names) before one entry.
    pub metadata_bytes: u64,
    /// How many times larger the tar stream may be than its compressed form.
    pub ratio: u64,
    /// Bytes of tar stream from which on the ratio counts: small files compress well by nature.
    pub ratio_after_bytes: u64,
    /// Bytes of one path, and of the target of one link.
    pub path_bytes: usize,
    /// Bytes of one component of a path.
    pub component_bytes: usize,
    /// Components of one path.
    pub depth: usize,
    /// Bytes of the largest file of which a link may become a copy: it is held in memory.
    pub linked_file_bytes: u64,
}

impl ArchiveLimits {
    /// None at all: for what has passed the gate under the limits of its day.
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
