//! What the registry keeps in memory, a struct for each room. All of it can be lost: the store has
//! the truth.
//!
//! | value | key | valid while | at most |
//! |---|---|---|---|
//! | version of a module | row key | the module's versions stay the same | 16,384 |
//! | module with its latest version | address | the module and its versions stay the same | 2,048 |
//! | published versions of a module | address | the module's versions stay the same | 8 MiB |
//! | signed address of an archive | row key | the version stays the same, for 1/30 of the signature's lifetime | 16,384 |
//! | addresses of an organization's modules | name | its modules stay the same | 50,000 addresses |
//! | module with a list of its versions | address | the module and its versions stay the same | 80,000 versions |
//! | bytes of archives and packages | checksum | for ever | `storage.archive_cache` |
//! | documentation of a version, and its outline | checksum | for ever | 8 MiB and 1 MiB |
//! | pages of a provider's documentation | checksum | for ever | 4 MiB |
//! | organization | name or id | no organization changes | 4,096 |
//! | caller | hash of the token | no token, user, team, membership or organization changes | 4,096 |
//!
//! Beside the caches there are the inspection queue, failed sign-ins and the networks that users have
//! signed in from, links that sign in once, last uses of tokens and sessions that are written each
//! minute, the search index, the last check of all files, a spare signing key, one lock around
//! secrets and one around backups.
//!
//! Only the files of a room use that room's struct.

mod accounts;
mod archive_cache;
mod docs_cache;
mod inspection_queue;
mod maintenance;
mod modules;
mod organizations;
mod providers;
mod search;
mod sign_in_limits;

pub(in crate::registry) use accounts::{CachedCaller, IdentityRevision, SignInLink};
pub use archive_cache::{ArchiveBytes, HeldBytes, OpenArchiveFile};
pub use maintenance::FilesChecked;
pub(in crate::registry) use modules::ModuleRevision;
pub use modules::{ModuleInBrief, SignedArchive, VersionInBrief};
pub(in crate::registry) use search::FollowedTo;
pub use sign_in_limits::SignInAttempt;
pub(in crate::registry) use sign_in_limits::Window;

use accounts::AccountsState;
use maintenance::MaintenanceState;
use modules::ModulesState;
use organizations::OrganizationsState;
use providers::ProvidersState;
use search::SearchState;

use super::error::Error;
use super::settings::Settings;
use crate::storage::DataDir;

/// What is kept in memory, one struct for each room.
#[derive(Debug)]
pub(in crate::registry) struct State {
    pub(in crate::registry) modules: ModulesState,
    pub(in crate::registry) providers: ProvidersState,
    pub(in crate::registry) organizations: OrganizationsState,
    pub(in crate::registry) accounts: AccountsState,
    pub(in crate::registry) search: SearchState,
    pub(in crate::registry) maintenance: MaintenanceState,
}

impl State {
    /// Makes empty caches, and opens the derived files of a data directory.
    pub(in crate::registry) fn open(dir: &DataDir, settings: &Settings) -> Result<Self, Error> {
        Ok(Self {
            modules: ModulesState::open(dir, settings)?,
            providers: ProvidersState::open(dir)?,
            organizations: OrganizationsState::new(),
            accounts: AccountsState::new(),
            search: SearchState::new(dir),
            maintenance: MaintenanceState::default(),
        })
    }
}
