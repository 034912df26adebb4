//! Finds the modules that match all words, and rates each match.
//!
//! It works with one byte for each module instead of sorted lists. So the time grows with the
//! number of modules and of documents of a word, and not with the combination of words.

use super::SearchError;
use super::look_up::Marker;
use super::schema::Matching;
use super::snapshot::Snapshot;
use super::tokens::{WHOLE, is_several, parts};
use super::typo::may_have_typo;
use super::word_scores::{KnownWords, Look};
use super::words::{MAX_WORDS, Words};

/// The names of repositories begin with this word, so it distinguishes no modules.
const TERRAFORM: &str = "terraform";

/// The worth of a name that is equal to the whole text; more than any sum of words.
const NAME_IS_TEXT: u16 = 2000;
/// The worth of a name that begins with the whole text.
const NAME_STARTS_WITH_TEXT: u16 = 1000;

/// The result of matching.
pub(super) struct Matches {
    /// The worth of each position; 0 if it does not match or is not visible.
    pub(super) worth: Vec<u16>,
    /// The words that were matched; a word of several parts may have been split into its parts.
    pub(super) words: Vec<MatchedWord>,
}

/// A word and how it was matched.
#[derive(Debug, Clone)]
pub(super) struct MatchedWord {
    /// The word, folded.
    pub(super) text: String,
    /// Whether the word was also matched with a typo.
    pub(super) typo: bool,
}

/// Matches all words with the positions whose `worth` is not 0, and adds to it.
pub(super) fn match_words(
    snapshot: &Snapshot,
    known: &KnownWords,
    words: &Words,
    mut worth: Vec<u16>,
) -> Result<Matches, SearchError> {
    let mut matched = Vec::new();
    let mut waiting: Vec<String> = words.required.iter().rev().cloned().collect();
    while let Some(word) = waiting.pop() {
        let found = match_word(snapshot, known, &word, &worth)?;
        if is_several(&word) && !found.any_of(&worth) {
            // No identifier has these parts together, so each part must be found by itself.
            let room = MAX_WORDS.saturating_sub(matched.len() + waiting.len());
            let before = waiting.len();
            for (_, part) in parts(&word).filter(|(_, part)| *part != TERRAFORM) {
                let is_new = matched.iter().all(|m: &MatchedWord| m.text != part)
                    && waiting.iter().all(|w| w != part);
                if is_new && waiting.len() < before + room {
                    waiting.push(part.to_owned());
                }
            }
            continue;
        }
        for (worth, found) in worth.iter_mut().zip(&found.worth) {
            *worth = match (*worth, *found) {
                (0, _) | (_, 0) => 0,
                (before, found) => before.saturating_add(u16::from(found)),
            };
        }
        matched.push(MatchedWord {
            text: word,
            typo: found.typo,
        });
        if worth.iter().all(|worth| *worth == 0) {
            break;
        }
    }
    if !words.joined.is_empty() {
        prefer_names(snapshot, &words.joined, &mut worth)?;
    }
    Ok(Matches {
        worth,
        words: matched,
    })
}

/// The worth of each position for one word.
struct Found {
    worth: Vec<u8>,
    typo: bool,
}

impl Found {
    fn any_of(&self, eligible: &[u16]) -> bool {
        let mut both = self.worth.iter().zip(eligible);
        both.any(|(found, eligible)| *found != 0 && *eligible != 0)
    }
}

/// Looks a word up in names first, allowing for a typo if no name has it; then in all other fields,
/// allowing for a typo if nothing has it.
///
/// Only visible positions decide whether typos are allowed, so that no answer depends on hidden
/// modules.
fn match_word(
    snapshot: &Snapshot,
    known: &KnownWords,
    word: &str,
    eligible: &[u16],
) -> Result<Found, SearchError> {
    let mut found = Found {
        worth: vec![0; snapshot.len()],
        typo: false,
    };
    let add = |found: &mut Found, look| {
        known
            .scores(snapshot, look, word)
            .map(|scores| scores.raise(&mut found.worth))
    };
    add(&mut found, Look::Names)?;
    found.typo = !found.any_of(eligible) && may_have_typo(word);
    if found.typo {
        add(&mut found, Look::NamesWithTypo)?;
    }
    add(&mut found, Look::Others)?;
    if found.typo && !found.any_of(eligible) {
        add(&mut found, Look::OthersWithTypo)?;
    }
    Ok(found)
}

/// Raises the worth of modules whose name is, or begins with, the whole text.
fn prefer_names(snapshot: &Snapshot, joined: &str, worth: &mut [u16]) -> Result<(), SearchError> {
    let mut tiers: Vec<u8> = vec![0; worth.len()];
    for segment in &snapshot.segments {
        for (searched, terms) in &segment.names {
            let mut marker = Marker::new(&mut tiers, segment.base, terms);
            match searched.matching {
                Matching::Identifier => {
                    let whole = format!("{WHOLE}{joined}");
                    marker.prefix(&whole, 1)?;
                    marker.exact(&whole, 2)?;
                }
                Matching::Exact => marker.exact(joined, 2)?,
                Matching::Prose => {}
            }
        }
    }
    for (worth, tier) in worth.iter_mut().zip(tiers) {
        *worth = match (*worth, tier) {
            (0, _) => 0,
            (worth, 0) => worth,
            (worth, 1) => worth.saturating_add(NAME_STARTS_WITH_TEXT),
            (worth, _) => worth.saturating_add(NAME_IS_TEXT),
        };
    }
    Ok(())
}
