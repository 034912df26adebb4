//! How much may be open at once, and what becomes of an item in which it is more.

use super::lex::begins_block;
use super::scan::Scanner;

/// How many brackets, strings and templates may be open at once.
const DEPTH: usize = 96;

impl Scanner<'_> {
    /// Whether too much is open at once.
    pub(super) fn is_too_deep(&self) -> bool {
        self.frames.len() > DEPTH
    }

    /// Gives up on the item: what is left of it up to the next block is passed.
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
