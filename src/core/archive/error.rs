//! Every reason to refuse an archive, in words for the person who made it.

use std::io;

use super::EscapedName;
use crate::domain::bytes_in_words;

/// Why an archive is refused or could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Reading or writing failed; the archive is not the cause.
    #[error("the archive could not be read or written here")]
    Io(#[source] io::Error),
    /// The second pass read other bytes than the first; the archive is not the cause.
    #[error("the archive changed between the check and the repacking; upload it again")]
    Changed,

    /// The upload has no bytes.
    #[error("the upload is empty; send the module as a .tar.gz archive")]
    Empty,
    /// The upload is not a gzip stream.
    #[error(
        "the upload is not a .tar.gz archive, it looks like {looks_like}; pack the module with `tar -czf module.tar.gz -C <folder> .`"
    )]
    NotGzip {
        /// The format that the first bytes look like.
        looks_like: &'static str,
    },
    /// Readers interpret the gzip header in different ways.
    #[error("the gzip header of the archive is malformed: {0}; pack it again with a common tool")]
    GzipHeader(&'static str),
    /// The stream ends too early.
    #[error("the archive is truncated: its bytes end in the middle; upload it again")]
    Truncated,
    /// The bytes do not decompress.
    #[error("the archive is damaged: its bytes do not decompress; upload it again")]
    GzipDamaged,
    /// The CRC-32 in the trailer differs.
    #[error("the archive is damaged: its gzip checksum does not match; upload it again")]
    GzipChecksum,
    /// The length in the trailer differs.
    #[error("the archive is damaged: its gzip length does not match; upload it again")]
    GzipLength,
    /// A second gzip member follows the first.
    #[error(
        "the archive is several gzip streams in a row, which not every reader reads to the end; pack it as one"
    )]
    GzipMembers,
    /// Other bytes follow the gzip stream.
    #[error("the archive has bytes after the end of its gzip stream; pack it again")]
    GzipTrailing,

    /// The unpacked content is too large.
    #[error(
        "the archive is too large: it unpacks to more than {}; leave large files out of the module", bytes_in_words(*limit)
    )]
    UnpackedTooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The content is too large in relation to the archive.
    #[error(
        "the archive unpacks to more than {limit} times its size, as a decompression bomb does; leave generated files out of the module"
    )]
    RatioTooHigh {
        /// The largest ratio allowed.
        limit: u64,
    },
    /// The archive has too many entries.
    #[error(
        "the archive has too many files and folders, more than {limit}; leave out what Terraform does not need"
    )]
    TooManyEntries {
        /// The most entries allowed.
        limit: u64,
    },
    /// There is too much metadata before one entry.
    #[error(
        "entry {entry} of the archive has more than {limit} bytes of tar metadata; pack it again without extended attributes"
    )]
    MetadataTooLarge {
        /// The number of the entry, counted from 1.
        entry: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// A path has too many bytes.
    #[error("the path of `{path}` is too long, more than {limit} bytes; shorten it")]
    PathTooLong {
        /// The path.
        path: EscapedName,
        /// The limit in bytes.
        limit: usize,
    },
    /// A component of a path has too many bytes.
    #[error("a file or folder name in `{path}` is too long, more than {limit} bytes; shorten it")]
    ComponentTooLong {
        /// The path.
        path: EscapedName,
        /// The limit in bytes.
        limit: usize,
    },
    /// A path has too many components.
    #[error("`{path}` lies too deep, in more than {limit} folders; move it up")]
    PathTooDeep {
        /// The path.
        path: EscapedName,
        /// The most components allowed.
        limit: usize,
    },

    /// The gzip stream does not hold a tar archive.
    #[error(
        "the upload is gzip but holds no tar archive; pack the module with `tar -czf module.tar.gz -C <folder> .`"
    )]
    NotTar,
    /// The checksum of a header block is wrong.
    #[error(
        "the tar header of entry {entry} is damaged: its checksum does not match; pack the archive again"
    )]
    HeaderChecksum {
        /// The number of the entry, counted from 1.
        entry: u64,
    },
    /// Readers interpret the dialect of a header block in different ways.
    #[error(
        "the tar header of entry {entry} can be read in more than one way: {reason}; pack the archive again with GNU tar, bsdtar or `git archive`"
    )]
    HeaderAmbiguous {
        /// The number of the entry, counted from 1.
        entry: u64,
        /// The ambiguous part.
        reason: &'static str,
    },
    /// A size is not written in octal digits.
    #[error(
        "the size of `{0}` is not written in octal digits, which readers understand differently; pack the archive again"
    )]
    SizeNotation(EscapedName),
    /// One entry has two different sizes.
    #[error("`{0}` has two different sizes in its tar headers; pack the archive again")]
    SizesDiffer(EscapedName),
    /// An entry that has no content announces some.
    #[error("`{0}` is a folder or a link but announces content; pack the archive again")]
    ContentWithoutFile(EscapedName),
    /// The mode contradicts the entry's type.
    #[error("`{0}` has one type in its tar header and another in its mode; pack the archive again")]
    ModeType(EscapedName),
    /// The entry has a type that no module needs.
    #[error("`{entry}` is {kind}; a module may hold only files, folders and symbolic links")]
    EntryType {
        /// The entry.
        entry: EscapedName,
        /// The type, with its article.
        kind: String,
    },
    /// The entry is a sparse file.
    #[error(
        "`{0}` is a sparse file, which can be far larger than the archive; pack it without `--sparse`"
    )]
    Sparse(EscapedName),
    /// The entry is a hard link.
    #[error(
        "`{0}` is a hard link; pack the archive with `--hard-dereference`, or put a copy of the file there"
    )]
    HardLink(EscapedName),
    /// Two metadata headers of the same kind stand before one entry.
    #[error("entry {entry} has more than one {what} header; pack the archive again")]
    MetadataRepeated {
        /// The number of the entry, counted from 1.
        entry: u64,
        /// The kind of header.
        what: &'static str,
    },
    /// One entry has both PAX and GNU metadata.
    #[error(
        "entry {entry} has both PAX and GNU long-name headers; pack the archive again with one of them"
    )]
    MetadataMixed {
        /// The number of the entry, counted from 1.
        entry: u64,
    },
    /// A metadata header has no entry after it, or does not fit the entry.
    #[error(
        "entry {entry} of the archive has a metadata header that belongs to nothing; pack the archive again"
    )]
    MetadataStray {
        /// The number of the entry, counted from 1.
        entry: u64,
    },
    /// PAX records or a long name have a wrong form.
    #[error("the metadata of entry {entry} is malformed: {reason}; pack the archive again")]
    MetadataMalformed {
        /// The number of the entry, counted from 1.
        entry: u64,
        /// What is wrong with them.
        reason: &'static str,
    },
    /// Readers interpret a PAX record in different ways.
    #[error(
        "entry {entry} carries the PAX record `{key}`, which readers understand differently; pack the archive again without it"
    )]
    PaxRecord {
        /// The number of the entry, counted from 1.
        entry: u64,
        /// The key of the record.
        key: EscapedName,
    },
    /// The end-of-archive blocks are missing.
    #[error("the tar archive has no end mark, so it may be cut off; pack it again")]
    MissingEnd,
    /// Other bytes follow the end-of-archive blocks.
    #[error("the tar archive has bytes after its end mark; pack it again")]
    AfterEnd,

    /// A name is empty.
    #[error("entry {0} of the archive has an empty name; pack it again")]
    NameEmpty(u64),
    /// A name is not UTF-8.
    #[error("the name `{0}` is not UTF-8; rename the file")]
    NameNotUtf8(EscapedName),
    /// A name has a control character or a bidirectional override.
    #[error("the name `{0}` holds a control character or one that reorders text; rename the file")]
    NameControl(EscapedName),
    /// A name is an absolute path.
    #[error("the name `{0}` is an absolute path; pack the archive from inside the module's folder")]
    NameAbsolute(EscapedName),
    /// A name has a `..` component.
    #[error(
        "the name `{0}` leads out of its folder by `..`; pack the archive from inside the module's folder"
    )]
    NameParent(EscapedName),
    /// A name has a `.` component or an empty one.
    #[error("the name `{0}` has an empty or `.` component; pack the archive again")]
    NameComponent(EscapedName),
    /// A name has a backslash.
    #[error(
        "the name `{0}` holds a backslash, which is a folder separator on Windows; pack the archive with `/`, or rename the file"
    )]
    NameBackslash(EscapedName),
    /// A name cannot exist on Windows.
    #[error("the name `{name}` cannot be used on Windows: {reason}; rename the file")]
    NameWindows {
        /// The name.
        name: EscapedName,
        /// Why it cannot exist.
        reason: &'static str,
    },
    /// A name is there twice.
    #[error("`{0}` is in the archive more than once; pack each file once")]
    NameDuplicate(EscapedName),
    /// Two names are the same on some file systems.
    #[error("`{first}` and `{second}` are the same name on macOS or Windows; rename one of them")]
    NameCollision {
        /// The name that came first.
        first: EscapedName,
        /// The name that came second.
        second: EscapedName,
    },
    /// A path is both a file and a folder.
    #[error("`{0}` is a file and also a folder with something in it; rename one of them")]
    NameConflict(EscapedName),
    /// An entry lies below a link.
    #[error(
        "`{entry}` lies below `{link}`, which is a link and not a folder; pack the archive again"
    )]
    BelowLink {
        /// The entry.
        entry: EscapedName,
        /// The link.
        link: EscapedName,
    },

    /// A link has an absolute target.
    #[error(
        "the link `{link}` points to the absolute path `{target}`; let it point to a file of the module by a relative path"
    )]
    LinkAbsolute {
        /// The link.
        link: EscapedName,
        /// The target.
        target: EscapedName,
    },
    /// The target of a link is not a relative path.
    #[error(
        "the link `{link}` has the target `{target}`, which is no path of a file; let it point to a file of the module by a relative path"
    )]
    LinkTarget {
        /// The link.
        link: EscapedName,
        /// The target.
        target: EscapedName,
    },
    /// A link leads out of the archive.
    #[error(
        "the link `{link}` points out of the module to `{target}`; put a copy of the file there"
    )]
    LinkEscapes {
        /// The link.
        link: EscapedName,
        /// The target.
        target: EscapedName,
    },
    /// The target of a link does not exist.
    #[error(
        "the link `{link}` points to `{target}`, which is not in the archive; add it or remove the link"
    )]
    LinkDangling {
        /// The link.
        link: EscapedName,
        /// The target.
        target: EscapedName,
    },
    /// A link leads to itself.
    #[error(
        "the link `{link}` is circular: following `{target}` leads back to it or never ends; remove it"
    )]
    LinkCircular {
        /// The link.
        link: EscapedName,
        /// The target.
        target: EscapedName,
    },
    /// A link leads to a file that is too large to copy.
    #[error(
        "the link `{link}` points to `{target}`, which is larger than {limit} bytes; put a copy of the file there"
    )]
    LinkedFileTooLarge {
        /// The link.
        link: EscapedName,
        /// The target.
        target: EscapedName,
        /// The limit in bytes.
        limit: u64,
    },
    /// Following the links takes too many steps.
    #[error(
        "the links of the archive take too many steps to follow, the last at `{0}`; put copies of the files there"
    )]
    LinksTooMany(EscapedName),

    /// The archive has no file.
    #[error(
        "the archive has no file in it; pack the module with `tar -czf module.tar.gz -C <folder> .`"
    )]
    NoFiles,
    /// No Terraform file is where a module needs one.
    #[error(
        "not a module: no .tf file at the top level of the archive; pack it from inside the module's folder"
    )]
    NoTerraformFile,
}

impl From<io::Error> for ArchiveError {
    /// Restores a refusal that travelled through [`io::Read`]; any other error is one of the
    /// machine.
    fn from(error: io::Error) -> Self {
        error.downcast().unwrap_or_else(Self::Io)
    }
}

impl From<ArchiveError> for io::Error {
    fn from(error: ArchiveError) -> Self {
        if let ArchiveError::Io(inner) = error {
            inner
        } else {
            Self::other(error)
        }
    }
}
