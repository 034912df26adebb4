//! Writes a painted source as HTML.

use super::super::html::{Html, push_escaped};
use super::super::visible::stand_in;
use super::language::Language;
use super::paint::Class;
use super::painted;

/// Every CSS class that is written; no other class is allowed in cleaned HTML.
pub(in crate::markup) const CLASSES: [&str; 11] = [
    "hl-k", "hl-s", "hl-n", "hl-c", "hl-f", "hl-v", "hl-a", "hl-p", "hl-l", "hl-h", "hl-u",
];

/// The CSS class around the stand-in of an invisible character.
const UNSEEN: &str = "hl-u";

impl Class {
    /// Returns its CSS class.
    fn name(self) -> &'static str {
        match self {
            Self::Keyword => "hl-k",
            Self::String => "hl-s",
            Self::Number => "hl-n",
            Self::Comment => "hl-c",
            Self::Function => "hl-f",
            Self::Reference => "hl-v",
            Self::Attribute => "hl-a",
            Self::Punctuation => "hl-p",
            Self::Label => "hl-l",
            Self::Heredoc => "hl-h",
        }
    }
}

/// Returns highlighted source code, for a `<pre>`.
pub fn highlight(language: Language, source: &str) -> Html {
    let mut html = String::with_capacity(source.len().saturating_mul(2));
    for (class, text) in painted(language, source).parts() {
        push_span(&mut html, class, text);
    }
    Html::vouched(html)
}

/// Returns highlighted source code for a `<pre>`, with each line in `<span id="L12">`, so that
/// links to lines work.
pub fn highlight_lines(language: Language, source: &str) -> Html {
    let mut html = String::with_capacity(source.len().saturating_mul(2));
    let mut line = 1_usize;
    let mut is_open = false;
    for (class, text) in painted(language, source).parts() {
        for piece in text.split_inclusive('\n') {
            if !is_open {
                html.push_str("<span id=\"L");
                html.push_str(&line.to_string());
                html.push_str("\">");
                is_open = true;
            }
            let (content, has_ended) = match piece.strip_suffix('\n') {
                Some(content) => (content, true),
                None => (piece, false),
            };
            push_span(&mut html, class, content);
            if has_ended {
                html.push_str("</span>\n");
                line = line.saturating_add(1);
                is_open = false;
            }
        }
    }
    if is_open {
        html.push_str("</span>");
    }
    Html::vouched(html)
}

/// Writes a text of one class.
fn push_span(html: &mut String, class: Option<Class>, text: &str) {
    if text.is_empty() {
        return;
    }
    let Some(class) = class else {
        push_visible(html, text);
        return;
    };
    html.push_str("<span class=\"");
    html.push_str(class.name());
    html.push_str("\">");
    push_visible(html, text);
    html.push_str("</span>");
}

/// Writes a text with its invisible characters made visible.
fn push_visible(html: &mut String, text: &str) {
    let mut rest = text;
    while let Some((start, unseen, shown)) = rest
        .char_indices()
        .find_map(|(start, found)| stand_in(found).map(|shown| (start, found, shown)))
    {
        let (before, after) = rest.split_at_checked(start).unwrap_or((rest, ""));
        push_escaped(html, before);
        let marker = format!("<span class=\"{UNSEEN}\">{shown}</span>");
        html.push_str(&marker);
        rest = after.strip_prefix(unseen).unwrap_or_default();
    }
    push_escaped(html, rest);
}
