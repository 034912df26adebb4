//! The gate for packages of providers: a zip file → a refusal, or what it holds.
//!
//! A zip file describes each entry twice, and two readers may believe different halves. Both halves
//! are read here and must agree, and together they must cover the file from its first byte to its
//! last: no bytes before, between or after, no second directory, no comment. The file is read where
//! it is stored and never unpacked to a disk.
//!
//! Source: PKWARE, *.ZIP File Format Specification* 6.3, for the records;
//! `tests/fixtures/contracts/threats.toml#T04` for what is refused;
//! `tests/fixtures/contracts/provider-registry-protocol.toml#package` for what a package must hold.

mod ahead;
mod central;
mod content;
mod error;
mod fields;
mod limits;
mod local;
mod package;
#[cfg(test)]
mod test_zip;
#[cfg(test)]
mod tests;

pub use ahead::ReadAhead;
pub use error::ZipError;
pub use limits::PackageLimits;
pub use package::{Package, examine_package};
