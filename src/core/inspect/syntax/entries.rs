//! Finds the entries of an object that a later one with the same key replaces. Terraform takes the
//! last of them, and the parser refuses them, so it gets blanks in their place.

use std::collections::HashMap;

/// The entries of an object that is open.
#[derive(Debug)]
pub(super) struct Entries<'s> {
    /// The start and end of the entry of each key; the end is that of its separator.
    by_key: HashMap<&'s str, (usize, usize)>,
    /// The byte at which the current entry begins.
    start: usize,
    /// The key of the current entry; `None` before its equals sign.
    key: Option<&'s str>,
}

impl<'s> Entries<'s> {
    /// Begins at the first byte inside the braces.
    pub(super) fn begin(start: usize) -> Self {
        Self {
            by_key: HashMap::new(),
            start,
            key: None,
        }
    }

    /// Records that the key of the current entry ends at `at`. Returns the start and end of an
    /// earlier entry that the current one replaces.
    pub(super) fn end_key(&mut self, source: &'s str, at: usize) -> Option<(usize, usize)> {
        if self.key.is_some() {
            return None;
        }
        let key = source.get(self.start..at)?.trim();
        self.key = Some(key);
        self.by_key.insert(key, (self.start, at))
    }

    /// Ends the current entry with its separator, after which the next one begins.
    pub(super) fn end_entry(&mut self, next: usize) {
        if let Some(range) = self.key.take().and_then(|key| self.by_key.get_mut(key)) {
            range.1 = next;
        }
        self.start = next;
    }
}
