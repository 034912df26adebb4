//! Scans HCL: finds where brackets, strings, templates, heredocs and comments begin and end, and
//! what parsing would cost.
//!
//! It takes linear time for any input, and does not know the grammar between brackets.

use std::collections::HashMap;

use super::frames::{Frame, Kind};
use super::items::Fault;
use super::lex::{begins_block, begins_for, heredoc_ends, is_word};

/// The number of operators from which on the parser reads the next operand twice if it has an
/// error.
const OPERATORS_READ_TWICE: u8 = 2;

/// The number of comparisons of keys that cost as much as parsing one byte.
const COMPARISONS_PER_BYTE: usize = 6;

/// The number of bytes of keys that are compared at the cost of parsing one byte.
const COMPARED_PER_BYTE: usize = 128;

/// A place in a source, and everything that is open there.
pub(super) struct Scanner<'s> {
    /// The whole text.
    pub(super) source: &'s str,
    /// For each word that may be the marker of a heredoc, the bytes at which it begins a line.
    pub(super) heredoc_ends: HashMap<&'s str, Vec<usize>>,
    /// The byte that comes next.
    pub(super) at: usize,
    /// The line of that byte, counted from 1.
    pub(super) line: u32,
    /// Whether these are the items of a file. In a file, a top-level block at the start of a line
    /// ends the item before it, whatever is still open.
    pub(super) is_file: bool,
    /// The brackets, strings and templates that are open, the outermost first.
    pub(super) frames: Vec<Frame>,
    /// The number of operators since the last separator, outside all brackets.
    operators: u8,
    /// The number of frames that the parser reads twice if they have an error.
    doublings: u32,
    /// The byte at which the innermost heredoc ends.
    pub(super) limit: usize,
    /// The last byte that is neither blank nor in a comment.
    previous: u8,
    cost: u64,
    blanks: Vec<(usize, usize)>,
    fault: Option<Fault>,
}

impl<'s> Scanner<'s> {
    /// Begins at the start of `source`, which is on `line`.
    pub(super) fn new(source: &'s str, line: u32, is_file: bool) -> Self {
        Self {
            source,
            heredoc_ends: heredoc_ends(source),
            at: 0,
            line,
            is_file,
            frames: Vec::new(),
            operators: 0,
            doublings: 0,
            limit: source.len(),
            previous: b'\n',
            cost: 0,
            blanks: Vec::new(),
            fault: None,
        }
    }

    fn byte(&self, ahead: usize) -> u8 {
        let bytes = self.source.as_bytes();
        bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Returns the text that comes next.
    pub(super) fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn starts_with(&self, text: &str) -> bool {
        let bytes = self.source.as_bytes().get(self.at..).unwrap_or_default();
        bytes.starts_with(text.as_bytes())
    }

    /// Begins at the start of a text that is a template, like the text of a heredoc.
    pub(super) fn of_template(text: &'s str) -> Self {
        let mut scanner = Self::new(text, 1, false);
        scanner.push(Kind::Heredoc, (text.len(), 0));
        scanner
    }

    /// Closes that template at its end.
    pub(super) fn leave_template(&mut self) {
        self.leave_heredoc();
    }

    /// Returns whether the whole text was scanned.
    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.source.len()
    }

    /// Resets what the last item left open.
    pub(super) fn begin_item(&mut self) {
        self.frames.clear();
        (self.operators, self.doublings, self.cost) = (0, 0, 0);
        (self.limit, self.previous) = (self.source.len(), b'\n');
    }

    /// Ends the item. Returns its cost, its meaningless blanks, and its first error if there is
    /// one.
    pub(super) fn end_item(&mut self) -> (u64, Vec<(usize, usize)>, Option<Fault>) {
        if !self.frames.is_empty() {
            self.blame("a bracket or a string is not closed");
        }
        (
            self.cost,
            std::mem::take(&mut self.blanks),
            self.fault.take(),
        )
    }

    /// Skips blanks, comments and lone separators between items.
    pub(super) fn skip_between(&mut self) {
        while self.at < self.source.len() {
            match self.byte(0) {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' | b',' | b';' => {}
                b'#' | b'/' if self.skip_comment() => continue,
                _ => return,
            }
            self.at += 1;
        }
    }

    /// Skips a comment if there is one, but not the end of its line. Returns whether there was one.
    fn skip_comment(&mut self) -> bool {
        if self.byte(0) == b'#' || self.starts_with("//") {
            let rest = self.source.as_bytes().get(self.at..).unwrap_or_default();
            let length = rest.iter().position(|byte| *byte == b'\n');
            self.at += length.unwrap_or(rest.len());
            return true;
        }
        if !self.starts_with("/*") {
            return false;
        }
        let end = self.rest().find("*/").map(|end| self.at + end + 2);
        if end.is_none() {
            self.blame("a comment is not closed");
        }
        self.advance(end.unwrap_or(self.source.len()));
        true
    }

    /// Moves to `to` and counts the lines between.
    pub(super) fn advance(&mut self, to: usize) {
        let passed = self.source.get(self.at..to).unwrap_or_default();
        let lines = passed.matches('\n').count();
        self.line = self
            .line
            .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.at = to;
    }

    /// Records an error of the item; only the first one is kept.
    pub(super) fn blame(&mut self, message: &'static str) {
        let line = self.line;
        self.fault.get_or_insert(Fault { message, line });
    }

    /// Scans one token of the item that begins at `start`. Returns false at the end of the item.
    pub(super) fn step(&mut self, start: usize) -> bool {
        let before = self.at;
        let goes_on = !self.is_at_end() && self.token(start);
        let passed = u64::try_from(self.at - before).unwrap_or(u64::MAX);
        self.spend(passed);
        goes_on
    }

    fn spend(&mut self, bytes: u64) {
        let cost = bytes << self.doublings.min(32);
        self.cost = self.cost.saturating_add(cost);
    }

    fn token(&mut self, start: usize) -> bool {
        if self.at >= self.limit {
            self.leave_heredoc();
            return true;
        }
        match self.frames.last().map(|frame| frame.kind) {
            Some(Kind::Quote) => self.quoted(),
            Some(Kind::Heredoc) => self.heredoc_text(),
            Some(
                Kind::Block
                | Kind::Object
                | Kind::Parenthesis
                | Kind::Bracket
                | Kind::Interpolation,
            )
            | None => return self.code(start),
        }
        true
    }

    fn quoted(&mut self) {
        match self.byte(0) {
            b'"' => {
                self.at += 1;
                self.previous = b'"';
                self.pop();
            }
            b'\\' if self.byte(1) != b'\n' => self.at += 2,
            b'\n' => {
                self.blame("a string is not closed");
                self.pop();
            }
            _ => self.template_text(),
        }
    }

    fn heredoc_text(&mut self) {
        if self.byte(0) == b'\n' {
            self.line += 1;
            self.at += 1;
        } else {
            self.template_text();
        }
    }

    /// Skips a piece of a template that has no special meaning in strings or heredocs.
    fn template_text(&mut self) {
        let first = self.byte(0);
        let is_marker = matches!(first, b'$' | b'%');
        if is_marker && self.byte(1) == first && self.byte(2) == b'{' {
            self.at += 3;
        } else if is_marker && self.byte(1) == b'{' {
            self.at += 2;
            self.previous = b'{';
            self.push(Kind::Interpolation, (0, 0));
        } else {
            self.at += 1;
        }
    }

    fn code(&mut self, start: usize) -> bool {
        let byte = self.byte(0);
        match byte {
            b'\n' => return self.end_line(start),
            b' ' | b'\t' | b'\r' => {
                self.at += 1;
                return true;
            }
            b'#' | b'/' => {
                let before = self.at;
                if self.skip_comment() {
                    self.blank(before);
                    return true;
                }
                if byte == b'/' {
                    self.operator();
                }
            }
            b'"' => self.push(Kind::Quote, (0, 0)),
            b'(' => self.push(Kind::Parenthesis, (0, 0)),
            b'[' => self.push(Kind::Bracket, (0, 0)),
            b'{' => self.push(self.kind_of_brace(), (0, 0)),
            b')' | b']' | b'}' => self.close(byte),
            b'<' if self.heredoc() => {
                self.previous = b'"';
                return true;
            }
            b',' | b'?' | b':' => self.separate(byte == b','),
            b'=' if self.byte(1) != b'=' => self.separate(false),
            b'+' | b'-' | b'*' | b'%' | b'<' | b'>' | b'!' | b'&' | b'|' | b'=' => {
                self.operator();
            }
            _ => {}
        }
        self.previous = byte;
        self.at += 1;
        true
    }

    /// Returns what an opening brace begins. A block must be in a block, after a word or a label.
    fn kind_of_brace(&self) -> Kind {
        let in_expression = self.frames.iter().any(|frame| frame.kind != Kind::Block);
        if !in_expression && (is_word(self.previous) || self.previous == b'"') {
            Kind::Block
        } else {
            Kind::Object
        }
    }

    fn end_line(&mut self, start: usize) -> bool {
        let Some(top) = self.frames.last() else {
            return false;
        };
        if matches!(top.kind, Kind::Block | Kind::Object) {
            self.separate(true);
        }
        self.at += 1;
        self.line += 1;
        self.blank(self.at - 1);
        let in_check = self
            .source
            .get(start..)
            .is_some_and(|item| item.starts_with("check"));
        if self.is_file && begins_block(self.rest(), in_check) {
            self.line -= 1;
            self.blame("a bracket is not closed before the next block");
            self.line += 1;
            return false;
        }
        true
    }

    /// Records that the text since `from` is blank, if the parser needs to know.
    fn blank(&mut self, from: usize) {
        if self.frames.last().is_some_and(|top| top.is_for) {
            self.blanks.push((from, self.at));
        }
    }

    fn separate(&mut self, ends_entry: bool) {
        if let Some(top) = self.frames.last_mut() {
            top.operators = 0;
            if ends_entry {
                top.entries = top.entries.saturating_add(1);
                // The parser compares each key of an object with all keys before it.
                if top.kind == Kind::Object {
                    let compared = top.entries / COMPARISONS_PER_BYTE
                        + (self.at - top.start) / COMPARED_PER_BYTE;
                    self.spend(u64::try_from(compared).unwrap_or(u64::MAX));
                }
            }
        } else {
            self.operators = 0;
        }
    }

    fn operator(&mut self) {
        // `&&`, `||`, `==`, `!=`, `<=` and `>=` are one operator.
        if matches!(self.byte(1), b'=' | b'&' | b'|') {
            self.at += 1;
        }
        let operators = match self.frames.last_mut() {
            Some(top) => &mut top.operators,
            None => &mut self.operators,
        };
        *operators = operators.saturating_add(1);
    }

    /// Opens a frame at this place.
    pub(super) fn push(&mut self, kind: Kind, end: (usize, usize)) {
        let parent = self.frames.last();
        let operators = parent.map_or(self.operators, |parent| parent.operators);
        let read_twice = operators >= OPERATORS_READ_TWICE;
        self.doublings += u32::from(read_twice);
        self.frames.push(Frame {
            kind,
            operators: 0,
            entries: 0,
            start: self.at,
            read_twice,
            is_for: kind == Kind::Object && begins_for(self.rest()),
            end,
        });
    }

    /// Closes the innermost frame.
    pub(super) fn pop(&mut self) -> Option<Frame> {
        let frame = self.frames.pop()?;
        self.doublings -= u32::from(frame.read_twice);
        Some(frame)
    }

    fn close(&mut self, bracket: u8) {
        let frames = self.frames.iter().rev();
        let mut open = frames.take_while(|frame| frame.kind.is_code());
        match open.position(|frame| frame.kind.is_closed_by(bracket)) {
            Some(inner) => {
                if inner > 0 {
                    self.blame("a bracket is not closed");
                }
                for _ in 0..=inner {
                    self.pop();
                }
            }
            None => self.blame("a closing bracket has no opening one"),
        }
    }
}
