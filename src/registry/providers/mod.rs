//! Providers: packages, checksums and signatures, before and after their publication.
//!
//! | file | what |
//! |---|---|
//! | `read.rs` | finds and lists providers and versions that a caller may see |
//! | `create.rs` | creates a provider, and announces versions and packages |
//! | `incoming_package.rs` | a package that is read while it arrives |
//! | `uploads.rs` | links to send one part of a version to |
//! | `publication.rs` | takes checksums, signature and packages in any order; publishes when they fit |
//! | `staging.rs` | packages by name, before their version is published |
//! | `release.rs` | publishes a version with all that is sent with the call, in one write |
//! | `release_signature.rs` | the signed list of checksums of a release |
//! | `same_number.rs` | refuses a number that differs from another one in build metadata only |
//! | `files.rs` | signs addresses of packages and lists, and opens them |
//! | `docs.rs` | the documentation of a version, page by page |
//! | `docs_search.rs` | searches the documentation of a version |
//! | `search.rs` | finds providers by their addresses |
//! | `downloads.rs` | download counts |
//! | `delete.rs` | deletes providers, versions and packages, and leaves tombstones |
//! | `expiry.rs` | removes versions that were never published |
//! | `mirror.rs` | packages of other registries, for sites without internet access |
//! | `gpg_keys.rs` | the keys of publishers |
//! | `registry_key.rs` | the keys with which this registry signs, and how they are made in time |
//! | `curated.rs` | public providers that an organization recommends |
//! | `tags.rs` | the tags of providers, private and public |
//!
//! The deletion of an organization uses `delete.rs`; other rooms use nothing else from here.

mod create;
mod curated;
mod delete;
mod docs;
mod docs_search;
mod downloads;
mod expiry;
mod files;
mod gpg_keys;
mod incoming_package;
mod mirror;
mod publication;
mod read;
mod registry_key;
mod release;
mod release_signature;
mod same_number;
mod search;
mod staging;
mod tags;
mod uploads;

pub use create::NewPackage;
pub(in crate::registry) use delete::Deleting;
pub use docs::DocsOf;
pub use docs_search::DocsHit;
pub use files::{ProviderFile, SignedFile};
pub use incoming_package::{IncomingPackage, PackageReader};
pub use mirror::SignedPackage;
pub use read::{PublishedPackage, PublishedProvider};
pub use release::{NewRelease, OwnSignature};
pub use uploads::{ProviderPart, ProviderUpload, Upload};
