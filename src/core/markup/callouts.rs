//! Callouts as the documentation of providers writes them: a paragraph that begins with `->`, `~>` or
//! `!>` is a note, a warning or a danger.

use comrak::Arena;
use comrak::nodes::{AstNode, NodeValue};

use super::html::html_block;

/// The mark of a callout, the class of its box, and its title.
const CALLOUTS: [(&str, &str, &str); 3] = [
    ("->", "note", "Note"),
    ("~>", "warning", "Warning"),
    ("!>", "caution", "Danger"),
];

/// Puts each callout of a document into a box, without its mark.
pub(super) fn boxed<'a>(arena: &'a Arena<'a>, root: &'a AstNode<'a>) {
    let paragraphs = root
        .descendants()
        .filter(|node| matches!(node.data().value, NodeValue::Paragraph));
    let found: Vec<_> = paragraphs
        .filter_map(|paragraph| Some((paragraph, take_mark(paragraph)?)))
        .collect();
    for (paragraph, (class, title)) in found {
        // Most authors write a title themselves, in bold letters.
        let has_title = paragraph
            .children()
            .find(|node| !is_blank(node))
            .is_some_and(|node| matches!(node.data().value, NodeValue::Strong));
        let title = if has_title {
            String::new()
        } else {
            format!("<p class=\"markdown-alert-title\">{title}</p>")
        };
        let start = format!("<div class=\"markdown-alert markdown-alert-{class}\">{title}\n");
        paragraph.insert_before(html_block(arena, start));
        paragraph.insert_after(html_block(arena, "</div>\n".to_owned()));
    }
}

/// Removes the mark that a paragraph begins with. Returns the class and the title of its callout;
/// `None` for other paragraphs.
fn take_mark<'a>(paragraph: &'a AstNode<'a>) -> Option<(&'static str, &'static str)> {
    let mut first = paragraph.first_child()?.data_mut();
    let NodeValue::Text(text) = &mut first.value else {
        return None;
    };
    let (mark, class, title) = CALLOUTS.iter().find(|(mark, ..)| text.starts_with(mark))?;
    let rest = text.get(mark.len()..).unwrap_or_default();
    let is_mark = rest.is_empty() || rest.starts_with(' ');
    let rest = rest.trim_start().to_owned();
    if !is_mark {
        return None;
    }
    *text = rest.into();
    Some((class, title))
}

fn is_blank<'a>(node: &'a AstNode<'a>) -> bool {
    matches!(&node.data().value, NodeValue::Text(text) if text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::links::tests::rules;
    use super::super::{MarkupLimits, markdown};

    #[test]
    fn marked_paragraphs_are_boxes_of_their_kind() {
        let render = |text: &str| {
            let rendered = markdown(text, &rules(), MarkupLimits::default());
            rendered.html.to_string()
        };
        for (text, class, shown) in [
            ("-> It is *new*.", "note", "<p>It is <em>new</em>.</p>"),
            (
                "~> **NOTE:** Careful.",
                "warning",
                "<p><strong>NOTE:</strong> Careful.</p>",
            ),
            (
                "!> It deletes\neverything.",
                "caution",
                "<p>It deletes\neverything.</p>",
            ),
        ] {
            let html = render(text);
            let class = format!("<div class=\"markdown-alert markdown-alert-{class}\">");
            assert!(html.contains(&class) && html.contains(shown), "{html}");
            assert!(!html.contains("&gt;"), "{html}");
        }
        for text in ["a -> b", "->b", "`-> a`", "~> 1.0", "x\n\n    -> a"] {
            let html = render(text);
            let is_box = html.contains("markdown-alert");
            assert_eq!(is_box, text == "~> 1.0", "{html}");
        }
    }
}
