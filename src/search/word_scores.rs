//! What the index says of a word, whoever asks: one byte of worth for each module.
//!
//! People and programs search for the same few words. What the dictionaries say of one is kept
//! with the snapshot that it was read from; who may see what, and how words combine, is decided
//! anew for every search.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::SearchError;
use super::look_up::{Marker, look_up, look_up_with_typo};
use super::schema::Searched;
use super::snapshot::{SegmentTerms, Snapshot};
use super::typo::TypoAutomaton;

/// How many bytes of worth are kept with a snapshot, about.
const KEPT_BYTES: usize = 2 << 20;

/// The worth of a word at each position, by how it was found.
pub(super) struct WordScores {
    /// In names.
    pub(super) names: Vec<u8>,
    /// In everything else.
    pub(super) others: Vec<u8>,
    automaton: Option<TypoAutomaton>,
    names_with_typo: OnceLock<Vec<u8>>,
    others_with_typo: OnceLock<Vec<u8>>,
}

/// The words that were looked up last.
#[derive(Default)]
pub(super) struct KnownWords(Mutex<HashMap<String, Arc<WordScores>>>);

impl KnownWords {
    /// Looks a word up, unless it is known.
    pub(super) fn of(
        &self,
        snapshot: &Snapshot,
        word: &str,
    ) -> Result<Arc<WordScores>, SearchError> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(marks) = known().get(word) {
            return Ok(Arc::clone(marks));
        }
        let marks = Arc::new(WordScores::read(snapshot, word)?);
        let mut known = known();
        // Four arrays of a byte for each module.
        if known.len() * snapshot.len() * 4 >= KEPT_BYTES {
            known.clear();
        }
        known.insert(word.to_owned(), Arc::clone(&marks));
        Ok(marks)
    }
}

impl WordScores {
    fn read(snapshot: &Snapshot, word: &str) -> Result<Self, SearchError> {
        let read = |fields: Fields| {
            marked(snapshot, fields, |searched, marker| {
                look_up(searched, word, marker)
            })
        };
        Ok(Self {
            names: read(|segment| &segment.names)?,
            others: read(|segment| &segment.others)?,
            automaton: TypoAutomaton::new(word),
            names_with_typo: OnceLock::new(),
            others_with_typo: OnceLock::new(),
        })
    }

    /// What accepts the word with a typo; none where it is too short.
    pub(super) fn automaton(&self) -> Option<&TypoAutomaton> {
        self.automaton.as_ref()
    }

    /// The worth in names that differ from the word by a typo.
    pub(super) fn names_with_typo(&self, snapshot: &Snapshot) -> Result<&[u8], SearchError> {
        self.with_typo(snapshot, &self.names_with_typo, |segment| &segment.names)
    }

    /// The same in everything else.
    pub(super) fn others_with_typo(&self, snapshot: &Snapshot) -> Result<&[u8], SearchError> {
        self.with_typo(snapshot, &self.others_with_typo, |segment| &segment.others)
    }

    fn with_typo<'a>(
        &self,
        snapshot: &Snapshot,
        known: &'a OnceLock<Vec<u8>>,
        fields: Fields,
    ) -> Result<&'a [u8], SearchError> {
        if let Some(marks) = known.get() {
            return Ok(marks);
        }
        let marks = match &self.automaton {
            Some(automaton) => marked(snapshot, fields, |searched, marker| {
                look_up_with_typo(searched, automaton, marker)
            })?,
            None => Vec::new(),
        };
        Ok(known.get_or_init(|| marks))
    }
}

type Fields = fn(&SegmentTerms) -> &[(Searched, Arc<tantivy::index::InvertedIndexReader>)];

/// Goes through some fields of all segments.
fn marked(
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
