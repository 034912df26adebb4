//! Scans HCL: finds where brackets, strings, templates, heredocs and comments begin and end, and
//! what parsing would cost.
//!
//! It takes linear time for any input, and does not know the grammar between brackets.

use super::entries::Entries;
use super::frames::{Frame, Kind};
use super::items::{Edit, Fault};
use super::lex::begins_for;
use super::marker_lines::MarkerLines;

/// The number of operators from which on the parser reads the next operand twice if it has an
/// error.
const OPERATORS_READ_TWICE: u8 = 2;

/// A place in a source, and everything that is open there.
pub(super) struct Scanner<'s> {
    /// The whole text.
    pub(super) source: &'s str,
    /// The lines that may end a heredoc.
    pub(super) marker_lines: MarkerLines<'s>,
    /// The byte that comes next.
    pub(super) at: usize,
    /// The line of that byte, counted from 1.
    pub(super) line: u32,
    /// Whether these are the items of a file. In a file, a top-level block at the start of a line
    /// ends the item before it, whatever is still open.
    pub(super) is_file: bool,
    /// The brackets, strings and templates that are open, the outermost first.
    pub(super) frames: Vec<Frame>,
    /// The entries of each open object that is not made by `for`, the outermost first.
    pub(super) entries: Vec<Entries<'s>>,
    /// The number of operators since the last separator, outside all brackets.
    pub(super) operators: u8,
    /// The number of frames that the parser reads twice if they have an error.
    doublings: u32,
    /// The byte at which the innermost heredoc ends.
    pub(super) limit: usize,
    /// The last byte that is neither blank nor in a comment.
    pub(super) previous: u8,
    cost: u64,
    pub(super) edits: Vec<Edit>,
    fault: Option<Fault>,
}

impl<'s> Scanner<'s> {
    /// Begins at the start of `source`, which is on `line`.
    pub(super) fn new(source: &'s str, line: u32, is_file: bool) -> Self {
        Self {
            source,
            marker_lines: MarkerLines::of(source),
            at: 0,
            line,
            is_file,
            frames: Vec::new(),
            entries: Vec::new(),
            operators: 0,
            doublings: 0,
            limit: source.len(),
            previous: b'\n',
            cost: 0,
            edits: Vec::new(),
            fault: None,
        }
    }

    pub(super) fn byte(&self, ahead: usize) -> u8 {
        let bytes = self.source.as_bytes();
        bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Returns the text that comes next.
    pub(super) fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn starts_with(&self, text: &str) -> bool {
        self.starts_with_at(self.at, text)
    }

    /// Returns whether the source has `text` at the byte `at`.
    pub(super) fn starts_with_at(&self, at: usize, text: &str) -> bool {
        let bytes = self.source.as_bytes().get(at..).unwrap_or_default();
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
        self.entries.clear();
        (self.operators, self.doublings, self.cost) = (0, 0, 0);
        (self.limit, self.previous) = (self.source.len(), b'\n');
    }

    /// Ends the item. Returns its cost, the edits for the parser, and its first error if there is
    /// one.
    pub(super) fn end_item(&mut self) -> (u64, Vec<Edit>, Option<Fault>) {
        if let Some(outermost) = self.frames.first() {
            // The error is where it opens: the end may be far away.
            let inside = self.source.get(outermost.start..self.at);
            let lines = inside.unwrap_or_default().matches('\n').count();
            let lines = u32::try_from(lines).unwrap_or(u32::MAX);
            let line = self.line.saturating_sub(lines);
            let message = "a bracket or a string is not closed";
            self.fault.get_or_insert(Fault { message, line });
        }
        (
            self.cost,
            std::mem::take(&mut self.edits),
            self.fault.take(),
        )
    }

    /// Skips blanks, comments and lone separators between items. Returns the first error in them.
    pub(super) fn skip_between(&mut self) -> Option<Fault> {
        while self.at < self.source.len() {
            match self.byte(0) {
                b'\n' => self.line += 1,
                b' ' | b'\t' => {}
                b'\r' => {
                    self.carriage_return();
                    continue;
                }
                b',' | b';' => self.blame("a separator stands where a block or an argument begins"),
                b'#' | b'/' if self.skip_comment() => continue,
                _ => break,
            }
            self.at += 1;
        }
        self.edits.clear();
        self.fault.take()
    }

    /// Skips a comment if there is one, but not the end of its line. Returns whether there was one.
    pub(super) fn skip_comment(&mut self) -> bool {
        if self.byte(0) == b'#' || self.starts_with("//") {
            let rest = self.source.as_bytes().get(self.at..).unwrap_or_default();
            let length = rest.iter().position(|byte| *byte == b'\n');
            self.at += length.unwrap_or(rest.len());
            return true;
        }
        if !self.starts_with("/*") {
            return false;
        }
        // The star of the beginning does not belong to the end: `/*/` is still open.
        let inside = self.rest().get(2..).unwrap_or_default();
        let end = inside.find("*/").map(|end| self.at + end + 4);
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

    pub(super) fn spend(&mut self, bytes: u64) {
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

    /// Opens a frame at this place.
    pub(super) fn push(&mut self, kind: Kind, end: (usize, usize)) {
        let parent = self.frames.last();
        let operators = parent.map_or(self.operators, |parent| parent.operators);
        let read_twice = operators >= OPERATORS_READ_TWICE;
        self.doublings += u32::from(read_twice);
        let is_for = kind == Kind::Object && begins_for(self.rest());
        if kind == Kind::Object && !is_for {
            self.entries.push(Entries::begin(self.at + 1));
        }
        self.frames.push(Frame {
            kind,
            operators: 0,
            entries: 0,
            start: self.at,
            read_twice,
            is_for,
            end,
        });
    }

    /// Closes the innermost frame.
    pub(super) fn pop(&mut self) -> Option<Frame> {
        let frame = self.frames.pop()?;
        self.doublings -= u32::from(frame.read_twice);
        if frame.kind == Kind::Object && !frame.is_for {
            self.entries.pop();
        }
        Some(frame)
    }
}
