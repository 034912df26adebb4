//! A lexer for HCL: blocks, attributes, and strings in which templates nest.
//!
//! It keeps its own stack, so nesting is bounded by memory and not by the call stack.

use super::super::cursor::Cursor;
use super::paint::{Class, Paint};

/// A construct that the lexer is inside of.
#[derive(Debug, Clone, Copy)]
enum Frame<'a> {
    /// `{`: a body or an object.
    Brace,
    /// `(` or `[`.
    Bracket,
    /// `${` or `%{`.
    Template,
    /// A quoted string, painted in that class.
    Quoted(Class),
    /// A heredoc that ends with a line that consists of this word.
    Heredoc(&'a str),
}

/// The place in the syntax where the next word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    /// At the beginning of an attribute or block.
    Statement,
    /// Between the type of a block and its brace.
    Header,
    /// In an expression.
    Expression,
}

/// Paints HCL.
pub(super) fn paint<'a>(source: &'a str, paint: &mut Paint<'a>) {
    let mut lexer = Lexer {
        cursor: Cursor::new(source),
        paint,
        frames: Vec::new(),
        position: Position::Statement,
        heredoc: None,
        is_line_whole: false,
    };
    while !lexer.cursor.is_done() {
        match lexer.frames.last().copied() {
            Some(Frame::Quoted(class)) => lexer.quoted(class),
            Some(Frame::Heredoc(word)) => lexer.heredoc(word),
            Some(Frame::Brace | Frame::Bracket | Frame::Template) | None => lexer.code(),
        }
    }
}

/// A lexer for HCL, with its position and stack.
struct Lexer<'a, 'p> {
    cursor: Cursor<'a>,
    paint: &'p mut Paint<'a>,
    frames: Vec<Frame<'a>>,
    position: Position,
    /// The end word of a heredoc that begins with the next line; `None` otherwise.
    heredoc: Option<&'a str>,
    /// Whether the next piece of a heredoc starts a line, so that it may be the last line.
    is_line_whole: bool,
}

impl<'a> Lexer<'a, '_> {
    /// Paints one token outside strings.
    fn code(&mut self) {
        let Some(next) = self.cursor.peek() else {
            return;
        };
        let rest = self.cursor.rest();
        match next {
            '\n' => self.line_break(),
            ' ' | '\t' | '\r' => {
                let blank = self
                    .cursor
                    .take_while(|found| matches!(found, ' ' | '\t' | '\r'));
                self.paint.push(None, blank);
            }
            '#' => self.comment(),
            '/' if rest.starts_with("//") => self.comment(),
            '/' if rest.starts_with("/*") => {
                let comment = self.cursor.take_through("*/");
                self.paint.push(Some(Class::Comment), comment);
            }
            '"' => {
                let class = match self.position {
                    Position::Header => Class::Label,
                    Position::Statement => Class::Attribute,
                    Position::Expression => Class::String,
                };
                // A quoted key of an object is painted like an attribute; any other string like a
                // string.
                let class = if class == Class::Attribute && !self.is_quoted_key() {
                    Class::String
                } else {
                    class
                };
                self.push_frame(Some(class), 1, Frame::Quoted(class));
            }
            '<' if rest.starts_with("<<") => self.heredoc_start(),
            '0'..='9' => {
                let number = self
                    .cursor
                    .take_while(|found| found.is_ascii_alphanumeric() || found == '.');
                self.paint.push(Some(Class::Number), number);
                self.position = Position::Expression;
            }
            letter if is_word_start(letter) => self.word(),
            _ => self.punctuation(next),
        }
    }

    fn line_break(&mut self) {
        let line_break = self.cursor.take_char();
        self.paint.push(None, line_break);
        if let Some(word) = self.heredoc.take() {
            self.frames.push(Frame::Heredoc(word));
            self.is_line_whole = true;
            return;
        }
        if matches!(self.frames.last(), None | Some(Frame::Brace)) {
            self.position = Position::Statement;
        }
    }

    fn comment(&mut self) {
        let comment = self.cursor.take_line();
        self.paint.push(Some(Class::Comment), comment);
    }

    fn punctuation(&mut self, next: char) {
        match next {
            '{' => {
                self.push_frame(Some(Class::Punctuation), 1, Frame::Brace);
                self.position = Position::Statement;
                return;
            }
            '(' | '[' => {
                self.push_frame(Some(Class::Punctuation), 1, Frame::Bracket);
                self.position = Position::Expression;
                return;
            }
            '}' if matches!(self.frames.last(), Some(Frame::Brace | Frame::Template)) => {
                self.frames.pop();
            }
            ')' | ']' if matches!(self.frames.last(), Some(Frame::Bracket)) => {
                self.frames.pop();
            }
            _ => {}
        }
        let is_next_pair = next == ',' && matches!(self.frames.last(), Some(Frame::Brace));
        let text = self.cursor.take_char();
        let class = next.is_ascii_punctuation().then_some(Class::Punctuation);
        self.paint.push(class, text);
        self.position = if is_next_pair {
            Position::Statement
        } else {
            Position::Expression
        };
    }

    fn word(&mut self) {
        let start = self.cursor;
        self.cursor.take_while(is_word);
        // The names of provider-defined functions consist of several words.
        while self.cursor.rest().starts_with("::") {
            self.cursor.take(2);
            self.cursor.take_while(is_word);
        }
        let word = start.up_to(&self.cursor);
        let mut ahead = self.cursor;
        ahead.take_while(|found| found == ' ' || found == '\t');
        let after = ahead.rest();
        let is_assigned = after.starts_with('=') && !after.starts_with("==");
        let (class, position) = match (self.position, word) {
            (Position::Statement, _) if is_assigned && !after.starts_with("=>") => {
                (Class::Attribute, Position::Expression)
            }
            (
                Position::Statement | Position::Expression,
                "for" | "in" | "if" | "else" | "endif" | "endfor",
            ) => (Class::Keyword, Position::Expression),
            (Position::Statement, _)
                if after.starts_with(['{', '"']) || after.starts_with(is_word_start) =>
            {
                (Class::Keyword, Position::Header)
            }
            (Position::Statement, _) if after.starts_with(':') => {
                (Class::Attribute, Position::Expression)
            }
            (Position::Header, _) => (Class::Label, Position::Header),
            (_, "true" | "false" | "null") => (Class::Number, Position::Expression),
            _ if self.cursor.rest().starts_with('(') => (Class::Function, Position::Expression),
            _ => (Class::Reference, Position::Expression),
        };
        self.paint.push(Some(class), word);
        self.position = position;
    }

    /// Returns whether the string that begins here is the key of a pair.
    fn is_quoted_key(&self) -> bool {
        let mut ahead = self.cursor;
        ahead.take_char();
        ahead.take_while(|found| !matches!(found, '"' | '\n' | '\\' | '$' | '%'));
        if ahead.take_str("\"").is_none() {
            return false;
        }
        ahead.take_while(|found| found == ' ' || found == '\t');
        ahead.rest().starts_with(['=', ':'])
    }

    fn heredoc_start(&mut self) {
        let mut ahead = self.cursor;
        ahead.take(2);
        ahead.take_str("-");
        let word = ahead.take_while(is_word);
        if word.is_empty() {
            self.punctuation('<');
            return;
        }
        let mark = self.cursor.up_to(&ahead);
        self.cursor = ahead;
        self.paint.push(Some(Class::Heredoc), mark);
        self.heredoc = Some(word);
        self.position = Position::Expression;
    }

    /// Paints one line of a heredoc, or a part of it up to a template.
    fn heredoc(&mut self, word: &'a str) {
        if std::mem::take(&mut self.is_line_whole) {
            let mut ahead = self.cursor;
            let line = ahead.take_line();
            if line.trim() == word {
                self.cursor = ahead;
                self.paint.push(Some(Class::Heredoc), line);
                self.frames.pop();
                return;
            }
        }
        if !self.literal(Class::Heredoc, |found| found == '\n') {
            let line_break = self.cursor.take_char();
            self.paint.push(Some(Class::Heredoc), line_break);
            self.is_line_whole = true;
        }
    }

    /// Paints a part of a quoted string: up to its end, or up to a template.
    fn quoted(&mut self, class: Class) {
        if self.literal(class, |found| matches!(found, '"' | '\n')) {
            return;
        }
        // A string ends with its line even if its quote is missing.
        if self.cursor.peek() == Some('"') {
            let quote = self.cursor.take_char();
            self.paint.push(Some(class), quote);
        }
        self.frames.pop();
        if self.position != Position::Header {
            self.position = Position::Expression;
        }
    }

    /// Paints literal text up to its end; returns true if a template begins instead.
    fn literal(&mut self, class: Class, is_end: impl Fn(char) -> bool) -> bool {
        loop {
            let text = self
                .cursor
                .take_while(|found| !is_end(found) && !matches!(found, '$' | '%' | '\\'));
            self.paint.push(Some(class), text);
            let rest = self.cursor.rest();
            let literal = if rest.starts_with("$${") || rest.starts_with("%%{") {
                3
            } else if rest.starts_with("${") || rest.starts_with("%{") {
                let mark = if rest.starts_with("${~") || rest.starts_with("%{~") {
                    3
                } else {
                    2
                };
                self.push_frame(Some(Class::Punctuation), mark, Frame::Template);
                self.position = Position::Expression;
                return true;
            } else if rest.starts_with(r"\\")
                || (class != Class::Heredoc && rest.starts_with("\\\""))
            {
                2
            } else if rest.starts_with(['$', '%', '\\']) {
                1
            } else {
                return false;
            };
            let text = self.cursor.take(literal);
            self.paint.push(Some(class), text);
        }
    }

    fn push_frame(&mut self, class: Option<Class>, bytes: usize, frame: Frame<'a>) {
        let text = self.cursor.take(bytes);
        self.paint.push(class, text);
        self.frames.push(frame);
    }
}

/// Returns whether a word can begin with this character.
fn is_word_start(found: char) -> bool {
    found == '_' || found.is_alphabetic()
}

/// Returns whether a word can contain this character.
fn is_word(found: char) -> bool {
    is_word_start(found) || found == '-' || found.is_numeric()
}
