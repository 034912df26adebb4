//! A fault of a file: what `verify`, a check of the running registry or a backup found.

use std::path::PathBuf;

use super::JournalError;

/// A file that is damaged or missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreFault {
    /// The file or directory.
    pub path: PathBuf,
    /// What is wrong, where, and what to do.
    pub text: String,
}

impl StoreFault {
    /// Makes the fault of a file.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }

    /// Adds faults to a list, but only those of files that are not in it yet: several checks may
    /// find the same damage.
    pub fn add_new(list: &mut Vec<Self>, found: impl IntoIterator<Item = Self>) {
        for fault in found {
            if !list.iter().any(|known| known.path == fault.path) {
                list.push(fault);
            }
        }
    }

    /// Makes the fault of a blob with the wrong content.
    pub(super) fn damaged_blob(path: PathBuf) -> Self {
        let text = "its content is not what its name says; restore it from a backup";
        Self::new(path, text)
    }

    /// Makes the fault of a checkpoint.
    pub(super) fn checkpoint(path: PathBuf, fault: &str) -> Self {
        Self::new(
            path,
            format!("{fault}; remove it: the journal has all rows"),
        )
    }
}

impl From<JournalError> for StoreFault {
    fn from(error: JournalError) -> Self {
        let text = format!(
            "it is damaged at byte {}, where record {} should be: {}; restore a backup",
            error.offset, error.sequence, error.fault
        );
        Self::new(error.file, text)
    }
}
