//! What publishers say of their keys in texts: how a version names its key, and notes about a key.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{GpgKey, KeyId};

/// The longest name of a key, in bytes.
const MAX_NAME_BYTES: usize = 255;

/// The error for a text that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a key is named by one line of 1 to {MAX_NAME_BYTES} bytes without control characters")]
pub struct KeyNameError;

/// How a publisher names the key that will sign a version: the id of the key, or any other text
/// while the key is not known yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyName(String);

impl KeyName {
    /// Returns the text, as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the key id that this text is; `None` if it is another text.
    pub fn key_id(&self) -> Option<KeyId> {
        self.0.parse().ok()
    }
}

impl FromStr for KeyName {
    type Err = KeyNameError;

    fn from_str(text: &str) -> Result<Self, KeyNameError> {
        let is_name = (1..=MAX_NAME_BYTES).contains(&text.len())
            && !text.chars().any(char::is_control)
            && !text.trim().is_empty();
        is_name.then(|| Self(text.to_owned())).ok_or(KeyNameError)
    }
}

impl TryFrom<String> for KeyName {
    type Error = KeyNameError;

    fn try_from(text: String) -> Result<Self, KeyNameError> {
        text.parse()
    }
}

impl From<KeyName> for String {
    fn from(name: KeyName) -> Self {
        name.0
    }
}

/// The longest note, in bytes.
const MAX_NOTE_BYTES: usize = 16 * 1024;

/// The error for a text that is no note about a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a note about a key has {MAX_NOTE_BYTES} bytes at the most, and no control characters but line breaks"
)]
pub struct KeyNoteError;

/// A note about a key, which is given back as it was sent. May be empty, and have several lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyNote(String);

impl KeyNote {
    /// Returns the text, as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyNote {
    type Err = KeyNoteError;

    fn from_str(text: &str) -> Result<Self, KeyNoteError> {
        let is_plain = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t');
        let is_note = text.len() <= MAX_NOTE_BYTES && text.chars().all(is_plain);
        is_note.then(|| Self(text.to_owned())).ok_or(KeyNoteError)
    }
}

impl TryFrom<String> for KeyNote {
    type Error = KeyNoteError;

    fn try_from(text: String) -> Result<Self, KeyNoteError> {
        text.parse()
    }
}

impl From<KeyNote> for String {
    fn from(note: KeyNote) -> Self {
        note.0
    }
}

/// What a publisher says of a key; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct KeyNotes {
    /// Where the key comes from.
    pub source: Option<KeyNote>,
    /// Who vouches for the key.
    pub trust_signature: Option<KeyNote>,
}

impl KeyNotes {
    /// Writes what is said into the row of a key; returns whether it is something new.
    pub fn put_into(self, key: &mut GpgKey) -> bool {
        let before = (key.source.clone(), key.trust_signature.clone());
        let after = (
            self.source.unwrap_or_else(|| before.0.clone()),
            self.trust_signature.unwrap_or_else(|| before.1.clone()),
        );
        let changes = before != after;
        (key.source, key.trust_signature) = after;
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_by_its_id_or_by_any_line_of_text() {
        let name = |text: &str| text.parse::<KeyName>();
        let id = name("51852d87348ffc4c").expect("a name");
        assert_eq!(id.as_str(), "51852d87348ffc4c");
        assert_eq!(
            id.key_id().as_ref().map(KeyId::as_str),
            Some("51852D87348FFC4C")
        );
        for other in [
            "abcdefg",
            "48af2525-669a-0a24-2052-91f28529f745",
            "ключ",
            " a ",
        ] {
            let other = name(other).expect("a name");
            assert_eq!(other.key_id(), None);
        }
        for bad in ["", "  ", "a\nb", "a\0b", &"k".repeat(256)] {
            assert_eq!(name(bad), Err(KeyNameError), "{bad:?}");
        }
    }

    #[test]
    fn a_note_may_have_lines_and_no_other_control_characters() {
        for good in ["", "Acme Inc.", "two\r\nlines\n"] {
            assert_eq!(
                good.parse::<KeyNote>().map(String::from),
                Ok(good.to_owned())
            );
        }
        for bad in ["a\0b", "\u{1b}[1m", &"n".repeat(16 * 1024 + 1)] {
            assert_eq!(bad.parse::<KeyNote>(), Err(KeyNoteError));
        }
    }
}
