//! Providers of other registries of which this one keeps copies, under their own addresses.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Actor, PackageFile, Platform, ProviderAddress, ProviderVersionAddress, Timestamp};

/// The error for a text that is not the host of a registry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the name of a registry's host, as in registry.example.com or localhost:8443")]
pub struct OriginHostError(String);

/// The host of a registry in lower case, with its port unless that is 443.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OriginHost(String);

impl OriginHost {
    /// Returns the host as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OriginHost {
    type Err = OriginHostError;

    fn from_str(text: &str) -> Result<Self, OriginHostError> {
        let refused = || OriginHostError(text.escape_debug().to_string());
        let (host, port) = text.split_once(':').unwrap_or((text, "443"));
        let is_label = |label: &str| {
            let fits = |c: char| c.is_alphanumeric() || c == '-';
            !label.is_empty() && label.chars().all(fits) && !label.starts_with('-')
        };
        let fits = text.len() <= 255
            && host.split('.').all(is_label)
            && port.bytes().all(|byte| byte.is_ascii_digit())
            && port.parse::<u16>().is_ok();
        if fits {
            Ok(Self(text.to_lowercase()))
        } else {
            Err(refused())
        }
    }
}

impl TryFrom<String> for OriginHost {
    type Error = OriginHostError;

    fn try_from(text: String) -> Result<Self, OriginHostError> {
        text.parse()
    }
}

impl From<OriginHost> for String {
    fn from(host: OriginHost) -> Self {
        host.0
    }
}

impl fmt::Display for OriginHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The address of a provider in another registry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OriginAddress {
    /// The registry.
    pub host: OriginHost,
    /// The provider's address in that registry. Its namespace is not an organization here.
    pub provider: ProviderAddress,
}

impl fmt::Display for OriginAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.host, self.provider.folded())
    }
}

/// A package for one platform that was imported from another registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MirroredPackage {
    /// The registry that the package is from.
    pub host: OriginHost,
    /// The version.
    pub version: ProviderVersionAddress,
    /// The platform that the package runs on.
    pub platform: Platform,
    /// The stored file.
    pub file: PackageFile,
    /// When it was imported.
    pub imported_at: Timestamp,
    /// Who imported it.
    pub imported_by: Actor,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_with_or_without_a_port() {
        for good in [
            "registry.example.com",
            "localhost:8443",
            "127.0.0.1",
            "bücher.example",
        ] {
            assert!(good.parse::<OriginHost>().is_ok(), "{good}");
        }
        let host = "Registry.Example.com"
            .parse::<OriginHost>()
            .expect("a host");
        assert_eq!(host.as_str(), "registry.example.com");
        for bad in [
            "",
            ".",
            "a..b",
            "a/b",
            "host:",
            "host:x",
            "host:99999",
            "-a",
            "a b",
            "../a",
        ] {
            assert!(bad.parse::<OriginHost>().is_err(), "{bad:?}");
        }
    }
}
