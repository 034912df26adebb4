//! Scans the parts of HCL that are code: brackets, operators, separators and line ends.

use super::frames::{Frame, Kind};
use super::items::Edit;
use super::lex::{begins_block, is_word};
use super::scan::Scanner;

/// The number of comparisons of keys that cost as much as parsing one byte.
const COMPARISONS_PER_BYTE: usize = 6;

/// The number of bytes of keys that are compared at the cost of parsing one byte.
const COMPARED_PER_BYTE: usize = 128;

impl Scanner<'_> {
    /// Scans one token of code. Returns false at the end of the item that begins at `start`.
    pub(super) fn code(&mut self, start: usize) -> bool {
        let byte = self.byte(0);
        match byte {
            b'\n' => return self.end_line(start),
            b' ' | b'\t' => {
                self.at += 1;
                return true;
            }
            b'\r' => {
                self.carriage_return();
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
        let Some(top) = self.frames.last().copied() else {
            return false;
        };
        if matches!(top.kind, Kind::Block | Kind::Object) {
            self.separate(true);
        }
        if top.kind == Kind::Object && !top.is_for {
            self.end_entry_with_line();
        }
        let means_nothing = !top.ends_at_line_break();
        self.at += 1;
        self.line += 1;
        if means_nothing {
            self.blank(self.at - 1);
        }
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

    /// Ends an entry of an object at a line break. The parser gets a comma in its place: after a call
    /// it takes a name, a line break and a parenthesis for another call.
    fn end_entry_with_line(&mut self) {
        let ends_value = is_word(self.previous) || b"\")]}*".contains(&self.previous);
        if ends_value {
            self.edit(self.at, self.at + 1, b',');
            self.previous = b',';
        } else if matches!(self.previous, b'=' | b':') {
            self.blame("a line break stands where a value begins");
        }
    }

    /// Records that the text since `from` means nothing.
    fn blank(&mut self, from: usize) {
        self.edit(from, self.at, b' ');
    }

    /// Records that the parser gets this letter in place of each byte of a part of the text.
    pub(super) fn edit(&mut self, from: usize, to: usize, letter: u8) {
        self.edits.push(Edit { from, to, letter });
    }

    /// Skips a carriage return. It belongs to the line break after it; the parser does not take it
    /// everywhere.
    pub(super) fn carriage_return(&mut self) {
        if self.byte(1) != b'\n' {
            self.blame("a carriage return stands alone; end each line with a line feed");
        }
        self.at += 1;
        self.blank(self.at - 1);
    }

    fn separate(&mut self, ends_entry: bool) {
        self.separate_entries(ends_entry);
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

    /// Ends an entry of the innermost object, or its key.
    fn separate_entries(&mut self, ends_entry: bool) {
        let is_object = |frame: &Frame| frame.kind == Kind::Object && !frame.is_for;
        if !self.frames.last().is_some_and(is_object) {
            return;
        }
        let (at, byte) = (self.at, self.byte(0));
        let Some(entries) = self.entries.last_mut() else {
            return;
        };
        if ends_entry {
            entries.end_entry(at + 1);
        } else if byte != b'?'
            && let Some((from, to)) = entries.end_key(self.source, at)
        {
            self.edit(from, to, b' ');
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
