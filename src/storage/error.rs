//! Errors of the storage and the machine below it; errors in a request are not among them.

use std::io;
use std::path::{Path, PathBuf};

/// Why a read or a write failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Too many writes wait for the disk.
    #[error("{waiting} writes wait for the disk; try again in a moment")]
    Busy {
        /// How many writes wait.
        waiting: usize,
    },
    /// The store refuses all writes since an earlier failure.
    #[error("the store is read-only ({reason}); check the disk, then restart terrakeep")]
    ReadOnly {
        /// Why, in words.
        reason: String,
    },
    /// The disk failed in the middle of this write. Its record may be in the journal, so the next
    /// start may show its changes: nothing that they need may be removed.
    #[error(
        "the disk failed during a write ({reason}); whether it was stored is known once terrakeep \
         was restarted"
    )]
    OutcomeUnknown {
        /// What failed, in words.
        reason: String,
    },
    /// The store was closed.
    #[error("the store is closed, as terrakeep is stopping")]
    Closed,
    /// The disk is full, or the user's quota is used up.
    #[error("no space is left for `{path}`; free some on that disk")]
    NoSpace {
        /// The file that was being written.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Reading or writing a file failed.
    #[error("cannot {action} `{path}`")]
    Io {
        /// The operation, as a verb such as `read`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A row is larger than a row may be.
    #[error(
        "a row of table `{table}` has {bytes} bytes, more than the {limit} that a row may have"
    )]
    RowTooLarge {
        /// The table.
        table: &'static str,
        /// The row's size as JSON.
        bytes: usize,
        /// The most bytes that a row may have.
        limit: usize,
    },
    /// A row's JSON does not have its table's type.
    #[error("a row of table `{table}` cannot be read; run `terrakeep verify`")]
    Row {
        /// The table.
        table: &'static str,
        /// The error of the JSON.
        source: serde_json::Error,
    },
    /// A key's bytes do not have its table's type.
    #[error("the key `{key}` of table `{table}` cannot be read; run `terrakeep verify`")]
    Key {
        /// The table.
        table: &'static str,
        /// The key as the journal writes it.
        key: String,
    },
    /// The index failed.
    #[error(
        "the index failed while {action} ({reason}); restart terrakeep, which rebuilds it where needed"
    )]
    Index {
        /// The operation, as in `reading`.
        action: &'static str,
        /// The index's error, in words.
        reason: String,
    },
    /// Two tables of the program share an id or a name.
    #[error("table `{table}` shares its name or its id with another")]
    TableList {
        /// One of the two tables.
        table: &'static str,
    },
    /// There are rows of a table that this program does not have.
    #[error(
        "there are rows of table `{table}`, which this terrakeep does not know; use a newer one"
    )]
    UnknownTable {
        /// The table.
        table: String,
    },
    /// A secret is not what was written.
    #[error(
        "the secret `{path}` is damaged; restore it from a backup, or replace the key that it is of"
    )]
    DamagedSecret {
        /// The file.
        path: PathBuf,
    },
    /// A checkpoint is damaged.
    #[error("the checkpoint `{path}` is damaged: {fault}; remove it: the journal has all rows")]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        fault: &'static str,
    },
    /// The journal is damaged.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl StoreError {
    /// Returns whether the disk or the user's quota is full.
    pub(super) fn is_no_space(&self) -> bool {
        matches!(self, Self::NoSpace { .. })
    }

    /// Makes the error of an operation on a file; a full disk becomes [`Self::NoSpace`].
    pub(super) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        if is_no_space(&source) {
            Self::NoSpace { path, source }
        } else {
            Self::Io {
                action,
                path,
                source,
            }
        }
    }
}

/// Returns whether an error says that the disk or the user's quota is full.
pub(super) fn is_no_space(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

/// The journal's content is not what was written to it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{file}` is damaged at byte {offset}, where record {sequence} should be: {fault}; \
     run `terrakeep verify` to see what else is, and restore a backup"
)]
pub struct JournalError {
    /// The journal file.
    pub file: PathBuf,
    /// The byte offset in the file.
    pub offset: u64,
    /// The sequence number that was expected there.
    pub sequence: u64,
    /// What is wrong.
    pub fault: String,
}

/// Why a data directory could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process uses it.
    #[error("another terrakeep is using `{dir}`; stop it first")]
    Locked {
        /// The data directory.
        dir: PathBuf,
    },
    /// It belongs to another user, and this process is root.
    #[error(
        "`{dir}` belongs to the user `{owner}`, and files that root makes in it could not be opened \
         by the registry"
    )]
    OfAnotherUser {
        /// The data directory.
        dir: PathBuf,
        /// The name of its owner; `#` and the number if there is no name.
        owner: String,
    },
    /// It was written by a newer program.
    #[error(
        "`{dir}` has data format {found}, and this terrakeep knows formats up to {known}; \
         use the newer terrakeep that wrote it, or restore a backup"
    )]
    NewerFormat {
        /// The data directory.
        dir: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format that this program knows.
        known: u32,
    },
    /// Its format file is not a number.
    #[error("`{file}` does not hold the number of a data format; restore a backup")]
    UnreadableFormat {
        /// The format file.
        file: PathBuf,
    },
    /// It has archives or secrets, but no journal that says what they are.
    #[error(
        "`{journal}` has no record, but there are archives or keys beside it: the journal was lost; \
         nothing was changed, restore a backup"
    )]
    NoJournal {
        /// The folder of the journal.
        journal: PathBuf,
    },
    /// It holds data but no format: a restore was interrupted.
    #[error(
        "`{dir}` has data but no `format` file, as after an interrupted restore; \
         empty it and restore again"
    )]
    Unfinished {
        /// The data directory.
        dir: PathBuf,
    },
    /// It cannot be written, and there is no registry in it.
    #[error(
        "there is no registry in `{dir}`, and none can be made, since the directory cannot be \
         written; name another one, or mount the disk so that it can be written"
    )]
    NothingToRead {
        /// The data directory.
        dir: PathBuf,
    },
    /// It cannot be written, and there is no place for temporary files either.
    #[error(
        "`{dir}` cannot be written, and there is no other place for the index; set TMPDIR to a \
         directory that can be written"
    )]
    NoScratch {
        /// The data directory.
        dir: PathBuf,
        /// The error of the place for temporary files.
        source: io::Error,
    },
    /// Others can read secrets.
    #[error("`{path}` can be read by other users of this machine; run `chmod go-rwx {path}`")]
    ReadableSecrets {
        /// The file or directory.
        path: PathBuf,
    },
    /// Others can put files into it.
    #[error("`{path}` can be written by other users of this machine; run `chmod go-w {path}`")]
    WritableByOthers {
        /// The data directory.
        path: PathBuf,
    },
    /// Reading or writing failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<JournalError> for OpenError {
    fn from(error: JournalError) -> Self {
        Self::Store(StoreError::Journal(error))
    }
}
