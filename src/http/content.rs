//! Contents of pages, rendered once for all callers who may see the same rows.

use crate::registry::RevisionCache;

/// A title and the content below it, as HTML that is safe to send.
#[derive(Debug)]
pub struct Content {
    /// The title, as text.
    pub title: String,
    /// The content.
    pub main: String,
}

/// A cache of contents by what they show, each under the revision of its rows.
pub type Contents = RevisionCache<String, u64, Content>;

/// Creates a cache with room for contents of this many bytes together.
pub fn room_for_contents(bytes: usize) -> Contents {
    Contents::weighed(bytes, |content| {
        content.main.len() + content.title.len() + 256
    })
}
