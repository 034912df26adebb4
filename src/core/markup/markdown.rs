//! Renders Markdown that strangers wrote.
//!
//! The text is parsed as GitHub-flavoured Markdown, shaped for the page, and always cleaned. A text
//! that would take too long is shown as plain text.
//!
//! It is shaped as HTML, not on the parser's tree: an author's own HTML, which may begin in one
//! node and end in another, needs the same headings, anchors, pictures and links. The cleaner
//! cannot do it either: it removes attributes, but renames none and replaces no element. So
//! Markdown and HTML are shaped in the same way.

use std::cell::Cell;

use comrak::nodes::{NodeHtmlBlock, NodeValue};
use comrak::{Arena, Options, format_html, try_parse_document};

use super::callouts;
use super::clean::cleaned;
use super::elements::OF_EVERY_PRE;
use super::generated;
use super::headings::Heading;
use super::highlight::{Language, highlight};
use super::html::{Html, push_attribute, push_escaped};
use super::links::LinkRules;
use super::own_sources::{Own, rewrite_own_sources};
use super::shape::{Shaped, shaped};
use super::visible::{has_unseen, stand_in};

/// The limits of what is rendered; text beyond them is shown as plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarkupLimits {
    /// The longest text, in bytes.
    pub max_bytes: usize,
    /// The most elements that may nest in each other.
    pub max_depth: usize,
}

impl Default for MarkupLimits {
    fn default() -> Self {
        Self {
            max_bytes: 512 * 1024,
            max_depth: 256,
        }
    }
}

/// A rendered text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The text as HTML.
    pub html: Html,
    /// Its headings, for the table of contents.
    pub contents: Vec<Heading>,
    /// Whether it is shown as plain text because it exceeds a limit.
    pub is_plain: bool,
}

/// Renders Markdown.
pub fn markdown(text: &str, links: &LinkRules, limits: MarkupLimits) -> Rendered {
    rendered(text, links, limits).unwrap_or_else(|| Rendered {
        html: plain(text),
        contents: Vec::new(),
        is_plain: true,
    })
}

/// Returns a text as it is, in a `<pre>`.
pub fn plain(text: &str) -> Html {
    let mut html = String::with_capacity(text.len().saturating_add(16));
    html.push_str("<pre");
    for (name, value) in OF_EVERY_PRE {
        push_attribute(&mut html, name, value);
    }
    html.push('>');
    // A parser drops the first line break in this element, so an extra one is written.
    html.push('\n');
    for character in text.chars() {
        match stand_in(character) {
            Some(shown) => html.push_str(&shown),
            None => push_escaped(&mut html, character.encode_utf8(&mut [0; 4])),
        }
    }
    html.push_str("</pre>");
    Html::vouched(html)
}

/// Renders Markdown within the limits.
fn rendered(text: &str, links: &LinkRules, limits: MarkupLimits) -> Option<Rendered> {
    let shaped = shaped_markdown(text, links, limits)?;
    Some(Rendered {
        html: cleaned(&shaped.html, links),
        contents: shaped.headings,
        is_plain: false,
    })
}

/// Returns the HTML of Markdown, shaped and still to be cleaned; `None` beyond the limits.
pub(super) fn shaped_markdown(
    text: &str,
    links: &LinkRules,
    limits: MarkupLimits,
) -> Option<Shaped> {
    if text.len() > limits.max_bytes || quote_depth(text) > limits.max_depth {
        return None;
    }
    let html = html_of(text, links.own.as_ref())?;
    // Short Markdown can make long HTML: one line of a table is filled up to all its columns.
    let max_html = limits.max_bytes.saturating_mul(8);
    if html.len() > max_html {
        return None;
    }
    let shaped = shaped(&html, links, limits.max_depth)?;
    if shaped.html.len() > max_html || slow_characters(&shaped.html) > limits.max_bytes / 8 {
        return None;
    }
    Some(shaped)
}

/// Returns how many characters a text has for each of which the cleaner's printer searches the
/// whole rest of the text: ampersands, and those from U+0080 to U+00BF, whose first byte it takes
/// for that of a no-break space.
fn slow_characters(html: &str) -> usize {
    let ampersands = html.matches("&#38;").count();
    ampersands + html.bytes().filter(|byte| *byte == 0xc2).count()
}

/// Parses Markdown and prints it with its author's HTML; `None` if that takes too many steps.
fn html_of(text: &str, own: Option<&Own>) -> Option<String> {
    let options = options();
    let arena = Arena::new();
    // The parser asks whether to go on after each 256 steps, and takes a few steps per byte at
    // most.
    let questions = Cell::new(text.len() / 32 + 1024);
    let is_too_long = || {
        questions.set(questions.get().saturating_sub(1));
        questions.get() == 0
    };
    let root = try_parse_document(&arena, text, &options, &is_too_long).ok()?;
    generated::fold(&arena, root);
    callouts::boxed(&arena, root);
    for node in root.descendants() {
        let mut node = node.data_mut();
        let replacement = if let NodeValue::CodeBlock(block) = &node.value {
            Some(code_block(&block.info, &block.literal, own))
        } else if let NodeValue::Code(code) = &node.value
            && has_unseen(&code.literal)
        {
            let code = highlight(Language::Plain, &code.literal);
            Some(NodeValue::HtmlInline(format!("<code>{code}</code>")))
        } else {
            None
        };
        if let Some(replacement) = replacement {
            node.value = replacement;
        }
    }
    let mut html = String::new();
    format_html(root, &options, &mut html).ok()?;
    Some(html)
}

/// Returns a highlighted block of code, in which the sources that mean `own` are rewritten.
fn code_block(info: &str, code: &str, own: Option<&Own>) -> NodeValue {
    let tag = info
        .split(|found: char| found.is_whitespace() || matches!(found, ',' | '{' | ':'))
        .next()
        .unwrap_or_default();
    let language = Language::from_tag(tag);
    // Code without a tag is often HCL, too; only a call or a requirement is changed in it.
    let may_call = language == Language::Hcl || tag.is_empty();
    let rewritten = own
        .filter(|_| may_call)
        .map(|own| rewrite_own_sources(code, own));
    let code = highlight(language, rewritten.as_deref().unwrap_or(code));
    NodeValue::HtmlBlock(NodeHtmlBlock {
        block_type: 6,
        literal: format!("<pre><code>{code}</code></pre>\n"),
    })
}

/// Returns the options that say which extensions of Markdown are parsed.
fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.tasklist = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    // The author's own HTML is kept here because it is cleaned afterwards.
    options.render.r#unsafe = true;
    options
}

/// Returns the most quote signs at the beginning of any line.
fn quote_depth(text: &str) -> usize {
    let depth = |line: &str| {
        line.bytes()
            .take_while(|byte| {
                matches!(
                    byte,
                    b'>' | b' ' | b'\t' | b'-' | b'*' | b'+' | b'0'..=b'9' | b'.' | b')'
                )
            })
            .filter(|byte| *byte == b'>')
            .count()
    };
    text.split(['\n', '\r'])
        .map(depth)
        .max()
        .unwrap_or_default()
}
