//! Finds where heredocs begin and end. The possible ends are collected before: a heredoc without an
//! end must not swallow the rest of the file, and must not be searched for repeatedly.

use super::frames::Kind;
use super::lex::heredoc_start;
use super::scan::Scanner;

impl Scanner<'_> {
    /// Begins a heredoc if there is one at this place. Returns whether there is.
    pub(super) fn heredoc(&mut self) -> bool {
        let Some((word, length)) = heredoc_start(self.rest()) else {
            return false;
        };
        let text = self.at + length;
        let ends = self.heredoc_ends.get(word).map_or(&[][..], Vec::as_slice);
        let next = ends.partition_point(|end| *end < text);
        let end = ends.get(next).copied().filter(|end| *end < self.limit);
        if let Some(end) = end {
            self.push(Kind::Heredoc, (end, word.len()));
            self.limit = end;
            self.advance(text);
        } else {
            self.blame("a heredoc is not closed");
            // The line break stays, so that the line ends like any other.
            self.at = text - 1;
        }
        true
    }

    /// Closes the innermost heredoc, and everything that is still open in it.
    pub(super) fn leave_heredoc(&mut self) {
        while let Some(frame) = self.pop() {
            if frame.kind == Kind::Heredoc {
                let (end, length) = frame.end;
                self.at = self.at.max(end + length);
                break;
            }
            self.blame("a template in a heredoc is not closed");
        }
        let outer = self.frames.iter().rev();
        let mut ends = outer.filter(|frame| frame.kind == Kind::Heredoc);
        self.limit = ends.next().map_or(self.source.len(), |frame| frame.end.0);
    }
}
