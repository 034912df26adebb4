//! A lexer for JSON, with the comments that people write into it.

use super::super::cursor::Cursor;
use super::paint::{Class, Paint};

/// Paints JSON.
pub(super) fn paint<'a>(source: &'a str, paint: &mut Paint<'a>) {
    let mut cursor = Cursor::new(source);
    while let Some(next) = cursor.peek() {
        let (class, text) = match next {
            '"' => string(&mut cursor),
            '/' if cursor.rest().starts_with("//") => (Some(Class::Comment), cursor.take_line()),
            '/' if cursor.rest().starts_with("/*") => {
                (Some(Class::Comment), cursor.take_through("*/"))
            }
            '-' | '0'..='9' => (
                Some(Class::Number),
                cursor.take_while(|found| {
                    found.is_ascii_alphanumeric() || matches!(found, '.' | '+' | '-')
                }),
            ),
            letter if letter.is_alphabetic() => {
                let word = cursor.take_while(char::is_alphanumeric);
                let is_known = matches!(word, "true" | "false" | "null");
                (is_known.then_some(Class::Number), word)
            }
            sign if sign.is_ascii_punctuation() => (Some(Class::Punctuation), cursor.take_char()),
            _ => (None, cursor.take_char()),
        };
        paint.push(class, text);
    }
}

/// Takes a string and returns its class and text; a string before a colon is a key.
fn string<'a>(cursor: &mut Cursor<'a>) -> (Option<Class>, &'a str) {
    let start = *cursor;
    cursor.take_char();
    loop {
        cursor.take_while(|found| !matches!(found, '"' | '\\' | '\n'));
        match cursor.peek() {
            Some('\\') => {
                cursor.take_char();
                // A line break ends the string even after a backslash.
                if cursor.peek() != Some('\n') {
                    cursor.take_char();
                }
            }
            Some('"') => {
                cursor.take_char();
                break;
            }
            Some(_) | None => break,
        }
    }
    let text = start.up_to(cursor);
    let mut ahead = *cursor;
    ahead.take_while(|found| found.is_ascii_whitespace());
    let class = if ahead.rest().starts_with(':') {
        Class::Attribute
    } else {
        Class::String
    };
    (Some(class), text)
}
