//! The journal's files: numbered segments, and checkpoints numbered by the segment they precede.

use std::path::{Path, PathBuf};

use crate::storage::{Disk, StoreError};

/// The files in the journal's directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::storage) struct Files {
    /// The numbers of the segments, ascending.
    pub(in crate::storage) segments: Vec<u32>,
    /// The numbers of the checkpoints, ascending.
    pub(in crate::storage) checkpoints: Vec<u32>,
    /// Other files, such as an unfinished checkpoint.
    pub(in crate::storage) others: Vec<PathBuf>,
}

/// Returns the path of segment `number`.
pub(in crate::storage) fn segment_path(journal: &Path, number: u32) -> PathBuf {
    journal.join(format!("{number:06}.log"))
}

/// Returns the path of the checkpoint that precedes segment `number`.
pub(in crate::storage) fn checkpoint_path(journal: &Path, number: u32) -> PathBuf {
    journal.join(format!("{number:06}.checkpoint"))
}

/// Lists the files in the journal's directory.
pub(in crate::storage) fn files(disk: &dyn Disk, journal: &Path) -> Result<Files, StoreError> {
    let mut files = Files::default();
    let names = disk
        .list(journal)
        .map_err(|error| StoreError::io("list", journal, error))?;
    for name in names {
        if let Some(number) = number(&name, ".log") {
            files.segments.push(number);
        } else if let Some(number) = number(&name, ".checkpoint") {
            files.checkpoints.push(number);
        } else {
            files.others.push(journal.join(name));
        }
    }
    files.segments.sort_unstable();
    files.checkpoints.sort_unstable();
    Ok(files)
}

fn number(name: &str, extension: &str) -> Option<u32> {
    let digits = name.strip_suffix(extension)?;
    if digits.len() < 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_numbers_with_an_extension() {
        assert_eq!(number("000012.log", ".log"), Some(12));
        assert_eq!(number("1000012.log", ".log"), Some(1_000_012));
        for name in [
            "12.log",
            "00001x.log",
            "000012.checkpoint",
            "+00012.log",
            ".log",
        ] {
            assert_eq!(number(name, ".log"), None, "{name}");
        }
    }
}
