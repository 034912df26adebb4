//! One committed state of the index, with the values that every search needs of each module in
//! plain arrays.
//!
//! This costs some sixty bytes for each module. It is cheaper than decompressing the columns for
//! every search, and texts are numbered across segments, so that counting needs no texts.

use std::collections::BTreeMap;
use std::sync::Arc;

use tantivy::columnar::StrColumn;
use tantivy::index::InvertedIndexReader;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Index, ReloadPolicy, Searcher, SegmentReader, TantivyDocument, Term};

use super::SearchError;
use super::schema::{Fields, Searched};
use crate::domain::ModuleAddress;

/// How many blocks of stored documents are kept decompressed for each segment.
const CACHED_STORE_BLOCKS: usize = 4;

/// Stands for no value; no table has as many.
const NONE: u32 = u32::MAX;

/// A committed state. Each module has a position, which is counted through all segments.
pub(super) struct Snapshot {
    searcher: Searcher,
    /// The fields of the index.
    pub(super) fields: Fields,
    /// The segments.
    pub(super) segments: Vec<SegmentTerms>,
    /// The values of each position.
    pub(super) columns: Columns,
    /// The ids of organizations.
    pub(super) organizations: Table,
    /// The namespaces, folded.
    pub(super) namespaces: Table,
    /// The systems.
    pub(super) systems: Table,
    /// The types of resources.
    pub(super) resource_types: Table,
}

/// The dictionaries of one segment.
pub(super) struct SegmentTerms {
    /// The position of its first document.
    pub(super) base: usize,
    /// The dictionaries of names and aliases.
    pub(super) names: Vec<(Searched, Arc<InvertedIndexReader>)>,
    /// The dictionaries of all other fields.
    pub(super) others: Vec<(Searched, Arc<InvertedIndexReader>)>,
    /// The dictionary of keys.
    pub(super) keys: Arc<InvertedIndexReader>,
    /// The dictionary of the sources of called modules.
    pub(super) calls: Arc<InvertedIndexReader>,
    descriptions: Option<StrColumn>,
}

/// The values of each position, one array for each column.
#[derive(Default)]
pub(super) struct Columns {
    /// Whether the module was not removed.
    pub(super) alive: Vec<bool>,
    /// The number of its organization.
    pub(super) organization: Vec<u32>,
    /// The number of its namespace.
    pub(super) namespace: Vec<u32>,
    /// The number of its system.
    pub(super) system: Vec<u32>,
    /// The numbers of resource types of all positions, one after the other.
    pub(super) resources: Vec<u32>,
    /// The end of each position's part of `resources`.
    pub(super) resources_end: Vec<u32>,
    /// The number of its downloads.
    pub(super) downloads: Vec<u64>,
    /// When its latest version was published, in microseconds.
    pub(super) published: Vec<i64>,
    /// The bits of [`Fields::flags`].
    pub(super) flags: Vec<u8>,
    /// Its rank among all modules sorted by name.
    pub(super) rank: Vec<u32>,
    /// Its address. Decompressing the addresses of one page would cost more than the search itself.
    pub(super) addresses: Vec<Box<str>>,
}

/// Distinct texts, each with a number.
#[derive(Default)]
pub(super) struct Table {
    numbers: BTreeMap<Box<str>, u32>,
}

impl Table {
    /// Returns how many texts there are.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Returns the number of a text; `None` if it is not there.
    pub(super) fn number(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    /// Returns all texts, sorted, with their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, u32)> {
        self.numbers.iter().map(|(text, number)| (&**text, *number))
    }

    fn intern(&mut self, text: &str) -> u32 {
        if let Some(number) = self.number(text) {
            return number;
        }
        let number = u32::try_from(self.numbers.len()).unwrap_or(NONE);
        self.numbers.insert(text.into(), number);
        number
    }

    /// Returns the numbers of a column's texts, in the column's own order.
    fn intern_column(&mut self, column: &StrColumn) -> Result<Vec<u32>, SearchError> {
        let mut numbers = Vec::with_capacity(column.dictionary().num_terms());
        let mut terms = column.dictionary().stream()?;
        while terms.advance() {
            numbers.push(self.intern(&String::from_utf8_lossy(terms.key())));
        }
        Ok(numbers)
    }
}

impl Snapshot {
    /// Reads the last committed state of the index.
    pub(super) fn open(index: &Index, fields: &Fields) -> Result<Self, SearchError> {
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(CACHED_STORE_BLOCKS)
            .try_into()?;
        let mut snapshot = Self {
            searcher: reader.searcher(),
            fields: *fields,
            segments: Vec::new(),
            columns: Columns::default(),
            organizations: Table::default(),
            namespaces: Table::default(),
            systems: Table::default(),
            resource_types: Table::default(),
        };
        let searcher = snapshot.searcher.clone();
        let mut keys = Vec::new();
        for segment in searcher.segment_readers() {
            let base = snapshot.columns.alive.len();
            read_keys(segment, base, &mut keys)?;
            snapshot.read_segment(segment, base)?;
            snapshot
                .segments
                .push(SegmentTerms::open(segment, fields, base)?);
        }
        keys.sort_unstable();
        snapshot.columns.rank = vec![NONE; snapshot.columns.alive.len()];
        for (rank, (_, position)) in (0..).zip(&keys) {
            if let Some(slot) = snapshot.columns.rank.get_mut(*position) {
                *slot = rank;
            }
        }
        Ok(snapshot)
    }

    /// Returns how many positions there are, including those of removed modules.
    pub(super) fn len(&self) -> usize {
        self.columns.alive.len()
    }

    /// Returns the stored document at a position.
    pub(super) fn document(&self, position: usize) -> Result<TantivyDocument, SearchError> {
        Ok(self.searcher.doc(self.place(position))?)
    }

    /// Returns the address of the module at a position.
    pub(super) fn address(&self, position: usize) -> Result<ModuleAddress, SearchError> {
        let address = self.columns.addresses.get(position);
        address
            .map_or("", |address| address)
            .parse()
            .map_err(|error| SearchError::Index(Box::new(error)))
    }

    /// Returns the description of the module at a position.
    pub(super) fn description(&self, position: usize) -> Result<String, SearchError> {
        self.text(position, |segment| segment.descriptions.as_ref())
    }

    fn text(
        &self,
        position: usize,
        column: impl FnOnce(&SegmentTerms) -> Option<&StrColumn>,
    ) -> Result<String, SearchError> {
        let place = self.place(position);
        let segment = usize::try_from(place.segment_ord).unwrap_or(0);
        let mut text = String::new();
        if let Some(column) = self.segments.get(segment).and_then(column)
            && let Some(ordinal) = column.ords().first(place.doc_id)
        {
            column.ord_to_str(ordinal, &mut text)?;
        }
        Ok(text)
    }

    fn place(&self, position: usize) -> DocAddress {
        let after = self.segments.partition_point(|s| s.base <= position);
        let ordinal = after.saturating_sub(1);
        let base = self.segments.get(ordinal).map_or(0, |s| s.base);
        let narrow = |n: usize| u32::try_from(n).unwrap_or(NONE);
        DocAddress::new(narrow(ordinal), narrow(position - base))
    }

    fn read_segment(&mut self, segment: &SegmentReader, base: usize) -> Result<(), SearchError> {
        let columns = &mut self.columns;
        let documents = 0..segment.max_doc();
        columns
            .alive
            .extend(documents.clone().map(|doc| !segment.is_deleted(doc)));
        let one = |table: &mut Table, name: &str, column: &mut Vec<u32>| {
            if let Some(texts) = segment.fast_fields().str(name)? {
                let numbers = table.intern_column(&texts)?;
                column.extend(documents.clone().map(|doc| {
                    let ordinal = texts.ords().first(doc);
                    look_up(&numbers, ordinal)
                }));
            }
            column.resize(base + size(segment), NONE);
            Ok::<(), SearchError>(())
        };
        one(
            &mut self.organizations,
            "organization",
            &mut columns.organization,
        )?;
        one(&mut self.namespaces, "namespace", &mut columns.namespace)?;
        one(&mut self.systems, "system", &mut columns.system)?;
        read_texts(segment, "address", &mut columns.addresses)?;
        columns.addresses.resize(base + size(segment), "".into());
        let types = segment.fast_fields().str("resources")?;
        let numbers = match &types {
            Some(types) => self.resource_types.intern_column(types)?,
            None => Vec::new(),
        };
        let downloads = segment.fast_fields().u64("downloads")?;
        let published = segment.fast_fields().i64("published")?;
        let flags = segment.fast_fields().u64("flags")?;
        for doc in documents {
            if let Some(types) = &types {
                let found = types.ords().values_for_doc(doc);
                columns
                    .resources
                    .extend(found.map(|ordinal| look_up(&numbers, Some(ordinal))));
            }
            let end = u32::try_from(columns.resources.len()).unwrap_or(NONE);
            columns.resources_end.push(end);
            columns.downloads.push(downloads.first(doc).unwrap_or(0));
            columns.published.push(published.first(doc).unwrap_or(0));
            let flags = flags.first(doc).unwrap_or(0);
            columns.flags.push(u8::try_from(flags).unwrap_or(0));
        }
        Ok(())
    }
}

impl Columns {
    /// Returns the numbers of the resource types at a position.
    pub(super) fn resources_at(&self, position: usize) -> &[u32] {
        let end = |position: usize| {
            let end = self.resources_end.get(position).copied().unwrap_or(0);
            usize::try_from(end).unwrap_or(0)
        };
        let start = position.checked_sub(1).map_or(0, end);
        self.resources.get(start..end(position)).unwrap_or(&[])
    }
}

impl SegmentTerms {
    fn open(segment: &SegmentReader, fields: &Fields, base: usize) -> Result<Self, SearchError> {
        let open = |searched: Searched| -> Result<_, SearchError> {
            Ok((searched, segment.inverted_index(searched.field)?))
        };
        Ok(Self {
            base,
            names: fields
                .names()
                .into_iter()
                .map(open)
                .collect::<Result<_, _>>()?,
            others: fields
                .others()
                .into_iter()
                .map(open)
                .collect::<Result<_, _>>()?,
            keys: segment.inverted_index(fields.key)?,
            calls: segment.inverted_index(fields.calls)?,
            descriptions: segment.fast_fields().str("description")?,
        })
    }

    /// Returns the positions of the documents that have a term, including those of removed modules.
    pub(super) fn positions_of(
        &self,
        terms: &InvertedIndexReader,
        term: &Term,
    ) -> Result<Vec<usize>, SearchError> {
        let mut positions = Vec::new();
        let found = terms.read_block_postings(term, IndexRecordOption::Basic)?;
        let Some(mut postings) = found else {
            return Ok(positions);
        };
        while !postings.docs().is_empty() {
            let docs = postings.docs().iter();
            positions.extend(docs.map(|doc| self.base + usize::try_from(*doc).unwrap_or(0)));
            postings.advance();
        }
        Ok(positions)
    }
}

/// Converts a number to an index into a list.
pub(super) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn size(segment: &SegmentReader) -> usize {
    usize::try_from(segment.max_doc()).unwrap_or(0)
}

fn look_up(numbers: &[u32], ordinal: Option<u64>) -> u32 {
    ordinal
        .and_then(|ordinal| numbers.get(usize::try_from(ordinal).ok()?).copied())
        .unwrap_or(NONE)
}

/// Reads a column in which every document has a text of its own.
fn read_texts(
    segment: &SegmentReader,
    name: &str,
    to: &mut Vec<Box<str>>,
) -> Result<(), SearchError> {
    let Some(column) = segment.fast_fields().str(name)? else {
        return Ok(());
    };
    let mut texts: Vec<Box<str>> = Vec::with_capacity(column.dictionary().num_terms());
    let mut terms = column.dictionary().stream()?;
    while terms.advance() {
        texts.push(String::from_utf8_lossy(terms.key()).into());
    }
    let ordinals = (0..segment.max_doc()).map(|doc| column.ords().first(doc));
    to.extend(ordinals.map(|ordinal| {
        let place = ordinal.and_then(|ordinal| usize::try_from(ordinal).ok());
        place
            .and_then(|place| texts.get(place).cloned())
            .unwrap_or_default()
    }));
    Ok(())
}

/// Reads the keys of a segment with their positions.
fn read_keys(
    segment: &SegmentReader,
    base: usize,
    keys: &mut Vec<(Box<[u8]>, usize)>,
) -> Result<(), SearchError> {
    let Some(column) = segment.fast_fields().str("key")? else {
        return Ok(());
    };
    let mut texts: Vec<Box<[u8]>> = Vec::with_capacity(column.dictionary().num_terms());
    let mut terms = column.dictionary().stream()?;
    while terms.advance() {
        texts.push(terms.key().into());
    }
    for doc in 0..segment.max_doc() {
        // The same module may be there twice, as a removed document and as a live one.
        let text = column
            .ords()
            .first(doc)
            .and_then(|ordinal| texts.get(usize::try_from(ordinal).ok()?));
        if let Some(text) = text {
            let position = base + usize::try_from(doc).unwrap_or(0);
            keys.push((text.clone(), position));
        }
    }
    Ok(())
}
