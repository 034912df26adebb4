//! Which modules have a word, and what that is worth.
//!
//! Works with one byte for each module instead of sorted lists: the time grows with the number of
//! modules and with what the index says of a word, never with how words combine.

use super::SearchError;
use super::look_up::Marker;
use super::schema::Matching;
use super::snapshot::Snapshot;
use super::tokens::{WHOLE, is_several, parts};
use super::typo::TypoAutomaton;
use super::word_scores::KnownWords;
use super::words::{MAX_WORDS, Words};

/// What repositories' names begin with; as a part of a word it says nothing.
const TERRAFORM: &str = "terraform";

/// What a name that is the whole text is worth; more than any sum of words.
const NAME_IS_TEXT: u16 = 2000;
/// What a name that begins with the whole text is worth.
const NAME_STARTS_WITH_TEXT: u16 = 1000;

/// What matching found.
pub(super) struct Matches {
    /// The worth of each position; 0 where it does not match or may not be seen.
    pub(super) worth: Vec<u16>,
    /// The words that were matched in the end.
    pub(super) words: Vec<MatchedWord>,
}

/// A word and how it was matched.
#[derive(Debug, Clone)]
pub(super) struct MatchedWord {
    /// The word, folded.
    pub(super) text: String,
    /// The automaton, if the word was also matched with a typo.
    pub(super) typo: Option<TypoAutomaton>,
}

/// Matches all words with those positions whose worth is not 0 yet.
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
            // No identifier has these parts together, so each must be found by itself.
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

/// The positions that have a word.
struct Found {
    worth: Vec<u8>,
    typo: Option<TypoAutomaton>,
}

impl Found {
    fn any_of(&self, eligible: &[u16]) -> bool {
        let mut both = self.worth.iter().zip(eligible);
        both.any(|(found, eligible)| *found != 0 && *eligible != 0)
    }

    fn add(&mut self, marks: &[u8]) {
        for (worth, mark) in self.worth.iter_mut().zip(marks) {
            *worth = (*worth).max(*mark);
        }
    }
}

/// Looks a word up: names first, with a typo if no name has it; then everything else, with a typo
/// if nothing has it.
///
/// Only positions that may be seen decide this, so that no answer depends on others.
fn match_word(
    snapshot: &Snapshot,
    known: &KnownWords,
    word: &str,
    eligible: &[u16],
) -> Result<Found, SearchError> {
    let marks = known.of(snapshot, word)?;
    let mut found = Found {
        worth: marks.names.clone(),
        typo: None,
    };
    if let Some(automaton) = marks.automaton()
        && !found.any_of(eligible)
    {
        found.typo = Some(automaton.clone());
        found.add(marks.names_with_typo(snapshot)?);
    }
    found.add(&marks.others);
    if marks.automaton().is_some() && !found.any_of(eligible) {
        found.add(marks.others_with_typo(snapshot)?);
    }
    Ok(found)
}

/// Lifts modules whose name is, or begins with, the whole text.
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
