//! Every reason to refuse a package, in words for the person who made it.

use std::io;

use crate::archive::{ArchiveError, EscapedName};

/// Why a zip file is refused or could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ZipError {
    /// Reading failed; the file is not the cause.
    #[error("the package could not be read here")]
    Io(#[source] io::Error),
    /// The file is not a zip file.
    #[error("the package is not a zip file; send the .zip that holds the provider's program")]
    NotZip,
    /// The file does not end with its directory.
    #[error(
        "the zip file does not end where its directory ends: it is cut off, has a comment, or bytes after its end; make it again"
    )]
    End,
    /// The file is a part of several, or uses the 64-bit form.
    #[error(
        "the zip file is one of several parts, or of the 64-bit form; make it again as one file"
    )]
    Form,
    /// The directory has a wrong form.
    #[error("the directory of the zip file is malformed; make it again with a common tool")]
    Directory,
    /// Some bytes belong to no entry, or to two.
    #[error(
        "entries of the zip file overlap or leave bytes between them, at `{0}`; make it again with a common tool"
    )]
    Layout(EscapedName),
    /// The two descriptions of an entry differ.
    #[error("the zip file describes `{0}` in two different ways; make it again with a common tool")]
    Disagree(EscapedName),
    /// An entry is encrypted.
    #[error("`{0}` is encrypted; make the zip file without a password")]
    Encrypted(EscapedName),
    /// An entry is packed by a method that clients do not know.
    #[error("`{0}` is packed in a way that clients do not read; use `deflate` or none")]
    Method(EscapedName),
    /// An extra field changes the name or the size.
    #[error("`{0}` carries a second name or size; make the zip file again with a common tool")]
    Extra(EscapedName),
    /// An entry is neither a file nor a folder.
    #[error("`{0}` is a link or a device; a package holds files and folders only")]
    Kind(EscapedName),
    /// Readers interpret the name in different ways.
    #[error("the name `{0}` is not marked as UTF-8; make the zip file again with a common tool")]
    NameEncoding(EscapedName),
    /// A name is one that is refused in any archive.
    #[error(transparent)]
    Name(#[from] ArchiveError),
    /// The content does not fit the directory.
    #[error(
        "`{0}` is damaged: its content does not match its description in the zip file; send it again"
    )]
    Damaged(EscapedName),
    /// The unpacked content is too large.
    #[error("the package is too large: it unpacks to more than {limit} bytes")]
    UnpackedTooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The content is too large in relation to its packed form.
    #[error("`{entry}` unpacks to more than {limit} times its size, which no program does")]
    Ratio {
        /// The entry.
        entry: EscapedName,
        /// The largest ratio allowed.
        limit: u64,
    },
    /// The program is missing.
    #[error(
        "the zip file holds no `terraform-provider-{name}` at its top level (it holds: {found}); put the program there, called `terraform-provider-{name}_v…`"
    )]
    NoProgram {
        /// The provider's name.
        name: String,
        /// The names that are at the top level instead.
        found: String,
    },
}

impl ZipError {
    /// Returns whether the machine failed and not the file.
    pub fn is_io(&self) -> bool {
        matches!(self, Self::Io(_))
    }
}
