//! Every table, family by family: rows, keys, and the index tables that belong to them.
//!
//! A family's functions change a row and its index rows together, so that they always agree. All
//! writes to these tables go through them.

pub mod accounts;
pub mod blobs;
pub mod credentials;
pub mod downloads;
pub mod gpg_keys;
pub mod invitations;
pub mod login_codes;
mod memberships;
pub mod migrations;
pub mod mirrored;
pub mod module_ids;
pub mod modules;
pub mod organizations;
pub mod projects;
pub mod provider_docs;
pub mod provider_downloads;
pub mod provider_packages;
pub mod providers;
pub mod public_modules;
pub mod public_providers;
pub mod sessions;
pub mod ssh_keys;
pub mod unpublished;
pub mod uploads;
pub mod usage;
mod words;

pub use words::key_in_words;

use super::{Ownership, TableInfo};

/// Every table of the program. An id or a name, once given, is never given to another.
pub const TABLES: &[TableInfo] = &[
    TableInfo::of::<organizations::Organizations>(),
    TableInfo::of::<organizations::OrganizationNames>(),
    TableInfo::of::<accounts::Users>(),
    TableInfo::of::<accounts::Usernames>(),
    TableInfo::of::<accounts::Teams>(),
    TableInfo::of::<accounts::TeamNames>(),
    TableInfo::of::<accounts::Memberships>(),
    TableInfo::of::<accounts::MembershipsByUser>(),
    TableInfo::of::<accounts::MembershipIds>(),
    TableInfo::of::<credentials::Tokens>(),
    TableInfo::of::<credentials::TokensByOwner>(),
    TableInfo::of::<credentials::TokenIds>(),
    TableInfo::of::<credentials::TokenUses>(),
    TableInfo::of::<modules::Modules>(),
    TableInfo::of::<modules::ModuleVersions>(),
    TableInfo::of::<modules::Tombstones>(),
    TableInfo::of::<uploads::UploadTickets>(),
    TableInfo::of::<blobs::BlobReferences>(),
    TableInfo::of::<blobs::FreedBlobs>(),
    TableInfo::of::<downloads::Downloads>(),
    TableInfo::of::<sessions::Sessions>(),
    TableInfo::of::<sessions::SessionsByUser>(),
    TableInfo::of::<module_ids::ModuleIds>(),
    TableInfo::of::<migrations::Migrations>(),
    TableInfo::of::<ssh_keys::SshKeys>(),
    TableInfo::of::<projects::Projects>(),
    TableInfo::of::<projects::ProjectNames>(),
    TableInfo::of::<public_modules::PublicModules>(),
    TableInfo::of::<providers::Providers>(),
    TableInfo::of::<providers::ProviderIds>(),
    TableInfo::of::<providers::ProviderVersions>(),
    TableInfo::of::<provider_packages::ProviderPackages>(),
    TableInfo::of::<provider_packages::ProviderTombstones>(),
    TableInfo::of::<gpg_keys::GpgKeys>(),
    TableInfo::of::<public_providers::PublicProviders>(),
    TableInfo::of::<mirrored::MirroredPackages>(),
    TableInfo::of::<provider_docs::ProviderDocsArchives>(),
    TableInfo::of::<provider_downloads::ProviderDownloads>(),
    TableInfo::of::<usage::Usages>(),
    TableInfo::of::<unpublished::UnpublishedModules>(),
    TableInfo::of::<unpublished::UnpublishedProviders>(),
    TableInfo::of::<invitations::Invitations>(),
    TableInfo::of::<invitations::InvitationsByInvitee>(),
    TableInfo::of::<accounts::FormerUsernames>(),
    TableInfo::of::<login_codes::LoginCodes>(),
];

/// Returns the owner of the rows of the table with this name; `None` if there is no such table.
pub fn owner_of(table: &str) -> Option<Ownership> {
    let found = TABLES.iter().find(|known| known.name == table);
    found.map(|known| known.owner)
}
