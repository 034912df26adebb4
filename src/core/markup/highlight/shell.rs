//! A simple lexer for shell scripts and sessions.

use super::super::cursor::Cursor;
use super::paint::{Class, Paint};

/// The words of the language itself.
const KEYWORDS: &[&str] = &[
    "if", "then", "else", "elif", "fi", "for", "in", "do", "done", "while", "until", "case",
    "esac", "function", "return", "exit", "export", "local", "set", "source",
];

/// Paints shell.
pub(super) fn paint<'a>(source: &'a str, paint: &mut Paint<'a>) {
    let mut cursor = Cursor::new(source);
    let mut is_word_start = true;
    while let Some(next) = cursor.peek() {
        let (class, text) = match next {
            '#' if is_word_start => (Some(Class::Comment), cursor.take_line()),
            '\'' | '"' => (Some(Class::String), string(&mut cursor, next)),
            '$' => variable(&mut cursor),
            '\\' => (None, cursor.take("\\".len())),
            '-' if is_word_start => (
                Some(Class::Attribute),
                cursor.take_while(|found| found.is_ascii_alphanumeric() || found == '-'),
            ),
            letter if letter.is_alphanumeric() => {
                let word = cursor.take_while(|found| {
                    found.is_alphanumeric() || matches!(found, '_' | '-' | '.' | '/')
                });
                let class = if KEYWORDS.contains(&word) {
                    Some(Class::Keyword)
                } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
                    Some(Class::Number)
                } else {
                    None
                };
                (class.filter(|_| is_word_start), word)
            }
            '|' | '&' | ';' | '<' | '>' | '(' | ')' => {
                (Some(Class::Punctuation), cursor.take_char())
            }
            _ => (None, cursor.take_char()),
        };
        is_word_start = text.ends_with([' ', '\t', '\n', ';', '|', '&', '(']);
        paint.push(class, text);
    }
}

/// Takes a string up to its closing quote.
fn string<'a>(cursor: &mut Cursor<'a>, quote: char) -> &'a str {
    let start = *cursor;
    cursor.take_char();
    loop {
        cursor.take_while(|found| found != quote && found != '\\');
        let found = cursor.take_char();
        if found != "\\" {
            return start.up_to(cursor);
        }
        if quote == '"' {
            cursor.take_char();
        }
    }
}

/// Takes `$NAME`, `${NAME}` or a lone dollar.
fn variable<'a>(cursor: &mut Cursor<'a>) -> (Option<Class>, &'a str) {
    let start = *cursor;
    cursor.take_char();
    if cursor.take_str("{").is_some() {
        cursor.take_while(|found| found != '}' && found != '\n');
        cursor.take_str("}");
    } else {
        cursor.take_while(|found| found.is_ascii_alphanumeric() || found == '_');
    }
    let text = start.up_to(cursor);
    let class = (text.len() > 1).then_some(Class::Reference);
    (class, text)
}
