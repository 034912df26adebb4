//! What the product can do, as plain methods on one [`Registry`]; no HTTP.
//!
//! | room | what |
//! |---|---|
//! | `base/` | the [`Registry`] itself, its error, clock, settings, grants, and what it keeps in memory |
//! | `modules/` | modules: read, publish, deprecate, delete, serve |
//! | `providers/` | providers: the same, with their keys, and packages of other registries |
//! | `organizations/` | organizations, teams, members, SSH keys, audit events |
//! | `accounts/` | users, tokens, sessions |
//! | `search/` | the search index, which follows the journal |
//! | `maintenance/` | periodic work, garbage collection, backup, verification |
//! | `commands/` | administration as values, for the command line and its API |
//!
//! Each file of a room adds the operations of one subject, and each room's `mod.rs` lists its files.
//! A room uses only rooms above it in `ROOMS_OF_REGISTRY` of `tests/it/architecture.rs`; the wings
//! take everything from here.
//!
//! An operation that needs a right takes a [`Grant`](crate::auth::Grant), which only
//! [`Registry::grant`], [`Registry::site_grant`] and [`Registry::module_grant`] obtain, so nothing
//! can be done without a decision.

mod accounts;
mod base;
pub mod commands;
mod maintenance;
mod modules;
mod organizations;
mod providers;
mod search;

pub use accounts::{
    Account, KnownUser, LoginAnswer, LoginExchange, LoginRefusal, NewToken, NewUser,
    OwnAccountChange, PrimaryKind, TokenEnd, UserChange,
};
pub use base::state::{
    ArchiveBytes, FilesChecked, HeldBytes, ModuleInBrief, OpenArchiveFile, SignInAttempt,
    SignedArchive, VersionInBrief,
};
pub use base::{
    Budget, Clock, Error, Kind, LoginSettings, Registry, RevisionCache, Settings, UploadLimit,
    disk_error, organization_of,
};
pub use maintenance::verification;
pub use modules::{
    ArchiveProof, DownloadCounts, LifecycleChange, ModuleChange, ModuleListing, ModulePage,
    ModuleQuery, ModuleWithVersions, NewNotice, OpenedArchive, OutlinedVersion, PrivateFiles,
};
pub use organizations::{
    AccessRulesChange, AdministrativeChange, AuditQuery, AuditScope, Member, MemberRef,
    NewOrganization, NewProject, NewTeam, OrganizationChange, Person, ProjectChange,
    SharedOrganization, TeamChange, TeamMembers,
};
pub use providers::{
    DocsHit, DocsOf, IncomingPackage, NewPackage, NewRelease, OwnSignature, PackageReader,
    ProviderFile, ProviderPart, ProviderUpload, PublishedPackage, PublishedProvider, SignedFile,
    SignedPackage, Upload,
};
pub use search::{FoundModule, ModulesFound, SearchGoal};

// Wings receive uploads into these types and show files from them, without using the storage.
pub use crate::archive::{FileSelection, FoundFiles, ReadAhead};
pub use crate::search::{
    Facets, MatchReason, MatchReasonKind, SearchDetail, SearchQuery, Segment, Sort,
};
pub use crate::storage::{
    AuditEvent, AuditPage, BackupReport, IncomingBlob, RowChange, StoreOutage,
};
