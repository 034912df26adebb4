//! What handlers receive: the registry, the site's own address, and the limits in force.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use arc_swap::ArcSwap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::document::Documents;
use crate::registry::{Error, Registry};

/// How many rendered documents are kept for the next caller.
const DOCUMENTS_KEPT: usize = 4096;

/// How many sign-ins may wait for one of the two places where passwords are checked: more would
/// keep the threads that writes need.
const SIGN_INS_AT_ONCE: usize = 16;

/// The state that all handlers share.
#[derive(Debug)]
pub struct App {
    /// What the product can do.
    pub registry: Arc<Registry>,
    /// Rendered documents, by what they show.
    pub documents: Documents,
    public_url: String,
    limits: ArcSwap<Limits>,
    uploads: Arc<Semaphore>,
    sign_ins: Arc<Semaphore>,
}

/// The limits that handlers apply; they may change while the program runs.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The largest JSON document, in bytes.
    pub json_body_bytes: usize,
    /// How long a body may take before its rate counts.
    pub body_grace: Duration,
    /// The least bytes per second that a body must come, and an answer must go, at.
    pub body_bytes_per_second: u64,
}

impl Limits {
    /// How long `bytes` may take at the least acceptable rate.
    pub fn time_for(&self, bytes: u64) -> Duration {
        Duration::from_secs(bytes / self.body_bytes_per_second.max(1))
    }
}

impl App {
    /// The state of a server whose addresses begin with `public_url` (no trailing slash) and that
    /// receives at most `uploads_at_once` archives at a time.
    pub fn new(
        registry: Arc<Registry>,
        public_url: String,
        limits: Limits,
        uploads_at_once: usize,
    ) -> Self {
        Self {
            registry,
            documents: Documents::new(DOCUMENTS_KEPT),
            public_url,
            limits: ArcSwap::from_pointee(limits),
            uploads: Arc::new(Semaphore::new(uploads_at_once)),
            sign_ins: Arc::new(Semaphore::new(SIGN_INS_AT_ONCE)),
        }
    }

    /// The address that users know, `https://host[:port]`. Never taken from a request.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The limits in force.
    pub fn limits(&self) -> Arc<Limits> {
        self.limits.load_full()
    }

    /// Puts new limits in force.
    pub fn set_limits(&self, limits: Limits) {
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

fn place(places: &Arc<Semaphore>, what: &str) -> Result<OwnedSemaphorePermit, Error> {
    Arc::clone(places)
        .try_acquire_owned()
        .map_err(|_| Error::Unavailable {
            reason: format!("too many {what} are under way"),
            retry_after_seconds: 2,
        })
}
