//! Which modules have a word, and what that is worth.
//!
//! Works with one byte for each module instead of sorted lists: the time grows with the number of
//! modules and with what the index says of a word, never with how words combine.

use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::termdict::TermDictionary;

use super::schema::{Matching, Searched};
use super::snapshot::Snapshot;
use super::tokens::{RUN, WHOLE, is_several, parts};
use super::typo::TypoAutomaton;
use super::words::{MAX_WORDS, Words};
use super::{MatchReasonKind, SearchError};

/// Prose is not searched for shorter prefixes: they would match about any text.
const MIN_PROSE_PREFIX_BYTES: usize = 3;
/// Other identifiers than names are not searched for shorter prefixes.
const MIN_PREFIX_BYTES: usize = 2;

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
    words: &Words,
    mut worth: Vec<u16>,
) -> Result<Matches, SearchError> {
    let mut matched = Vec::new();
    let mut waiting: Vec<String> = words.required.iter().rev().cloned().collect();
    while let Some(word) = waiting.pop() {
        let found = match_word(snapshot, &word, &worth)?;
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
fn match_word(snapshot: &Snapshot, word: &str, eligible: &[u16]) -> Result<Found, SearchError> {
    let marks = snapshot.words.of(snapshot, word)?;
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

/// Marks the documents that have a word in a field.
pub(super) fn look_up(
    searched: Searched,
    word: &str,
    marker: &mut Marker<'_>,
) -> Result<(), SearchError> {
    match searched.matching {
        Matching::Exact => marker.exact(word, searched.exact),
        Matching::Prose if is_several(word) => {
            let run = format!("{RUN}{word}");
            marker.prefix(&run, searched.prefix)?;
            marker.exact(&run, searched.exact)
        }
        Matching::Prose => {
            if word.len() >= MIN_PROSE_PREFIX_BYTES {
                marker.prefix(word, searched.prefix)?;
            }
            marker.exact(word, searched.exact)
        }
        Matching::Identifier => look_up_identifier(searched, word, marker),
    }
}

fn look_up_identifier(
    searched: Searched,
    word: &str,
    marker: &mut Marker<'_>,
) -> Result<(), SearchError> {
    let whole = format!("{WHOLE}{word}");
    if is_several(word) {
        let run = format!("{RUN}{word}");
        marker.prefix(&whole, searched.prefix)?;
        marker.prefix(&run, searched.prefix)?;
        marker.exact(&run, searched.exact)?;
    } else {
        if word.len() >= MIN_PREFIX_BYTES || searched.kind == MatchReasonKind::Name {
            marker.prefix(word, searched.prefix)?;
        }
        marker.exact(word, searched.exact)?;
    }
    // The whole of it is worth a little more than a part.
    marker.exact(&whole, searched.exact.saturating_add(1))
}

/// Marks the documents that have it with a typo.
pub(super) fn look_up_with_typo(
    searched: Searched,
    automaton: &TypoAutomaton,
    marker: &mut Marker<'_>,
) -> Result<(), SearchError> {
    match searched.matching {
        Matching::Identifier => marker.typo(automaton, searched.typo),
        Matching::Exact | Matching::Prose => Ok(()),
    }
}

/// Writes the documents of terms of one field and segment into an array.
pub(super) struct Marker<'a> {
    worth: &'a mut [u8],
    terms: &'a InvertedIndexReader,
}

impl<'a> Marker<'a> {
    /// Writes into the part of `worth` that begins at a segment's first position.
    pub(super) fn new(worth: &'a mut [u8], base: usize, terms: &'a InvertedIndexReader) -> Self {
        Self {
            worth: worth.get_mut(base..).unwrap_or_default(),
            terms,
        }
    }

    fn dictionary(&self) -> &'a TermDictionary {
        self.terms.terms()
    }

    fn exact(&mut self, term: &str, worth: u8) -> Result<(), SearchError> {
        match self.dictionary().get(term)? {
            Some(info) => self.mark([info], worth),
            None => Ok(()),
        }
    }

    fn prefix(&mut self, prefix: &str, worth: u8) -> Result<(), SearchError> {
        let mut range = self.dictionary().range().ge(prefix);
        if let Some(end) = after_prefix(prefix) {
            range = range.lt(end);
        }
        let mut stream = range.into_stream()?;
        let mut infos = Vec::new();
        while stream.advance() {
            infos.push(stream.value().clone());
        }
        self.mark(infos, worth)
    }

    fn typo(&mut self, automaton: &TypoAutomaton, worth: u8) -> Result<(), SearchError> {
        let mut stream = self.dictionary().search(automaton.clone()).into_stream()?;
        let mut infos = Vec::new();
        while stream.advance() {
            infos.push(stream.value().clone());
        }
        self.mark(infos, worth)
    }

    fn mark(
        &mut self,
        infos: impl IntoIterator<Item = TermInfo>,
        worth: u8,
    ) -> Result<(), SearchError> {
        let mut infos = infos.into_iter();
        let Some(first) = infos.next() else {
            return Ok(());
        };
        let mut postings = self
            .terms
            .read_block_postings_from_terminfo(&first, IndexRecordOption::Basic)?;
        loop {
            while !postings.docs().is_empty() {
                for doc in postings.docs() {
                    let slot = usize::try_from(*doc).ok();
                    if let Some(slot) = slot.and_then(|doc| self.worth.get_mut(doc)) {
                        *slot = worth.max(*slot);
                    }
                }
                postings.advance();
            }
            match infos.next() {
                Some(info) => self
                    .terms
                    .reset_block_postings_from_terminfo(&info, &mut postings)?,
                None => return Ok(()),
            }
        }
    }
}

/// The first text that no longer begins with the prefix.
fn after_prefix(prefix: &str) -> Option<Vec<u8>> {
    let mut end = prefix.as_bytes().to_vec();
    while let Some(last) = end.pop() {
        if let Some(next) = last.checked_add(1) {
            end.push(next);
            return Some(end);
        }
    }
    None
}
