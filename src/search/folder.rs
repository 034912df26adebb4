//! Opens the index's folder if it holds a complete index of this format; empties it otherwise.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use tantivy::directory::MmapDirectory;
use tantivy::schema::Schema;
use tantivy::store::Compressor;
use tantivy::{Index, IndexSettings};

use super::SearchError;
use super::schema::{FORMAT, Fields, tokenizers};
use super::snapshot::Snapshot;

const FORMAT_FILE: &str = "FORMAT";

/// Small, because a hit reads one document: the whole block around it must be decompressed.
const STORE_BLOCK_BYTES: usize = 4096;

/// Why the index is empty and must be filled with all modules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RebuildReason {
    /// There was no index.
    #[error("there was no search index")]
    New,
    /// It was written by another version of this program.
    #[error("the search index has the format of another version")]
    OtherFormat,
    /// It cannot be read.
    #[error("the search index is damaged: {0}")]
    Damaged(String),
}

/// An index, and the reason why it is empty; `None` if it was there before.
pub(super) type OpenedFolder = (Index, Option<RebuildReason>);

/// Opens the folder's index, or empties the folder and creates a new index.
pub(super) fn open(
    folder: &Path,
    schema: &Schema,
    fields: &Fields,
) -> Result<OpenedFolder, SearchError> {
    match open_existing(folder, schema, fields) {
        Ok(index) => Ok((index, None)),
        Err(reason) => {
            let index = create(folder, schema)?;
            Ok((index, Some(reason)))
        }
    }
}

/// Makes the next opening of the folder's index discard it and start with an empty one.
pub fn distrust(folder: &Path) {
    match fs::remove_file(folder.join(FORMAT_FILE)) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => tracing::warn!(%error, "the search index could not be marked for a rebuild"),
    }
}

fn open_existing(folder: &Path, schema: &Schema, fields: &Fields) -> Result<Index, RebuildReason> {
    match fs::read_to_string(folder.join(FORMAT_FILE)) {
        Ok(format) if format == FORMAT => {}
        Ok(_) => return Err(RebuildReason::OtherFormat),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(RebuildReason::New),
        Err(error) => return Err(RebuildReason::Damaged(error.to_string())),
    }
    let damaged = |error: tantivy::TantivyError| RebuildReason::Damaged(error.to_string());
    let mut index = Index::open_in_dir(folder).map_err(damaged)?;
    if index.schema() != *schema {
        return Err(RebuildReason::OtherFormat);
    }
    index.set_tokenizers(tokenizers());
    let bad_files = index.validate_checksum().map_err(damaged)?;
    if let Some(file) = bad_files.iter().next() {
        let message = format!("the checksum of `{}` is wrong", file.display());
        return Err(RebuildReason::Damaged(message));
    }
    // A file may also be missing; this is found only by opening all of them.
    Snapshot::open(&index, fields).map_err(|error| RebuildReason::Damaged(error.to_string()))?;
    Ok(index)
}

fn create(folder: &Path, schema: &Schema) -> Result<Index, SearchError> {
    let unusable = |source| SearchError::Folder {
        path: folder.to_owned(),
        source,
    };
    empty(folder).map_err(unusable)?;
    let directory =
        MmapDirectory::open(folder).map_err(|error| unusable(io::Error::other(error)))?;
    let index = Index::builder()
        .schema(schema.clone())
        .settings(IndexSettings {
            docstore_compression: Compressor::Lz4,
            docstore_compress_dedicated_thread: false,
            docstore_blocksize: STORE_BLOCK_BYTES,
            ..IndexSettings::default()
        })
        .tokenizers(tokenizers())
        .open_or_create(directory)?;
    // Written last: a folder without it counts as new.
    fs::write(folder.join(FORMAT_FILE), FORMAT).map_err(unusable)?;
    Ok(index)
}

fn empty(folder: &Path) -> io::Result<()> {
    match fs::symlink_metadata(folder) {
        Ok(found) if !found.is_dir() => fs::remove_file(folder)?,
        Ok(_) => fs::remove_dir_all(folder)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    // Nobody else may read it, from its first moment on.
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}
