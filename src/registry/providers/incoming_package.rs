//! Packages of providers on their way in: read through while they arrive, so that little is left
//! to do when the last byte is here.

use crate::archive::{PackageLimits, ReadAhead, ZipError, examine_package};
use crate::domain::{PackageFile, ProviderType};
use crate::registry::base::{Error, Registry, disk_error};
use crate::storage::{Arriving, IncomingBlob};

/// A package that has come, and what was found in it on its way.
pub struct IncomingPackage {
    pub(super) blob: IncomingBlob,
    ahead: ReadAhead,
}

/// Reads a package while it arrives.
pub struct PackageReader {
    from: Arriving,
    limits: PackageLimits,
}

impl PackageReader {
    /// Reads to the end of the upload, or to where there is nothing to be found.
    pub fn read(self) -> ReadAhead {
        ReadAhead::of(self.from, &self.limits)
    }
}

impl IncomingPackage {
    /// What has come, with what was read ahead of it.
    pub fn new(blob: IncomingBlob, ahead: ReadAhead) -> Self {
        Self { blob, ahead }
    }

    /// Sends the package through its gate.
    pub(in crate::registry) fn check(
        &self,
        registry: &Registry,
        name: &ProviderType,
    ) -> Result<PackageFile, Error> {
        let settings = registry.settings();
        let reader = self.blob.reader().map_err(disk_error)?;
        let package = examine_package(reader, &self.ahead, name, &settings.package_limits)?;
        Ok(PackageFile {
            sha256: self.blob.sha256(),
            size: self.blob.len(),
            h1: package.h1,
        })
    }
}

impl Registry {
    /// A file for a package that is about to arrive, and a reader that goes along.
    pub fn incoming_package(&self) -> Result<(IncomingBlob, PackageReader), Error> {
        let blob = self.incoming()?;
        let reader = PackageReader {
            from: blob.arriving().map_err(disk_error)?,
            limits: self.settings().package_limits.clone(),
        };
        Ok((blob, reader))
    }
}

impl From<ZipError> for Error {
    /// A read error is the machine's fault, anything else the package's.
    fn from(error: ZipError) -> Self {
        if error.is_io() {
            Self::internal(error)
        } else {
            Self::invalid("package", format!("the package was refused: {error}"))
        }
    }
}
