//! A simple lexer for YAML, line by line.

use super::super::cursor::Cursor;
use super::paint::{Class, Paint};

/// Paints YAML.
pub(super) fn paint<'a>(source: &'a str, paint: &mut Paint<'a>) {
    for line in source.split_inclusive('\n') {
        let mut cursor = Cursor::new(line);
        let indent = cursor.take_while(|found| found == ' ' || found == '\t');
        paint.push(None, indent);
        while cursor.rest().starts_with("- ") {
            let dash = cursor.take(1);
            paint.push(Some(Class::Punctuation), dash);
            let blank = cursor.take_while(|found| found == ' ');
            paint.push(None, blank);
        }
        key(&mut cursor, paint);
        value(&mut cursor, paint);
    }
}

/// Paints a key with its colon, if the line has one.
fn key<'a>(cursor: &mut Cursor<'a>, paint: &mut Paint<'a>) {
    let mut ahead = *cursor;
    let key = ahead.take_while(|found| {
        found.is_alphanumeric() || matches!(found, '_' | '-' | '.' | '/' | '$')
    });
    let mut after = ahead.rest().chars();
    let is_key = after.next() == Some(':') && after.next().is_none_or(char::is_whitespace);
    if is_key && !key.is_empty() {
        *cursor = ahead;
        paint.push(Some(Class::Attribute), key);
        let colon = cursor.take_char();
        paint.push(Some(Class::Punctuation), colon);
    }
}

/// Paints the rest of a line.
fn value<'a>(cursor: &mut Cursor<'a>, paint: &mut Paint<'a>) {
    let mut is_word_start = true;
    while let Some(next) = cursor.peek() {
        let (class, text) = match next {
            '#' if is_word_start => (Some(Class::Comment), cursor.take_line()),
            '"' | '\'' if is_word_start => (Some(Class::String), string(cursor, next)),
            '&' | '*' if is_word_start => (
                Some(Class::Reference),
                cursor.take_while(|found| !found.is_whitespace()),
            ),
            '{' | '}' | '[' | ']' | ',' | '|' | '>' => {
                (Some(Class::Punctuation), cursor.take_char())
            }
            letter if letter.is_alphanumeric() => {
                let word = cursor.take_while(|found| {
                    found.is_alphanumeric() || matches!(found, '_' | '-' | '.')
                });
                let is_constant = matches!(word, "true" | "false" | "null" | "yes" | "no")
                    || word.parse::<f64>().is_ok_and(f64::is_finite);
                (is_constant.then_some(Class::Number), word)
            }
            _ => (None, cursor.take_char()),
        };
        is_word_start = text.ends_with([' ', '\t', '[', '{', ',']);
        paint.push(class, text);
    }
}

/// Takes a string up to its closing quote or the end of the line.
fn string<'a>(cursor: &mut Cursor<'a>, quote: char) -> &'a str {
    let start = *cursor;
    cursor.take_char();
    loop {
        cursor.take_while(|found| found != quote && !matches!(found, '\\' | '\n'));
        let is_escaped = quote == '"' && cursor.peek() == Some('\\');
        if is_escaped {
            cursor.take_char();
        }
        if cursor.peek() != Some('\n') {
            let last = cursor.take_char();
            if !is_escaped && last == "\\" {
                continue;
            }
        }
        if !is_escaped || cursor.is_done() {
            return start.up_to(cursor);
        }
    }
}
