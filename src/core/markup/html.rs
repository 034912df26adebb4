//! HTML that is safe to send on our own origin.
//!
//! Only this folder can make an [`Html`]; code that holds one may print it without escaping.

use std::fmt;

use comrak::Arena;
use comrak::nodes::{AstNode, NodeHtmlBlock, NodeValue};

/// A fragment of HTML that was escaped or cleaned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Marks a fragment as safe. It is private to this folder, where every caller escapes or
    /// cleans.
    pub(super) fn vouched(html: String) -> Self {
        Self(html)
    }

    /// Returns the fragment.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Makes a node of a document that is this piece of HTML. It is cleaned with the rest.
pub(super) fn html_block<'a>(arena: &'a Arena<'a>, literal: String) -> &'a AstNode<'a> {
    let block = NodeHtmlBlock {
        block_type: 6,
        literal,
    };
    arena.alloc(AstNode::from(NodeValue::HtmlBlock(block)))
}

/// Appends a text so that it is text both between tags and in a quoted attribute.
///
/// Character references are written as numbers: one form, whatever form the source used.
pub(super) fn push_escaped(html: &mut String, text: &str) {
    for piece in text.split_inclusive(['&', '<', '>', '"', '\'']) {
        let mut characters = piece.chars();
        let escaped = match characters.next_back() {
            Some('&') => "&#38;",
            Some('<') => "&#60;",
            Some('>') => "&#62;",
            Some('"') => "&#34;",
            Some('\'') => "&#39;",
            Some(_) | None => {
                html.push_str(piece);
                continue;
            }
        };
        html.push_str(characters.as_str());
        html.push_str(escaped);
    }
}

/// Writes one attribute.
pub(super) fn push_attribute(html: &mut String, name: &str, value: &str) {
    html.push(' ');
    html.push_str(name);
    html.push_str("=\"");
    push_escaped(html, value);
    html.push('"');
}

/// Returns a text escaped for HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    push_escaped(&mut html, text);
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_with_a_meaning_is_escaped() {
        let html = Html::vouched(escaped("<a href=\"x\" id='y'>&amp;é"));
        assert_eq!(
            html.to_string(),
            "&#60;a href=&#34;x&#34; id=&#39;y&#39;&#62;&#38;amp;é"
        );
        assert_eq!(html.as_str(), html.to_string());
    }
}
