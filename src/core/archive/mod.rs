//! The archive gate: the bytes of an uploaded module archive → a refusal, or what will be served.
//!
//! An archive is read in one streaming pass and never unpacked: the gate uses no file system, no
//! clock and no HTTP. Terraform's own client installs most hostile archives silently, so an archive
//! that two readers could interpret in two ways is refused here.
//!
//! From the bytes inwards: [`gzip`] → [`header`] and [`pax`] → [`tar_gz`] (entries) →
//! [`catalogue`] (every name once) → [`mac_files`] → [`links`] → [`examine()`]; [`repack()`] and
//! [`pack`] write.

mod catalogue;
mod error;
mod error_codes;
mod escaped_name;
mod examine;
mod gzip;
mod header;
mod limits;
mod links;
mod mac_files;
mod pack;
mod path;
mod pax;
mod private_files;
mod read;
mod repack;
mod tar_gz;
#[cfg(test)]
mod tests;
mod tree;
mod zip;

pub use error::ArchiveError;
pub use escaped_name::EscapedName;
pub use examine::{ArchiveFile, Examined, examine, examine_files};
pub use limits::ArchiveLimits;
pub use pack::ArchiveWriter;
pub use path::ArchivePath;
pub use private_files::private_files;
pub use read::{FileSelection, FoundFiles, each_file, find_files, read_file};
pub use repack::{RepackPlan, repack};
pub use tree::{KeptFile, ModuleTree, TreeLimits};
pub use zip::{Package, PackageLimits, ReadAhead, ZipError, examine_package};
