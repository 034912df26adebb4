//! Finds words that differ from a given word by one letter.
//!
//! One letter is inserted, left out or replaced, or two neighbours are swapped. The automaton walks
//! the dictionary of terms, so it only sees the few terms that can still match.

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::{Arc, LazyLock, OnceLock};

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use tantivy_fst::Automaton;

use super::tokens::{RUN, WHOLE};

/// The lengths, in letters, of words that are matched with a typo. A shorter word would match
/// nearly everything, and the table of a longer one would be large.
const LETTERS: RangeInclusive<usize> = 4..=63;

/// Builds the tables of automatons. It counts letters, not bytes, and a swap as one typo.
static BUILDER: LazyLock<LevenshteinAutomatonBuilder> =
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));

/// Accepts a word with at most one typo, with or without the first character of a whole or a run.
///
/// Its table has some hundred KiB and takes a while to build. So it is built when it is first used
/// and not cached: most searches find the scores of a word cached, and need no table.
#[derive(Clone)]
pub(super) struct TypoAutomaton {
    word: Arc<str>,
    table: Arc<OnceLock<DFA>>,
}

/// The progress of reading a term.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reached {
    /// Nothing has been read: the first character of a whole or a run may follow.
    Nothing,
    /// A state of the table.
    State(u32),
}

impl TypoAutomaton {
    /// Makes the automaton of a folded word; `None` if it is too short or too long for typos.
    pub(super) fn new(word: &str) -> Option<Self> {
        LETTERS.contains(&word.chars().count()).then(|| Self {
            word: word.into(),
            table: Arc::default(),
        })
    }

    fn table(&self) -> &DFA {
        self.table.get_or_init(|| BUILDER.build_dfa(&self.word))
    }

    /// Returns whether a folded text is the word with at most one typo.
    pub(super) fn accepts(&self, text: &str) -> bool {
        let end = text
            .bytes()
            .fold(self.start(), |state, byte| self.accept(&state, byte));
        self.is_match(&end)
    }

    fn state(&self, reached: Reached) -> u32 {
        match reached {
            Reached::Nothing => self.table().initial_state(),
            Reached::State(state) => state,
        }
    }
}

impl fmt::Debug for TypoAutomaton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TypoAutomaton({:?})", self.word)
    }
}

impl Automaton for TypoAutomaton {
    type State = Reached;

    fn start(&self) -> Reached {
        Reached::Nothing
    }

    fn is_match(&self, reached: &Reached) -> bool {
        matches!(
            self.table().distance(self.state(*reached)),
            Distance::Exact(_)
        )
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
        Reached::State(self.table().transition(before, byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(word: &str, text: &str) -> bool {
        TypoAutomaton::new(word)
            .expect("a word of fitting length")
            .accepts(text)
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
        assert!(TypoAutomaton::new("vpc").is_none());
        assert!(TypoAutomaton::new(&"x".repeat(64)).is_none());
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
        assert!(TypoAutomaton::new("größ").is_some());
        assert!(TypoAutomaton::new("äöü").is_none());
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
