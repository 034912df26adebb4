//! Finds the lines of a source that may end a heredoc, in one pass over it, whatever heredocs it has.

use std::collections::HashMap;

use super::lex::{heredoc_start, word};

/// The lines that may end a heredoc.
#[derive(Debug, Default)]
pub(super) struct MarkerLines<'s> {
    lines: HashMap<&'s str, Lines>,
    /// For each marker without its first letter: the first letters of the words with this rest that
    /// begin a line.
    first_letters: HashMap<&'s str, Vec<u8>>,
    /// The last line if it has no line break, without the blanks around it.
    unended: &'s str,
}

/// The lines that begin with one marker, each by the byte at which the marker begins.
#[derive(Debug, Default)]
struct Lines {
    /// The lines that hold nothing else.
    ends: Vec<usize>,
    /// The lines that hold more, which belong to the text.
    look_alikes: Vec<usize>,
}

impl<'s> MarkerLines<'s> {
    /// Finds the lines of `source`.
    pub(super) fn of(source: &'s str) -> Self {
        let mut marker_lines = Self::default();
        for (at, _) in source.match_indices("<<") {
            if let Some((word, _)) = source.get(at..).and_then(heredoc_start) {
                marker_lines.lines.entry(word).or_default();
                marker_lines
                    .first_letters
                    .entry(word.get(1..).unwrap_or_default())
                    .or_default();
            }
        }
        if marker_lines.lines.is_empty() {
            return marker_lines;
        }
        let mut at = 0;
        for line in source.split_inclusive('\n') {
            marker_lines.add(line, at);
            at += line.len();
        }
        marker_lines
    }

    fn add(&mut self, line: &'s str, at: usize) {
        let bare = line.trim();
        if !line.ends_with('\n') {
            self.unended = bare;
            return;
        }
        let start = at + line.len() - line.trim_start().len();
        let first = word(bare);
        if let Some(lines) = self.lines.get_mut(first) {
            if first == bare {
                lines.ends.push(start);
            } else {
                lines.look_alikes.push(start);
            }
        }
        let letter = first.bytes().next();
        if let (Some(letter), Some(rest)) = (letter, first.get(1..))
            && let Some(letters) = self.first_letters.get_mut(rest)
            && !letters.contains(&letter)
        {
            letters.push(letter);
        }
    }

    /// Returns the first place at or after `from` where a line holds only `marker`.
    pub(super) fn end_of(&self, marker: &str, from: usize) -> Option<usize> {
        let ends = &self.lines.get(marker)?.ends;
        let next = ends.partition_point(|end| *end < from);
        ends.get(next).copied()
    }

    /// Returns whether the last line holds only `marker` and has no line break.
    pub(super) fn is_unended(&self, marker: &str) -> bool {
        self.unended == marker
    }

    /// Returns a letter to put in place of the first one of `marker`, if a line between `from` and
    /// `to` begins with the marker but does not end the heredoc. No line begins with the changed
    /// marker.
    pub(super) fn other_letter(&self, marker: &str, from: usize, to: usize) -> Option<u8> {
        let look_alikes = &self.lines.get(marker)?.look_alikes;
        let next = look_alikes.partition_point(|at| *at < from);
        if look_alikes.get(next).is_none_or(|at| *at >= to) {
            return None;
        }
        let taken = self.first_letters.get(marker.get(1..)?)?;
        (b'A'..=b'Z').find(|letter| !taken.contains(letter))
    }
}
