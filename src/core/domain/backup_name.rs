//! The name of a backup: the name of its directory, never a path.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The most characters of a name.
const MOST: usize = 100;

/// The error for a text that cannot name a backup.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` cannot be the name of a backup: write up to {MOST} letters, digits, `-`, `_` and `.`, \
     with a letter or a digit first, as in `monday` or `2026-11-30`; it is no path"
)]
pub struct BackupNameError(String);

/// The name of a backup. It is safe as the name of a directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BackupName(String);

impl BackupName {
    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BackupName {
    type Err = BackupNameError;

    fn from_str(text: &str) -> Result<Self, BackupNameError> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let begins_well = text.starts_with(|first: char| first.is_ascii_alphanumeric());
        if begins_well && text.len() <= MOST && text.bytes().all(is_plain) {
            Ok(Self(text.to_owned()))
        } else {
            let beginning: String = text.chars().take(MOST).collect();
            Err(BackupNameError(beginning.escape_debug().to_string()))
        }
    }
}

impl TryFrom<String> for BackupName {
    type Error = BackupNameError;

    fn try_from(text: String) -> Result<Self, BackupNameError> {
        text.parse()
    }
}

impl From<BackupName> for String {
    fn from(name: BackupName) -> Self {
        name.0
    }
}

impl fmt::Display for BackupName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p8_a_name_leads_nowhere_else() {
        let longest = "a".repeat(MOST);
        for good in ["monday", "2026-11-30", "v1.2_x", "0", &longest] {
            assert_eq!(good.parse::<BackupName>().expect("a name").as_str(), good);
        }
        let too_long = "a".repeat(MOST + 1);
        for bad in [
            "", ".", "..", ".hidden", "-x", "a/b", "/a", "a\\b", "a b", "a\0", "ä", "a\n",
            &too_long,
        ] {
            let error = bad.parse::<BackupName>().expect_err(bad);
            assert!(error.to_string().contains("no path"), "{error}");
        }
    }
}
