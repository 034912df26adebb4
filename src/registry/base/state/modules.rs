//! What the registry keeps in memory about modules.

use std::sync::{Arc, OnceLock};

use super::archive_cache::ArchiveCache;
use super::docs_cache::Documentation;
use super::inspection_queue::InspectionQueue;
use crate::domain::{Module, ModuleAddress, ModuleVersion, ModuleVersionStatus, Sha256, Version};
use crate::registry::base::{RevisionCache, Settings};
use crate::storage::{Counter, DataDir, StoreError};

const VERSIONS_KEPT: usize = 16_384;

/// How many modules are kept with their latest version. Searches tell of fifteen each.
pub(in crate::registry) const LATEST_KEPT: usize = 2048;

/// Under which revisions a module and its versions were read.
pub(in crate::registry) type ModuleRevision = (u64, u64);

/// Caches of rows, archives and documentation, and the queue of versions to inspect.
#[derive(Debug)]
pub(in crate::registry) struct ModulesState {
    /// Versions by their key in the table, while the version's revision stays.
    pub(in crate::registry) versions: RevisionCache<Vec<u8>, u64, ModuleVersion>,
    /// Modules with their latest version, by folded address, while the module's revision stays.
    pub(in crate::registry) latest: RevisionCache<String, ModuleRevision, (Module, ModuleVersion)>,
    /// Signed addresses, by the version's key, while its revision and the end of the signature stay.
    pub(in crate::registry) signed: RevisionCache<Vec<u8>, (u64, i64), SignedArchive>,
    /// The bytes of archives.
    pub(in crate::registry) archives: ArchiveCache,
    /// What was read out of archives.
    pub(in crate::registry) documentation: Documentation,
    /// Versions that nobody has inspected yet.
    pub(in crate::registry) inspection_queue: InspectionQueue,
    /// Lists of an organization's modules.
    pub(in crate::registry) pages: ModulePages,
}

impl ModulesState {
    pub(in crate::registry) fn open(
        dir: &DataDir,
        settings: &Settings,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            versions: RevisionCache::new(VERSIONS_KEPT),
            latest: RevisionCache::new(LATEST_KEPT),
            signed: RevisionCache::new(VERSIONS_KEPT),
            archives: ArchiveCache::new(settings.archive_cache_bytes),
            documentation: Documentation::open(dir)?,
            inspection_queue: InspectionQueue::default(),
            pages: ModulePages::new(),
        })
    }
}

/// A version's archive and a signature to fetch it with.
#[derive(Debug)]
pub struct SignedArchive {
    /// The version.
    pub version: Arc<ModuleVersion>,
    /// The checksum of the bytes.
    pub sha256: Sha256,
    /// Until when the signature is good, in seconds since 1970.
    pub expires: i64,
    /// The signature.
    pub signature: String,
    pub(in crate::registry) counter: Counter,
    pub(in crate::registry) shown: OnceLock<String>,
}

impl SignedArchive {
    /// The address that a wing makes of it, made the first time and kept as long as the signature.
    pub fn shown_as(&self, make: impl FnOnce(&Self) -> String) -> &str {
        self.shown.get_or_init(|| make(self))
    }
}

/// How many addresses are kept, of all organizations that are looked through.
const ADDRESSES_KEPT: usize = 50_000;

/// How many modules are kept with the short of their versions, counted together: some ten
/// megabytes.
const BRIEFS_KEPT: usize = 80_000;

/// A version, as far as the list of its module tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionInBrief {
    /// The version.
    pub version: Version,
    /// Whether it is there.
    pub status: ModuleVersionStatus,
    /// Whether it is revoked.
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

/// A module with the short of its versions, newest first.
pub type ModuleInBrief = (Module, Vec<VersionInBrief>);

/// What is remembered for pages.
#[derive(Debug)]
pub(in crate::registry) struct ModulePages {
    /// The addresses in an organization, in order, by the folded name of its namespace.
    pub(in crate::registry) addresses: RevisionCache<String, u64, Vec<ModuleAddress>>,
    /// Modules by the folded address and the revisions of themselves and their versions.
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
