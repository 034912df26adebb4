//! Cuts names and prose into the terms of the index.
//!
//! Identifiers (`aws_s3_bucket`, `terraform-aws-vpc`) become three kinds of terms: the whole, the
//! runs of parts up to the end (`s3_bucket`), and the parts. So any run of parts is the beginning
//! of some term, and a search for the beginning of a single part only walks through parts. Prose is
//! cut into words, and words that look like identifiers are also cut into parts.

use std::ops::Range;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The first character of the term of a whole identifier; no word has it.
pub(super) const WHOLE: char = '!';
/// The first character of the term of several parts; no word has it.
pub(super) const RUN: char = '#';

/// The longest term; longer ones are cut off, so that no generated name bloats the index.
const MAX_TERM_BYTES: usize = 96;
/// The longest word of prose; longer ones are hashes or encoded images, and are left out.
const MAX_PROSE_WORD_BYTES: usize = 64;
/// The most parts of an identifier that become terms.
const MAX_PARTS: usize = 16;

/// Returns a word as it is compared: in lower case, with `_` for everything that joins parts.
pub(super) fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.chars() {
        if c.is_ascii_alphanumeric() {
            folded.push(c.to_ascii_lowercase());
        } else if c.is_ascii() {
            folded.push('_');
        } else if c.is_alphanumeric() {
            folded.extend(c.to_lowercase());
        } else {
            folded.push('_');
        }
    }
    folded
}

/// Returns the byte ranges of a text's words: runs of letters, digits, `-` and `_`.
pub(super) fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let joins = |c: char| c == '-' || c == '_';
    let mut rest = 0;
    text.split(move |c: char| !(c.is_alphanumeric() || joins(c)))
        .filter_map(move |run| {
            // One separator follows each run; its length in bytes is only known from the text.
            let start = rest;
            let after = start + run.len();
            rest = after
                + text
                    .get(after..)
                    .and_then(|t| t.chars().next())
                    .map_or(0, char::len_utf8);
            let inner = run.trim_start_matches(joins);
            let start = start + (run.len() - inner.len());
            let inner = inner.trim_end_matches(joins);
            (!inner.is_empty()).then(|| start..start + inner.len())
        })
}

/// Returns whether a folded word has several parts.
pub(super) fn is_several(folded: &str) -> bool {
    folded.contains('_')
}

/// Returns the parts of a folded word, each with the byte offset where it begins.
pub(super) fn parts(folded: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    folded.split('_').filter_map(move |part| {
        let at = start;
        start += part.len() + 1;
        (!part.is_empty()).then_some((at, part))
    })
}

/// Returns the terms of identifiers, which stand one on each line.
pub(super) fn identifier_terms(lines: &str) -> Vec<String> {
    let mut terms = Vec::new();
    for line in lines.lines() {
        let folded = fold(line.trim());
        let folded = cut(folded.trim_matches('_'), MAX_TERM_BYTES);
        if folded.is_empty() {
            continue;
        }
        terms.push(format!("{WHOLE}{folded}"));
        for (start, part) in parts(folded).take(MAX_PARTS) {
            terms.push(part.to_owned());
            if start > 0 && folded.len() > start + part.len() {
                let run = folded.get(start..).unwrap_or_default();
                terms.push(format!("{RUN}{run}"));
            }
        }
    }
    terms
}

/// Returns the terms of prose.
pub(super) fn prose_terms(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    for range in words(text) {
        let folded = fold(text.get(range).unwrap_or_default());
        terms.extend(
            parts(&folded)
                .take(MAX_PARTS)
                .filter(|(_, part)| part.len() <= MAX_PROSE_WORD_BYTES)
                .map(|(_, part)| part.to_owned()),
        );
        if is_several(&folded) && folded.len() <= MAX_PROSE_WORD_BYTES {
            terms.push(format!("{RUN}{folded}"));
        }
    }
    terms
}

/// Returns the beginning of a text, at most `bytes` bytes, cut between two characters.
pub(super) fn cut(text: &str, bytes: usize) -> &str {
    text.get(..boundary(text, bytes)).unwrap_or(text)
}

/// Returns the last boundary between characters at or before a byte offset.
pub(super) fn boundary(text: &str, place: usize) -> usize {
    let mut boundary = place.min(text.len());
    while !text.is_char_boundary(boundary) {
        boundary -= 1;
    }
    boundary
}

/// A tokenizer of the index that makes terms with one of the functions above.
#[derive(Clone)]
pub(super) struct Terms(pub(super) fn(&str) -> Vec<String>);

impl Tokenizer for Terms {
    type TokenStream<'a> = TermStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermStream {
        TermStream {
            terms: (self.0)(text).into_iter(),
            token: Token::default(),
        }
    }
}

/// The terms of one text, as the index reads them.
pub(super) struct TermStream {
    terms: std::vec::IntoIter<String>,
    token: Token,
}

impl TokenStream for TermStream {
    fn advance(&mut self) -> bool {
        match self.terms.next() {
            Some(text) => {
                self.token.text = text;
                self.token.position = self.token.position.wrapping_add(1);
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_kept_whole_and_from_each_part_on() {
        let mut terms = identifier_terms("aws_s3_bucket\nVPC\n--");
        terms.sort();
        assert_eq!(
            terms,
            [
                "!aws_s3_bucket",
                "!vpc",
                "#s3_bucket",
                "aws",
                "bucket",
                "s3",
                "vpc"
            ]
        );
        assert!(identifier_terms(&"x".repeat(500))[0].len() <= MAX_TERM_BYTES + 1);
    }

    #[test]
    fn prose_keeps_identifiers_and_their_parts() {
        assert_eq!(
            prose_terms("Makes `aws_vpc`, twice -- Größe"),
            ["makes", "aws", "vpc", "#aws_vpc", "twice", "größe"]
        );
        let text = "ä (-b_c-)é";
        let found: Vec<_> = words(text).map(|range| &text[range]).collect();
        assert_eq!(found, ["ä", "b_c", "é"]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_cut_into_words_and_nothing_else(text in "\\PC*") {
            for range in words(&text) {
                let word = text.get(range).expect("a range on character boundaries");
                proptest::prop_assert!(word.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_'));
            }
            let letters = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).count();
            let inside: usize = words(&text).map(|range| letters(&text[range])).sum();
            proptest::prop_assert_eq!(inside, letters(&text));
        }
    }
}
