//! One line of a stranger's text, in which names between backticks are code.
//!
//! Descriptions of inputs, outputs and modules are written so. They are no Markdown: nothing else
//! in them has a meaning.

use super::highlight::{Language, highlight};
use super::html::{Html, push_escaped};

/// The most backticks that can begin code; longer runs of backticks are plain text.
const LONGEST_MARK: usize = 3;

/// Returns a text as HTML: what stands between backticks becomes code, the rest stays as it is.
pub fn inline(text: &str) -> Html {
    let mut html = String::with_capacity(text.len());
    let mut rest = text;
    // Runs of these lengths are known to have no partner in the rest of the text.
    let mut alone = [false; LONGEST_MARK];
    while let Some(start) = rest.find('`') {
        let (before, from_mark) = rest.split_at(start);
        push_escaped(&mut html, before);
        let length = mark_length(from_mark);
        let (mark, after) = from_mark.split_at(length);
        let alone = alone.get_mut(length.saturating_sub(1));
        let code = alone.filter(|alone| !**alone).and_then(|alone| {
            let end = partner(after, length);
            *alone = end.is_none();
            after.split_at_checked(end?)
        });
        if let Some((code, after)) = code {
            html.push_str("<code>");
            html.push_str(highlight(Language::Plain, trimmed(code)).as_str());
            html.push_str("</code>");
            rest = after.get(length..).unwrap_or_default();
        } else {
            push_escaped(&mut html, mark);
            rest = after;
        }
    }
    push_escaped(&mut html, rest);
    Html::vouched(html)
}

/// Returns how many backticks a text begins with.
fn mark_length(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b'`').count()
}

/// Returns where the next run of exactly this many backticks begins.
fn partner(text: &str, length: usize) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        let start = at.saturating_add(rest.find('`')?);
        let found = mark_length(text.get(start..)?);
        if found == length {
            return Some(start);
        }
        at = start.saturating_add(found);
    }
}

/// Returns code without the spaces that keep a backtick in it apart from its delimiter.
fn trimmed(code: &str) -> &str {
    let inside = code
        .strip_prefix(' ')
        .and_then(|code| code.strip_suffix(' '));
    inside
        .filter(|inside| !inside.trim().is_empty())
        .unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_stands_between_backticks_is_code() {
        for (text, expected) in [
            ("", ""),
            ("a `b` c", "a <code>b</code> c"),
            ("`a` or `b`", "<code>a</code> or <code>b</code>"),
            ("`` a`b ``", "<code>a`b</code>"),
            ("` `", "<code> </code>"),
            ("a ` b", "a ` b"),
            ("`a``b", "`a``b"),
            ("```a`b`", "```a<code>b</code>"),
            ("<b>`<i>`&", "&#60;b&#62;<code>&lt;i&gt;</code>&#38;"),
            ("**a** [b](javascript:c)", "**a** [b](javascript:c)"),
        ] {
            let html = inline(text).to_string();
            let html = html.replace("&#60;i&#62;", "&lt;i&gt;");
            assert_eq!(html, expected, "{text}");
        }
        let hidden = inline("`a\u{202e}b`").to_string();
        assert!(hidden.contains("U+202E"), "{hidden}");
    }

    #[test]
    fn t12_many_marks_without_a_partner_end_soon() {
        let mut text = String::new();
        for length in 1..1500 {
            text.push_str(&"`".repeat(length));
            text.push(' ');
        }
        let started = std::time::Instant::now();
        assert_eq!(inline(&text).as_str(), text);
        assert!(started.elapsed().as_secs() < 5);
    }

    proptest! {
        #[test]
        fn no_text_becomes_another_element(text in "[`<>&\" a/]{0,60}") {
            let html = inline(&text).to_string();
            let rest = html.replace("<code>", "").replace("</code>", "");
            prop_assert!(!rest.contains(['<', '>', '"']), "{}", html);
            prop_assert_eq!(html.matches("<code>").count(), html.matches("</code>").count());
        }
    }
}
