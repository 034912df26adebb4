//! Limits how deep brackets, strings and templates may be nested, and skips items that exceed it.

use super::lex::begins_block;
use super::scan::Scanner;

/// The most brackets, strings and templates that may be open at once.
const DEPTH: usize = 96;

impl Scanner<'_> {
    /// Returns whether too many are open at once.
    pub(super) fn is_too_deep(&self) -> bool {
        self.frames.len() > DEPTH
    }

    /// Gives up the item and skips the rest of it, up to the next block.
    pub(super) fn abandon(&mut self) {
        self.blame("brackets, strings and templates are nested too deeply");
        while self.at < self.source.len() {
            let length = self.rest().find('\n').map(|end| end + 1);
            self.at = length.map_or(self.source.len(), |length| self.at + length);
            self.line += 1;
            if self.is_file && begins_block(self.rest(), false) {
                return;
            }
        }
    }
}
