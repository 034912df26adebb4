//! What publishers say of a package before they send it: texts that are checked once its file is
//! there.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Sha256;

/// The longest of these texts, in bytes.
const MAX_BYTES: usize = 255;

/// The error for a text that can be neither a file name nor a checksum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is one line of 1 to {MAX_BYTES} bytes without control characters")]
pub struct AnnouncedTextError;

/// A checksum or a file name as its publisher sent it. It may be any line of text; only the one that
/// fits the file lets the package in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AnnouncedText(String);

impl AnnouncedText {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the SHA-256 that this text is; `None` if it is another text.
    pub fn sha256(&self) -> Option<Sha256> {
        self.0.parse().ok()
    }
}

impl FromStr for AnnouncedText {
    type Err = AnnouncedTextError;

    fn from_str(text: &str) -> Result<Self, AnnouncedTextError> {
        let is_line = (1..=MAX_BYTES).contains(&text.len())
            && !text.chars().any(char::is_control)
            && !text.trim().is_empty();
        is_line
            .then(|| Self(text.to_owned()))
            .ok_or(AnnouncedTextError)
    }
}

impl TryFrom<String> for AnnouncedText {
    type Error = AnnouncedTextError;

    fn try_from(text: String) -> Result<Self, AnnouncedTextError> {
        text.parse()
    }
}

impl From<AnnouncedText> for String {
    fn from(text: AnnouncedText) -> Self {
        text.0
    }
}

impl From<Sha256> for AnnouncedText {
    fn from(sum: Sha256) -> Self {
        Self(sum.to_string())
    }
}

impl fmt::Display for AnnouncedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_is_kept_as_it_was_sent_and_compared_as_what_it_is() {
        let sum = Sha256::of(b"a package");
        let upper = sum.to_string().to_ascii_uppercase();
        let announced: AnnouncedText = upper.parse().expect("a line");
        assert_eq!(announced.as_str(), upper);
        assert_eq!(AnnouncedText::from(sum).sha256(), Some(sum));
        let other: AnnouncedText = "shasum".parse().expect("a line");
        assert_eq!(other.sha256(), None);
        for bad in ["", " ", "a\nb", &"x".repeat(256)] {
            assert_eq!(bad.parse::<AnnouncedText>(), Err(AnnouncedTextError));
        }
        // Rows of earlier programs have the checksum as its digits.
        let row = format!("\"{sum}\"");
        let read: AnnouncedText = serde_json::from_str(&row).expect("a row");
        assert_eq!(read.sha256(), Some(sum));
    }
}
