//! Pieces of text that show a match: finds a word, cuts out the text around it, and highlights it.

use std::ops::Range;

use super::Segment;
use super::tokens::{boundary, fold, words};

/// The longest excerpt, in bytes, without the ellipsis where it is cut off.
const MAX_EXCERPT_BYTES: usize = 152;
/// How many bytes of it precede the match, at most.
const LEAD_BYTES: usize = 50;

/// Returns the byte offset of a folded word's first occurrence in a text, at the beginning of a
/// word or of a part of a word; `None` if there is none.
pub(super) fn find_word(text: &str, word: &str) -> Option<usize> {
    if !word.is_ascii() {
        return words(text)
            .find(|range| fold(text.get(range.clone()).unwrap_or_default()).starts_with(word))
            .map(|range| range.start);
    }
    // READMEs are long; one comparison of a byte rules out most offsets.
    let bytes = text.as_bytes();
    let word = word.as_bytes();
    let first = word.first()?;
    let mut before = b' ';
    for (place, byte) in bytes.iter().enumerate() {
        if byte.eq_ignore_ascii_case(first)
            && !before.is_ascii_alphanumeric()
            && before.is_ascii()
            && let Some(found) = bytes.get(place..place + word.len())
            && found.iter().zip(word).all(|(a, b)| fold_byte(*a) == *b)
        {
            return Some(place);
        }
        before = *byte;
    }
    None
}

fn fold_byte(byte: u8) -> u8 {
    match byte {
        b'-' => b'_',
        other => other.to_ascii_lowercase(),
    }
}

/// Returns the piece of a text around a byte offset; a short text is returned whole.
pub(super) fn excerpt(text: &str, place: usize) -> &str {
    if text.len() <= MAX_EXCERPT_BYTES {
        return text;
    }
    let from = boundary(text, place.saturating_sub(LEAD_BYTES));
    // The excerpt begins at the end of a word, if one ends before the match.
    let lead = text.get(from..place).unwrap_or_default();
    let skipped = match lead.find(char::is_whitespace) {
        Some(space) if from > 0 => space,
        Some(_) | None => 0,
    };
    let start = from + skipped;
    let end = boundary(text, start + MAX_EXCERPT_BYTES);
    let piece = text.get(start..end).unwrap_or_default();
    if end == text.len() {
        return piece.trim();
    }
    match piece.rfind(char::is_whitespace) {
        Some(space) if start + space > place => piece.get(..space).unwrap_or_default().trim(),
        Some(_) | None => piece.trim(),
    }
}

/// Cuts a text into highlighted segments, which are the ranges in `marks`, and plain ones.
///
/// If the text is an excerpt of `cut_from`, it is brought onto one line, with an ellipsis where it
/// was cut off.
pub(super) fn mark(
    text: &str,
    mut marks: Vec<Range<usize>>,
    cut_from: Option<&str>,
) -> Vec<Segment> {
    marks.sort_by_key(|range| (range.start, range.end));
    let mut segments: Vec<Segment> = Vec::new();
    let mut push = |range: Range<usize>, highlighted| {
        let piece = text.get(range).unwrap_or_default();
        if !piece.is_empty() {
            segments.push(Segment {
                text: if cut_from.is_some() {
                    one_line(piece)
                } else {
                    piece.to_owned()
                },
                highlighted,
            });
        }
    };
    let mut at = 0;
    let mut waiting: Option<Range<usize>> = None;
    for range in marks {
        match &mut waiting {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            Some(_) | None => {
                if let Some(last) = waiting.replace(range) {
                    push(at..last.start, false);
                    at = last.end;
                    push(last, true);
                }
            }
        }
    }
    if let Some(last) = waiting {
        push(at..last.start, false);
        at = last.end;
        push(last, true);
    }
    push(at..text.len(), false);
    if let Some(whole) = cut_from.map(str::trim) {
        let plain = |text: &str| Segment {
            text: text.to_owned(),
            highlighted: false,
        };
        if !whole.starts_with(text.trim()) {
            segments.insert(0, plain("…"));
        }
        if !whole.ends_with(text.trim()) {
            segments.push(plain("…"));
        }
    }
    segments
}

/// Returns the text with each run of white space replaced by one space.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_whitespace() {
            line.push(c);
        } else if !line.ends_with(' ') {
            line.push(' ');
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_at_their_beginning_only() {
        assert_eq!(find_word("subnet and net", "net"), Some(11));
        assert_eq!(find_word("my-Net", "net"), Some(3));
        assert_eq!(find_word("a s3-Bucket", "s3_bucket"), Some(2));
        assert_eq!(find_word("Die Größe", "größe"), Some(4));
        assert_eq!(find_word("subnet", "net"), None);
    }

    #[test]
    fn overlapping_marks_become_one() {
        let segments = mark("aws_s3_bucket", vec![4..6, 0..5, 7..13], None);
        let shown: Vec<_> = segments
            .iter()
            .map(|s| (s.text.as_str(), s.highlighted))
            .collect();
        assert_eq!(shown, [("aws_s3", true), ("_", false), ("bucket", true)]);
    }

    proptest::proptest! {
        #[test]
        fn excerpts_hold_their_place(text in "[a-zé \n]{0,600}", share in 0_usize..100) {
            let place = boundary(&text, text.len() * share / 100);
            let piece = excerpt(&text, place);
            proptest::prop_assert!(piece.len() <= MAX_EXCERPT_BYTES);
            proptest::prop_assert!(text.contains(piece));
        }
    }
}
