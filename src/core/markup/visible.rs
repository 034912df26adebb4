//! Invisible characters, which could change how a text is read.
//!
//! A direction control can make code look different from how it runs, so it is shown by its code
//! point.

/// Returns what is shown in place of an invisible character; `None` for every other character.
pub(super) fn stand_in(character: char) -> Option<String> {
    match character {
        '\t' | '\n' | '\r' => None,
        '\u{7f}' => Some("\u{2421}".to_owned()),
        '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}'
        | '\u{80}'..='\u{9f}' => Some(format!("U+{:04X}", u32::from(character))),
        control if control < ' ' => char::from_u32(0x2400 + u32::from(control)).map(String::from),
        _ => None,
    }
}

/// Returns whether a text has a character with a stand-in.
pub(super) fn has_unseen(text: &str) -> bool {
    text.chars().any(|character| stand_in(character).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direction_controls_have_a_number_and_common_text_has_none() {
        assert_eq!(stand_in('\u{202e}').as_deref(), Some("U+202E"));
        assert_eq!(stand_in('\u{2066}').as_deref(), Some("U+2066"));
        assert_eq!(stand_in('\0').as_deref(), Some("\u{2400}"));
        assert!(!has_unseen("a\tb\r\nü \u{1f600} العربية"));
        assert!(has_unseen("a\u{200f}b"));
    }
}
