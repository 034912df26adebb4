//! Every reason for which a package is refused, in words for whoever made it.

use std::io;

use crate::archive::{ArchiveError, EscapedName};

/// Why a zip file was refused, or could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ZipError {
    /// The reader failed; the file is not to blame.
    #[error("the package could not be read here")]
    Io(#[source] io::Error),
    /// No zip file.
    #[error("the package is not a zip file; send the .zip that holds the provider's program")]
    NotZip,
    /// It does not end with its directory.
    #[error(
        "the zip file does not end where its directory ends: it is cut off, has a comment, or bytes after its end; make it again"
    )]
    End,
    /// Several disks, or the 64-bit form.
    #[error(
        "the zip file is one of several parts, or of the 64-bit form; make it again as one file"
    )]
    Form,
    /// The directory does not fit.
    #[error("the directory of the zip file is malformed; make it again with a common tool")]
    Directory,
    /// Bytes that no entry accounts for, or that two account for.
    #[error(
        "entries of the zip file overlap or leave bytes between them, at `{0}`; make it again with a common tool"
    )]
    Layout(EscapedName),
    /// The two places that describe an entry say different things.
    #[error("the zip file describes `{0}` in two different ways; make it again with a common tool")]
    Disagree(EscapedName),
    /// An encrypted entry.
    #[error("`{0}` is encrypted; make the zip file without a password")]
    Encrypted(EscapedName),
    /// A way of packing that clients do not know.
    #[error("`{0}` is packed in a way that clients do not read; use `deflate` or none")]
    Method(EscapedName),
    /// An extra field that changes the name or the size.
    #[error("`{0}` carries a second name or size; make the zip file again with a common tool")]
    Extra(EscapedName),
    /// No file or folder.
    #[error("`{0}` is a link or a device; a package holds files and folders only")]
    Kind(EscapedName),
    /// A name that two readers read in two ways.
    #[error("the name `{0}` is not marked as UTF-8; make the zip file again with a common tool")]
    NameEncoding(EscapedName),
    /// A name that is refused in any archive.
    #[error(transparent)]
    Name(#[from] ArchiveError),
    /// The bytes are not what the directory says.
    #[error("`{0}` is damaged: its bytes are not what the zip file says of them; send it again")]
    Damaged(EscapedName),
    /// Unpacked, it is too large.
    #[error("the package is too large: it unpacks to more than {limit} bytes")]
    UnpackedTooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// It grows too much.
    #[error("`{entry}` unpacks to more than {limit} times its size, which no program does")]
    Ratio {
        /// Which entry.
        entry: EscapedName,
        /// The limit.
        limit: u64,
    },
    /// The program is missing.
    #[error(
        "the zip file holds no `terraform-provider-{name}` at its top level (it holds: {found}); put the program there, called `terraform-provider-{name}_v…`"
    )]
    NoProgram {
        /// The provider's name.
        name: String,
        /// What is there instead.
        found: String,
    },
}

impl ZipError {
    /// Whether the machine failed and not the file.
    pub fn is_io(&self) -> bool {
        matches!(self, Self::Io(_))
    }
}
