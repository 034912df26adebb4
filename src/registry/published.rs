//! Finding one among a module's published versions.

use super::Error;
use crate::domain::{ModuleVersion, Version};

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
