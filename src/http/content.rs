//! Contents of pages, rendered once for all who may see the same.

use crate::registry::RevisionCache;

/// A title and what stands below it: HTML that is safe as it is.
#[derive(Debug)]
pub struct Content {
    /// The title, as text.
    pub title: String,
    /// The content.
    pub main: String,
}

/// Contents by what they show, each under the revision of its rows.
pub type Contents = RevisionCache<String, u64, Content>;

/// Room for contents of this many bytes together.
pub fn room_for_contents(bytes: usize) -> Contents {
    Contents::weighed(bytes, |content| {
        content.main.len() + content.title.len() + 256
    })
}
