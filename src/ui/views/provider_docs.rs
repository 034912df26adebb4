//! The documentation of a provider.

use askama::Template;

use super::Html;
use super::ProviderHead;
use crate::markup::ContentsLine;

/// The documentation tab: the tree of all pages, and one page or search results.
#[derive(Template)]
#[template(path = "providers/docs.html", config = "assets/askama.toml")]
pub(in crate::ui) struct DocsTab {
    pub(in crate::ui) head: ProviderHead,
    pub(in crate::ui) base: String,
    pub(in crate::ui) query: String,
    pub(in crate::ui) groups: Vec<DocsGroup>,
    pub(in crate::ui) shown: DocsShown,
}

/// The content beside the tree.
pub(in crate::ui) enum DocsShown {
    /// A page of the documentation.
    Page {
        text: Html,
        contents: Vec<ContentsLine>,
    },
    /// Search results, and how many there are in all.
    Found { hits: Vec<DocsLink>, total: usize },
}

/// The pages of a category, or of a group inside one.
pub(in crate::ui) struct DocsGroup {
    pub(in crate::ui) title: String,
    pub(in crate::ui) count: usize,
    pub(in crate::ui) is_open: bool,
    pub(in crate::ui) links: Vec<DocsLink>,
    pub(in crate::ui) groups: Vec<DocsGroup>,
}

/// A page in the tree or in search results.
pub(in crate::ui) struct DocsLink {
    pub(in crate::ui) href: String,
    pub(in crate::ui) label: String,
    pub(in crate::ui) note: String,
    pub(in crate::ui) is_current: bool,
}
