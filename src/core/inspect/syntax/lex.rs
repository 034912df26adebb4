//! Recognises the few words of HCL that the scan needs: names, heredocs, and beginnings of blocks.

/// The blocks that certainly begin a new item if they are at the start of a line.
const TOP_LEVEL: [&str; 13] = [
    "variable",
    "output",
    "resource",
    "data",
    "ephemeral",
    "module",
    "provider",
    "terraform",
    "locals",
    "check",
    "moved",
    "import",
    "removed",
];

/// Returns the last place at or before `at` where a character begins.
pub(super) fn floor_char_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Returns whether a byte may be a part of a name.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || !byte.is_ascii()
}

/// Returns the word at the start of `text`.
pub(super) fn word(text: &str) -> &str {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Returns whether `text` begins with the brace of an object made by `for`. Comments may stand
/// between the two.
pub(super) fn begins_for(text: &str) -> bool {
    let mut inside = text.strip_prefix('{').unwrap_or(text).trim_start();
    while let Some(rest) = after_comment(inside) {
        inside = rest.trim_start();
    }
    word(inside) == "for"
}

/// Returns the text after the comment that `text` begins with; `None` if it begins with none.
fn after_comment(text: &str) -> Option<&str> {
    let (inside, end) = if let Some(inside) = text.strip_prefix("/*") {
        (inside, "*/")
    } else if text.starts_with('#') || text.starts_with("//") {
        (text, "\n")
    } else {
        return None;
    };
    Some(inside.split_once(end).map_or("", |(_, rest)| rest))
}

/// Returns whether a line certainly begins a top-level block. In a `check`, a data source does not.
pub(super) fn begins_block(line: &str, in_check: bool) -> bool {
    if !line.starts_with(|c: char| c.is_ascii_lowercase()) {
        return false;
    }
    let word = TOP_LEVEL.into_iter().find(|word| {
        let rest = line.strip_prefix(word);
        let rest = rest.map(|rest| rest.trim_start_matches([' ', '\t']));
        rest.is_some_and(|rest| rest.starts_with(['"', '{']))
    });
    word.is_some_and(|word| !(in_check && word == "data"))
}

/// Returns the marker of the heredoc that begins with `text`, and the length of its first line.
pub(super) fn heredoc_start(text: &str) -> Option<(&str, usize)> {
    let rest = text.strip_prefix("<<")?;
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    let word = word(rest);
    let after = rest.get(word.len()..)?;
    let line_end = ["\n", "\r\n"]
        .into_iter()
        .find(|end| after.starts_with(end))?;
    let length = text.len() - after.len() + line_end.len();
    (!word.is_empty()).then_some((word, length))
}
