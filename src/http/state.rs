//! The state that handlers receive: the registry, the site's own address, and the limits in force.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use arc_swap::ArcSwap;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::content::{Contents, room_for_contents};
use super::document::{Documents, room_for_documents};
use super::hash_queue::{HashQueue, HashTurn, Line};
use super::openings::Openings;
use crate::auth::Caller;
use crate::domain::Sha256;
use crate::registry::{Error, ModulesFound, Registry, SearchQuery};

/// The byte budget of the cache of rendered documents.
const DOCUMENTS_BYTES: usize = 16 * 1024 * 1024;

/// The byte budget of responses cached under the whole store's revision. Most share their bytes
/// with the documents above.
const STORE_REVISION_RESPONSES_BYTES: usize = 4 * 1024 * 1024;

/// The byte budget of the cache of page contents.
const CONTENTS_BYTES: usize = 12 * 1024 * 1024;

/// How many bytes all JSON documents that are being received may take together. The largest that
/// can be configured is a quarter of it.
const JSON_ROOM_BYTES: usize = 64 * 1024 * 1024;

/// How long a search waits for the search index to follow what was written before it.
const FOLLOWED_WITHIN: Duration = Duration::from_secs(3);

/// A duration that is as good as no limit.
const A_YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// The state that all handlers share.
#[derive(Debug)]
pub struct App {
    /// The registry, with all operations of the product.
    pub registry: Arc<Registry>,
    /// The cache of rendered documents, by what they show.
    pub documents: Documents,
    /// The cache of documents that show many rows, by request; valid while no row changes at all.
    pub responses_by_store_revision: Documents,
    /// The cache of page contents, by what they show.
    pub contents: Contents,
    public_url: String,
    limits: ArcSwap<BodyLimits>,
    uploads: Arc<Semaphore>,
    hashes: Arc<HashQueue>,
    searches: Semaphore,
    openings: Arc<Openings>,
    /// Wakes the background work that follows changes in the search index.
    index_awaited: Notify,
    /// Tells those who wait for that work that it has done a step.
    index_stepped: Notify,
    json_room: Semaphore,
}

/// The limits that handlers apply; they may change while the program runs.
#[derive(Debug, Clone)]
pub struct BodyLimits {
    /// The largest JSON document, in bytes.
    pub json_body_bytes: usize,
    /// How long an upload may take before its rate counts, and how long a JSON document may take at
    /// all.
    pub body_grace: Duration,
    /// The lowest rate in bytes per second for uploads and for answers; 0 for no limit.
    pub body_bytes_per_second: u64,
}

impl BodyLimits {
    /// Returns how long `bytes` may take at the lowest acceptable rate.
    pub fn time_for(&self, bytes: u64) -> Duration {
        bytes
            .checked_div(self.body_bytes_per_second)
            .map_or(A_YEAR, Duration::from_secs)
            .min(A_YEAR)
    }
}

impl App {
    /// Creates the state of a server whose addresses begin with `public_url` (no trailing slash)
    /// and that receives at most `uploads_at_once` archives at a time.
    pub fn new(
        registry: Arc<Registry>,
        public_url: String,
        limits: BodyLimits,
        uploads_at_once: usize,
    ) -> Self {
        Self {
            registry,
            documents: room_for_documents(DOCUMENTS_BYTES),
            responses_by_store_revision: room_for_documents(STORE_REVISION_RESPONSES_BYTES),
            contents: room_for_contents(CONTENTS_BYTES),
            public_url,
            limits: ArcSwap::from_pointee(limits),
            uploads: Arc::new(Semaphore::new(uploads_at_once)),
            hashes: Arc::default(),
            searches: Semaphore::new(processors()),
            openings: Arc::default(),
            index_awaited: Notify::new(),
            index_stepped: Notify::new(),
            json_room: Semaphore::new(JSON_ROOM_BYTES),
        }
    }

    /// Returns the address that users know, `https://host[:port]`. It is never taken from a
    /// request.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// Returns what callers of modules write before an address: the host, and the port if it needs
    /// one.
    pub fn host(&self) -> &str {
        let url = self.public_url.as_str();
        url.split_once("://").map_or(url, |(_, host)| host)
    }

    /// Returns the limits in force.
    pub fn limits(&self) -> Arc<BodyLimits> {
        self.limits.load_full()
    }

    /// Replaces the limits.
    pub fn set_limits(&self, limits: BodyLimits) {
        self.limits.store(Arc::new(limits));
    }

    /// Takes a place among the uploads that are received at the same time.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if all places are taken.
    pub fn upload_place(&self) -> Result<OwnedSemaphorePermit, Error> {
        Arc::clone(&self.uploads)
            .try_acquire_owned()
            .map_err(|_| Error::Unavailable {
                reason: "too many uploads are under way".to_owned(),
                retry_after_seconds: 2,
            })
    }

    /// Waits in a line for a turn to check a password.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if too many requests wait.
    pub(super) async fn hash_turn(&self, line: Line) -> Result<HashTurn, Error> {
        self.hashes.turn(line).await
    }

    /// Returns the permits for the memory of JSON documents that are being received: one for each byte.
    pub(super) fn json_room(&self) -> &Semaphore {
        &self.json_room
    }

    /// Runs an operation that waits for the disk and needs the whole state, off the async threads.
    pub async fn run_blocking_with_app<T: Send + 'static>(
        app: &web::Data<Self>,
        operation: impl FnOnce(&Self) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let app = app.clone();
        web::block(move || operation(&app))
            .await
            .map_err(Error::internal)?
    }

    /// Waits until searches find what was written before, so that people find what they have just
    /// published; but for at most [`FOLLOWED_WITHIN`], and not at all while the index cannot be
    /// written or is far behind. It occupies no thread meanwhile.
    pub async fn await_search_index(&self) {
        let goal = self.registry.search_goal();
        let followed = async {
            loop {
                let stepped = self.index_stepped.notified();
                if !self.registry.should_await(goal) {
                    return;
                }
                self.index_awaited.notify_one();
                stepped.await;
            }
        };
        if timeout(FOLLOWED_WITHIN, followed).await.is_err() {
            tracing::debug!("a search does not find the latest changes");
        }
    }

    /// Waits until a search waits for the search index.
    pub async fn index_is_awaited(&self) {
        self.index_awaited.notified().await;
    }

    /// Wakes the searches that wait for the search index, after a step of the work on it.
    pub fn index_has_stepped(&self) {
        self.index_stepped.notify_waiters();
    }

    /// Runs a search. No more searches run at once than there are processors: a search only
    /// computes, and many of them interleaved would all end late.
    pub async fn search_modules(
        app: &web::Data<Self>,
        caller: Caller,
        query: SearchQuery,
    ) -> Result<ModulesFound, Error> {
        app.await_search_index().await;
        app.run_cpu_bound(move |registry| registry.search_modules(&caller, &query))
            .await
    }

    /// Runs an operation that reads many rows; no more run at once than there are processors.
    pub async fn run_cpu_bound<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&Registry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _place = self.searches.acquire().await.map_err(Error::internal)?;
        self.run(operation).await
    }

    /// Runs an operation that opens the archive or package with this checksum. The first who asks
    /// for it may have to wait until all of it is read; the others wait for that without a thread.
    pub async fn open<T: Send + 'static>(
        &self,
        sum: Sha256,
        operation: impl FnOnce(&Registry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let opening = self.openings.begin(sum).await;
        self.run(move |registry| {
            let opened = operation(registry);
            drop(opening);
            opened
        })
        .await
    }

    /// Runs a registry operation that waits for the disk, off the async threads.
    pub async fn run<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&Registry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let registry = Arc::clone(&self.registry);
        web::block(move || operation(&registry))
            .await
            .map_err(Error::internal)?
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_of_zero_gives_all_the_time_there_is() {
        let limits = |body_bytes_per_second| BodyLimits {
            json_body_bytes: 0,
            body_grace: Duration::ZERO,
            body_bytes_per_second,
        };
        assert_eq!(limits(1024).time_for(10 * 1024), Duration::from_secs(10));
        assert_eq!(limits(0).time_for(1), A_YEAR);
        assert_eq!(limits(1).time_for(u64::MAX), A_YEAR);
    }
}
