//! The entries of a .tar.gz, one after the other. Header blocks and their metadata are joined, and
//! each entry is checked by itself. The catalogue checks entries against each other.

use std::io::{self, BufRead, Read};

use super::gzip::Gzip;
use super::header::{BLOCK, Header, is_zero, refused_type};
use super::path::changes_how_text_reads;
use super::{ArchiveError, ArchiveLimits, ArchivePath, EscapedName, mac_files, pax};

/// The most zero bytes after the end mark. Tools pad to a record; the largest of the usual ones
/// (`tar -b 2048`) has 1 MiB.
const END_PADDING: u64 = 1024 * 1024;

/// A file, folder or link of the archive.
#[derive(Debug)]
pub(super) struct Entry {
    /// The path; `None` for the root folder `./`.
    pub(super) path: Option<ArchivePath>,
    /// The kind of the entry.
    pub(super) kind: EntryKind,
    /// The permission bits.
    pub(super) mode: u64,
}

/// The kind of an entry.
#[derive(Debug)]
pub(super) enum EntryKind {
    /// A file, with its size in bytes.
    File(u64),
    /// A folder.
    Folder,
    /// A symbolic link, with its relative target.
    Link(String),
    /// A file that tar on a Mac writes about the folder that was packed. Its name cannot exist on
    /// Windows, so nothing is made of it.
    MacFile,
}

/// A reader of the entries of an archive.
pub(super) struct TarGz<R> {
    stream: Gzip<R>,
    limits: ArchiveLimits,
    /// The bytes of the current entry's content that have not been read.
    content: u64,
    /// The bytes that fill the block after that content.
    padding: u64,
    /// The number of the current entry, which is the number of entries read so far.
    number: u64,
}

/// The metadata headers before an entry.
#[derive(Default)]
struct Metadata {
    bytes: u64,
    global: bool,
    pax: Option<pax::Records>,
    long_name: Option<Vec<u8>>,
    long_link: Option<Vec<u8>>,
}

impl<R: Read> TarGz<R> {
    /// Opens `upload`.
    pub(super) fn open(upload: R, limits: &ArchiveLimits) -> Result<Self, ArchiveError> {
        Ok(Self {
            stream: Gzip::open(upload, limits)?,
            limits: limits.clone(),
            content: 0,
            padding: 0,
            number: 0,
        })
    }

    /// Returns the next entry; `None` when the whole upload was read and its end is valid.
    pub(super) fn next_entry(&mut self) -> Result<Option<Entry>, ArchiveError> {
        let mut metadata = Metadata::default();
        self.number += 1;
        loop {
            self.skip(self.content + self.padding)?;
            (self.content, self.padding) = (0, 0);
            let block = self.block()?;
            if is_zero(&block) {
                if metadata.any() || metadata.global {
                    return Err(ArchiveError::MetadataStray { entry: self.number });
                }
                self.read_end()?;
                return Ok(None);
            }
            let header = Header::parse(&block, self.number)?;
            if self.number > self.limits.entries {
                return Err(ArchiveError::TooManyEntries {
                    limit: self.limits.entries,
                });
            }
            if matches!(header.type_flag, b'x' | b'g' | b'L' | b'K') {
                self.read_metadata(&header, &mut metadata)?;
            } else {
                return self.entry(header, metadata).map(Some);
            }
        }
    }

    fn read_metadata(
        &mut self,
        header: &Header,
        metadata: &mut Metadata,
    ) -> Result<(), ArchiveError> {
        let entry = self.number;
        let size = size_of(header)?;
        metadata.bytes = metadata.bytes.saturating_add(size);
        if metadata.bytes > self.limits.metadata_bytes {
            return Err(ArchiveError::MetadataTooLarge {
                entry,
                limit: self.limits.metadata_bytes,
            });
        }
        let body = self.metadata_body(size)?;
        let repeated = |what| Err(ArchiveError::MetadataRepeated { entry, what });
        match header.type_flag {
            b'g' => {
                // Readers disagree about the metadata before a global header, and about where it
                // ends.
                if metadata.any() {
                    return Err(ArchiveError::MetadataMixed { entry });
                }
                metadata.bytes = 0;
                metadata.global = true;
                // A global header counts as an entry; otherwise their number would have no limit.
                self.number += 1;
                return pax::global(&body, entry);
            }
            b'x' if metadata.pax.is_some() => return repeated("PAX"),
            b'L' if metadata.long_name.is_some() => return repeated("GNU long-name"),
            b'K' if metadata.long_link.is_some() => return repeated("GNU long-link"),
            b'x' => metadata.pax = Some(pax::local(&body, entry)?),
            b'L' => metadata.long_name = Some(long_text(body, entry)?),
            _ => metadata.long_link = Some(long_text(body, entry)?),
        }
        // Readers disagree about which of the two is used.
        if metadata.pax.is_some() && (metadata.long_name.is_some() || metadata.long_link.is_some())
        {
            return Err(ArchiveError::MetadataMixed { entry });
        }
        Ok(())
    }

    fn metadata_body(&mut self, size: u64) -> Result<Vec<u8>, ArchiveError> {
        self.set_content(size);
        let mut body = Vec::new();
        self.by_ref().read_to_end(&mut body)?;
        let mut padding = Vec::new();
        let length = std::mem::take(&mut self.padding);
        self.stream
            .by_ref()
            .take(length)
            .read_to_end(&mut padding)?;
        // Some readers search for the end of a text instead of using the announced size.
        if is_zero(&padding) {
            Ok(body)
        } else {
            Err(ArchiveError::MetadataMalformed {
                entry: self.number,
                reason: "text after its end",
            })
        }
    }

    fn entry(&mut self, header: Header, metadata: Metadata) -> Result<Entry, ArchiveError> {
        let size = size_of(&header)?;
        let records = metadata.pax.unwrap_or_default();
        // Some readers take a file with such a name for a folder, even if another name replaces it.
        if matches!(header.type_flag, b'0' | 0) && header.name.ends_with(b"/") {
            return Err(ArchiveError::NameComponent(EscapedName::bytes(
                &header.name,
            )));
        }
        let name = records.path.or(metadata.long_name).unwrap_or(header.name);
        let long_link = records.link.or(metadata.long_link);
        let escaped_name = || EscapedName::bytes(&name);
        if records.size.is_some_and(|other| other != size) {
            return Err(ArchiveError::SizesDiffer(escaped_name()));
        }
        let is_link = header.type_flag == b'2';
        if long_link.is_some() && !is_link {
            return Err(ArchiveError::MetadataStray { entry: self.number });
        }
        let (kind, type_bits) = match header.type_flag {
            b'0' | 0 => (EntryKind::File(size), 0o100_000),
            b'5' => (EntryKind::Folder, 0o040_000),
            b'2' => {
                let target = link_target(&name, &long_link.unwrap_or(header.link), &self.limits)?;
                (EntryKind::Link(target), 0o120_000)
            }
            other => return Err(refused_type(other, &name)),
        };
        let is_file = matches!(kind, EntryKind::File(_));
        if size > 0 && !is_file {
            return Err(ArchiveError::ContentWithoutFile(escaped_name()));
        }
        // Go's readers, and therefore Terraform, take the type from these bits.
        if header.mode >> 12 != 0 && header.mode & !0o7777 != type_bits {
            return Err(ArchiveError::ModeType(escaped_name()));
        }
        if size > self.stream.allowance() {
            return Err(ArchiveError::UnpackedTooLarge {
                limit: self.limits.unpacked_bytes,
            });
        }
        self.set_content(size);
        let mode = header.mode & 0o7777;
        if is_file && std::str::from_utf8(&name).is_ok_and(mac_files::is_of_root) {
            return self.mac_file(&name, mode);
        }
        Ok(Entry {
            path: self.entry_path(&name, &kind)?,
            kind,
            mode,
        })
    }

    /// Returns the entry of a file that macOS adds for a folder. The folder's name is checked like
    /// any other.
    fn mac_file(&self, name: &[u8], mode: u64) -> Result<Entry, ArchiveError> {
        if let Some(folder) = name.strip_suffix(b"/._.") {
            self.entry_path(folder, &EntryKind::Folder)?;
        }
        Ok(Entry {
            path: None,
            kind: EntryKind::MacFile,
            mode,
        })
    }

    fn entry_path(
        &self,
        name: &[u8],
        kind: &EntryKind,
    ) -> Result<Option<ArchivePath>, ArchiveError> {
        let text = std::str::from_utf8(name)
            .map_err(|_| ArchiveError::NameNotUtf8(EscapedName::bytes(name)))?;
        let text = match kind {
            EntryKind::Folder if matches!(text, "." | "./") => return Ok(None),
            EntryKind::Folder if text != "/" => text.strip_suffix('/').unwrap_or(text),
            EntryKind::Folder | EntryKind::File(_) | EntryKind::Link(_) | EntryKind::MacFile => {
                text
            }
        };
        if text.is_empty() {
            return Err(ArchiveError::NameEmpty(self.number));
        }
        ArchivePath::new(text, &self.limits).map(Some)
    }

    fn set_content(&mut self, size: u64) {
        self.content = size;
        self.padding = size.next_multiple_of(512) - size;
    }

    /// Reads one block; the stream must not end before it.
    fn block(&mut self) -> Result<[u8; BLOCK], ArchiveError> {
        let mut block = [0; BLOCK];
        let mut rest = &mut block[..];
        while !rest.is_empty() {
            match self.stream.read(rest)? {
                0 if self.number == 1 => return Err(ArchiveError::NotTar),
                0 => return Err(ArchiveError::MissingEnd),
                read => rest = rest.get_mut(read..).unwrap_or_default(),
            }
        }
        Ok(block)
    }

    fn skip(&mut self, mut bytes: u64) -> Result<(), ArchiveError> {
        while bytes > 0 {
            let available = self.stream.fill_buf()?.len();
            if available == 0 {
                return Err(ArchiveError::MissingEnd);
            }
            let used = available.min(usize::try_from(bytes).unwrap_or(usize::MAX));
            self.stream.consume(used);
            bytes -= u64::try_from(used).unwrap_or(bytes);
        }
        Ok(())
    }

    /// Reads what follows the first zero block: a second one, and padding to the end.
    fn read_end(&mut self) -> Result<(), ArchiveError> {
        if !is_zero(&self.block()?) {
            return Err(ArchiveError::AfterEnd);
        }
        let mut padding = 0;
        loop {
            let rest = self.stream.fill_buf()?;
            let length = rest.len();
            if length == 0 {
                return Ok(());
            }
            padding += u64::try_from(length).unwrap_or(u64::MAX);
            if padding > END_PADDING || !is_zero(rest) {
                return Err(ArchiveError::AfterEnd);
            }
            self.stream.consume(length);
        }
    }
}

impl<R: Read> Read for TarGz<R> {
    /// Reads from the content of the current entry.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.content).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        if wanted == 0 {
            return Ok(0);
        }
        let read = self
            .stream
            .read(buffer.get_mut(..wanted).unwrap_or_default())?;
        if read == 0 {
            return Err(ArchiveError::MissingEnd.into());
        }
        self.content -= u64::try_from(read).unwrap_or(self.content);
        Ok(read)
    }
}

impl Metadata {
    fn any(&self) -> bool {
        self.pax.is_some() || self.long_name.is_some() || self.long_link.is_some()
    }
}

fn size_of(header: &Header) -> Result<u64, ArchiveError> {
    header
        .size
        .ok_or_else(|| ArchiveError::SizeNotation(EscapedName::bytes(&header.name)))
}

/// Returns the text of a GNU long name or link, which ends with one NUL.
fn long_text(mut body: Vec<u8>, entry: u64) -> Result<Vec<u8>, ArchiveError> {
    let malformed = |reason| Err(ArchiveError::MetadataMalformed { entry, reason });
    if body.last() == Some(&0) {
        body.pop();
    }
    if body.is_empty() {
        return malformed("an empty long name");
    }
    if body.contains(&0) {
        return malformed("a NUL byte in a long name");
    }
    Ok(body)
}

fn link_target(name: &[u8], target: &[u8], limits: &ArchiveLimits) -> Result<String, ArchiveError> {
    let link = || EscapedName::bytes(name);
    let escaped_name = || EscapedName::bytes(target);
    let has_drive = matches!(target, [letter, b':', ..] if letter.is_ascii_alphabetic());
    if target.starts_with(b"/") || has_drive {
        return Err(ArchiveError::LinkAbsolute {
            link: link(),
            target: escaped_name(),
        });
    }
    std::str::from_utf8(target)
        .ok()
        .filter(|text| !text.is_empty() && text.len() <= limits.path_bytes)
        .filter(|text| !text.contains('\\') && !text.chars().any(changes_how_text_reads))
        .map(str::to_owned)
        .ok_or_else(|| ArchiveError::LinkTarget {
            link: link(),
            target: escaped_name(),
        })
}
