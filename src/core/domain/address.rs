//! Addresses of modules and providers, as they are written in a `source` argument.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{ModuleName, NameError, Namespace, System, Version};

/// Why a text is not an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The text does not have three parts.
    #[error("`{0}` is not a module address; write organization/name/provider, as in acme/vpc/aws")]
    Parts(String),
    /// The text does not have two parts.
    #[error("`{0}` is not a provider address; write organization/name, as in acme/widget")]
    ProviderParts(String),
    /// One of the parts is not a valid name.
    #[error(transparent)]
    Name(#[from] NameError),
}

/// The address of a module, `acme/vpc/aws`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ModuleAddress {
    /// The organization that owns the module.
    pub namespace: Namespace,
    /// The module's own name.
    pub name: ModuleName,
    /// The system the module is for, usually the name of its main provider.
    pub system: System,
}

impl ModuleAddress {
    /// Returns whether both are the same address, ignoring case.
    pub fn is_same(&self, other: &Self) -> bool {
        self.namespace.is_same(&other.namespace)
            && self.name.is_same(&other.name)
            && self.system.is_same(&other.system)
    }

    /// Returns the address in the form that keys use: ASCII lower case.
    pub fn folded(&self) -> String {
        self.to_string().to_ascii_lowercase()
    }
}

impl fmt::Display for ModuleAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.namespace, self.name, self.system)
    }
}

impl FromStr for ModuleAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let mut parts = text.split('/');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(namespace), Some(name), Some(system), None) => Ok(Self {
                namespace: namespace.parse()?,
                name: name.parse()?,
                system: system.parse()?,
            }),
            _ => Err(AddressError::Parts(text.escape_debug().to_string())),
        }
    }
}

/// One version of one module, written `acme/vpc/aws 1.2.0`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ModuleVersionAddress {
    /// The module.
    pub module: ModuleAddress,
    /// Its version.
    pub version: Version,
}

impl fmt::Display for ModuleVersionAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.module, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_back_as_written() {
        let address: ModuleAddress = "Acme/vpc/aws".parse().expect("a valid address");
        assert_eq!(address.to_string(), "Acme/vpc/aws");
        assert_eq!(address.folded(), "acme/vpc/aws");
        for bad in [
            "",
            "a/b",
            "a/b/c/d",
            "a/b/C",
            "a//c",
            "registry.example/a/b/c",
        ] {
            assert!(bad.parse::<ModuleAddress>().is_err(), "{bad:?}");
        }
    }
}
