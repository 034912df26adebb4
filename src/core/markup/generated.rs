//! Folds the tables that a program wrote into a README: they repeat what our own tabs show, and
//! are often longer than everything that people wrote.
//!
//! Such a part stands between comments. `terraform-docs` and its older hooks have comments of their
//! own; others stand between those of a linter, and are known by their headings.

use comrak::Arena;
use comrak::nodes::{AstNode, NodeValue};

use super::html::html_block;

/// The text of a folded part's summary.
pub(super) const SUMMARY: &str = "Generated tables, also shown in the tabs";

/// The headings that `terraform-docs` writes.
const HEADINGS: [&str; 6] = [
    "requirements",
    "providers",
    "modules",
    "resources",
    "inputs",
    "outputs",
];

/// What a comment begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marker {
    /// A part that a generator wrote.
    BeginGenerated,
    EndGenerated,
    /// A part that a linter does not read, as tables of a generator.
    BeginUnread,
    EndUnread,
}

/// Puts each generated part of a document into an element that folds it.
pub(super) fn fold<'a>(arena: &'a Arena<'a>, root: &'a AstNode<'a>) {
    let mut open: Option<(Marker, &'a AstNode<'a>)> = None;
    let mut parts = Vec::new();
    for node in root.children() {
        let marker = if let NodeValue::HtmlBlock(block) = &node.data().value {
            marker(&block.literal)
        } else {
            None
        };
        match (marker, open) {
            (Some(begin @ (Marker::BeginGenerated | Marker::BeginUnread)), _) => {
                let is_inside = matches!(open, Some((Marker::BeginGenerated, _)));
                if !is_inside {
                    open = Some((begin, node));
                }
            }
            (Some(Marker::EndGenerated), Some((Marker::BeginGenerated, begin)))
            | (Some(Marker::EndUnread), Some((Marker::BeginUnread, begin))) => {
                parts.push((open.map(|(marker, _)| marker), begin, node));
                open = None;
            }
            _ => {}
        }
    }
    for (marker, begin, end) in parts {
        let inside = || {
            begin
                .following_siblings()
                .skip(1)
                .take_while(move |node| !node.same_node(end))
        };
        let first = inside().find(|node| is_generated_heading(node));
        let has = |name: &str| inside().any(|node| heading(node).as_deref() == Some(name));
        let only_generated =
            inside().all(|node| heading(node).is_none() || is_generated_heading(node));
        let is_table = has("inputs") && has("outputs") && only_generated;
        if marker == Some(Marker::BeginUnread) && !is_table {
            continue;
        }
        // A generator may also write the text that comes before its tables.
        let Some(first) = first.or_else(|| inside().next()) else {
            continue;
        };
        let start = format!("<details><summary>{SUMMARY}</summary>\n");
        first.insert_before(html_block(arena, start));
        end.insert_before(html_block(arena, "</details>\n".to_owned()));
    }
}

/// Returns what a comment marks; `None` for other comments and HTML.
fn marker(html: &str) -> Option<Marker> {
    let comment = html.trim_start().strip_prefix("<!--")?;
    let comment = comment.split_once("-->").map_or(comment, |(text, _)| text);
    let letters: String = comment
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|found| found.to_ascii_uppercase())
        .take(80)
        .collect();
    let is_generator = letters.contains("TFDOC") || letters.contains("TERRAFORMDOC");
    match letters.as_str() {
        "MARKDOWNLINTDISABLE" => Some(Marker::BeginUnread),
        "MARKDOWNLINTRESTORE" | "MARKDOWNLINTENABLE" => Some(Marker::EndUnread),
        text if is_generator && text.starts_with("BEGIN") => Some(Marker::BeginGenerated),
        text if is_generator && text.starts_with("END") => Some(Marker::EndGenerated),
        _ => None,
    }
}

fn is_generated_heading<'a>(node: &'a AstNode<'a>) -> bool {
    heading(node).is_some_and(|text| HEADINGS.contains(&text.as_str()))
}

/// Returns the text of a heading in lower case; `None` for other nodes.
fn heading<'a>(node: &'a AstNode<'a>) -> Option<String> {
    if !matches!(node.data().value, NodeValue::Heading(_)) {
        return None;
    }
    let mut text = String::new();
    for inside in node.descendants() {
        if let NodeValue::Text(part) = &inside.data().value {
            text.push_str(part);
        }
    }
    Some(text.trim().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::super::links::tests::rules;
    use super::super::{MarkupLimits, markdown};
    use super::SUMMARY;

    fn render(text: &str) -> String {
        let rendered = markdown(text, &rules(), MarkupLimits::default());
        rendered.html.to_string()
    }

    /// Returns what is folded, and what is left beside it.
    fn folded(text: &str) -> Option<(String, String)> {
        let html = render(text);
        let (before, rest) = html.split_once("<details>")?;
        let (inside, after) = rest.split_once("</details>")?;
        let inside = inside.strip_prefix(&format!("<summary>{SUMMARY}</summary>"))?;
        Some((inside.to_owned(), format!("{before}{after}")))
    }

    #[test]
    fn tables_of_generators_are_folded() {
        for (begin, end) in [
            ("<!-- BEGIN_TF_DOCS -->", "<!-- END_TF_DOCS -->"),
            (
                "<!-- BEGINNING OF PRE-COMMIT-TERRAFORM DOCS HOOK -->",
                "<!-- END OF PRE-COMMIT-TERRAFORM DOCS HOOK -->",
            ),
            ("<!--- BEGIN_TF_DOCS --->", "<!--- END_TF_DOCS --->"),
            ("<!-- BEGIN TFDOC -->", "<!-- END TFDOC -->"),
            (
                "<!-- begin-terraform-docs -->",
                "<!-- end-terraform-docs -->",
            ),
            (
                "<!-- markdownlint-disable -->",
                "<!-- markdownlint-restore -->",
            ),
        ] {
            let text = format!(
                "# A\n\nmine\n\n{begin}\n## Inputs\n\n| Name |\n|---|\n| x |\n\n## Outputs\n\n\
                 none\n{end}\n\n## License\n\nalso mine\n"
            );
            let (inside, beside) = folded(&text).unwrap_or_else(|| panic!("{begin}"));
            assert!(
                inside.contains("Inputs") && inside.contains("none"),
                "{inside}"
            );
            assert!(
                beside.contains("mine") && beside.contains("License"),
                "{beside}"
            );
            assert!(!beside.contains("Inputs"), "{beside}");
        }
    }

    #[test]
    fn what_people_wrote_stays_open() {
        for text in [
            "<!-- BEGIN_TF_DOCS -->\n## Inputs\n\nwithout an end\n",
            "<!-- markdownlint-disable -->\n## Usage\n\n## Inputs\n\n## Outputs\n<!-- markdownlint-restore -->\n",
            "<!-- BEGIN_TF_DOCS -->\n<!-- END_TF_DOCS -->\n",
            "<!-- END_TF_DOCS -->\n## Inputs\n<!-- BEGIN_TF_DOCS -->\n",
            "<!-- a comment -->\n## Inputs\n<!-- another -->\n",
        ] {
            assert_eq!(folded(text), None, "{text}");
        }
        let text =
            "<!-- BEGIN_TF_DOCS -->\n# Title\n\nmine\n\n## Inputs\n\nx\n<!-- END_TF_DOCS -->\n";
        let (_, beside) = folded(text).expect("it is folded");
        assert!(beside.contains("mine"), "{beside}");
    }
}
