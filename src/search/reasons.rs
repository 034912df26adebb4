//! Explains why a module was found: which words matched, and where.
//!
//! Reasons are made from the stored document, and only for the hits of one page.

use std::ops::Range;

use super::excerpt::{excerpt, find_word, mark};
use super::matching::MatchedWord;
use super::tokens::{fold, parts, words};
use super::typo::differ_by_typo;
use super::{MatchReason, MatchReasonKind};

/// The most reasons of one hit.
const MAX_REASONS: usize = 6;
/// The most reasons of one kind.
const MAX_REASONS_OF_KIND: usize = 2;

/// Collects the parts of a module that matched.
pub(super) struct Reasons<'a> {
    matched: &'a [MatchedWord],
    candidates: Vec<Candidate<'a>>,
}

/// A part of a module that matched.
struct Candidate<'a> {
    kind: MatchReasonKind,
    text: &'a str,
    marks: Vec<Range<usize>>,
    /// The text that it was cut from; `None` for identifiers, which are not cut.
    cut_from: Option<&'a str>,
    /// The words that it matches, as bits: their positions in `matched`.
    words: u64,
    quality: Quality,
}

/// How well a word matches; the worst comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Quality {
    Typo,
    Prefix,
    Part,
    Whole,
}

impl<'a> Reasons<'a> {
    /// Makes an empty collection for these words.
    pub(super) fn new(matched: &'a [MatchedWord]) -> Self {
        Self {
            matched,
            candidates: Vec::new(),
        }
    }

    /// Adds an identifier, if it matches. The most important ones must be added first.
    pub(super) fn add(&mut self, kind: MatchReasonKind, text: &'a str) {
        // Most identifiers of a module have nothing to do with the query, and so allocate nothing.
        let may_match = |word: &MatchedWord| {
            word.typo || !word.text.is_ascii() || find_word(text, &word.text).is_some()
        };
        if !self.matched.iter().any(may_match) {
            return;
        }
        let folded = fold(text);
        let mut candidate = Candidate {
            kind,
            text,
            marks: Vec::new(),
            cut_from: None,
            words: 0,
            quality: Quality::Typo,
        };
        for (number, word) in self.matched.iter().enumerate() {
            if let Some((quality, range)) = match_identifier(word, &folded) {
                candidate.words |= 1 << number;
                candidate.quality = candidate.quality.max(quality);
                // Folding keeps lengths, except those of a few letters outside ASCII.
                candidate.marks.push(if folded.len() == text.len() {
                    range
                } else {
                    0..text.len()
                });
            }
        }
        if candidate.words != 0 {
            self.candidates.push(candidate);
        }
    }

    /// Adds identifiers, one on each line.
    pub(super) fn add_lines(&mut self, kind: MatchReasonKind, lines: &'a str) {
        for line in lines.lines() {
            self.add(kind, line);
        }
    }

    /// Adds the excerpt of a text around the first word that nothing explains yet.
    pub(super) fn add_prose(&mut self, kind: MatchReasonKind, text: &'a str) {
        let explained = self.explained();
        let mut candidate = Candidate {
            kind,
            text: "",
            marks: Vec::new(),
            cut_from: Some(text),
            words: 0,
            quality: Quality::Part,
        };
        let numbered = || self.matched.iter().enumerate();
        let is_new = |number: &usize| explained >> number & 1 == 0;
        let first_place = |wanted: bool| {
            numbered()
                .filter(|(number, _)| is_new(number) == wanted)
                .find_map(|(_, word)| find_word(text, &word.text))
        };
        let Some(place) = first_place(true).or_else(|| first_place(false)) else {
            return;
        };
        candidate.text = excerpt(text, place);
        for range in words(candidate.text) {
            let run = candidate.text.get(range.clone()).unwrap_or_default();
            let folded = fold(run);
            for (number, word) in numbered() {
                let Some(found) = match_clean(&word.text, &folded) else {
                    continue;
                };
                candidate.words |= 1 << number;
                candidate.marks.push(if folded.len() == run.len() {
                    range.start + found.1.start..range.start + found.1.end
                } else {
                    range.clone()
                });
            }
        }
        if candidate.words != 0 {
            self.candidates.push(candidate);
        }
    }

    /// Returns whether each word is explained by a part.
    pub(super) fn explain_all(&self) -> bool {
        self.explained().count_ones() == u32::try_from(self.matched.len()).unwrap_or(0)
    }

    /// Returns the best reasons. Those without which a word would stay unexplained come before
    /// others.
    pub(super) fn best(mut self) -> Vec<MatchReason> {
        // A stable sort: among equals, those added first stay first.
        self.candidates
            .sort_by_key(|c| std::cmp::Reverse(c.quality));
        let mut explained = 0;
        let mut chosen: Vec<Candidate<'a>> = Vec::new();
        let mut spare = Vec::new();
        for candidate in self.candidates {
            if candidate.words & !explained != 0 && chosen.len() < MAX_REASONS {
                explained |= candidate.words;
                chosen.push(candidate);
            } else if candidate.quality > Quality::Typo {
                spare.push(candidate);
            }
        }
        for candidate in spare {
            let of_kind = chosen.iter().filter(|c| c.kind == candidate.kind).count();
            if chosen.len() < MAX_REASONS && of_kind < MAX_REASONS_OF_KIND {
                chosen.push(candidate);
            }
        }
        chosen.sort_by_key(|c| importance(c.kind));
        chosen
            .into_iter()
            .map(|c| MatchReason {
                kind: c.kind,
                text: mark(c.text, c.marks, c.cut_from),
            })
            .collect()
    }

    fn explained(&self) -> u64 {
        self.candidates.iter().fold(0, |bits, c| bits | c.words)
    }
}

fn importance(kind: MatchReasonKind) -> u8 {
    match kind {
        MatchReasonKind::Name => 0,
        MatchReasonKind::Resource => 1,
        MatchReasonKind::Input => 2,
        MatchReasonKind::Output => 3,
        MatchReasonKind::Namespace => 4,
        MatchReasonKind::System => 5,
        MatchReasonKind::Description => 6,
        MatchReasonKind::Provider => 7,
        MatchReasonKind::Readme => 8,
    }
}

fn match_identifier(word: &MatchedWord, folded: &str) -> Option<(Quality, Range<usize>)> {
    match_clean(&word.text, folded).or_else(|| {
        if !word.typo {
            return None;
        }
        if differ_by_typo(&word.text, folded) {
            return Some((Quality::Typo, 0..folded.len()));
        }
        parts(folded).find_map(|(start, part)| {
            let run = folded.get(start..).unwrap_or_default();
            let end = if differ_by_typo(&word.text, part) {
                start + part.len()
            } else if differ_by_typo(&word.text, run) {
                folded.len()
            } else {
                return None;
            };
            Some((Quality::Typo, start..end))
        })
    })
}

/// Returns where a word stands in an identifier, beginning at one of its parts, and how well it
/// matches.
fn match_clean(word: &str, folded: &str) -> Option<(Quality, Range<usize>)> {
    let mut best: Option<(Quality, Range<usize>)> = None;
    for (start, _) in parts(folded) {
        let run = folded.get(start..).unwrap_or_default();
        let Some(rest) = run.strip_prefix(word) else {
            continue;
        };
        let quality = match (start, rest.chars().next()) {
            (0, None) => Quality::Whole,
            (_, None | Some('_')) => Quality::Part,
            (_, Some(_)) => Quality::Prefix,
        };
        if best.as_ref().is_none_or(|(other, _)| quality > *other) {
            best = Some((quality, start..start + word.len()));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::typo::may_have_typo;
    use super::*;

    fn word(text: &str) -> MatchedWord {
        MatchedWord {
            text: text.to_owned(),
            typo: may_have_typo(text),
        }
    }

    fn as_text(reasons: Vec<MatchReason>) -> Vec<String> {
        reasons
            .into_iter()
            .map(|reason| {
                let text: String = reason
                    .text
                    .iter()
                    .map(|s| {
                        if s.highlighted {
                            format!("[{}]", s.text)
                        } else {
                            s.text.clone()
                        }
                    })
                    .collect();
                format!("{:?} {text}", reason.kind)
            })
            .collect()
    }

    #[test]
    fn what_matches_is_marked_where_it_matches() {
        let matched = [word("bucket"), word("kms_k")];
        let mut reasons = Reasons::new(&matched);
        reasons.add(MatchReasonKind::Name, "S3-Bucket");
        reasons.add(MatchReasonKind::Resource, "aws_vpc");
        reasons.add_lines(
            MatchReasonKind::Input,
            "sse_kms_key_arn\nregion\nbukcet_prefix",
        );
        assert!(reasons.explain_all());
        assert_eq!(
            as_text(reasons.best()),
            ["Name S3-[Bucket]", "Input sse_[kms_k]ey_arn"]
        );
    }

    #[test]
    fn typos_are_marked_where_nothing_else_matches() {
        let matched = [word("buket")];
        let mut reasons = Reasons::new(&matched);
        reasons.add(MatchReasonKind::Name, "s3-bucket");
        assert_eq!(as_text(reasons.best()), ["Name s3-[bucket]"]);
    }

    #[test]
    fn prose_is_cut_around_a_word_that_nothing_else_explains() {
        let matched = [word("vpc"), word("flow")];
        let text = format!(
            "A vpc. {} Has\nFlow logs. {}",
            "x ".repeat(200),
            "y ".repeat(200)
        );
        let mut reasons = Reasons::new(&matched);
        reasons.add(MatchReasonKind::Name, "vpc");
        assert!(!reasons.explain_all());
        reasons.add_prose(MatchReasonKind::Readme, &text);
        let shown = as_text(reasons.best());
        assert_eq!(shown[0], "Name [vpc]");
        assert!(shown[1].contains("Has [Flow] logs."), "{shown:?}");
        assert!(shown[1].starts_with("Readme …x x"), "{shown:?}");
        assert!(shown[1].ends_with("y…"), "{shown:?}");
        assert!(shown[1].chars().count() <= "Readme []".len() + 160);
    }
}
