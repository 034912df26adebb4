//! The checks that an upload must pass besides the archive gate, where its organization or its
//! publisher asks for them: it can be read, and its number says what it breaks.

use super::readable_check::check_readable;
use super::semver_check::{ComparedWith, recheck_semver};
use crate::domain::{ModuleVersionAddress, ModuleVersionStatus, Organization};
use crate::registry::base::{Error, Registry};
use crate::storage::tables::modules;
use crate::storage::{IncomingBlob, Tx};

/// The checks that an upload has passed.
#[derive(Debug, Default)]
pub(super) struct Passed {
    /// The release that it was compared with; `None` if nothing had to be compared.
    compared: Option<ComparedWith>,
    /// Whether all of its code could be read; false if nobody asked.
    is_readable: bool,
}

impl Registry {
    /// Makes the checks of an upload before anything of it is kept. `strict` asks for code that
    /// can be read, whatever the organization asks for.
    ///
    /// For a version that is published already, only its bytes matter, so nothing is checked.
    pub(super) fn check_demands(
        &self,
        organization: &Organization,
        address: &ModuleVersionAddress,
        served: &IncomingBlob,
        strict: bool,
    ) -> Result<Passed, Error> {
        let is_demanded = strict || organization.enforce_valid_configuration;
        if !is_demanded && !organization.enforce_semver {
            return Ok(Passed::default());
        }
        let version = modules::find_version(&self.store, address)?;
        if version.is_some_and(|version| version.status() == ModuleVersionStatus::Ok) {
            return Ok(Passed::default());
        }
        if is_demanded {
            check_readable(address, &self.inspect_upload(served)?)?;
        }
        Ok(Passed {
            compared: self.check_semver(organization, address, served)?,
            is_readable: is_demanded,
        })
    }
}

/// Refuses a version whose checks do not count any more, because something else was written since.
pub(super) fn recheck_demands(
    tx: &Tx<'_>,
    organization: &Organization,
    address: &ModuleVersionAddress,
    passed: &Passed,
) -> Result<(), Error> {
    if organization.enforce_valid_configuration && !passed.is_readable {
        return Err(Error::Conflict(format!(
            "the settings of `{}` changed while `{address}` was sent; send it again",
            organization.name
        )));
    }
    recheck_semver(tx, organization, address, passed.compared.as_ref())
}
