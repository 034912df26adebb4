//! Finds the private files that an accepted archive holds.

use std::collections::BTreeMap;
use std::io::Read;

use super::read::each_file;
use super::{ArchiveError, ArchiveLimits, Examined};
use crate::domain::{PRIVATE_FILE_HEAD_BYTES, PrivateFile};

/// Returns the private files of an archive, and the folders that are private with everything in
/// them, by their paths among the files that will be served.
///
/// Names are looked at first; what they do not show is looked for in the content.
///
/// # Errors
///
/// [`ArchiveError::Io`] if the archive cannot be read again.
pub fn private_files(
    archive: impl Read,
    examined: &Examined,
    limits: &ArchiveLimits,
) -> Result<BTreeMap<String, PrivateFile>, ArchiveError> {
    let served = |path: &str| -> Option<String> {
        match examined.wrapping_folder() {
            None => Some(path.to_owned()),
            Some(folder) => Some(path.strip_prefix(folder)?.strip_prefix('/')?.to_owned()),
        }
    };
    let mut found = BTreeMap::new();
    for file in examined.files() {
        if let Some((named, kind)) = PrivateFile::of_path(file.path.as_str()) {
            found.insert(named.to_owned(), kind);
        }
    }
    let wanted = |_: &str| Some(PRIVATE_FILE_HEAD_BYTES);
    each_file(archive, wanted, limits, |path, head| {
        let Some(path) = served(path) else { return };
        match PrivateFile::of_file(&path, head) {
            Some((named, kind)) => {
                found.insert(named.to_owned(), kind);
            }
            // It is named like a key, and is none.
            None => {
                found.remove(&path);
            }
        }
    })?;
    Ok(found)
}
