//! What the product can do, as plain methods on one [`Registry`]; no HTTP.
//!
//! Each file below adds the operations of one subject. An operation that needs a right takes a
//! [`Grant`](crate::auth::Grant), which only [`Registry::grant`], [`Registry::site_grant`]
//! and [`Registry::module_grant`] obtain, so nothing can be done without a decision.

mod accounts;
mod announce_provider;
mod archives;
mod audit;
mod blob_gc;
mod cache;
mod clock;
pub mod commands;
mod deletion;
mod docs_search;
mod download_counts;
mod error;
mod gpg_keys;
mod housekeeping;
mod incoming_package;
mod indexing;
mod inspection;
mod inspection_queue;
mod journal_follower;
mod latest;
mod lifecycle;
mod memberships;
mod migrations;
mod mirror;
mod module_pages;
mod module_settings;
mod modules;
mod open;
mod organization_deletion;
mod organizations;
mod primary_token;
mod provider_deletion;
mod provider_docs;
mod provider_files;
mod provider_search;
mod provider_uploads;
mod providers;
mod public_modules;
mod public_providers;
mod publish_module;
mod publish_provider;
mod publish_release;
mod publish_upload;
mod release_provider;
mod rights;
mod search;
mod semver_check;
mod sessions;
mod settings;
mod sign_in;
mod ssh_keys;
mod teams;
mod tokens;
mod user_administration;
pub mod verification;

pub use accounts::{Account, NewUser, UserChange};
pub use announce_provider::NewPackage;
pub use archives::{
    ArchiveBytes, ArchiveProof, HeldBytes, OpenArchiveFile, OpenedArchive, SignedArchive,
};
pub use audit::{AuditQuery, AuditScope};
pub use cache::RevisionCache;
pub use clock::Clock;
pub use docs_search::DocsHit;
pub use download_counts::DownloadCounts;
pub use error::{Error, Kind};
pub use incoming_package::{IncomingPackage, PackageReader};
pub use lifecycle::{LifecycleChange, NewNotice};
pub use memberships::{Member, TeamChange, TeamMembers};
pub use mirror::SignedPackage;
pub use module_pages::{ModuleInBrief, VersionInBrief};
pub use module_settings::{ModuleChange, NewModule};
pub use modules::{ModuleListing, ModulePage, ModuleQuery, ModuleWithVersions, OutlinedVersion};
pub use open::{Registry, disk_error};
pub use organizations::{NewOrganization, OrganizationChange};
pub use provider_docs::DocsOf;
pub use provider_files::{ProviderFile, SignedFile};
pub use provider_uploads::{ProviderPart, ProviderUpload};
pub use providers::{PublishedPackage, PublishedProvider};
pub use publish_release::NewRelease;
pub use release_provider::OwnSignature;
pub use search::{FoundModule, ModulesFound};
pub use settings::Settings;
pub use tokens::{NewToken, TokenEnd};

// Wings receive bodies into these, and show those, without knowing the storage.
pub use crate::archive::{FileSelection, FoundFiles, ReadAhead};
pub use crate::search::{
    Facets, MatchReason, MatchReasonKind, SearchDetail, SearchQuery, Segment, Sort,
};
pub use crate::storage::{AuditEvent, AuditPage, IncomingBlob, RowChange};
