//! Short texts that people write, such as the description of a token or an email address.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The most bytes of a short text, which is also the most that an email address may have.
const MAX_BYTES: usize = 254;

/// Why a text is not a valid short text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShortTextError {
    /// The text has too many bytes.
    #[error("a text here must not be longer than {MAX_BYTES} bytes")]
    TooLong,
    /// The text has line breaks or other control characters.
    #[error("a text here is one line, without control characters")]
    Control,
}

/// One line of text, possibly empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ShortText(String);

impl ShortText {
    /// Returns the text; `None` if it is empty.
    pub fn if_any(self) -> Option<Self> {
        (!self.as_str().is_empty()).then_some(self)
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ShortText {
    type Err = ShortTextError;

    fn from_str(text: &str) -> Result<Self, ShortTextError> {
        if text.len() > MAX_BYTES {
            return Err(ShortTextError::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(ShortTextError::Control);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for ShortText {
    type Error = ShortTextError;

    fn try_from(text: String) -> Result<Self, ShortTextError> {
        text.parse()
    }
}

impl From<ShortText> for String {
    fn from(text: ShortText) -> Self {
        text.0
    }
}

impl fmt::Display for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_is_one_short_line() {
        assert!("CI of the shop, ask Ä".parse::<ShortText>().is_ok());
        assert!("".parse::<ShortText>().is_ok());
        assert_eq!("a\nb".parse::<ShortText>(), Err(ShortTextError::Control));
        let long = "x".repeat(MAX_BYTES + 1);
        assert_eq!(long.parse::<ShortText>(), Err(ShortTextError::TooLong));
    }
}
