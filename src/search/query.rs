//! What can be asked of the index, and what it answers.

use crate::domain::{ModuleAddress, OrganizationId};

/// The longest query text, in bytes.
pub const MAX_QUERY_BYTES: usize = 256;

/// The most hits on one page.
pub const MAX_LIMIT: usize = 100;

/// The most hits that can be skipped.
pub const MAX_OFFSET: usize = 10_000;

/// A search.
///
/// All words of the text must match, each anywhere. Filters compare without regard to case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchQuery {
    /// The words; every module matches if there are none.
    pub text: String,
    /// Only modules of this namespace.
    pub namespace: Option<String>,
    /// Only modules for this system.
    pub system: Option<String>,
    /// Only modules with a resource of this type.
    pub resource_type: Option<String>,
    /// Only verified modules, or only the others.
    pub verified: Option<bool>,
    /// Whether deprecated modules are found, too.
    pub include_deprecated: bool,
    /// Whether modules without a published version are found, too.
    pub include_unpublished: bool,
    /// How many hits to skip, at most [`MAX_OFFSET`].
    pub offset: usize,
    /// How many hits to return, at most [`MAX_LIMIT`].
    pub limit: usize,
    /// The order of the hits.
    pub sort: Sort,
    /// How much is told of them.
    pub detail: SearchDetail,
}

/// How much a page tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum SearchDetail {
    /// Hits with reasons, and facets.
    #[default]
    Full,
    /// Addresses and the total only, which takes half the time.
    Brief,
}

/// The order of hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Exact name, name that begins with the text, then the rest by where the words are found.
    ///
    /// Ties go to the more downloaded, counted in powers of two, then to the newer.
    #[default]
    Relevance,
    /// The latest published first.
    Newest,
    /// The most downloaded first.
    MostDownloaded,
    /// By name, then namespace, then system.
    Name,
}

/// Which modules a caller may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visible {
    /// All of them.
    All,
    /// The modules of these organizations, and these single modules.
    Only {
        /// Organizations that are seen whole.
        organizations: Vec<OrganizationId>,
        /// Modules that are seen whatever their organization is.
        modules: Vec<ModuleAddress>,
    },
}

/// One page of hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPage {
    /// How many modules match, on all pages.
    pub total: u64,
    /// The hits of this page.
    pub hits: Vec<Hit>,
    /// How the matches are spread.
    pub facets: Facets,
}

/// A module that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Its address.
    pub address: ModuleAddress,
    /// One sentence about it; may be empty.
    pub description: String,
    /// Why it was found, best first; empty if the query has no words or wants no details.
    pub reasons: Vec<MatchReason>,
}

/// What of a module matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchReason {
    /// What it is.
    pub kind: MatchReasonKind,
    /// It, or the piece of it around the match: plain text, to be escaped by who shows it.
    pub text: Vec<Segment>,
}

/// A piece of text, marked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The text.
    pub text: String,
    /// Whether it is what matched.
    pub highlighted: bool,
}

/// What kind of thing matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MatchReasonKind {
    /// The module's name.
    Name,
    /// Its namespace.
    Namespace,
    /// Its system.
    System,
    /// A provider it needs.
    Provider,
    /// The type of one of its resources.
    Resource,
    /// An input.
    Input,
    /// An output.
    Output,
    /// Its description.
    Description,
    /// Its README.
    Readme,
}

/// How many matches there are by namespace and so on: the most frequent 20 of each, most first.
///
/// Each is counted with all filters but its own, so that it says what choosing another value
/// would give. Names are in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// By namespace.
    pub namespaces: Vec<(String, u64)>,
    /// By system.
    pub systems: Vec<(String, u64)>,
    /// By type of resource.
    pub resource_types: Vec<(String, u64)>,
    /// The verified ones.
    pub verified: u64,
    /// The deprecated ones, also where the query leaves them out.
    pub deprecated: u64,
}
