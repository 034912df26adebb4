//! The registry itself: what it holds, and how an operation reaches the store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;

use super::archives::{ArchiveCache, SignedArchive};
use super::cache::RevisionCache;
use super::indexing::Indexing;
use super::inspection::Documentation;
use super::inspection_queue::InspectionQueue;
use super::latest::{LATEST_KEPT, ModuleRevision};
use super::module_pages::ModulePages;
use super::provider_docs::DocsIndex;
use super::sessions::SessionUses;
use super::sign_in::{CachedCaller, IdentityRevision, SignInFailures};
use super::{Clock, Error, Settings};
use crate::auth::UrlSigner;
use crate::domain::{Actor, Module, ModuleVersion, Organization, Sha256, Timestamp, TokenId};
use crate::storage::{Blobs, IncomingBlob, Stamp, Store, StoreError, Tx};

const CALLERS_KEPT: usize = 4096;
const ORGANIZATIONS_KEPT: usize = 4096;
const VERSIONS_KEPT: usize = 16_384;

/// Everything that the product can do.
pub struct Registry {
    pub(super) store: Store,
    pub(super) blobs: Blobs,
    pub(super) clock: Clock,
    pub(super) signer: UrlSigner,
    settings: ArcSwap<Settings>,
    pub(super) callers: RevisionCache<Sha256, IdentityRevision, CachedCaller>,
    pub(super) organizations: RevisionCache<String, u64, Organization>,
    pub(super) versions: RevisionCache<Vec<u8>, u64, ModuleVersion>,
    pub(super) latest: RevisionCache<String, ModuleRevision, (Module, ModuleVersion)>,
    pub(super) signed: RevisionCache<Vec<u8>, (u64, i64), SignedArchive>,
    pub(super) archives: ArchiveCache,
    pub(super) documentation: Documentation,
    pub(super) docs_index: DocsIndex,
    pub(super) inspection_queue: InspectionQueue,
    pub(super) pages: ModulePages,
    pub(super) indexing: Indexing,
    pub(super) failures: SignInFailures,
    pub(super) token_uses: Mutex<HashMap<TokenId, Timestamp>>,
    pub(super) session_uses: SessionUses,
    /// Taken from before a secret is kept until its row is written, and while secrets are swept: a
    /// sweep must not take one for what a crash left.
    pub(super) keeping_secrets: Mutex<()>,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry").finish_non_exhaustive()
    }
}

impl Registry {
    /// A registry over an opened store.
    pub fn new(
        store: Store,
        blobs: Blobs,
        clock: Clock,
        signer: UrlSigner,
        settings: Settings,
    ) -> Result<Self, Error> {
        Ok(Self {
            documentation: Documentation::open(blobs.data_dir())?,
            docs_index: DocsIndex::open(blobs.data_dir())?,
            inspection_queue: InspectionQueue::default(),
            pages: ModulePages::new(),
            indexing: Indexing::new(blobs.data_dir()),
            store,
            blobs,
            clock,
            signer,
            archives: ArchiveCache::new(settings.archive_cache_bytes),
            settings: ArcSwap::from_pointee(settings),
            callers: RevisionCache::new(CALLERS_KEPT),
            organizations: RevisionCache::new(ORGANIZATIONS_KEPT),
            versions: RevisionCache::new(VERSIONS_KEPT),
            latest: RevisionCache::new(LATEST_KEPT),
            signed: RevisionCache::new(VERSIONS_KEPT),
            failures: SignInFailures::default(),
            token_uses: Mutex::default(),
            session_uses: Mutex::default(),
            keeping_secrets: Mutex::default(),
        })
    }

    /// The limits and lifetimes in force.
    pub fn settings(&self) -> Arc<Settings> {
        self.settings.load_full()
    }

    /// Puts new limits and lifetimes in force.
    pub fn set_settings(&self, settings: Settings) {
        self.settings.store(Arc::new(settings));
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A file for bytes that are about to arrive.
    pub fn incoming(&self) -> Result<IncomingBlob, Error> {
        if let Some(reason) = self.store.is_read_only() {
            return Err(read_only(&reason));
        }
        Ok(self.blobs.incoming()?)
    }

    /// Writes all that `change` does as one journal record, or nothing.
    pub(super) fn write<T>(
        &self,
        actor: &Actor,
        action: &'static str,
        change: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let stamp = Stamp {
            at: self.clock.now(),
            actor: actor.clone(),
            action,
        };
        self.store.write(stamp, change)
    }
}

fn read_only(reason: &str) -> Error {
    Error::Unavailable {
        reason: format!("the registry takes no writes at the moment ({reason})"),
        retry_after_seconds: 30,
    }
}

/// What an error of a file operation is for the caller.
pub fn disk_error(error: std::io::Error) -> Error {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    if matches!(error.kind(), StorageFull | QuotaExceeded) {
        Error::NoSpace
    } else {
        Error::internal(error)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoSpace { .. } => Self::NoSpace,
            StoreError::Busy { .. } => Self::Unavailable {
                reason: "too many writes are waiting for the disk".to_owned(),
                retry_after_seconds: 1,
            },
            StoreError::ReadOnly { reason } => read_only(&reason),
            StoreError::Closed => read_only("it is stopping"),
            machine @ (StoreError::Io { .. }
            | StoreError::RowTooLarge { .. }
            | StoreError::Row { .. }
            | StoreError::Key { .. }
            | StoreError::Index { .. }
            | StoreError::TableList { .. }
            | StoreError::UnknownTable { .. }
            | StoreError::Checkpoint { .. }
            | StoreError::Journal(_)) => Self::internal(machine),
        }
    }
}
