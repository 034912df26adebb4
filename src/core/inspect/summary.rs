//! Extracts the first sentence of a README as plain text, for modules without a description.

/// The most characters of a summary.
const LENGTH: usize = 200;

/// The bytes of a paragraph that are read.
const PARAGRAPH: usize = 4096;

/// Abbreviations, whose dots do not end a sentence.
const ABBREVIATIONS: [&str; 6] = ["e.g.", "i.e.", "etc.", "vs.", "cf.", "approx."];

/// Returns the first sentence of prose in a Markdown text; `None` if there is no prose.
pub fn summary(readme: &str) -> Option<String> {
    let mut paragraph = String::new();
    let mut fence: Option<&str> = None;
    for line in without_comments(without_front_matter(readme))
        .lines()
        .chain([""])
    {
        let bare = line.trim();
        if let Some(mark) = fence {
            if bare.starts_with(mark) {
                fence = None;
            }
            continue;
        }
        fence = ["```", "~~~"]
            .into_iter()
            .find(|mark| bare.starts_with(mark));
        let is_underline = !bare.is_empty() && bare.chars().all(|c| matches!(c, '=' | '-'));
        if is_underline && !paragraph.is_empty() {
            // The text above this line is a heading.
            paragraph.clear();
        } else if fence.is_some() || bare.is_empty() || begins_no_prose(line) {
            if let Some(sentence) = sentence(&plain(&paragraph)) {
                return Some(sentence);
            }
            paragraph.clear();
        } else {
            // The paragraph is limited, because it is searched for links.
            let left = PARAGRAPH.saturating_sub(paragraph.len());
            paragraph.extend(bare.chars().take(left));
            paragraph.push(' ');
        }
    }
    None
}

fn without_front_matter(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = text.split_inclusive('\n');
    let mut length = lines.next().map_or(0, str::len);
    if text.get(..length).unwrap_or_default().trim_end() != "---" {
        return text;
    }
    for line in lines {
        length += line.len();
        if line.trim_end() == "---" {
            return text.get(length..).unwrap_or_default();
        }
    }
    text
}

fn without_comments(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

/// Returns whether a line is or begins a heading, list, table, quote, HTML, code or link
/// definition.
fn begins_no_prose(line: &str) -> bool {
    let bare = line.trim();
    let after_number = bare.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = after_number.len() < bare.len()
        && [". ", ") "]
            .iter()
            .any(|mark| after_number.starts_with(mark));
    let is_list = ["- ", "* ", "+ "].iter().any(|mark| bare.starts_with(mark));
    let is_definition = bare.starts_with('[') && bare.contains("]: ");
    let is_markup = bare.starts_with(['#', '|', '>', '<']);
    let is_code = line.starts_with("    ") || line.starts_with('\t');
    is_numbered || is_list || is_definition || is_markup || is_code
}

/// Returns Markdown as plain text: images are removed, and links are replaced by their text.
fn plain(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        rest = match first {
            '!' if after.starts_with('[') => past_link(after).unwrap_or(after),
            '[' => match link(rest) {
                Some((label, after)) => {
                    // An image as the label of a link leaves nothing.
                    if !label.starts_with("![") {
                        text.push_str(&plain_label(label));
                    }
                    after
                }
                None => after,
            },
            '<' => match after.split_once('>') {
                Some((tag, after)) if !tag.starts_with(' ') => {
                    if tag.starts_with("http") {
                        text.push_str(tag);
                    }
                    after
                }
                _ => {
                    text.push(first);
                    after
                }
            },
            '*' | '`' => after,
            '_' if !text.ends_with(char::is_alphanumeric)
                || !after.starts_with(char::is_alphanumeric) =>
            {
                after
            }
            '\\' => match after.chars().next() {
                Some(escaped) if escaped.is_ascii_punctuation() => {
                    text.push(escaped);
                    after.get(escaped.len_utf8()..).unwrap_or_default()
                }
                _ => after,
            },
            _ => {
                text.push(first);
                after
            }
        };
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .join(" ")
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

fn plain_label(label: &str) -> String {
    label.replace(['*', '`'], "")
}

/// Returns the label of the link at the start of `text`, and the text after the link.
fn link(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let end = text.char_indices().find_map(|(at, c)| {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (depth == 0).then_some(at)
    })?;
    let label = text.get(1..end)?;
    let after = text.get(end + 1..)?;
    for (open, close) in [("(", ')'), ("[", ']')] {
        if let Some(target) = after.strip_prefix(open) {
            return Some((label, target.split_once(close)?.1));
        }
    }
    Some((label, after))
}

fn past_link(text: &str) -> Option<&str> {
    link(text).map(|(_, after)| after)
}

/// Returns the first sentence of a paragraph, cut off after a word if it is long.
fn sentence(text: &str) -> Option<String> {
    // Badges and links alone leave only a word or two, which mean nothing.
    if text
        .split(' ')
        .filter(|word| word.chars().any(char::is_alphabetic))
        .count()
        < 3
    {
        return None;
    }
    let mut end = text.len();
    for (at, mark) in text.match_indices(['.', '!', '?']) {
        let upto = at + mark.len();
        let rest = text.get(upto..).unwrap_or_default();
        let sentence = text.get(..upto).unwrap_or_default();
        let begins_next = rest.is_empty()
            || (rest.starts_with(' ') && !rest.trim_start().starts_with(char::is_lowercase));
        let is_abbreviated = ABBREVIATIONS.iter().any(|word| sentence.ends_with(word));
        if begins_next && !is_abbreviated {
            end = upto;
            break;
        }
    }
    let sentence = text.get(..end).unwrap_or(text);
    let Some((cut, _)) = sentence.char_indices().nth(LENGTH) else {
        return Some(sentence.to_owned());
    };
    let head = sentence.get(..cut).unwrap_or_default();
    let head = head.rsplit_once(' ').map_or(head, |(words, _)| words);
    Some(format!(
        "{}…",
        head.trim_end_matches([',', ';', ':', '.', ' '])
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sentence_of_prose_is_found() {
        let readme = "---\ntitle: x\n---\n<!-- a\n\nb c d -->\n# AWS VPC module\n\n[![Badge](a.svg)](b) ![x y z](c)\n\nA title of words\n===\n\n- a list of words\n\n| a | b | c |\n\n```hcl\nno prose in here\n```\n\nTerraform module which *creates* [VPC `resources`](https://x.y) on <b>AWS</b>, e.g. subnet_ids\nand more. The second.";
        let expected =
            "Terraform module which creates VPC resources on AWS, e.g. subnet_ids and more.";
        assert_eq!(summary(readme).as_deref(), Some(expected));
        for nothing in [
            "",
            "# Title only here\n",
            "[a b c d](x)\n```\na b c d",
            "    code in four words",
            "<!-- a b c d",
        ] {
            let found = summary(nothing);
            assert!(found.is_none() || nothing.starts_with("[a"), "{found:?}");
        }
    }

    #[test]
    fn long_sentences_are_cut_at_a_word() {
        let found = summary(&"wörd ".repeat(100)).expect("is prose");
        assert!(
            found.chars().count() <= LENGTH + 1 && found.ends_with("wörd…"),
            "{found}"
        );
        let hostile = "[".repeat(500_000);
        assert_eq!(summary(&hostile), None);
    }
}
