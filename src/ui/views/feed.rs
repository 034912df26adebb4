//! What other sites show of a module: a feed of its versions, and a badge.

use askama::Template;

/// The width of one character in a badge.
const CHARACTER: usize = 7;
/// The width of a badge besides its version.
const BESIDE: usize = 90;

/// A feed of a module's versions, in the format Atom.
#[derive(Template)]
#[template(
    path = "browse/feed.xml",
    escape = "html",
    config = "assets/askama.toml"
)]
pub(in crate::ui) struct Feed {
    pub(in crate::ui) title: String,
    pub(in crate::ui) itself: String,
    pub(in crate::ui) page: String,
    pub(in crate::ui) updated: String,
    pub(in crate::ui) entries: Vec<FeedEntry>,
}

/// A version in a feed.
pub(in crate::ui) struct FeedEntry {
    pub(in crate::ui) title: String,
    pub(in crate::ui) page: String,
    pub(in crate::ui) at: String,
    pub(in crate::ui) by: String,
}

/// A badge with a version.
#[derive(Template)]
#[template(
    path = "browse/badge.svg",
    escape = "html",
    config = "assets/askama.toml"
)]
pub(in crate::ui) struct BadgeDrawing {
    version: String,
    width: usize,
}

impl BadgeDrawing {
    pub(in crate::ui) fn of(version: &str) -> Self {
        let letters = version.chars().count();
        Self {
            version: version.to_owned(),
            width: letters.saturating_mul(CHARACTER).saturating_add(BESIDE),
        }
    }
}
