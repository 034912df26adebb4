//! Names from an archive, escaped and shortened for messages.

use std::fmt;

/// The most bytes of a name in a message, after escaping.
const SHOWN_BYTES: usize = 200;

/// A name from an archive that is safe to show to people.
///
/// Control characters, bidirectional overrides and bytes that are not UTF-8 are escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EscapedName(String);

impl EscapedName {
    /// Escapes the raw name `bytes`.
    pub(super) fn bytes(bytes: &[u8]) -> Self {
        let mut shown = String::new();
        for chunk in bytes.utf8_chunks() {
            let valid = chunk.valid().chars().map(|c| c.escape_debug().to_string());
            let broken = chunk.invalid().iter().map(|b| format!("\\x{b:02x}"));
            for piece in valid.chain(broken) {
                if shown.len() + piece.len() > SHOWN_BYTES {
                    shown.push('…');
                    return Self(shown);
                }
                shown.push_str(&piece);
            }
        }
        Self(shown)
    }
}

impl<T: AsRef<str>> From<T> for EscapedName {
    fn from(name: T) -> Self {
        Self::bytes(name.as_ref().as_bytes())
    }
}

impl fmt::Display for EscapedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_cut() {
        let hostile = EscapedName::from("a\u{202e}b\n\0\u{1b}[2J\u{2066}");
        assert_eq!(hostile.to_string(), r"a\u{202e}b\n\0\u{1b}[2J\u{2066}");
        assert_eq!(EscapedName::bytes(b"caf\xe9").to_string(), r"caf\xe9");
        let long = EscapedName::from("é".repeat(500)).to_string();
        assert!(long.len() <= SHOWN_BYTES + '…'.len_utf8() && long.ends_with('…'));
    }
}
