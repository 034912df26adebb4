//! Uploads of provider packages. A package is examined while it arrives, so that little work is
//! left after the last byte.

use crate::archive::{PackageLimits, ReadAhead, ZipError, examine_package};
use crate::domain::{PackageFile, ProviderType};
use crate::registry::base::{Error, Registry, disk_error};
use crate::storage::{Arriving, IncomingBlob};

/// An uploaded package, and what the reader found in it while it arrived.
pub struct IncomingPackage {
    pub(super) blob: IncomingBlob,
    ahead: ReadAhead,
}

/// A reader that examines a package while it arrives.
pub struct PackageReader {
    from: Arriving,
    limits: PackageLimits,
}

impl PackageReader {
    /// Reads to the end of the upload, or until it can find nothing more.
    pub fn read(self) -> ReadAhead {
        ReadAhead::of(self.from, &self.limits)
    }
}

impl IncomingPackage {
    /// Joins an upload with what the reader found in it.
    pub fn new(blob: IncomingBlob, ahead: ReadAhead) -> Self {
        Self { blob, ahead }
    }

    /// Examines the package at its gate and returns the row of its file.
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
    /// Makes a temporary file for a package that is about to arrive, and a reader that follows the
    /// upload.
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
    /// Makes a read error an [`Error::Internal`]; any other error means that the package is
    /// refused.
    fn from(error: ZipError) -> Self {
        if error.is_io() {
            Self::internal(error)
        } else {
            Self::invalid("package", format!("the package was refused: {error}"))
        }
    }
}
