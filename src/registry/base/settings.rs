//! What an operation needs to know of the configuration, without the configuration's file format.

use crate::archive::{ArchiveLimits, PackageLimits};

/// Limits and lifetimes; may change while the program runs. Their defaults are those of the
/// configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The largest upload, in bytes as sent.
    pub archive_bytes: u64,
    /// What an archive may be once it is unpacked.
    pub archive_limits: ArchiveLimits,
    /// The largest package of a provider, in bytes as sent.
    pub package_bytes: u64,
    /// What a package may be once it is unpacked.
    pub package_limits: PackageLimits,
    /// How long a signed archive address is good for.
    pub archive_url_seconds: i64,
    /// How long an upload link is good for.
    pub upload_url_seconds: i64,
    /// Whether anybody may have the packages of other registries that are kept here.
    pub public_mirror: bool,
    /// The longest a token may live; `None` for as long as its maker likes.
    pub token_max_seconds: Option<i64>,
    /// Failed sign-ins of one account before it has to wait.
    pub sign_in_failures: u32,
    /// How far back failed sign-ins count.
    pub sign_in_window_seconds: i64,
    /// How much memory archives that are often asked for may take, in bytes.
    pub archive_cache_bytes: u64,
}
