//! Why a backup was not made.

use std::fmt::Write as _;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::storage::error::is_no_space;
use crate::storage::{StoreError, StoreFault};

/// How many faults the text of an error names.
const FAULTS_NAMED: usize = 10;

/// Why a backup was not made. Nothing is left of it.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Something has the name already.
    #[error("`{target}` exists already, and a backup overwrites nothing; give it another name")]
    Exists {
        /// The directory that the backup should become.
        target: PathBuf,
    },
    /// Another backup of that name is being made.
    #[error("a backup to `{target}` is being made already; wait until it has ended")]
    Running {
        /// The directory that the other backup becomes.
        target: PathBuf,
    },
    /// The place of the backup cannot be written.
    #[error("the backup cannot be written to `{path}`: {}", in_words(source))]
    Place {
        /// The file or directory.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Files of the registry are damaged, so the backup would be, too.
    #[error(
        "no backup was made, because the registry's own files are damaged:{}",
        listed(faults)
    )]
    Damaged {
        /// The damaged files.
        faults: Vec<StoreFault>,
    },
    /// The registry's own files cannot be read, or its own disk fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BackupError {
    /// Makes the error of writing something of the backup.
    pub(super) fn place(path: &Path, source: io::Error) -> Self {
        Self::Place {
            path: path.to_owned(),
            source,
        }
    }

    /// Names the backup instead of the hidden directory that it was written into.
    pub(super) fn naming(self, target: &Path, hidden: &Path) -> Self {
        match self {
            Self::Place { path, source } if path.starts_with(hidden) => Self::place(target, source),
            same @ (Self::Place { .. }
            | Self::Exists { .. }
            | Self::Running { .. }
            | Self::Damaged { .. }
            | Self::Store(_)) => same,
        }
    }

    /// Returns whether the backup failed because its disk, or the user's quota there, is full.
    pub fn is_no_space(&self) -> bool {
        matches!(self, Self::Place { source, .. } if is_no_space(source))
    }
}

/// What the errors of the system mean for somebody who makes a backup, and what to do.
const WORDS: &[(ErrorKind, &str)] = &[
    (
        ErrorKind::ReadOnlyFilesystem,
        "it is read-only, or the service manager keeps terrakeep from writing there (systemd: \
         `ReadWritePaths=`)",
    ),
    (
        ErrorKind::NotFound,
        "a directory on the way there does not exist and cannot be made",
    ),
    (
        ErrorKind::NotADirectory,
        "a part of this path is a file and not a directory",
    ),
    (
        ErrorKind::PermissionDenied,
        "the user that terrakeep runs as may not write there; change the owner of the directory \
         above it",
    ),
    (
        ErrorKind::InvalidFilename,
        "the name is longer than the file system allows",
    ),
    (
        ErrorKind::StorageFull,
        "no space is left on the disk of the backup; remove old backups or use a larger disk",
    ),
    (
        ErrorKind::QuotaExceeded,
        "the quota of the user that terrakeep runs as is used up on the disk of the backup",
    ),
    (
        ErrorKind::FileTooLarge,
        "the file system of the backup does not allow a file so large",
    ),
    (ErrorKind::CrossesDevices, MOUNTED),
    (ErrorKind::ResourceBusy, MOUNTED),
];

const MOUNTED: &str = "another disk is mounted there; name a directory inside of it";

fn in_words(error: &io::Error) -> String {
    let known = WORDS.iter().find(|(kind, _)| *kind == error.kind());
    known.map_or_else(|| error.to_string(), |(_, words)| (*words).to_owned())
}

fn listed(faults: &[StoreFault]) -> String {
    let mut text = String::new();
    for fault in faults.iter().take(FAULTS_NAMED) {
        // Writing to a String cannot fail.
        let _ = write!(text, " `{}`: {};", fault.path.display(), fault.text);
    }
    match faults.len().saturating_sub(FAULTS_NAMED) {
        0 => {}
        more => {
            let _ = write!(text, " and {more} more;");
        }
    }
    text.push_str(" `terrakeep verify` checks everything while the registry is stopped");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers are those of Linux, as the system gives them.
    #[test]
    fn p8_each_cause_has_words_of_its_own() {
        let place = |number| {
            let source = io::Error::from_raw_os_error(number);
            BackupError::place(Path::new("/srv/backups/monday"), source)
        };
        for (number, word, full) in [
            (30, "read-only", false),
            (2, "does not exist", false),
            (20, "a file and not a directory", false),
            (1, "may not write", false),
            (13, "may not write", false),
            (36, "longer than", false),
            (28, "disk of the backup", true),
            (122, "quota", true),
            (27, "so large", false),
            (18, "mounted", false),
            (16, "mounted", false),
            (5, "os error 5", false),
        ] {
            let error = place(number);
            let text = error.to_string();
            assert!(text.contains(word), "{number}: {text}");
            assert!(text.contains("/srv/backups/monday"), "{text}");
            assert_eq!(error.is_no_space(), full, "{number}");
        }
    }

    #[test]
    fn p9_a_refusal_names_the_damaged_files() {
        let faults = (0..12).map(|number| StoreFault {
            path: format!("/srv/{number}").into(),
            text: "it is missing".to_owned(),
        });
        let text = BackupError::Damaged {
            faults: faults.collect(),
        }
        .to_string();
        assert!(text.contains("`/srv/9`: it is missing;"), "{text}");
        assert!(text.contains("and 2 more"), "{text}");
    }
}
