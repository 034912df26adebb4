//! Versions: strict semantic versions, ordered by precedence.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest version, in bytes.
pub(super) const MAX_VERSION_BYTES: usize = 128;

/// Why a text is not a valid version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// The text has too many bytes.
    #[error("a version must not be longer than {MAX_VERSION_BYTES} characters")]
    TooLong,
    /// The text is not a semantic version.
    #[error("`{shown}` is not a semantic version such as `1.2.3` ({reason})")]
    Grammar {
        /// The refused text, escaped for display.
        shown: String,
        /// What is wrong, in the words of the parser.
        reason: String,
    },
}

/// A semantic version (semver.org, 2.0). A leading `v`, as in git tags, is dropped when parsing.
///
/// The order is semver precedence; versions that differ only in build metadata are distinct, and
/// the metadata breaks the tie so that the order is total.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Version(semver::Version);

impl Version {
    /// Returns whether the version is a pre-release such as `1.0.0-beta.1`.
    pub fn is_prerelease(&self) -> bool {
        !self.0.pre.is_empty()
    }

    /// Returns a constraint that allows this version and later ones that promise to be compatible,
    /// such as `~> 1.4`; before 1.0, only a patch does, as in `~> 0.4.2`.
    pub fn compatible(&self) -> String {
        let semver::Version {
            major,
            minor,
            patch,
            ..
        } = self.0;
        if major == 0 {
            format!("~> {major}.{minor}.{patch}")
        } else {
            format!("~> {major}.{minor}")
        }
    }

    /// Returns the parsed parts.
    pub fn parts(&self) -> &semver::Version {
        &self.0
    }
}

/// Why a number cannot be used: another version of the same precedence is here, and clients do not
/// tell the two apart. `version = "1.0.0"` accepts `1.0.0+a`, too, and takes whichever is higher.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{version}` differs from `{other}` in its build metadata only, and terraform takes both for the same version; `{other}` {standing}, so choose another number"
)]
pub struct SameNumber {
    /// The refused number.
    pub version: Version,
    /// The number that it cannot be told from.
    pub other: Version,
    /// What is known of the other one.
    pub standing: NumberStanding,
}

/// What is known of a number that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberStanding {
    /// A version is published under it.
    Published,
    /// A version was announced under it, and its content has not come yet.
    Pending,
    /// A version was published under it and deleted.
    Deleted,
}

impl NumberStanding {
    /// Returns the standing of the number of a version that is here, published or announced.
    pub fn of_known(is_published: bool) -> Self {
        if is_published {
            Self::Published
        } else {
            Self::Pending
        }
    }
}

impl fmt::Display for NumberStanding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Published => "is published",
            Self::Pending => "was announced and is not published yet",
            Self::Deleted => "was published and deleted",
        })
    }
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        if text.len() > MAX_VERSION_BYTES {
            return Err(VersionError::TooLong);
        }
        let bare = text.strip_prefix('v').unwrap_or(text);
        semver::Version::parse(bare)
            .map(Self)
            .map_err(|error| VersionError::Grammar {
                shown: text.escape_debug().to_string(),
                reason: error.to_string(),
            })
    }
}

impl TryFrom<String> for Version {
    type Error = VersionError;

    fn try_from(text: String) -> Result<Self, VersionError> {
        text.parse()
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0
            .cmp_precedence(&other.0)
            .then_with(|| self.0.build.as_str().cmp(other.0.build.as_str()))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v(text: &str) -> Version {
        text.parse().expect("a test writes valid versions")
    }

    #[test]
    fn t22_only_strict_semver_is_a_version() {
        for good in ["1.0.0", "v1.2.3", "0.0.0", "1.0.0-rc.1", "1.0.0+build.7"] {
            assert!(good.parse::<Version>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "1",
            "1.0",
            "01.0.0",
            "1.0.08",
            "1.0.0\n",
            " 1.0.0",
            "vv1.0.0",
            "1.0.0-",
            "1.0.0-01",
            "1.0.0+",
            "1.0.0-ä",
            "18446744073709551616.0.0",
            "1.0.0/..",
            "../1.0.0",
        ] {
            assert!(bad.parse::<Version>().is_err(), "{bad:?}");
        }
        assert_eq!(
            format!("1.0.0-{}", "a".repeat(5000)).parse::<Version>(),
            Err(VersionError::TooLong)
        );
    }

    #[test]
    fn the_order_is_semver_precedence() {
        let ordered = [
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.0+a",
            "1.9.0",
            "1.10.0",
        ];
        assert!(ordered.map(v).is_sorted());
    }
}
