//! Turns what strangers wrote into HTML that is safe on our own origin, and makes the code blocks
//! that readers paste.
//!
//! Nothing here performs IO or reads a clock. Every function accepts any text, and its running time
//! grows linearly with the text's length.

mod attributes;
mod callouts;
mod clean;
mod contents;
mod cursor;
mod elements;
mod generated;
mod headings;
mod highlight;
mod html;
mod inline;
mod links;
mod markdown;
mod module_block;
mod own_address;
mod own_sources;
mod pictures;
mod readable;
mod shape;
mod tags;
mod visible;

pub use contents::{ContentsLine, contents};
pub use headings::Heading;
pub use highlight::{Language, highlight, highlight_lines};
pub use html::Html;
pub use inline::inline;
pub use links::{KnownPages, LinkRules, picture_type};
pub use markdown::{MarkupLimits, Rendered, markdown, plain};
pub use module_block::{Argument, assignments, module_block};
pub use own_address::{OwnModule, OwnProvider};
pub use own_sources::{Own, rewrite_own_sources};
pub use readable::readable;

#[cfg(test)]
mod tests;
