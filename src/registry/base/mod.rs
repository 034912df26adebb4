//! What every room uses: the [`Registry`] with its error, clock, settings and grants.
//!
//! | file | what |
//! |---|---|
//! | `registry.rs` | the [`Registry`]: store, blobs, clock, signer, settings, the state of each room; [`Registry::write`] makes one journal record |
//! | `rights.rs` | [`Registry::grant`] and others: the only way to a [`Grant`](crate::auth::Grant) |
//! | `error.rs` | [`Error`], the one error that wings see, and its [`Kind`] |
//! | `budget.rs` | how much an organization may store |
//! | `settings.rs` | [`Settings`]: limits and lifetimes, which may change while the program runs |
//! | `clock.rs` | [`Clock`]: the time, which never goes back |
//! | `cache.rs` | [`RevisionCache`]: values that are valid while a revision of the store stays the same |
//! | `same_number.rs` | refuses a number that differs from another one in build metadata only |
//! | `tags.rs` | replaces the tags of something by others |
//! | `lock.rs` | taking a lock that a panic may have poisoned |
//! | `keyed_locks.rs` | work on one thing by one caller after the other |
//! | `state/` | what is kept in memory, a struct for each room |
//!
//! Nothing here uses a room, so no room's file and the registry's import each other.

mod budget;
mod cache;
mod clock;
mod error;
mod keyed_locks;
mod lock;
mod registry;
mod rights;
mod same_number;
mod settings;
pub(in crate::registry) mod state;
mod tags;

pub use budget::{Budget, UploadLimit};
pub use cache::RevisionCache;
pub use clock::Clock;
pub use error::{Error, Kind};
pub(in crate::registry) use keyed_locks::KeyedLocks;
pub(in crate::registry) use lock::lock;
pub use registry::{Registry, disk_error};
pub(in crate::registry) use rights::organization_for;
pub use rights::organization_of;
pub(in crate::registry) use same_number::refuse_same_number;
pub use settings::{LoginSettings, Settings};
pub(in crate::registry) use tags::replace_tags;
