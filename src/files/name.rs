//! The name of a file, for messages and for what a name says of a content.

use std::path::Path;

/// Returns the last component of a path as text; it is empty if the path has none.
pub fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
