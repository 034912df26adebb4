//! The part of the configuration that operations need, independent of the configuration file's
//! format.

use std::path::PathBuf;

use crate::archive::{ArchiveLimits, PackageLimits};
use crate::domain::{Lifetime, TokenScope};

/// Limits and lifetimes, which may change while the program runs. Their defaults are those of the
/// configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The largest upload, in bytes as sent.
    pub archive_bytes: u64,
    /// The limits of a module's archive once it is unpacked.
    pub archive_limits: ArchiveLimits,
    /// The largest package of a provider, in bytes as sent.
    pub package_bytes: u64,
    /// The limits of a provider's package once it is unpacked.
    pub package_limits: PackageLimits,
    /// The most bytes that an organization may store, unless it has a limit of its own; 0 sets
    /// none.
    pub organization_bytes: u64,
    /// The most bytes of an organization's provider versions that are not published yet; 0 sets no
    /// limit.
    pub staged_bytes: u64,
    /// How long a version may stay unpublished, in seconds; 0 is for ever.
    pub staged_seconds: i64,
    /// How long a signed archive address is valid, in seconds.
    pub archive_url_seconds: i64,
    /// How long an upload link is valid, in seconds.
    pub upload_url_seconds: i64,
    /// Whether callers without a token may fetch the packages of other registries that are stored
    /// here.
    pub public_mirror: bool,
    /// The longest lifetime of a token, in seconds; `None` sets no limit.
    pub token_max_seconds: Option<i64>,
    /// How long a token lives that was made without an end; `None` for as long as the limit allows.
    pub token_default: Option<Lifetime>,
    /// How `terraform login` works; `None` if it is switched off.
    pub login: Option<LoginSettings>,
    /// How many failed sign-ins of one account are allowed before it has to wait.
    pub sign_in_failures: u32,
    /// How long a failed sign-in counts, in seconds.
    pub sign_in_window_seconds: i64,
    /// How much memory the archive cache may take, in bytes.
    pub archive_cache_bytes: u64,
    /// The directory in which backups of the running registry are made; `None` allows none.
    pub backup_dir: Option<PathBuf>,
}

/// How `terraform login` works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginSettings {
    /// The first and the last port at which a program may wait for its code; `None` allows every
    /// one.
    pub ports: Option<(u16, u16)>,
    /// How long its token lives, in seconds.
    pub lifetime_seconds: i64,
    /// The scope of its token, if the user chooses no other.
    pub scope: TokenScope,
}
