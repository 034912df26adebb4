//! A page of the documentation of Terrakeep itself.

use askama::Template;

use super::{Html, PageShell};
use crate::markup::ContentsLine;

/// An article beside the links to all articles.
#[derive(Template)]
#[template(path = "docs.html", config = "assets/askama.toml")]
pub(in crate::ui) struct ArticlePage<'a> {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) title: &'a str,
    pub(in crate::ui) links: Vec<ArticleLink<'a>>,
    pub(in crate::ui) contents: &'a [ContentsLine],
    pub(in crate::ui) text: &'a Html,
}

/// A line of the navigation.
pub(in crate::ui) struct ArticleLink<'a> {
    pub(in crate::ui) href: String,
    pub(in crate::ui) title: &'a str,
    pub(in crate::ui) is_current: bool,
}
