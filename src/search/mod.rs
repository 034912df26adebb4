//! The search index: finds modules by name, documentation, inputs, outputs and resources.
//!
//! It is derived from the latest version of each module and may be deleted at any time. It knows
//! nothing about rights: the caller passes what it may see as [`Visible`], and this is applied
//! inside the query. So hits, totals and facets reveal nothing else.

mod callers;
mod collect;
mod document;
mod error;
mod excerpt;
mod fingerprints;
mod folder;
mod hit;
mod index;
mod known_lists;
mod look_up;
mod matching;
mod merging;
mod query;
mod reasons;
mod schema;
mod scores;
mod snapshot;
mod tokens;
mod typo;
mod visible;
mod word_scores;
mod words;

pub use document::{IndexChange, SearchDocument};
pub use error::SearchError;
pub use folder::{RebuildReason, distrust};
pub use index::{Opened, SearchIndex};
pub use query::{
    Facets, Hit, MAX_LIMIT, MAX_OFFSET, MAX_QUERY_BYTES, MatchReason, MatchReasonKind,
    SearchDetail, SearchPage, SearchQuery, Segment, Sort, Visible,
};

#[cfg(test)]
mod tests;
