//! The worth of each module for one word, independent of the caller: one byte for each module.
//!
//! People and programs search for the same few words. So the scores of a word are cached beside the
//! snapshot that they were read from. Visibility and the combination of words are computed for
//! every search.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::SearchError;
use super::look_up::{Marker, look_up, look_up_with_typo};
use super::schema::Searched;
use super::snapshot::{SegmentTerms, Snapshot};
use super::typo::TypoAutomaton;

/// How many bytes the cache of a snapshot may have, about.
const KEPT_BYTES: usize = 2 << 20;

/// The worth of a word at each position, by the fields it was found in.
pub(super) struct WordScores {
    /// The worth in names.
    pub(super) names: Vec<u8>,
    /// The worth in all other fields.
    pub(super) others: Vec<u8>,
    names_with_typo: OnceLock<Vec<u8>>,
    others_with_typo: OnceLock<Vec<u8>>,
}

/// A cache of the words that were looked up in one snapshot.
#[derive(Default)]
pub(super) struct KnownWords(Mutex<HashMap<String, Arc<WordScores>>>);

impl KnownWords {
    /// Returns the scores of a word, which are read once for each snapshot.
    pub(super) fn of(
        &self,
        snapshot: &Snapshot,
        word: &str,
    ) -> Result<Arc<WordScores>, SearchError> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(scores) = known().get(word) {
            return Ok(Arc::clone(scores));
        }
        let scores = Arc::new(WordScores::read(snapshot, word)?);
        let mut known = known();
        // Four arrays of a byte for each module.
        if known.len() * snapshot.len() * 4 >= KEPT_BYTES {
            known.clear();
        }
        known.insert(word.to_owned(), Arc::clone(&scores));
        Ok(scores)
    }
}

impl WordScores {
    fn read(snapshot: &Snapshot, word: &str) -> Result<Self, SearchError> {
        let read = |fields: Fields| {
            score(snapshot, fields, |searched, marker| {
                look_up(searched, word, marker)
            })
        };
        Ok(Self {
            names: read(|segment| &segment.names)?,
            others: read(|segment| &segment.others)?,
            names_with_typo: OnceLock::new(),
            others_with_typo: OnceLock::new(),
        })
    }

    /// Returns the worth in names that differ from the word by a typo, as its automaton finds them.
    pub(super) fn names_with_typo(
        &self,
        snapshot: &Snapshot,
        automaton: &TypoAutomaton,
    ) -> Result<&[u8], SearchError> {
        with_typo(snapshot, automaton, &self.names_with_typo, |segment| {
            &segment.names
        })
    }

    /// Returns the worth in all other fields that differ from the word by a typo.
    pub(super) fn others_with_typo(
        &self,
        snapshot: &Snapshot,
        automaton: &TypoAutomaton,
    ) -> Result<&[u8], SearchError> {
        with_typo(snapshot, automaton, &self.others_with_typo, |segment| {
            &segment.others
        })
    }
}

fn with_typo<'a>(
    snapshot: &Snapshot,
    automaton: &TypoAutomaton,
    known: &'a OnceLock<Vec<u8>>,
    fields: Fields,
) -> Result<&'a [u8], SearchError> {
    if let Some(scores) = known.get() {
        return Ok(scores);
    }
    let scores = score(snapshot, fields, |searched, marker| {
        look_up_with_typo(searched, automaton, marker)
    })?;
    Ok(known.get_or_init(|| scores))
}

type Fields = fn(&SegmentTerms) -> &[(Searched, Arc<tantivy::index::InvertedIndexReader>)];

/// Computes the worth of each position in some fields of all segments.
fn score(
    snapshot: &Snapshot,
    fields: Fields,
    look_up: impl Fn(Searched, &mut Marker<'_>) -> Result<(), SearchError>,
) -> Result<Vec<u8>, SearchError> {
    let mut worth = vec![0; snapshot.len()];
    for segment in &snapshot.segments {
        for (searched, terms) in fields(segment) {
            let mut marker = Marker::new(&mut worth, segment.base, terms);
            look_up(*searched, &mut marker)?;
        }
    }
    Ok(worth)
}
