//! Finding one among a module's published versions.

use super::Error;
use crate::domain::{ModuleVersion, Version, latest};

/// The version of this number.
pub fn one_of<'a>(
    versions: &'a [ModuleVersion],
    number: &Version,
) -> Result<&'a ModuleVersion, Error> {
    let mut versions = versions.iter();
    versions
        .find(|version| version.address.version == *number)
        .ok_or_else(|| Error::NotFound(format!("the module version `{number}`")))
}

/// The version that "latest" means.
pub(super) fn latest_of(versions: &[ModuleVersion]) -> Result<&ModuleVersion, Error> {
    let newest = latest(versions.iter().map(|version| &version.address.version));
    let mut versions = versions.iter();
    versions
        .find(|version| Some(&version.address.version) == newest)
        .ok_or_else(|| Error::NotFound("the module".to_owned()))
}
