//! Looks a word up in the dictionary of one field and one segment, and marks the documents that
//! have it.

use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::termdict::TermDictionary;

use super::schema::{Matching, Searched};
use super::tokens::{RUN, WHOLE, is_several};
use super::typo::TypoAutomaton;
use super::{MatchReasonKind, SearchError};

/// Prose is not searched for shorter prefixes: they would match nearly every text.
const MIN_PROSE_PREFIX_BYTES: usize = 3;
/// Other identifiers than names are not searched for shorter prefixes.
const MIN_PREFIX_BYTES: usize = 2;

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
    // A match of the whole identifier is worth a little more than a match of a part.
    marker.exact(&whole, searched.exact.saturating_add(1))
}

/// Marks the documents that have a word in a field that differs by one typo.
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

/// Writes the worth of matching documents of one field and segment into an array.
pub(super) struct Marker<'a> {
    worth: &'a mut [u8],
    terms: &'a InvertedIndexReader,
}

impl<'a> Marker<'a> {
    /// Makes a marker that writes into the part of `worth` that begins at a segment's first
    /// position.
    pub(super) fn new(worth: &'a mut [u8], base: usize, terms: &'a InvertedIndexReader) -> Self {
        Self {
            worth: worth.get_mut(base..).unwrap_or_default(),
            terms,
        }
    }

    fn dictionary(&self) -> &'a TermDictionary {
        self.terms.terms()
    }

    /// Marks the documents that have exactly this term.
    pub(super) fn exact(&mut self, term: &str, worth: u8) -> Result<(), SearchError> {
        match self.dictionary().get(term)? {
            Some(info) => self.mark([info], worth),
            None => Ok(()),
        }
    }

    /// Marks the documents that have a term with this prefix.
    pub(super) fn prefix(&mut self, prefix: &str, worth: u8) -> Result<(), SearchError> {
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

/// Returns the first text in order that no longer begins with the prefix; `None` if there is none.
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
