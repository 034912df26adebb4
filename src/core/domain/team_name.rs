//! The name of a team: what people call it, with spaces and slashes.
//!
//! Terraform Enterprise takes nearly every text. Refused is what would look like another name:
//! characters that are not seen, spaces of other kinds, and spaces where nobody sees them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most bytes of a team name.
const MAX_BYTES: usize = 128;

/// Why a text is not a name of a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TeamNameError {
    /// The text is empty.
    #[error("a team name must not be empty")]
    Empty,
    /// The text has too many bytes.
    #[error("a team name must not be longer than {MAX_BYTES} bytes")]
    TooLong,
    /// A space is where nobody sees it.
    #[error("a team name must not begin or end with a space, nor have two spaces in a row")]
    UnseenSpace,
    /// A character is not seen, or only looks like a space.
    #[error("a team name has only characters that can be seen, and plain spaces between them")]
    UnseenCharacter,
}

/// The name of a team inside one organization.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TeamName(String);

impl TeamName {
    /// Returns the name as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether both are the same name: case and ways to write a letter do not count.
    pub fn is_same(&self, other: &Self) -> bool {
        self.folded() == other.folded()
    }

    /// Returns the name in the form that keys and comparisons use: lower case, with each letter in
    /// its usual form, so that `ａ` is `a` and `é` is one character.
    pub fn folded(&self) -> String {
        self.0
            .nfkc()
            .collect::<String>()
            .to_lowercase()
            .nfkc()
            .collect()
    }
}

impl FromStr for TeamName {
    type Err = TeamNameError;

    fn from_str(text: &str) -> Result<Self, TeamNameError> {
        if text.is_empty() {
            return Err(TeamNameError::Empty);
        }
        if text.len() > MAX_BYTES {
            return Err(TeamNameError::TooLong);
        }
        if text.chars().any(is_unseen) || text.chars().next().is_some_and(is_combining_mark) {
            return Err(TeamNameError::UnseenCharacter);
        }
        if text.starts_with(' ') || text.ends_with(' ') || text.contains("  ") {
            return Err(TeamNameError::UnseenSpace);
        }
        Ok(Self(text.to_owned()))
    }
}

/// Returns whether a character is not seen, has no agreed meaning, or looks like a space.
fn is_unseen(character: char) -> bool {
    let is_other_space = character.is_whitespace() && character != ' ';
    is_other_space
        || character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{e000}'..='\u{f8ff}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{ffff}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{10ffff}'
        )
}

impl TryFrom<String> for TeamName {
    type Error = TeamNameError;

    fn try_from(text: String) -> Result<Self, TeamNameError> {
        text.parse()
    }
}

impl From<TeamName> for String {
    fn from(name: TeamName) -> Self {
        name.0
    }
}

impl AsRef<str> for TeamName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TeamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_name_teams_as_they_like() {
        for good in [
            "a",
            "foo bar",
            "team name with spaces",
            "team/name/with/slashes",
            "team-aaaabbbbcccc",
            "R&D (Zürich), 2nd floor",
            "..",
            "50% <b>",
            "開発チーム",
            &"x".repeat(128),
        ] {
            assert!(good.parse::<TeamName>().is_ok(), "{good}");
        }
    }

    #[test]
    fn t29_what_would_look_like_another_name_is_refused() {
        use TeamNameError::{Empty, TooLong, UnseenCharacter, UnseenSpace};
        for (bad, expected) in [
            ("", Empty),
            (&*"x".repeat(129), TooLong),
            (" a", UnseenSpace),
            ("a ", UnseenSpace),
            ("a  b", UnseenSpace),
            (" ", UnseenSpace),
            ("a\u{a0}b", UnseenCharacter),
            ("a\u{3000}b", UnseenCharacter),
            ("a\u{200b}b", UnseenCharacter),
            ("a\u{202e}b", UnseenCharacter),
            ("a\u{3164}", UnseenCharacter),
            ("a\u{e0041}", UnseenCharacter),
            ("\u{301}a", UnseenCharacter),
            ("a\nb", UnseenCharacter),
            ("a\tb", UnseenCharacter),
            ("a\0b", UnseenCharacter),
        ] {
            assert_eq!(bad.parse::<TeamName>(), Err(expected), "{bad:?}");
        }
    }

    #[test]
    fn t29_the_same_name_in_another_spelling_is_the_same() {
        let same = |one: &str, other: &str| {
            let parse = |text: &str| text.parse::<TeamName>().expect("a name");
            parse(one).is_same(&parse(other))
        };
        assert!(same("Foo Bar", "foo bar"));
        assert!(same("ÄRZTE", "ärzte"));
        assert!(same("e\u{301}t\u{e9}", "\u{e9}te\u{301}"));
        assert!(same("owners", "ｏｗｎｅｒｓ"));
        assert!(!same("foo bar", "foo-bar"));
    }
}
