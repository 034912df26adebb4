//! How much a package of a provider may hold.

use crate::archive::ArchiveLimits;

/// How much a package may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageLimits {
    /// Bytes of all files, unpacked.
    pub unpacked_bytes: u64,
    /// How many times larger than its packed form a file may be.
    pub ratio: u64,
    /// Names and numbers of entries.
    pub names: ArchiveLimits,
}

impl Default for PackageLimits {
    fn default() -> Self {
        Self {
            unpacked_bytes: 4 << 30,
            ratio: 200,
            names: ArchiveLimits::default(),
        }
    }
}
