//! Lists of modules and providers: the first page, a namespace, and what was searched for.

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
    /// Why it was found, where it was searched for.
    pub(in crate::ui) reasons: Vec<ReasonRow>,
}

/// Why a module was found.
pub(in crate::ui) struct ReasonRow {
    pub(in crate::ui) kind: &'static str,
    pub(in crate::ui) is_code: bool,
    pub(in crate::ui) text: Vec<Segment>,
}

/// A filter of a search, with what can be chosen.
pub(in crate::ui) struct Facet {
    pub(in crate::ui) title: &'static str,
    pub(in crate::ui) values: Vec<FacetValue>,
}

/// Something that can be chosen, and how many modules that leaves.
pub(in crate::ui) struct FacetValue {
    pub(in crate::ui) label: String,
    pub(in crate::ui) count: u64,
    pub(in crate::ui) href: String,
    pub(in crate::ui) is_chosen: bool,
}

/// An order of what was found.
pub(in crate::ui) struct SortChoice {
    pub(in crate::ui) label: &'static str,
    pub(in crate::ui) href: String,
    pub(in crate::ui) is_chosen: bool,
}

/// The modules of a namespace.
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

/// Modules that were searched for.
#[derive(Template)]
#[template(path = "browse/search.html", config = "assets/askama.toml")]
pub(in crate::ui) struct SearchPage {
    pub(in crate::ui) query: String,
    pub(in crate::ui) total: u64,
    pub(in crate::ui) facets: Vec<Facet>,
    pub(in crate::ui) sorts: Vec<SortChoice>,
    pub(in crate::ui) deprecated: Option<FacetValue>,
    pub(in crate::ui) none: &'static str,
    /// Those whose address has the words.
    pub(in crate::ui) providers: Vec<ProviderRow>,
    pub(in crate::ui) modules: Vec<ModuleRow>,
    pub(in crate::ui) previous: Option<String>,
    pub(in crate::ui) next: Option<String>,
}

impl SearchPage {
    /// Whether something beside words is asked for.
    fn is_narrowed(&self) -> bool {
        let mut values = self.facets.iter().flat_map(|facet| &facet.values);
        let is_chosen = |value: &FacetValue| value.is_chosen;
        values.any(is_chosen) || self.deprecated.as_ref().is_some_and(is_chosen)
    }
}

/// The first page.
#[derive(Template)]
#[template(path = "browse/home.html", config = "assets/askama.toml")]
pub(in crate::ui) struct HomePage {
    pub(in crate::ui) signed_in: bool,
    pub(in crate::ui) namespaces: Vec<String>,
    pub(in crate::ui) none: &'static str,
    pub(in crate::ui) total: u64,
    pub(in crate::ui) newest: Vec<ModuleRow>,
    pub(in crate::ui) most_used: Vec<ModuleRow>,
    pub(in crate::ui) providers: Vec<ProviderRow>,
}
