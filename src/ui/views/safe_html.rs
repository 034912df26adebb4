//! HTML from `markup`, which templates print without escaping it again.

use std::fmt;

use crate::markup;

/// HTML that `markup` escaped or cleaned; only `markup` creates its content.
#[derive(Debug, Clone, Default)]
pub(in crate::ui) struct Html(markup::Html);

impl From<markup::Html> for Html {
    fn from(html: markup::Html) -> Self {
        Self(html)
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl askama::filters::HtmlSafe for Html {}

/// Renders one line of text with its code spans and links, for templates.
pub(in crate::ui) fn inline(text: &str) -> Html {
    markup::inline(text).into()
}
