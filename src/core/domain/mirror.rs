//! Providers of other registries that are kept here, under their own addresses.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Actor, PackageFile, Platform, ProviderAddress, ProviderVersionAddress, Timestamp};

/// A text that names no registry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the name of a registry's host, as in registry.example.com or localhost:8443")]
pub struct OriginHostError(String);

/// The host of a registry, with its port if it is another than that of HTTPS, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OriginHost(String);

impl OriginHost {
    /// The host as it is written.
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

/// The address of a provider with the registry that it is from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OriginAddress {
    /// The registry.
    pub host: OriginHost,
    /// The address there, whose namespace is not an organization here.
    pub provider: ProviderAddress,
}

impl fmt::Display for OriginAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.host, self.provider.folded())
    }
}

/// The package of a version for one platform, from another registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MirroredPackage {
    /// The registry that it is from.
    pub host: OriginHost,
    /// The version.
    pub version: ProviderVersionAddress,
    /// What it runs on.
    pub platform: Platform,
    /// Its file.
    pub file: PackageFile,
    /// When it was imported.
    pub imported_at: Timestamp,
    /// By whom.
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
