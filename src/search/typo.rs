//! Finds words that differ from a given word by one letter.
//!
//! One letter means one byte inserted, left out or replaced, or two neighbours swapped. The
//! automaton walks the dictionary of terms, so it only sees the few terms that can still match.

use std::sync::Arc;

use tantivy_fst::Automaton;

use super::tokens::{RUN, WHOLE};

/// The shortest word that is matched with a typo; shorter ones would match nearly everything.
pub(super) const MIN_TYPO_BYTES: usize = 4;
/// A state is a bit of 64; the last bit is the end of the word.
const MAX_TYPO_BYTES: usize = 63;

/// Accepts a word with at most one typo, with or without the first character of a whole or a run.
#[derive(Debug, Clone)]
pub(super) struct TypoAutomaton {
    /// The length of the word in bytes.
    length: usize,
    /// For each byte, the positions at which the word has it, as bits.
    places: Arc<[u64; 256]>,
}

/// The positions in the word that have been reached, as bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reached {
    /// Positions reached without a typo.
    clean: u64,
    /// Positions reached with one typo.
    once: u64,
    /// Positions halfway through a swap: the letter after the position has been read, but not the
    /// one at it.
    swapping: u64,
    /// Whether nothing has been read yet.
    fresh: bool,
}

impl TypoAutomaton {
    /// Makes the automaton of a folded word; `None` if it is too short or too long for typos.
    pub(super) fn new(word: &str) -> Option<Self> {
        if !(MIN_TYPO_BYTES..=MAX_TYPO_BYTES).contains(&word.len()) {
            return None;
        }
        let mut places = [0; 256];
        for (position, letter) in word.bytes().enumerate() {
            if let Some(places) = places.get_mut(usize::from(letter)) {
                *places |= 1 << position;
            }
        }
        Some(Self {
            length: word.len(),
            places: Arc::new(places),
        })
    }

    /// Returns whether a folded text is the word with at most one typo.
    pub(super) fn accepts(&self, text: &str) -> bool {
        if text.len().abs_diff(self.length) > 1 {
            return false;
        }
        let end = text
            .bytes()
            .fold(self.start(), |state, byte| self.accept(&state, byte));
        self.is_match(&end)
    }
}

impl Automaton for TypoAutomaton {
    type State = Reached;

    fn start(&self) -> Reached {
        Reached {
            clean: 1,
            once: 1 << 1,
            swapping: 0,
            fresh: true,
        }
    }

    fn is_match(&self, state: &Reached) -> bool {
        (state.clean | state.once) >> self.length & 1 == 1
    }

    fn can_match(&self, state: &Reached) -> bool {
        state.clean | state.once | state.swapping != 0
    }

    fn accept(&self, state: &Reached, byte: u8) -> Reached {
        if state.fresh && [WHOLE, RUN].contains(&char::from(byte)) {
            return Reached {
                fresh: false,
                ..*state
            };
        }
        let inside = u64::MAX >> (63 - self.length);
        let places = self.places.get(usize::from(byte)).copied().unwrap_or(0);
        let clean = (state.clean & places) << 1;
        let once = (state.once & places) << 1
            | state.clean // inserted
            | state.clean << 1 // replaced
            | clean << 1 // the next letter is left out
            | (state.swapping & places) << 2;
        Reached {
            clean: clean & inside,
            once: once & inside,
            swapping: state.clean & places >> 1,
            fresh: false,
        }
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

    fn distance(a: &[u8], b: &[u8]) -> usize {
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
        fn it_agrees_with_the_edit_distance(word in "[ab]{4,8}", text in "[ab]{2,10}") {
            let expected = distance(word.as_bytes(), text.as_bytes()) <= 1;
            proptest::prop_assert_eq!(accepts(&word, &text), expected, "{} {}", word, text);
        }
    }
}
