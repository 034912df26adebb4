//! The limits on what a provider's package may hold.

use crate::archive::ArchiveLimits;

/// The limits on what a package may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageLimits {
    /// The most bytes of all files after unpacking.
    pub unpacked_bytes: u64,
    /// How many times larger than its packed form a file may be.
    pub ratio: u64,
    /// The limits on the names and the number of entries.
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
