//! Modules: their versions from the upload to the archive that clients fetch.
//!
//! | file | what |
//! |---|---|
//! | `read.rs` | finds and lists modules and versions that a caller may see |
//! | `latest.rs` | a module together with its latest version |
//! | `pages.rs` | an organization's modules, page by page |
//! | `settings.rs` | creates modules and changes their settings |
//! | `publish.rs` | a pending version, its upload ticket, and the write that publishes it |
//! | `publish_upload.rs` | publishes in one call, for a caller that has the archive |
//! | `upload_checks.rs` | the checks besides the gate, where somebody asks for them |
//! | `readable_check.rs` | refuses a version with code that cannot be read |
//! | `semver_check.rs` | refuses a breaking release whose number does not announce it |
//! | `upload_links.rs` | links to upload a pending version that are shown again |
//! | `expiry.rs` | removes versions that never got their archive |
//! | `same_number.rs` | refuses a number that differs from another one in build metadata only |
//! | `lifecycle.rs` | deprecates and revokes versions, and undoes either |
//! | `delete.rs` | deletes versions and modules, and leaves tombstones |
//! | `archives.rs` | signs addresses of archives and opens them |
//! | `docs.rs` | inputs, outputs, README of a version: inspected once, kept in derived files |
//! | `downloads.rs` | download counts |
//! | `curated.rs` | public modules that an organization recommends |
//!
//! Other rooms use from here the archive types, modules as lists show them, the deletion of a whole
//! module, and the check that an organization has a list of public modules.

mod archives;
mod curated;
mod delete;
mod docs;
mod downloads;
mod expiry;
mod latest;
mod lifecycle;
mod pages;
mod publish;
mod publish_upload;
mod read;
mod readable_check;
mod same_number;
mod semver_check;
mod settings;
mod upload_checks;
mod upload_links;

pub use archives::{ArchiveProof, OpenedArchive};
pub(in crate::registry) use curated::curating;
pub(in crate::registry) use delete::delete_whole;
pub use downloads::DownloadCounts;
pub use lifecycle::{LifecycleChange, NewNotice};
pub use publish_upload::PrivateFiles;
pub use read::{ModuleListing, ModulePage, ModuleQuery, ModuleWithVersions, OutlinedVersion};
pub use settings::ModuleChange;
