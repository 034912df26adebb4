//! Path parameters, parsed into the domain's words before a handler sees them.
//!
//! A text that is no name cannot name anything that exists, so a wing's answer to [`NotAName`] is
//! its ordinary 404 (or 401, for callers without a token).

use serde::Deserialize;

use crate::domain::{ModuleAddress, ModuleVersionAddress, Version};

/// A path parameter that does not fit the grammar of its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAName;

/// `/{namespace}/{name}/{system}`, as it was sent.
#[derive(Debug, Deserialize)]
pub struct ModulePath {
    namespace: String,
    name: String,
    system: String,
}

impl ModulePath {
    /// The address. The system is looked up in lower case, which all systems are written in.
    pub fn address(&self) -> Result<ModuleAddress, NotAName> {
        Ok(ModuleAddress {
            namespace: self.namespace.parse().map_err(|_| NotAName)?,
            name: self.name.parse().map_err(|_| NotAName)?,
            system: self
                .system
                .to_ascii_lowercase()
                .parse()
                .map_err(|_| NotAName)?,
        })
    }
}

/// `/{namespace}/{name}/{system}/{version}`, as it was sent.
#[derive(Debug, Deserialize)]
pub struct ModuleVersionPath {
    namespace: String,
    name: String,
    system: String,
    version: String,
}

impl ModuleVersionPath {
    /// The address and version.
    pub fn address(&self) -> Result<ModuleVersionAddress, NotAName> {
        let module = ModulePath {
            namespace: self.namespace.clone(),
            name: self.name.clone(),
            system: self.system.clone(),
        };
        let version: Version = self.version.parse().map_err(|_| NotAName)?;
        Ok(ModuleVersionAddress {
            module: module.address()?,
            version,
        })
    }
}
