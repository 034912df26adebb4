//! What the registry keeps in memory about modules.

use std::sync::{Arc, OnceLock};

use super::archive_cache::ArchiveCache;
use super::docs_cache::Documentation;
use super::inspection_queue::InspectionQueue;
use crate::domain::{Module, ModuleAddress, ModuleVersion, ModuleVersionStatus, Sha256, Version};
use crate::registry::base::{RevisionCache, Settings};
use crate::storage::{Counter, DataDir, StoreError};

const VERSIONS_KEPT: usize = 16_384;

/// How many bytes the lists of published versions may have together, about. A page of a module reads the
/// list of all its versions, and decoding one costs 7 µs.
const PUBLISHED_BYTES: usize = 8 << 20;

/// What a version needs beside its own size, for its texts, about.
const TEXTS_OF_VERSION: usize = 256;

/// How many modules the cache keeps with their latest version. A page of a search shows fifteen of
/// them.
pub(in crate::registry) const LATEST_KEPT: usize = 2048;

/// The revisions that a module and its versions were read under.
pub(in crate::registry) type ModuleRevision = (u64, u64);

/// Caches of rows, archives and documentation, and the inspection queue.
#[derive(Debug)]
pub(in crate::registry) struct ModulesState {
    /// Versions by their key in the table, valid while the version's revision stays the same.
    pub(in crate::registry) versions: RevisionCache<Vec<u8>, u64, ModuleVersion>,
    /// The published versions of modules, lowest precedence first, by folded address, valid while the
    /// revision of the module's versions stays the same.
    pub(in crate::registry) published: RevisionCache<String, u64, Vec<ModuleVersion>>,
    /// Modules with their latest version, by folded address, valid while the revisions of both stay
    /// the same.
    pub(in crate::registry) latest: RevisionCache<String, ModuleRevision, (Module, ModuleVersion)>,
    /// Signed addresses by the version's key, valid while the version's revision and the
    /// signature's expiry stay the same.
    pub(in crate::registry) signed: RevisionCache<Vec<u8>, (u64, i64), SignedArchive>,
    /// Verified archives.
    pub(in crate::registry) archives: ArchiveCache,
    /// The documentation that was read from archives.
    pub(in crate::registry) documentation: Documentation,
    /// Versions that are not inspected yet.
    pub(in crate::registry) inspection_queue: InspectionQueue,
    /// Addresses and modules for the lists of an organization's modules.
    pub(in crate::registry) pages: ModulePages,
}

impl ModulesState {
    pub(in crate::registry) fn open(
        dir: &DataDir,
        settings: &Settings,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            versions: RevisionCache::new(VERSIONS_KEPT),
            published: RevisionCache::weighed(PUBLISHED_BYTES, |it| bytes_of_versions(it)),
            latest: RevisionCache::new(LATEST_KEPT),
            signed: RevisionCache::new(VERSIONS_KEPT),
            archives: ArchiveCache::new(settings.archive_cache_bytes),
            documentation: Documentation::open(dir)?,
            inspection_queue: InspectionQueue::default(),
            pages: ModulePages::new(),
        })
    }
}

fn bytes_of_versions(versions: &[ModuleVersion]) -> usize {
    versions.len() * (size_of::<ModuleVersion>() + TEXTS_OF_VERSION)
}

/// A version's archive with a signature to fetch it with.
#[derive(Debug)]
pub struct SignedArchive {
    /// The version.
    pub version: Arc<ModuleVersion>,
    /// The checksum of the archive.
    pub sha256: Sha256,
    /// When the signature expires, in seconds since 1970.
    pub expires: i64,
    /// The signature of the archive's address.
    pub signature: String,
    pub(in crate::registry) counter: Counter,
    pub(in crate::registry) shown: OnceLock<String>,
}

impl SignedArchive {
    /// Returns the address that `make` builds. It is built at the first call, and kept as long as
    /// the signature.
    pub fn shown_as(&self, make: impl FnOnce(&Self) -> String) -> &str {
        self.shown.get_or_init(|| make(self))
    }
}

/// How many addresses the cache keeps, of all organizations together.
const ADDRESSES_KEPT: usize = 50_000;

/// How many versions the cache keeps in brief, of all modules together: about ten megabytes.
const BRIEFS_KEPT: usize = 80_000;

/// The part of a version that the list of its module shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionInBrief {
    /// The version.
    pub version: Version,
    /// Whether the version is pending or published.
    pub status: ModuleVersionStatus,
    /// Whether the version is revoked.
    pub revoked: bool,
}

impl From<&ModuleVersion> for VersionInBrief {
    fn from(version: &ModuleVersion) -> Self {
        Self {
            version: version.address.version.clone(),
            status: version.status(),
            revoked: version.revocation.is_some(),
        }
    }
}

/// A module with its versions in brief, newest first.
pub type ModuleInBrief = (Module, Vec<VersionInBrief>);

/// The caches behind the lists of an organization's modules.
#[derive(Debug)]
pub(in crate::registry) struct ModulePages {
    /// The addresses of an organization's modules, in order, by the folded name of its namespace.
    pub(in crate::registry) addresses: RevisionCache<String, u64, Vec<ModuleAddress>>,
    /// Modules by folded address, valid while the revisions of the module and its versions stay the
    /// same.
    pub(in crate::registry) modules: RevisionCache<String, ModuleRevision, ModuleInBrief>,
}

impl ModulePages {
    pub(in crate::registry) fn new() -> Self {
        Self {
            addresses: RevisionCache::weighed(ADDRESSES_KEPT, Vec::len),
            modules: RevisionCache::weighed(BRIEFS_KEPT, |(_, versions)| 1 + versions.len()),
        }
    }
}
