//! What handlers receive: the registry, the site's own address, and the limits in force.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use arc_swap::ArcSwap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::content::{Contents, room_for_contents};
use super::document::{Documents, room_for_documents};
use crate::auth::Caller;
use crate::registry::{Error, ModulesFound, Registry, SearchQuery};

/// How many bytes of rendered documents are kept for the next caller.
const DOCUMENTS_BYTES: usize = 16 * 1024 * 1024;

/// The same for those that are found again without looking at a row. Most share their bytes with
/// those above.
const STORE_REVISION_RESPONSES_BYTES: usize = 4 * 1024 * 1024;

/// How many bytes of pages are kept for the next visitor.
const CONTENTS_BYTES: usize = 12 * 1024 * 1024;

/// How many sign-ins may wait for one of the two places where passwords are checked: more would
/// keep the threads that writes need.
const SIGN_INS_AT_ONCE: usize = 16;

/// How much memory all JSON documents that are being received may take together. The largest that
/// can be configured is a quarter of it.
const JSON_ROOM_BYTES: usize = 64 * 1024 * 1024;

/// As good as no limit of time.
const A_YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// The state that all handlers share.
#[derive(Debug)]
pub struct App {
    /// What the product can do.
    pub registry: Arc<Registry>,
    /// Rendered documents, by what they show.
    pub documents: Documents,
    /// Documents of many rows, by what was asked for, as long as nothing at all changes.
    pub responses_by_store_revision: Documents,
    /// Contents of pages, by what they show.
    pub contents: Contents,
    public_url: String,
    limits: ArcSwap<BodyLimits>,
    uploads: Arc<Semaphore>,
    sign_ins: Arc<Semaphore>,
    searches: Semaphore,
    json_room: Semaphore,
}

/// The limits that handlers apply; they may change while the program runs.
#[derive(Debug, Clone)]
pub struct BodyLimits {
    /// The largest JSON document, in bytes.
    pub json_body_bytes: usize,
    /// How long an upload may take before its rate counts, and a JSON document at all.
    pub body_grace: Duration,
    /// The least bytes per second that an upload must come, and an answer must go, at; 0 for any.
    pub body_bytes_per_second: u64,
}

impl BodyLimits {
    /// How long `bytes` may take at the least acceptable rate.
    pub fn time_for(&self, bytes: u64) -> Duration {
        bytes
            .checked_div(self.body_bytes_per_second)
            .map_or(A_YEAR, Duration::from_secs)
            .min(A_YEAR)
    }
}

impl App {
    /// The state of a server whose addresses begin with `public_url` (no trailing slash) and that
    /// receives at most `uploads_at_once` archives at a time.
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
            sign_ins: Arc::new(Semaphore::new(SIGN_INS_AT_ONCE)),
            searches: Semaphore::new(processors()),
            json_room: Semaphore::new(JSON_ROOM_BYTES),
        }
    }

    /// The address that users know, `https://host[:port]`. Never taken from a request.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// What callers of modules write before an address: the host, and the port if it needs one.
    pub fn host(&self) -> &str {
        let url = self.public_url.as_str();
        url.split_once("://").map_or(url, |(_, host)| host)
    }

    /// The limits in force.
    pub fn limits(&self) -> Arc<BodyLimits> {
        self.limits.load_full()
    }

    /// Puts new limits in force.
    pub fn set_limits(&self, limits: BodyLimits) {
        self.limits.store(Arc::new(limits));
    }

    /// A place among the uploads that are received at the same time.
    pub fn upload_place(&self) -> Result<OwnedSemaphorePermit, Error> {
        place(&self.uploads, "uploads")
    }

    /// A place among the sign-ins that are checked or wait for it.
    pub fn sign_in_place(&self) -> Result<OwnedSemaphorePermit, Error> {
        place(&self.sign_ins, "sign-ins")
    }

    /// A permit for each byte of memory that JSON documents may take while they are received.
    pub(super) fn json_room(&self) -> &Semaphore {
        &self.json_room
    }

    /// Runs something that waits for the disk and needs more than the registry, off the async
    /// threads.
    pub async fn run_blocking_with_app<T: Send + 'static>(
        app: &web::Data<Self>,
        operation: impl FnOnce(&Self) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let app = app.clone();
        web::block(move || operation(&app))
            .await
            .map_err(Error::internal)?
    }

    /// Searches, no more at once than there are processors: a search only computes, and many that
    /// take turns in pieces would all end late.
    pub async fn search_modules(
        app: &web::Data<Self>,
        caller: Caller,
        query: SearchQuery,
    ) -> Result<ModulesFound, Error> {
        app.run_cpu_bound(move |registry| registry.search_modules(&caller, &query))
            .await
    }

    /// Runs what reads much for an answer, no more at once than there are processors.
    pub async fn run_cpu_bound<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&Registry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _place = self.searches.acquire().await.map_err(Error::internal)?;
        self.run(operation).await
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

fn place(places: &Arc<Semaphore>, what: &str) -> Result<OwnedSemaphorePermit, Error> {
    Arc::clone(places)
        .try_acquire_owned()
        .map_err(|_| Error::Unavailable {
            reason: format!("too many {what} are under way"),
            retry_after_seconds: 2,
        })
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
