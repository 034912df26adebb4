//! Cleans HTML by an allow-list: the wall between a stranger's text and our origin.
//!
//! Whatever the earlier steps did, only the elements and attributes of one table get through here.
//! None of them switches a browser's parser to other rules, so the tags that are printed are the
//! tags that a browser reads.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use ammonia::{Builder, UrlRelative};

use super::elements::{self, ELEMENTS};
use super::html::Html;
use super::links::{ID_PREFIX, LinkRules};

/// Cleans a fragment of HTML.
pub(super) fn cleaned(html: &str, links: &LinkRules) -> Html {
    let tags: HashSet<&str> = ELEMENTS.iter().map(|element| element.name).collect();
    let attributes: HashMap<&str, HashSet<&str>> = ELEMENTS
        .iter()
        .map(|element| (element.name, element.attributes.iter().copied().collect()))
        .collect();
    let checkbox = HashMap::from([("type", "checkbox"), ("disabled", "")]);
    let (file_base, raw_base) = (links.file_base.clone(), links.raw_base.clone());
    let clean = Builder::empty()
        .tags(tags)
        .tag_attributes(attributes)
        .generic_attributes(HashSet::from(["id"]))
        .set_tag_attribute_values(HashMap::from([("input", checkbox)]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .id_prefix(Some(ID_PREFIX))
        .attribute_filter(move |_, attribute, value| {
            let may_stay = match attribute {
                "id" => true,
                // A picture on another server would show that server who reads the page.
                "src" => value.starts_with(&raw_base),
                "href" => {
                    value.starts_with(&file_base) || value.starts_with('#') || is_absolute(value)
                }
                other => elements::is_allowed(other, value),
            };
            may_stay.then_some(Cow::Borrowed(value))
        })
        .clean(html);
    Html::vouched(without_first_breaks(&clean.to_string()))
}

/// Removes the line breaks that a `<pre>` begins with: a browser drops the first one, and a parser
/// may have moved a line break there from inside a table.
fn without_first_breaks(html: &str) -> String {
    let mut parts = html.split("<pre");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str("<pre");
        match part.split_once('>') {
            Some((attributes, content)) => {
                kept.push_str(attributes);
                kept.push('>');
                kept.push_str(content.trim_start_matches('\n'));
            }
            None => kept.push_str(part),
        }
    }
    kept
}

/// Returns whether an address has a scheme that is allowed.
fn is_absolute(address: &str) -> bool {
    ["http:", "https:", "mailto:"].iter().any(|scheme| {
        address
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

#[cfg(test)]
mod tests {
    use super::super::links::tests::rules;
    use super::*;

    fn clean(html: &str) -> String {
        cleaned(html, &rules()).to_string()
    }

    #[test]
    fn only_the_table_gets_through() {
        for (html, expected) in [
            ("<p onclick=x style=y class=z>a</p>", "<p>a</p>"),
            ("<a href=\"javascript:x\">a</a>", "<a>a</a>"),
            ("<a href=\"/logout\">a</a>", "<a>a</a>"),
            ("<img src=\"https://example.com/a.png\">", "<img>"),
            (
                "<span class=\"hl-k\">a</span>",
                "<span class=\"hl-k\">a</span>",
            ),
            ("<span class=\"hl-k modal\">a</span>", "<span>a</span>"),
            (
                "<b id=\"login\">a</b>",
                "<b id=\"user-content-login\">a</b>",
            ),
            ("<svg><a href=\"#x\"><p>b</svg>", "<p>b</p>"),
            ("<form action=\"/x\"><button>a</button></form>", "a"),
        ] {
            assert_eq!(clean(html), expected, "{html}");
        }
    }

    #[test]
    fn code_begins_without_a_line_break_wherever_it_came_from() {
        for (html, expected) in [
            ("<pre>\n\n\na\n</pre>\nb", "<pre>a\n</pre>\nb"),
            (
                "<pre><table>\n\n--&gt;</table></pre>",
                "<pre>--&gt;<table></table></pre>",
            ),
            ("<pre><b>\na</b></pre>", "<pre><b>\na</b></pre>"),
        ] {
            assert_eq!(clean(html), expected, "{html}");
            assert_eq!(clean(expected), expected, "{html}");
        }
    }

    #[test]
    fn an_input_is_a_dead_checkbox() {
        let html = clean("<input name=\"x\" type=\"text\" autofocus>");
        assert!(html.contains("type=\"checkbox\""), "{html}");
        assert!(html.contains("disabled"), "{html}");
        assert!(!html.contains("text"), "{html}");
    }
}
