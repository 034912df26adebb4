//! Makes a page of hits from the matches: visibility, filters, facet counts, order.

use super::hit::describe_hit;
use super::matching::{Matches, match_words};
use super::schema::{DEPRECATED, UNPUBLISHED};
use super::snapshot::{Snapshot, Table, index};
use super::visible::eligible;
use super::word_scores::KnownWords;
use super::words::Words;
use super::{
    Facets, MAX_LIMIT, MAX_OFFSET, SearchDetail, SearchError, SearchPage, SearchQuery, Sort,
    Visible,
};

/// The most values of each facet.
const FACET_VALUES: usize = 20;

/// Searches one committed state; `known` caches the words that were looked up in it.
pub(super) fn search_snapshot(
    snapshot: &Snapshot,
    known: &KnownWords,
    query: &SearchQuery,
    words: &Words,
    visible: &Visible,
) -> Result<SearchPage, SearchError> {
    let eligible = eligible(snapshot, visible)?;
    // A text of punctuation alone matches nothing; an empty text matches everything.
    if words.required.is_empty() && !query.text.trim().is_empty() {
        return Ok(SearchPage {
            total: 0,
            hits: Vec::new(),
            facets: Facets::default(),
        });
    }
    let matches = match_words(snapshot, known, words, eligible)?;
    let counted = count(snapshot, query, &matches);
    let positions = counted.best.page(query.offset.min(MAX_OFFSET));
    let words = match query.detail {
        SearchDetail::Full => matches.words.as_slice(),
        SearchDetail::Brief => &[],
    };
    let hits = positions
        .into_iter()
        .map(|position| describe_hit(snapshot, position, words))
        .collect::<Result<_, _>>()?;
    Ok(SearchPage {
        total: counted.total,
        hits,
        facets: counted.facets,
    })
}

/// Total, facets and best positions of all matches.
struct Counted {
    total: u64,
    facets: Facets,
    best: Best,
}

/// Counts all matches in one pass.
fn count(snapshot: &Snapshot, query: &SearchQuery, matches: &Matches) -> Counted {
    let columns = &snapshot.columns;
    let filters = Filters::new(snapshot, query);
    let mut namespaces = Counts::new(&snapshot.namespaces);
    let mut systems = Counts::new(&snapshot.systems);
    let mut resource_types = Counts::new(&snapshot.resource_types);
    let (mut total, mut deprecated) = (0, 0);
    let wanted = query.offset.min(MAX_OFFSET) + query.limit.min(MAX_LIMIT);
    let mut best = Best::new(wanted);
    let rows = columns.namespace.iter().zip(&columns.system);
    let rows = rows.zip(&columns.flags).zip(&matches.worth).enumerate();
    for (position, (((namespace, system), flags), worth)) in rows {
        if *worth == 0 {
            continue;
        }
        let resources = columns.resources_at(position);
        let refused = filters.refused(*namespace, *system, resources, *flags);
        if refused == 0 {
            total += 1;
            best.add(order(snapshot, query.sort, position, *worth), position);
        }
        if query.detail == SearchDetail::Brief {
            continue;
        }
        // A module counts in a facet if nothing but that facet's own filter refuses it.
        let passes_but_for = |own: u8| refused & !own == 0;
        if passes_but_for(Filters::NAMESPACE) {
            namespaces.add(*namespace);
        }
        if passes_but_for(Filters::SYSTEM) {
            systems.add(*system);
        }
        if passes_but_for(Filters::RESOURCE_TYPE) {
            for number in resources {
                resource_types.add(*number);
            }
        }
        deprecated += u64::from(passes_but_for(Filters::DEPRECATED) && flags & DEPRECATED != 0);
    }
    let facets = match query.detail {
        SearchDetail::Full => Facets {
            namespaces: namespaces.top(&snapshot.namespaces),
            systems: systems.top(&snapshot.systems),
            resource_types: resource_types.top(&snapshot.resource_types),
            deprecated,
        },
        SearchDetail::Brief => Facets::default(),
    };
    Counted {
        total,
        facets,
        best,
    }
}

/// The filters of a query, with texts as the numbers of the snapshot's tables.
struct Filters {
    namespace: Option<u32>,
    system: Option<u32>,
    resource_type: Option<u32>,
    include_deprecated: bool,
    include_unpublished: bool,
}

impl Filters {
    const NAMESPACE: u8 = 1;
    const SYSTEM: u8 = 2;
    const RESOURCE_TYPE: u8 = 4;
    const DEPRECATED: u8 = 8;
    const UNPUBLISHED: u8 = 16;

    fn new(snapshot: &Snapshot, query: &SearchQuery) -> Self {
        // A text that no module has becomes a number that no module has.
        let number = |table: &Table, text: &Option<String>| {
            text.as_ref().map(|text| {
                let number = table.number(&text.to_ascii_lowercase());
                number.unwrap_or(u32::MAX - 1)
            })
        };
        Self {
            namespace: number(&snapshot.namespaces, &query.namespace),
            system: number(&snapshot.systems, &query.system),
            resource_type: number(&snapshot.resource_types, &query.resource_type),
            include_deprecated: query.include_deprecated,
            include_unpublished: query.include_unpublished,
        }
    }

    /// Returns the filters that refuse a module, as bits.
    fn refused(&self, namespace: u32, system: u32, resources: &[u32], flags: u8) -> u8 {
        let bit = |refused: bool, bit: u8| if refused { bit } else { 0 };
        let is_other = |wanted: Option<u32>, found| wanted.is_some_and(|wanted| wanted != found);
        let resource_type = self
            .resource_type
            .is_some_and(|wanted| !resources.contains(&wanted));
        let deprecated = !self.include_deprecated && flags & DEPRECATED != 0;
        let unpublished = !self.include_unpublished && flags & UNPUBLISHED != 0;
        bit(is_other(self.namespace, namespace), Self::NAMESPACE)
            | bit(is_other(self.system, system), Self::SYSTEM)
            | bit(resource_type, Self::RESOURCE_TYPE)
            | bit(deprecated, Self::DEPRECATED)
            | bit(unpublished, Self::UNPUBLISHED)
    }
}

/// A count for each number of a table.
struct Counts(Vec<u32>);

impl Counts {
    fn new(table: &Table) -> Self {
        Self(vec![0; table.len()])
    }

    fn add(&mut self, number: u32) {
        if let Some(count) = self.0.get_mut(index(number)) {
            *count += 1;
        }
    }

    /// Returns the most frequent texts; those with equal counts are sorted by name.
    fn top(&self, table: &Table) -> Vec<(String, u64)> {
        let mut found: Vec<(u32, &str)> = table
            .iter()
            .filter_map(|(text, number)| {
                let count = self.0.get(index(number)).copied()?;
                (count > 0).then_some((count, text))
            })
            .collect();
        let by_count = |a: &(u32, &str), b: &(u32, &str)| b.0.cmp(&a.0).then(a.1.cmp(b.1));
        if found.len() > FACET_VALUES {
            found.select_nth_unstable_by(FACET_VALUES, by_count);
            found.truncate(FACET_VALUES);
        }
        found.sort_unstable_by(by_count);
        found
            .into_iter()
            .map(|(count, text)| (text.to_owned(), u64::from(count)))
            .collect()
    }
}

/// The sort key of a hit, least first; the last number is distinct for each module.
type Order = (u64, u64, u32);

fn order(snapshot: &Snapshot, sort: Sort, position: usize, worth: u16) -> Order {
    let columns = &snapshot.columns;
    let rank = columns.rank.get(position).copied().unwrap_or(u32::MAX);
    let downloads = columns.downloads.get(position).copied().unwrap_or(0);
    let published = columns.published.get(position).copied().unwrap_or(0);
    let newest_first = !published.cast_unsigned().wrapping_add(1 << 63);
    match sort {
        Sort::Relevance => {
            let bits_of_downloads = u64::from(u64::BITS - downloads.leading_zeros());
            let best_first = !(u64::from(worth) << 8 | bits_of_downloads);
            (best_first, newest_first, rank)
        }
        Sort::Newest => (newest_first, !downloads, rank),
        Sort::MostDownloaded => (!downloads, newest_first, rank),
        Sort::Name => (0, 0, rank),
    }
}

/// Keeps the first few of many positions, without sorting all of them.
struct Best {
    wanted: usize,
    /// Candidates: always fewer than twice `wanted`.
    found: Vec<(Order, usize)>,
    /// Whatever sorts after this is not among the first; `None` until enough were found.
    bound: Option<Order>,
}

impl Best {
    fn new(wanted: usize) -> Self {
        Self {
            wanted,
            found: Vec::new(),
            bound: None,
        }
    }

    fn add(&mut self, order: Order, position: usize) {
        if self.wanted == 0 || self.bound.is_some_and(|bound| order > bound) {
            return;
        }
        self.found.push((order, position));
        if self.found.len() >= self.wanted * 2 {
            let (_, last, _) = self.found.select_nth_unstable(self.wanted - 1);
            self.bound = Some(last.0);
            self.found.truncate(self.wanted);
        }
    }

    /// Returns the positions from `offset` on, in order.
    fn page(mut self, offset: usize) -> Vec<usize> {
        self.found.sort_unstable();
        self.found.truncate(self.wanted);
        self.found
            .into_iter()
            .skip(offset)
            .map(|(_, position)| position)
            .collect()
    }
}
