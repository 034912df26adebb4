//! Commands about versions of modules: deprecate, revoke, and take either back.

use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use crate::auth::{AdministerModules, Caller};
use crate::domain::{ModuleAddress, ModuleVersionAddress, Reason, Version, WebLink};
use crate::registry::base::{Error, Registry};
use crate::registry::modules::{LifecycleChange, NewNotice};

/// One act on a version of a module.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum ModuleCommand {
    /// No longer recommend it.
    Deprecate {
        /// The module.
        module: ModuleAddress,
        /// Its version.
        version: Version,
        /// Why.
        reason: Reason,
        /// Where to read more.
        #[serde(default)]
        link: Option<WebLink>,
    },
    /// Recommend it again.
    Undeprecate {
        /// The module.
        module: ModuleAddress,
        /// Its version.
        version: Version,
    },
    /// No longer hand out what is deprecated.
    Revoke {
        /// The module.
        module: ModuleAddress,
        /// Its version.
        version: Version,
        /// Why.
        reason: Reason,
        /// Where to read more.
        #[serde(default)]
        link: Option<WebLink>,
    },
    /// Hand it out again.
    Unrevoke {
        /// The module.
        module: ModuleAddress,
        /// Its version.
        version: Version,
    },
}

pub(super) fn carry_out(
    registry: &Registry,
    caller: &Caller,
    command: ModuleCommand,
) -> Result<Outcome, Error> {
    let (module, version, change, now) = match command {
        ModuleCommand::Deprecate {
            module,
            version,
            reason,
            link,
        } => {
            let change = LifecycleChange::Deprecate(NewNotice { reason, link });
            (module, version, change, "is deprecated")
        }
        ModuleCommand::Undeprecate { module, version } => {
            let change = LifecycleChange::Undeprecate;
            (module, version, change, "is not deprecated any more")
        }
        ModuleCommand::Revoke {
            module,
            version,
            reason,
            link,
        } => {
            let change = LifecycleChange::Revoke(NewNotice { reason, link });
            (module, version, change, "is revoked")
        }
        ModuleCommand::Unrevoke { module, version } => {
            let change = LifecycleChange::Unrevoke;
            (module, version, change, "is not revoked any more")
        }
    };
    let grant = registry.module_grant::<AdministerModules>(caller, &module)?;
    let address = ModuleVersionAddress { module, version };
    let (_, version) = registry.change_lifecycle(&grant, &address, change)?;
    Ok(Outcome::Done(format!("{} {now}", version.address)))
}
