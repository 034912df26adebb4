//! The questions to the index and its answers.

use crate::domain::{ModuleAddress, OrganizationId};

/// The longest query text, in bytes.
pub const MAX_QUERY_BYTES: usize = 256;

/// The most hits on one page.
pub const MAX_LIMIT: usize = 100;

/// The most hits that can be skipped.
pub const MAX_OFFSET: usize = 10_000;

/// A search.
///
/// All words of the text must match, each in any field. Filters ignore upper and lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct SearchQuery {
    /// The words to find; if it is empty, every module matches.
    pub text: String,
    /// Only modules of this namespace; `None` for all.
    pub namespace: Option<String>,
    /// Only modules for this system; `None` for all.
    pub system: Option<String>,
    /// Only modules with a resource of this type; `None` for all.
    pub resource_type: Option<String>,
    /// Whether deprecated modules are included.
    pub include_deprecated: bool,
    /// Whether modules without a published version are included.
    pub include_unpublished: bool,
    /// How many hits to skip, at most [`MAX_OFFSET`].
    pub offset: usize,
    /// How many hits to return, at most [`MAX_LIMIT`].
    pub limit: usize,
    /// The order of the hits.
    pub sort: Sort,
    /// How much the page says about each hit.
    pub detail: SearchDetail,
}

/// How much a page says about its hits.
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
    /// Modules whose name is the text, then those whose name begins with it, then the rest by the
    /// fields that the words are found in.
    ///
    /// Among equals, the more downloaded come first, compared in powers of two, then the newer.
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Visible {
    /// All modules.
    All,
    /// The modules of these organizations, and these single modules.
    Only {
        /// Organizations whose modules are all visible.
        organizations: Vec<OrganizationId>,
        /// Modules that are visible independent of their organization.
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
    /// How the matches are distributed over namespaces, systems and so on.
    pub facets: Facets,
}

/// A module that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The module's address.
    pub address: ModuleAddress,
    /// One sentence that describes it; may be empty.
    pub description: String,
    /// Why it was found, best first; empty if the query has no words or asks for no details.
    pub reasons: Vec<MatchReason>,
}

/// A part of a module that matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchReason {
    /// The kind of part.
    pub kind: MatchReasonKind,
    /// The text of the part, or the piece around the match: plain text, which HTML pages must
    /// escape.
    pub text: Vec<Segment>,
}

/// A piece of text, highlighted or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The text.
    pub text: String,
    /// Whether this piece is what matched.
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

/// The numbers of matches by namespace and so on: the 20 most frequent of each, most first.
///
/// Each is counted with all filters but its own, so that it shows what choosing another value would
/// give. Names are in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// Matches by namespace.
    pub namespaces: Vec<(String, u64)>,
    /// Matches by system.
    pub systems: Vec<(String, u64)>,
    /// Matches by resource type.
    pub resource_types: Vec<(String, u64)>,
    /// The number of deprecated matches, even if the query excludes them.
    pub deprecated: u64,
}
