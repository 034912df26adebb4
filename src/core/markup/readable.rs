//! The text of a README as readers see it, for searching: without Markdown, HTML and badges.

use super::generated::SUMMARY;
use super::links::LinkRules;
use super::markdown::{MarkupLimits, shaped_markdown};
use super::tags::{Piece, Pieces, decoded};

/// Elements that are part of a line of text; all others begin a line of their own.
const IN_LINES: [&str; 22] = [
    "a", "abbr", "b", "code", "del", "em", "i", "img", "ins", "kbd", "mark", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "u", "var", "input",
];

/// Returns the text that readers of a Markdown text see; a text beyond the limits stays as it is.
pub fn readable(text: &str, limits: MarkupLimits) -> String {
    let links = LinkRules::default();
    let Some(shaped) = shaped_markdown(text, &links, limits) else {
        return text.to_owned();
    };
    let mut plain = String::with_capacity(shaped.html.len());
    for piece in Pieces::new(&shaped.html) {
        match piece {
            Piece::Text(text) if text == SUMMARY => {}
            Piece::Text(text) => plain.push_str(&decoded(text)),
            Piece::Literal(text) => plain.push_str(text),
            Piece::Start(tag) => end_line(&mut plain, &tag.name),
            Piece::End(name) => end_line(&mut plain, &name),
        }
    }
    plain.trim().to_owned()
}

/// Ends the line before and after an element that is no part of one.
fn end_line(plain: &mut String, name: &str) {
    if name == "td" || name == "th" {
        plain.push(' ');
    } else if !IN_LINES.contains(&name) && !plain.is_empty() && !plain.ends_with('\n') {
        plain.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_markdown_is_left() {
        let text = "# The [VPC](https://x.example) module\n\n\
            [![Build](https://img.shields.io/github/x.svg)](https://github.com/x)\n\n\
            It **makes** `subnets` &amp; *routes*.\n\n- one\n- two\n\n\
            | a | b |\n|---|---|\n| c | d |\n\n<!-- a comment -->\n<p align=\"center\">end</p>\n";
        let plain = readable(text, MarkupLimits::default());
        assert_eq!(
            plain.split_whitespace().collect::<Vec<_>>().join(" "),
            "The VPC module It makes subnets & routes. one two a b c d end"
        );
    }

    #[test]
    fn folded_tables_are_searched_and_their_summary_is_not() {
        let text = "# A\n\n<!-- BEGIN_TF_DOCS -->\n## Inputs\n\n| Name |\n|---|\n| cidr |\n\
            <!-- END_TF_DOCS -->\n";
        let plain = readable(text, MarkupLimits::default());
        assert!(
            plain.contains("cidr") && !plain.contains("Generated"),
            "{plain}"
        );
    }
}
