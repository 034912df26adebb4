//! The worth of each module for one word, independent of the caller.
//!
//! People and programs search for the same few words. So the scores of a word are cached beside the
//! snapshot that they were read from. Visibility and the combination of words are computed for
//! every search.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tantivy::index::InvertedIndexReader;

use super::SearchError;
use super::look_up::{Marker, look_up, look_up_with_typo};
use super::schema::Searched;
use super::scores::Scores;
use super::snapshot::{SegmentTerms, Snapshot};
use super::typo::TypoAutomaton;

/// How many bytes the cache of a snapshot may have, about.
const CACHE_BYTES: u64 = 2 << 20;
/// About how many scores fit into it.
const CACHE_ITEMS: usize = 1024;
/// What an entry of the cache needs beside its word and its scores, about.
const ENTRY_BYTES: usize = 128;

/// The fields that are searched, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Look {
    /// Names, as they are written.
    Names,
    /// All other fields, as they are written.
    Others,
    /// Names, allowing for a typo.
    NamesWithTypo,
    /// All other fields, allowing for a typo.
    OthersWithTypo,
}

impl Look {
    fn fields(self, segment: &SegmentTerms) -> &[(Searched, Arc<InvertedIndexReader>)] {
        match self {
            Self::Names | Self::NamesWithTypo => &segment.names,
            Self::Others | Self::OthersWithTypo => &segment.others,
        }
    }

    fn allows_typo(self) -> bool {
        matches!(self, Self::NamesWithTypo | Self::OthersWithTypo)
    }
}

/// A cache of the words that were looked up in one snapshot.
pub(super) struct KnownWords(Cache<(Look, Box<str>), Arc<Scores>, ByBytes>);

#[derive(Clone)]
struct ByBytes;

impl Weighter<(Look, Box<str>), Arc<Scores>> for ByBytes {
    fn weight(&self, key: &(Look, Box<str>), scores: &Arc<Scores>) -> u64 {
        u64::try_from(key.1.len() + scores.bytes() + ENTRY_BYTES).unwrap_or(u64::MAX)
    }
}

impl Default for KnownWords {
    fn default() -> Self {
        Self(Cache::with_weighter(CACHE_ITEMS, CACHE_BYTES, ByBytes))
    }
}

impl KnownWords {
    /// Returns the scores of a word, which are read once for each snapshot.
    pub(super) fn scores(
        &self,
        snapshot: &Snapshot,
        look: Look,
        word: &str,
    ) -> Result<Arc<Scores>, SearchError> {
        self.0.get_or_insert_with(&(look, word.into()), || {
            read_scores(snapshot, look, word).map(Arc::new)
        })
    }
}

fn read_scores(snapshot: &Snapshot, look: Look, word: &str) -> Result<Scores, SearchError> {
    let automaton = look.allows_typo().then(|| TypoAutomaton::new(word));
    let mut worth = vec![0; snapshot.len()];
    for segment in &snapshot.segments {
        for (searched, terms) in look.fields(segment) {
            let mut marker = Marker::new(&mut worth, segment.base, terms);
            match &automaton {
                Some(automaton) => look_up_with_typo(*searched, automaton, &mut marker)?,
                None => look_up(*searched, word, &mut marker)?,
            }
        }
    }
    Ok(Scores::new(worth))
}
