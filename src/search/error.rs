//! The errors of the search index.

use std::error::Error;
use std::path::PathBuf;

use super::MAX_QUERY_BYTES;

/// Why a search or a change of the index failed.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query text is too long.
    #[error("the search text is longer than {MAX_QUERY_BYTES} bytes; use fewer words")]
    QueryTooLong,
    /// The index's folder cannot be created, emptied or written.
    #[error("the search index cannot use its folder `{}`; check its permissions", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// The index itself failed. It can be deleted; the next start rebuilds it.
    #[error("the search index failed; delete its folder to have it rebuilt")]
    Index(#[source] Box<dyn Error + Send + Sync>),
}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Index(Box::new(error))
    }
}

impl From<std::io::Error> for SearchError {
    fn from(error: std::io::Error) -> Self {
        Self::Index(Box::new(error))
    }
}
