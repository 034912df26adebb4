//! Finds where heredocs begin and end. The possible ends are collected before: a heredoc without an
//! end must not swallow the rest of the file, and must not be searched for repeatedly.

use super::frames::Kind;
use super::lex::heredoc_start;
use super::scan::Scanner;

impl Scanner<'_> {
    /// Begins a heredoc if there is one at this place. Returns whether there is.
    pub(super) fn heredoc(&mut self) -> bool {
        let Some((marker, length)) = heredoc_start(self.rest()) else {
            return false;
        };
        let text = self.at + length;
        let end = self.marker_lines.end_of(marker, text);
        let end = end.filter(|end| *end < self.limit || self.moves_outer_ends(*end));
        let Some(end) = end else {
            self.blame(if self.marker_lines.is_unended(marker) {
                "the line that ends a heredoc needs a line break after it"
            } else {
                "a heredoc is not closed"
            });
            // The line break stays, so that the line ends like any other.
            self.at = text - 1;
            return true;
        };
        if let Some(letter) = self.marker_lines.other_letter(marker, text, end) {
            // The parser would end the heredoc at the first line that begins with its marker.
            let line_end = if self.starts_with_at(text - 2, "\r") {
                2
            } else {
                1
            };
            let start = text - line_end - marker.len();
            self.edit(start, start + 1, letter);
            self.edit(end, end + 1, letter);
        }
        self.push(Kind::Heredoc, (end, marker.len()));
        self.limit = end;
        self.advance(text);
        true
    }

    /// Moves the ends of the heredocs around this place behind `end`, at which one inside ends: a
    /// line in it cannot end them. Returns whether that is possible.
    fn moves_outer_ends(&mut self, mut end: usize) -> bool {
        let mut moved = Vec::new();
        for (place, frame) in self.frames.iter().enumerate().rev() {
            let (outer, length) = frame.end;
            if frame.kind != Kind::Heredoc {
                continue;
            }
            if outer > end {
                break;
            }
            let marker = self.source.get(outer..outer + length).unwrap_or_default();
            let Some(next) = self.marker_lines.end_of(marker, end + 1) else {
                return false;
            };
            moved.push((place, next));
            end = next;
        }
        for (place, next) in moved {
            if let Some(frame) = self.frames.get_mut(place) {
                frame.end.0 = next;
            }
        }
        true
    }

    /// Closes the innermost heredoc, and everything that is still open in it.
    pub(super) fn leave_heredoc(&mut self) {
        while let Some(frame) = self.pop() {
            if frame.kind == Kind::Heredoc {
                let (end, length) = frame.end;
                self.at = self.at.max(end + length);
                // The line break after it belongs to the heredoc.
                self.previous = b'\n';
                break;
            }
            self.blame("a template in a heredoc is not closed");
        }
        let outer = self.frames.iter().rev();
        let mut ends = outer.filter(|frame| frame.kind == Kind::Heredoc);
        self.limit = ends.next().map_or(self.source.len(), |frame| frame.end.0);
    }
}
