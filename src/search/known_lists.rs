//! Pages of searches without words, remembered for one committed state. The home page asks for the same
//! two each time, and each is made from all modules.

use std::sync::Arc;

use quick_cache::sync::Cache;

use super::{SearchError, SearchPage, SearchQuery, Visible};

/// How many pages are remembered. A page has at most a hundred hits, and those of home have six.
const KEPT: usize = 64;

/// The remembered pages, by what was asked and what the caller may see.
pub(super) struct KnownLists(Cache<(SearchQuery, Visible), Arc<SearchPage>>);

impl Default for KnownLists {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

impl KnownLists {
    /// Returns a page, which `search` makes once for each snapshot. Only searches without words are
    /// remembered: there are few of them, and they are the slowest.
    pub(super) fn page(
        &self,
        query: &SearchQuery,
        visible: &Visible,
        search: impl FnOnce() -> Result<SearchPage, SearchError>,
    ) -> Result<SearchPage, SearchError> {
        if !query.text.trim().is_empty() {
            return search();
        }
        let key = (query.clone(), visible.clone());
        let page = self.0.get_or_insert_with(&key, || search().map(Arc::new))?;
        Ok((*page).clone())
    }
}
