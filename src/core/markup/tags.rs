//! Splits HTML into tags and text, by the rules of a browser's tokenizer.
//!
//! It need not be right in every rare case: its output is cleaned by a real parser. But it must
//! take linear time. The tokenizer of that parser does not: it compares each attribute of a tag
//! with all before it. It also does not keep how a tag was written, which is shown where the tag is
//! a word.

use std::borrow::Cow;

use super::cursor::Cursor;

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text with character references.
    Text(&'a str),
    /// Text that looks like markup and is not.
    Literal(&'a str),
    /// A start tag.
    Start(Tag<'a>),
    /// An end tag's name in lower case.
    End(String),
}

/// A start tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// The name in lower case.
    pub(super) name: String,
    /// Names in lower case and decoded values; the first of each name counts.
    pub(super) attributes: Vec<(String, String)>,
    /// The tag as its author wrote it.
    pub(super) source: &'a str,
}

impl Tag<'_> {
    /// Returns the value of an attribute; `None` if the tag does not have it.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(key, _)| key == name)?;
        Some(value)
    }
}

/// The most attributes that are kept of one tag.
const MAX_ATTRIBUTES: usize = 16;

/// An iterator over the pieces of HTML; comments and declarations are left out.
pub(super) struct Pieces<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Pieces<'a> {
    /// Makes an iterator that starts at the beginning of a fragment.
    pub(super) fn new(html: &'a str) -> Self {
        Self {
            cursor: Cursor::new(html),
        }
    }

    /// Skips to the end tag of an element whose content is not HTML; returns false if there is
    /// none.
    pub(super) fn skip_content(&mut self, name: &str) -> bool {
        let mut ahead = self.cursor;
        while !ahead.is_done() {
            ahead.take_while(|character| character != '<');
            let is_end = ahead
                .rest()
                .get(2..name.len().saturating_add(2))
                .is_some_and(|found| found.eq_ignore_ascii_case(name));
            if is_end && ahead.rest().starts_with("</") {
                self.cursor = ahead;
                return true;
            }
            ahead.take_char();
        }
        false
    }

    /// Reads a tag whose name begins here; `None` if it has no end.
    fn tag(&mut self, start: &Cursor<'a>) -> Option<Tag<'a>> {
        let ends_name =
            |character: char| character.is_ascii_whitespace() || matches!(character, '/' | '>');
        let name = self
            .cursor
            .take_while(|character| !ends_name(character))
            .to_ascii_lowercase();
        let mut attributes: Vec<(String, String)> = Vec::new();
        loop {
            self.cursor
                .take_while(|character| character.is_ascii_whitespace() || character == '/');
            if self.cursor.is_done() {
                return None;
            }
            if self.cursor.take_str(">").is_some() {
                let source = start.up_to(&self.cursor);
                return Some(Tag {
                    name,
                    attributes,
                    source,
                });
            }
            let (key, value) = self.attribute();
            let is_new = attributes.len() < MAX_ATTRIBUTES
                && attributes.iter().all(|(known, _)| *known != key);
            if is_new {
                attributes.push((key, value));
            }
        }
    }

    /// Reads one attribute.
    fn attribute(&mut self) -> (String, String) {
        let start = self.cursor;
        // An equals sign at the beginning belongs to the name.
        self.cursor.take_str("=");
        self.cursor.take_while(|character| {
            !character.is_ascii_whitespace() && !matches!(character, '/' | '>' | '=')
        });
        let key = start.up_to(&self.cursor).to_ascii_lowercase();
        self.cursor
            .take_while(|character| character.is_ascii_whitespace());
        if self.cursor.take_str("=").is_none() {
            return (key, String::new());
        }
        self.cursor
            .take_while(|character| character.is_ascii_whitespace());
        let value = match self.cursor.peek() {
            Some(quote @ ('"' | '\'')) => {
                self.cursor.take_char();
                let value = self.cursor.take_while(|character| character != quote);
                self.cursor.take_char();
                value
            }
            Some(_) | None => self
                .cursor
                .take_while(|character| !character.is_ascii_whitespace() && character != '>'),
        };
        (key, decoded(value))
    }

    /// Skips a comment or declaration.
    fn skip_comment(&mut self) {
        if self.cursor.take_str("<!--").is_none() {
            self.cursor.take_through(">");
            return;
        }
        let is_empty = self.cursor.take_str(">").is_some() || self.cursor.take_str("->").is_some();
        if is_empty {
            return;
        }
        while !self.cursor.is_done() {
            self.cursor.take_through("--");
            self.cursor.take_while(|character| character == '-');
            self.cursor.take_str("!");
            if self.cursor.take_str(">").is_some() {
                return;
            }
        }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.cursor.is_done() {
                return None;
            }
            let text = self.cursor.take_while(|character| character != '<');
            if !text.is_empty() {
                return Some(Piece::Text(text));
            }
            let start = self.cursor;
            let mut after = start.rest().chars().skip(1);
            let (first, second) = (after.next(), after.next());
            let is_letter = |found: Option<char>| found.is_some_and(|c| c.is_ascii_alphabetic());
            if is_letter(first) {
                self.cursor.take_char();
                return Some(match self.tag(&start) {
                    Some(tag) => Piece::Start(tag),
                    None => Piece::Literal(start.rest()),
                });
            }
            if first == Some('/') && is_letter(second) {
                self.cursor.take(2);
                return Some(match self.tag(&start) {
                    Some(tag) => Piece::End(tag.name),
                    None => Piece::Literal(start.rest()),
                });
            }
            if matches!(first, Some('!' | '?' | '/')) {
                self.skip_comment();
                continue;
            }
            return Some(Piece::Literal(self.cursor.take_char()));
        }
    }
}

/// Replaces the character references that occur in practice; others stay as they are.
pub(super) fn decoded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let reference = after
            .char_indices()
            .take(10)
            .find(|(_, character)| *character == ';')
            .and_then(|(end, _)| after.split_at_checked(end))
            .and_then(|(name, after)| Some((character(name)?, after.strip_prefix(';')?)));
        if let Some((character, after)) = reference {
            plain.push(character);
            rest = after;
        } else {
            plain.push('&');
            rest = after;
        }
    }
    plain.push_str(rest);
    plain
}

/// Returns whether a text begins with a named character reference, after its ampersand.
fn is_named(after: &str) -> bool {
    let name: &str = after
        .split(|found: char| !found.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default();
    (1..=31).contains(&name.len())
        && after
            .get(name.len()..)
            .is_some_and(|rest| rest.starts_with(';'))
}

/// Writes the usual references as numbers, and an ampersand that begins no reference as one.
pub(super) fn numbered(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut html = String::with_capacity(text.len());
    for (index, part) in text.split('&').enumerate() {
        if index == 0 {
            html.push_str(part);
            continue;
        }
        let usual = part
            .split_once(';')
            .and_then(|(name, after)| Some((character(name)?, after)));
        if let Some((character, after)) = usual {
            html.push_str("&#");
            html.push_str(&u32::from(character).to_string());
            html.push(';');
            html.push_str(after);
        } else {
            html.push_str(if is_named(part) { "&" } else { "&#38;" });
            html.push_str(part);
        }
    }
    Cow::Owned(html)
}

/// Returns the character that a reference stands for.
fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32);
    }
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(html: &str) -> Vec<String> {
        Pieces::new(html)
            .map(|piece| match piece {
                Piece::Text(text) | Piece::Literal(text) => text.to_owned(),
                Piece::Start(tag) => format!("<{}{:?}>", tag.name, tag.attributes),
                Piece::End(name) => format!("</{name}>"),
            })
            .collect()
    }

    #[test]
    fn tags_are_split_as_a_browser_does() {
        assert_eq!(
            names("a<IMG src=x ALT='a>b'title=\"&lt;\"/>b</P x='>'>"),
            [
                "a",
                r#"<img[("src", "x"), ("alt", "a>b"), ("title", "<")]>"#,
                "b",
                "</p>"
            ]
        );
        assert_eq!(names("<a b b=2 =c=d>"), [r#"<a[("b", ""), ("=c", "d")]>"#]);
        assert_eq!(names("1 < 2 <"), ["1 ", "<", " 2 ", "<"]);
        assert_eq!(names("x<a title=\"y"), ["x", "<a title=\"y"]);
    }

    #[test]
    fn comments_end_where_a_browser_ends_them() {
        assert_eq!(names("a<!-- <b> -- -->c"), ["a", "c"]);
        assert_eq!(names("a<!-->c<!--->d<!--e--!>f"), ["a", "c", "d", "f"]);
        assert_eq!(
            names("a<!doctype x>b<?php ?>c</>d<![CDATA[x]]>e"),
            ["a", "b", "c", "d", "e"]
        );
        assert_eq!(names("a<!-- b"), ["a"]);
    }

    #[test]
    fn references_become_numbers() {
        assert_eq!(
            numbered("a &lt;&amp;amp; && &copy; &#x41;"),
            "a &#60;&#38;amp; &#38;&#38; &copy; &#65;"
        );
    }

    #[test]
    fn references_are_decoded_once() {
        assert_eq!(
            decoded("&amp;lt; &#106;&#x6A; &x; & &unknown"),
            "&lt; jj &x; & &unknown"
        );
    }
}
