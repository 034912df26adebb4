//! The platform that a provider's package runs on, and the plugin protocol that it speaks.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The most bytes of an operating system's or an architecture's name.
const MAX_BYTES: usize = 32;

/// The error for a text that is not a platform.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a platform; write the operating system and the architecture as Go names them, as in linux_amd64"
)]
pub struct PlatformError(String);

/// An operating system and an architecture, written `linux_amd64`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Platform {
    os: String,
    arch: String,
}

impl Platform {
    /// Makes a platform of an operating system and an architecture.
    pub fn new(os: &str, arch: &str) -> Result<Self, PlatformError> {
        if is_part(os) && is_part(arch) {
            Ok(Self {
                os: os.to_owned(),
                arch: arch.to_owned(),
            })
        } else {
            Err(PlatformError(
                format!("{os}_{arch}").escape_debug().to_string(),
            ))
        }
    }

    /// Returns the operating system, as Go names it.
    pub fn os(&self) -> &str {
        &self.os
    }

    /// Returns the architecture, as Go names it.
    pub fn arch(&self) -> &str {
        &self.arch
    }
}

fn is_part(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    !text.is_empty() && text.len() <= MAX_BYTES && text.bytes().all(fits)
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.os, self.arch)
    }
}

impl FromStr for Platform {
    type Err = PlatformError;

    fn from_str(text: &str) -> Result<Self, PlatformError> {
        match text.split_once('_') {
            Some((os, arch)) => Self::new(os, arch),
            None => Err(PlatformError(text.escape_debug().to_string())),
        }
    }
}

impl TryFrom<String> for Platform {
    type Error = PlatformError;

    fn try_from(text: String) -> Result<Self, PlatformError> {
        text.parse()
    }
}

impl From<Platform> for String {
    fn from(platform: Platform) -> Self {
        platform.to_string()
    }
}

/// The error for a text that is not a protocol version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a version of Terraform's plugin protocol; write it as in 5.0 or 6.0")]
pub struct ProtocolError(String);

/// A version of Terraform's plugin protocol, written `5.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProtocolVersion {
    major: u16,
    minor: u16,
}

impl ProtocolVersion {
    /// The version that terraform assumes if a provider names none: 5.0.
    pub const DEFAULT: Self = Self { major: 5, minor: 0 };
}

impl fmt::Display for ProtocolVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for ProtocolVersion {
    type Err = ProtocolError;

    /// Reads `6` as `6.0`, too.
    fn from_str(text: &str) -> Result<Self, ProtocolError> {
        let number = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse().ok()).flatten()
        };
        let (major, minor) = text.split_once('.').unwrap_or((text, "0"));
        match (number(major), number(minor)) {
            (Some(major), Some(minor)) => Ok(Self { major, minor }),
            _ => Err(ProtocolError(text.escape_debug().to_string())),
        }
    }
}

impl TryFrom<String> for ProtocolVersion {
    type Error = ProtocolError;

    fn try_from(text: String) -> Result<Self, ProtocolError> {
        text.parse()
    }
}

impl From<ProtocolVersion> for String {
    fn from(version: ProtocolVersion) -> Self {
        version.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_read_back_as_written() {
        let platform: Platform = "linux_amd64".parse().expect("a platform");
        assert_eq!((platform.os(), platform.arch()), ("linux", "amd64"));
        assert_eq!(platform.to_string(), "linux_amd64");
        for bad in [
            "",
            "linux",
            "linux_",
            "_amd64",
            "Linux_amd64",
            "a_b_c",
            "linux_amd64/..",
        ] {
            assert!(bad.parse::<Platform>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn protocols_are_two_numbers() {
        let read = |text: &str| text.parse::<ProtocolVersion>().map(|it| it.to_string());
        assert_eq!(read("5.0").as_deref(), Ok("5.0"));
        assert_eq!(read("6").as_deref(), Ok("6.0"));
        for bad in ["", "v5", "5.", ".1", "5.0.0", "+5.0", "99999.0"] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }
}
