//! Every reason for which an archive is refused, in words for whoever made the archive.

use std::io;

use super::EscapedName;

/// Why an archive was refused, or could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The reader or writer failed; the archive is not to blame.
    #[error("the archive could not be read or written here")]
    Io(#[source] io::Error),
    /// The second pass met other bytes than the first; the archive is not to blame.
    #[error("the archive changed between the check and the repacking; upload it again")]
    Changed,

    /// No byte at all.
    #[error("the upload is empty; send the module as a .tar.gz archive")]
    Empty,
    /// Not a gzip stream.
    #[error(
        "the upload is not a .tar.gz archive, it looks like {looks_like}; pack the module with `tar -czf module.tar.gz -C <folder> .`"
    )]
    NotGzip {
        /// What the first bytes look like.
        looks_like: &'static str,
    },
    /// A gzip header that readers do not agree on.
    #[error("the gzip header of the archive is malformed: {0}; pack it again with a common tool")]
    GzipHeader(&'static str),
    /// The stream ends too early.
    #[error("the archive is truncated: its bytes end in the middle; upload it again")]
    Truncated,
    /// Bytes that do not decompress.
    #[error("the archive is damaged: its bytes do not decompress; upload it again")]
    GzipDamaged,
    /// The CRC-32 in the trailer is another one.
    #[error("the archive is damaged: its gzip checksum does not match; upload it again")]
    GzipChecksum,
    /// The length in the trailer is another one.
    #[error("the archive is damaged: its gzip length does not match; upload it again")]
    GzipLength,
    /// A second gzip member.
    #[error(
        "the archive is several gzip streams in a row, which not every reader reads to the end; pack it as one"
    )]
    GzipMembers,
    /// Something after the gzip stream.
    #[error("the archive has bytes after the end of its gzip stream; pack it again")]
    GzipTrailing,

    /// Unpacked, it is too large.
    #[error(
        "the archive is too large: it unpacks to more than {limit} bytes; leave large files out of the module"
    )]
    UnpackedTooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// It grows too much.
    #[error(
        "the archive unpacks to more than {limit} times its size, as a decompression bomb does; leave generated files out of the module"
    )]
    RatioTooHigh {
        /// The limit.
        limit: u64,
    },
    /// Too many entries.
    #[error(
        "the archive has too many files and folders, more than {limit}; leave out what Terraform does not need"
    )]
    TooManyEntries {
        /// The limit.
        limit: u64,
    },
    /// Too much metadata before one entry.
    #[error(
        "entry {entry} of the archive has more than {limit} bytes of tar metadata; pack it again without extended attributes"
    )]
    MetadataTooLarge {
        /// Which entry, counted from 1.
        entry: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// A path with too many bytes.
    #[error("the path of `{path}` is too long, more than {limit} bytes; shorten it")]
    PathTooLong {
        /// The path.
        path: EscapedName,
        /// The limit in bytes.
        limit: usize,
    },
    /// A component of a path with too many bytes.
    #[error("a file or folder name in `{path}` is too long, more than {limit} bytes; shorten it")]
    ComponentTooLong {
        /// The path.
        path: EscapedName,
        /// The limit in bytes.
        limit: usize,
    },
    /// A path with too many components.
    #[error("`{path}` lies too deep, in more than {limit} folders; move it up")]
    PathTooDeep {
        /// The path.
        path: EscapedName,
        /// The limit.
        limit: usize,
    },

    /// The gzip stream holds something else.
    #[error(
        "the upload is gzip but holds no tar archive; pack the module with `tar -czf module.tar.gz -C <folder> .`"
    )]
    NotTar,
    /// A header block whose checksum is another one.
    #[error(
        "the tar header of entry {entry} is damaged: its checksum does not match; pack the archive again"
    )]
    HeaderChecksum {
        /// Which entry, counted from 1.
        entry: u64,
    },
    /// A header block in a dialect that readers do not agree on.
    #[error(
        "the tar header of entry {entry} can be read in more than one way: {reason}; pack the archive again with GNU tar, bsdtar or `git archive`"
    )]
    HeaderAmbiguous {
        /// Which entry, counted from 1.
        entry: u64,
        /// What is ambiguous.
        reason: &'static str,
    },
    /// A size that is not written in octal digits.
    #[error(
        "the size of `{0}` is not written in octal digits, which readers understand differently; pack the archive again"
    )]
    SizeNotation(EscapedName),
    /// Two sizes for one entry.
    #[error("`{0}` has two different sizes in its tar headers; pack the archive again")]
    SizesDiffer(EscapedName),
    /// Content where none belongs.
    #[error("`{0}` is a folder or a link but announces content; pack the archive again")]
    ContentWithoutFile(EscapedName),
    /// The mode names another type than the entry's type.
    #[error("`{0}` has one type in its tar header and another in its mode; pack the archive again")]
    ModeType(EscapedName),
    /// A kind of entry that no module needs.
    #[error("`{entry}` is {kind}; a module may hold only files, folders and symbolic links")]
    EntryType {
        /// The entry.
        entry: EscapedName,
        /// What it is, with its article.
        kind: String,
    },
    /// A sparse file.
    #[error(
        "`{0}` is a sparse file, which can be far larger than the archive; pack it without `--sparse`"
    )]
    Sparse(EscapedName),
    /// A hard link.
    #[error(
        "`{0}` is a hard link; pack the archive with `--hard-dereference`, or put a copy of the file there"
    )]
    HardLink(EscapedName),
    /// Two metadata headers that speak about one entry.
    #[error("entry {entry} has more than one {what} header; pack the archive again")]
    MetadataRepeated {
        /// Which entry, counted from 1.
        entry: u64,
        /// Which header.
        what: &'static str,
    },
    /// PAX and GNU metadata for one entry.
    #[error(
        "entry {entry} has both PAX and GNU long-name headers; pack the archive again with one of them"
    )]
    MetadataMixed {
        /// Which entry, counted from 1.
        entry: u64,
    },
    /// Metadata that no entry follows, or that does not fit the entry.
    #[error(
        "entry {entry} of the archive has a metadata header that belongs to nothing; pack the archive again"
    )]
    MetadataStray {
        /// Which entry, counted from 1.
        entry: u64,
    },
    /// PAX records or a long name that break their grammar.
    #[error("the metadata of entry {entry} is malformed: {reason}; pack the archive again")]
    MetadataMalformed {
        /// Which entry, counted from 1.
        entry: u64,
        /// What is wrong.
        reason: &'static str,
    },
    /// A PAX record that changes what an entry is in a way readers do not agree on.
    #[error(
        "entry {entry} carries the PAX record `{key}`, which readers understand differently; pack the archive again without it"
    )]
    PaxRecord {
        /// Which entry, counted from 1.
        entry: u64,
        /// The key.
        key: EscapedName,
    },
    /// No end-of-archive blocks.
    #[error("the tar archive has no end mark, so it may be cut off; pack it again")]
    MissingEnd,
    /// Something after the end-of-archive blocks.
    #[error("the tar archive has bytes after its end mark; pack it again")]
    AfterEnd,

    /// An empty name.
    #[error("entry {0} of the archive has an empty name; pack it again")]
    NameEmpty(u64),
    /// Bytes that are not UTF-8.
    #[error("the name `{0}` is not UTF-8; rename the file")]
    NameNotUtf8(EscapedName),
    /// A control character or a bidirectional override.
    #[error("the name `{0}` holds a control character or one that reorders text; rename the file")]
    NameControl(EscapedName),
    /// From the root of a file system.
    #[error("the name `{0}` is an absolute path; pack the archive from inside the module's folder")]
    NameAbsolute(EscapedName),
    /// With `..`.
    #[error(
        "the name `{0}` leads out of its folder by `..`; pack the archive from inside the module's folder"
    )]
    NameParent(EscapedName),
    /// With `.` or nothing between two slashes.
    #[error("the name `{0}` has an empty or `.` component; pack the archive again")]
    NameComponent(EscapedName),
    /// With a backslash.
    #[error(
        "the name `{0}` holds a backslash, which is a folder separator on Windows; pack the archive with `/`, or rename the file"
    )]
    NameBackslash(EscapedName),
    /// A name that cannot exist on Windows.
    #[error("the name `{name}` cannot be used on Windows: {reason}; rename the file")]
    NameWindows {
        /// The name.
        name: EscapedName,
        /// Why not.
        reason: &'static str,
    },
    /// One name twice.
    #[error("`{0}` is in the archive more than once; pack each file once")]
    NameDuplicate(EscapedName),
    /// Two names that are one on some file systems.
    #[error("`{first}` and `{second}` are the same name on macOS or Windows; rename one of them")]
    NameCollision {
        /// The name that came first.
        first: EscapedName,
        /// The other.
        second: EscapedName,
    },
    /// A file where a folder is.
    #[error("`{0}` is a file and also a folder with something in it; rename one of them")]
    NameConflict(EscapedName),
    /// Something below a link.
    #[error(
        "`{entry}` lies below `{link}`, which is a link and not a folder; pack the archive again"
    )]
    BelowLink {
        /// The entry.
        entry: EscapedName,
        /// The link.
        link: EscapedName,
    },

    /// A link to an absolute path.
    #[error(
        "the link `{link}` points to the absolute path `{target}`; let it point to a file of the module by a relative path"
    )]
    LinkAbsolute {
        /// The link.
        link: EscapedName,
        /// Where it points.
        target: EscapedName,
    },
    /// A link target that is no relative path.
    #[error(
        "the link `{link}` has the target `{target}`, which is no path of a file; let it point to a file of the module by a relative path"
    )]
    LinkTarget {
        /// The link.
        link: EscapedName,
        /// Where it points.
        target: EscapedName,
    },
    /// A link to the outside.
    #[error(
        "the link `{link}` points out of the module to `{target}`; put a copy of the file there"
    )]
    LinkEscapes {
        /// The link.
        link: EscapedName,
        /// Where it points.
        target: EscapedName,
    },
    /// A link to nothing.
    #[error(
        "the link `{link}` points to `{target}`, which is not in the archive; add it or remove the link"
    )]
    LinkDangling {
        /// The link.
        link: EscapedName,
        /// Where it points.
        target: EscapedName,
    },
    /// A link that leads to itself.
    #[error(
        "the link `{link}` is circular: following `{target}` leads back to it or never ends; remove it"
    )]
    LinkCircular {
        /// The link.
        link: EscapedName,
        /// Where it points.
        target: EscapedName,
    },
    /// A link to a file that is too large to copy.
    #[error(
        "the link `{link}` points to `{target}`, which is larger than {limit} bytes; put a copy of the file there"
    )]
    LinkedFileTooLarge {
        /// The link.
        link: EscapedName,
        /// Where it points.
        target: EscapedName,
        /// The limit in bytes.
        limit: u64,
    },
    /// Links that cost too much to follow.
    #[error(
        "the links of the archive take too many steps to follow, the last at `{0}`; put copies of the files there"
    )]
    LinksTooMany(EscapedName),

    /// Not a single file.
    #[error(
        "the archive has no file in it; pack the module with `tar -czf module.tar.gz -C <folder> .`"
    )]
    NoFiles,
    /// No Terraform file where one has to be.
    #[error(
        "not a module: no .tf file at the top level of the archive; pack it from inside the module's folder"
    )]
    NoTerraformFile,
}

impl From<io::Error> for ArchiveError {
    /// Takes back a refusal that travelled through [`io::Read`]; anything else is the machine's.
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
