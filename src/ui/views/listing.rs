//! Lists of modules and providers: the home page, a namespace, and search results.

use askama::Template;

use super::{Badge, ProviderRow};
use crate::registry::Segment;

/// A module in a list.
pub(in crate::ui) struct ModuleRow {
    pub(in crate::ui) href: String,
    pub(in crate::ui) namespace: String,
    pub(in crate::ui) name: String,
    pub(in crate::ui) system: String,
    pub(in crate::ui) description: String,
    pub(in crate::ui) version: String,
    pub(in crate::ui) badge: Option<Badge>,
    pub(in crate::ui) published_at: String,
    pub(in crate::ui) published_day: String,
    pub(in crate::ui) downloads: String,
    /// Why the module matched a search; empty in other lists.
    pub(in crate::ui) reasons: Vec<ReasonRow>,
}

/// A reason why a module matched.
pub(in crate::ui) struct ReasonRow {
    pub(in crate::ui) kind: &'static str,
    pub(in crate::ui) is_code: bool,
    pub(in crate::ui) text: Vec<Segment>,
}

/// A filter of a search, with its values.
pub(in crate::ui) struct Facet {
    pub(in crate::ui) title: &'static str,
    pub(in crate::ui) values: Vec<FacetValue>,
}

/// A value of a filter, and how many modules it leaves.
pub(in crate::ui) struct FacetValue {
    pub(in crate::ui) label: String,
    pub(in crate::ui) count: u64,
    pub(in crate::ui) href: String,
    pub(in crate::ui) is_chosen: bool,
}

/// An order of search results.
pub(in crate::ui) struct SortChoice {
    pub(in crate::ui) label: &'static str,
    pub(in crate::ui) href: String,
    pub(in crate::ui) is_chosen: bool,
}

/// The page of a namespace.
#[derive(Template)]
#[template(path = "browse/namespace.html", config = "assets/askama.toml")]
pub(in crate::ui) struct NamespacePage {
    pub(in crate::ui) namespace: String,
    /// The sources of public modules that the organization recommends.
    pub(in crate::ui) recommended: Vec<String>,
    pub(in crate::ui) none: &'static str,
    /// The providers of the namespace, on its first page.
    pub(in crate::ui) providers: Vec<ProviderRow>,
    pub(in crate::ui) modules: Vec<ModuleRow>,
    pub(in crate::ui) previous: Option<String>,
    pub(in crate::ui) next: Option<String>,
}

/// The page of search results.
#[derive(Template)]
#[template(path = "browse/search.html", config = "assets/askama.toml")]
pub(in crate::ui) struct SearchPage {
    pub(in crate::ui) query: String,
    pub(in crate::ui) total: u64,
    /// Whether the latest changes may not be found yet.
    pub(in crate::ui) lags: bool,
    pub(in crate::ui) facets: Vec<Facet>,
    pub(in crate::ui) sorts: Vec<SortChoice>,
    pub(in crate::ui) deprecated: Option<FacetValue>,
    pub(in crate::ui) none: &'static str,
    /// The providers whose address contains the words.
    pub(in crate::ui) providers: Vec<ProviderRow>,
    pub(in crate::ui) modules: Vec<ModuleRow>,
    pub(in crate::ui) previous: Option<String>,
    pub(in crate::ui) next: Option<String>,
}

impl SearchPage {
    /// Returns whether the search has more than words.
    fn is_narrowed(&self) -> bool {
        let mut values = self.facets.iter().flat_map(|facet| &facet.values);
        let is_chosen = |value: &FacetValue| value.is_chosen;
        values.any(is_chosen) || self.deprecated.as_ref().is_some_and(is_chosen)
    }
}

/// The home page.
#[derive(Template)]
#[template(path = "browse/home.html", config = "assets/askama.toml")]
pub(in crate::ui) struct HomePage {
    pub(in crate::ui) signed_in: bool,
    pub(in crate::ui) namespaces: Vec<String>,
    pub(in crate::ui) none: &'static str,
    /// The command that makes the first user; `None` if there is one.
    pub(in crate::ui) first_user: Option<String>,
    pub(in crate::ui) total: u64,
    pub(in crate::ui) newest: Vec<ModuleRow>,
    pub(in crate::ui) most_used: Vec<ModuleRow>,
    pub(in crate::ui) providers: Vec<ProviderRow>,
}
