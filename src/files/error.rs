//! Why a local file cannot be read.

use std::fmt;
use std::fs::FileType;
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

/// Why a local file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LocalFileError {
    /// The system refuses to open or read the file.
    #[error("cannot read `{path}`")]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The path leads to something else than a file.
    #[error("`{path}` is {kind}, where a file is expected")]
    NotAFile {
        /// The path.
        path: PathBuf,
        /// What it leads to.
        kind: SpecialFile,
    },
    /// The file has more bytes than a file of its kind may have.
    #[error("`{path}` has more than {limit} bytes; is it the right file?")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most bytes that are read.
        limit: u64,
    },
    /// The file is not text.
    #[error("`{path}` is not a text in UTF-8")]
    NotText {
        /// The file.
        path: PathBuf,
    },
}

impl LocalFileError {
    /// Returns what makes an error of the system into one that names this path.
    pub fn reading(path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::Read {
            path: path.to_owned(),
            source,
        }
    }

    /// Returns whether there is no file at the path.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Read { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

/// What a path leads to, if not to a file with a content of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpecialFile {
    /// A folder.
    Folder,
    /// A pipe. Opening it may wait for ever.
    Pipe,
    /// A socket.
    Socket,
    /// A device, which may have no end.
    Device,
}

impl SpecialFile {
    /// Returns what a type stands for; `None` if it is that of a file.
    pub(super) fn of(kind: FileType) -> Option<Self> {
        if kind.is_file() {
            None
        } else if kind.is_dir() {
            Some(Self::Folder)
        } else if kind.is_fifo() {
            Some(Self::Pipe)
        } else if kind.is_socket() {
            Some(Self::Socket)
        } else {
            Some(Self::Device)
        }
    }
}

impl fmt::Display for SpecialFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Folder => "a folder",
            Self::Pipe => "a pipe",
            Self::Socket => "a socket",
            Self::Device => "a device",
        })
    }
}
