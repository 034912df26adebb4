//! The registry itself: its parts, and how an operation writes to the store.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::clock::Clock;
use super::error::{Error, READ_ONLY_RETRY_SECONDS};
use super::settings::Settings;
use super::state::State;
use crate::auth::UrlSigner;
use crate::domain::{Actor, Timestamp};
use crate::storage::{Blobs, IncomingBlob, Stamp, Store, StoreError, Tx};

/// Everything that the product can do: each operation is a method.
pub struct Registry {
    pub(in crate::registry) store: Store,
    pub(in crate::registry) blobs: Blobs,
    pub(in crate::registry) clock: Clock,
    pub(in crate::registry) signer: UrlSigner,
    settings: ArcSwap<Settings>,
    pub(in crate::registry) state: State,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry").finish_non_exhaustive()
    }
}

impl Registry {
    /// Makes a registry over an opened store, with empty caches.
    pub fn new(
        store: Store,
        blobs: Blobs,
        clock: Clock,
        signer: UrlSigner,
        settings: Settings,
    ) -> Result<Self, Error> {
        let state = State::open(blobs.data_dir(), &settings)?;
        Ok(Self {
            store,
            blobs,
            clock,
            signer,
            settings: ArcSwap::from_pointee(settings),
            state,
        })
    }

    /// Returns the limits and lifetimes in force.
    pub fn settings(&self) -> Arc<Settings> {
        self.settings.load_full()
    }

    /// Puts new limits and lifetimes in force.
    pub fn set_settings(&self, settings: Settings) {
        self.settings.store(Arc::new(settings));
    }

    /// Returns the current time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Tells whether a time has passed. If so, no restart goes back behind it, even if the system's
    /// clock is set back meanwhile.
    pub(in crate::registry) fn has_passed(&self, end: Timestamp) -> bool {
        let has_passed = end <= self.now();
        if has_passed {
            self.clock.note_passed(end);
        }
        has_passed
    }

    /// Tells whether a signed address is still valid that expires at `expires`, in seconds since
    /// 1970. No address is valid for longer than `longest_seconds`: one that was signed while the
    /// clock was wrong must not be valid for years.
    pub(in crate::registry) fn is_in_time(&self, expires: i64, longest_seconds: i64) -> bool {
        let end = Timestamp::from_micros(0).plus_seconds(expires);
        !self.has_passed(end) && end <= self.now().plus_seconds(longest_seconds)
    }

    /// Makes a temporary file for an upload that is about to arrive.
    pub fn incoming(&self) -> Result<IncomingBlob, Error> {
        if let Some(reason) = self.store.is_read_only() {
            return Err(read_only(&reason));
        }
        Ok(self.blobs.incoming()?)
    }

    /// Writes everything that `change` does as one journal record; an error writes nothing.
    pub(in crate::registry) fn write<T>(
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
        retry_after_seconds: READ_ONLY_RETRY_SECONDS,
    }
}

/// Turns an error of a file operation into the error for the caller.
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
            // The reason is in the log since the store stopped writing.
            StoreError::OutcomeUnknown { .. } => Self::OutcomeUnknown,
            StoreError::Closed => read_only("it is stopping"),
            failed @ StoreError::Index { .. } => {
                tracing::error!(error = %failed, "the index has failed");
                Self::Unavailable {
                    reason: "the registry's index has failed; its operator has to restart the \
                             registry"
                        .to_owned(),
                    retry_after_seconds: READ_ONLY_RETRY_SECONDS,
                }
            }
            machine @ (StoreError::Io { .. }
            | StoreError::RowTooLarge { .. }
            | StoreError::Row { .. }
            | StoreError::Key { .. }
            | StoreError::TableList { .. }
            | StoreError::UnknownTable { .. }
            | StoreError::DamagedSecret { .. }
            | StoreError::Checkpoint { .. }
            | StoreError::Journal(_)) => Self::internal(machine),
        }
    }
}
