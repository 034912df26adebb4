//! Finds words that differ from a given word by one letter.
//!
//! One letter is inserted, left out or replaced, or two neighbours are swapped. The automaton walks
//! the dictionary of terms, so it only sees the few terms that can still match.

use std::ops::RangeInclusive;
use std::sync::{Arc, LazyLock};

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use tantivy_fst::Automaton;

use super::tokens::{RUN, WHOLE};

/// The lengths, in letters, of words that are matched with a typo. A shorter word would match
/// nearly everything, and the table of a longer one would be large.
const LETTERS: RangeInclusive<usize> = 4..=63;

/// Builds the tables of automatons. It counts letters, not bytes, and a swap as one typo.
static BUILDER: LazyLock<LevenshteinAutomatonBuilder> =
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));

/// Returns whether a folded word is matched with a typo at all.
pub(super) fn may_have_typo(word: &str) -> bool {
    LETTERS.contains(&word.chars().count())
}

/// Returns whether two folded words differ by one typo at most.
pub(super) fn differ_by_typo(word: &str, other: &str) -> bool {
    // Letters of ASCII, which nearly all words have, are compared as bytes.
    if word.is_ascii() && other.is_ascii() {
        return differ_by_letter(word.as_bytes(), other.as_bytes());
    }
    let letters = |word: &str| word.chars().collect::<Vec<char>>();
    differ_by_letter(&letters(word), &letters(other))
}

/// Compares what is between the common beginning and the common end.
fn differ_by_letter<T: PartialEq>(mut word: &[T], mut other: &[T]) -> bool {
    if word.len().abs_diff(other.len()) > 1 {
        return false;
    }
    while let ([a, rest @ ..], [b, other_rest @ ..]) = (word, other)
        && a == b
    {
        (word, other) = (rest, other_rest);
    }
    while let ([rest @ .., a], [other_rest @ .., b]) = (word, other)
        && a == b
    {
        (word, other) = (rest, other_rest);
    }
    match (word, other) {
        ([] | [_], [] | [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

/// Accepts a word with at most one typo, with or without the first character of a whole or a run.
///
/// Its table has some hundred KiB and takes a while to build. So it is built where the scores of a
/// word are read, which are cached, and is not kept.
#[derive(Clone)]
pub(super) struct TypoAutomaton(Arc<DFA>);

/// The progress of reading a term.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reached {
    /// Nothing has been read: the first character of a whole or a run may follow.
    Nothing,
    /// A state of the table.
    State(u32),
}

impl TypoAutomaton {
    /// Builds the automaton of a folded word, for which [`may_have_typo`] is true.
    pub(super) fn new(word: &str) -> Self {
        Self(Arc::new(BUILDER.build_dfa(word)))
    }

    fn state(&self, reached: Reached) -> u32 {
        match reached {
            Reached::Nothing => self.0.initial_state(),
            Reached::State(state) => state,
        }
    }
}

impl Automaton for TypoAutomaton {
    type State = Reached;

    fn start(&self) -> Reached {
        Reached::Nothing
    }

    fn is_match(&self, reached: &Reached) -> bool {
        matches!(self.0.distance(self.state(*reached)), Distance::Exact(_))
    }

    fn can_match(&self, reached: &Reached) -> bool {
        self.state(*reached) != SINK_STATE
    }

    fn accept(&self, reached: &Reached, byte: u8) -> Reached {
        let before = self.state(*reached);
        let is_sign = [WHOLE, RUN].contains(&char::from(byte));
        if matches!(reached, Reached::Nothing) && is_sign {
            return Reached::State(before);
        }
        Reached::State(self.0.transition(before, byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(word: &str, text: &str) -> bool {
        let automaton = TypoAutomaton::new(word);
        let end = text.bytes().fold(automaton.start(), |state, byte| {
            automaton.accept(&state, byte)
        });
        let accepted = automaton.is_match(&end);
        if !text.starts_with([WHOLE, RUN]) {
            assert_eq!(differ_by_typo(word, text), accepted, "{word} {text}");
        }
        accepted
    }

    #[test]
    fn one_letter_may_differ() {
        for text in [
            "bucket", "buket", "ucket", "bucke", "buckets", "xbucket", "bucxket", "backet",
            "bukcet", "ubcket", "buckte", "bxucket",
        ] {
            assert!(accepts("bucket", text), "{text}");
        }
        for text in ["", "bukt", "bucketss", "xxbucket", "bu", "kcubet", "cubket"] {
            assert!(!accepts("bucket", text), "{text}");
        }
    }

    #[test]
    fn short_and_endless_words_have_no_typos() {
        assert!(!may_have_typo("vpc"));
        assert!(!may_have_typo(&"x".repeat(64)));
        assert!(accepts(&"x".repeat(63), &"x".repeat(62)));
        assert!(accepts(&"x".repeat(63), &"x".repeat(64)));
        assert!(!accepts(&"x".repeat(63), &"x".repeat(65)));
    }

    #[test]
    fn letters_are_counted_and_not_bytes() {
        for text in ["größe", "gröse", "grße", "grüße", "göße", "rgöße", "gr€ße"] {
            assert!(accepts("größe", text), "{text}");
        }
        for text in ["grösse", "grosse", "grue", "grüss"] {
            assert!(!accepts("größe", text), "{text}");
        }
        assert!(may_have_typo("größ"));
        assert!(!may_have_typo("äöü"));
    }

    #[test]
    fn the_sign_of_a_term_counts_for_nothing() {
        for text in ["!bucket", "#bucket", "!buket", "#bukcet"] {
            assert!(accepts("bucket", text), "{text}");
        }
        for text in ["!!buket", "!#bucket_", "!bukt"] {
            assert!(!accepts("bucket", text), "{text}");
        }
    }

    fn distance(a: &[char], b: &[char]) -> usize {
        let mut d = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                if i == 0 || j == 0 {
                    d[i][j] = i + j;
                    continue;
                }
                d[i][j] = (d[i - 1][j] + 1)
                    .min(d[i][j - 1] + 1)
                    .min(d[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]));
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    d[i][j] = d[i][j].min(d[i - 2][j - 2] + 1);
                }
            }
        }
        d[a.len()][b.len()]
    }

    proptest::proptest! {
        #[test]
        fn it_agrees_with_the_edit_distance(word in "[abä]{4,8}", text in "[abä]{2,10}") {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            let expected = distance(&letters(&word), &letters(&text)) <= 1;
            proptest::prop_assert_eq!(accepts(&word, &text), expected, "{} {}", word, text);
        }
    }
}
