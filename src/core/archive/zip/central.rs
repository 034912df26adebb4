//! The directory at the end of a zip file.

use std::io::{Read, Seek, SeekFrom};

use super::ZipError;
use super::fields::{Fields, repeats_itself};
use crate::archive::{ArchiveLimits, EscapedName};

const END_BYTES: u64 = 22;
const END_SIGNATURE: u32 = 0x0605_4b50;
const ENTRY_SIGNATURE: u32 = 0x0201_4b50;
const LOCAL_SIGNATURE: [u8; 4] = [b'P', b'K', 3, 4];
/// The most bytes of the directory, since it is held in memory.
const DIRECTORY_BYTES: u32 = 8 << 20;

/// The flags of an entry.
pub(super) mod flags {
    /// The checksum and the sizes follow the bytes.
    pub(in super::super) const DESCRIPTOR: u16 = 1 << 3;
    /// The name is UTF-8.
    pub(super) const UTF8: u16 = 1 << 11;
    /// The entry is encrypted, patched, strongly encrypted, or masked.
    pub(super) const SECRET: u16 = 1 | 1 << 5 | 1 << 6 | 1 << 13;
}

/// The method by which the bytes of an entry are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Stored,
    Deflate,
}

impl Method {
    /// Returns the method with this number; `None` if packages do not use it.
    pub(super) fn of(number: u16) -> Option<Self> {
        match number {
            0 => Some(Self::Stored),
            8 => Some(Self::Deflate),
            _ => None,
        }
    }
}

/// An entry, as the directory describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) flags: u16,
    pub(super) method: Method,
    pub(super) crc: u32,
    pub(super) packed: u32,
    pub(super) size: u32,
    pub(super) offset: u32,
    /// The permissions; `None` if the archive was made on a system without them.
    pub(super) mode: Option<u32>,
}

impl Listed {
    /// Returns whether the entry is a folder.
    pub(super) fn is_folder(&self) -> bool {
        self.name.ends_with('/')
    }

    /// Returns the name for a message.
    pub(super) fn escaped_name(&self) -> EscapedName {
        EscapedName::from(&self.name)
    }
}

/// Reads the directory. Returns its entries and the place where it begins.
pub(super) fn read(
    from: &mut (impl Read + Seek),
    limits: &ArchiveLimits,
) -> Result<(Vec<Listed>, u64), ZipError> {
    let length = from.seek(SeekFrom::End(0)).map_err(ZipError::Io)?;
    let end = length.checked_sub(END_BYTES).ok_or(ZipError::NotZip)?;
    if bytes_at(from, 0, 4)? != LOCAL_SIGNATURE {
        return Err(ZipError::NotZip);
    }
    let record = bytes_at(from, end, END_BYTES)?;
    let mut fields = Fields(&record);
    if fields.u32()? != END_SIGNATURE {
        return Err(ZipError::End);
    }
    let disks = (fields.u16()?, fields.u16()?);
    let counts = (fields.u16()?, fields.u16()?);
    let (size, offset, comment) = (fields.u32()?, fields.u32()?, fields.u16()?);
    if disks != (0, 0) || counts.0 != counts.1 || counts.0 == u16::MAX || offset == u32::MAX {
        return Err(ZipError::Form);
    }
    if comment != 0 || u64::from(offset) + u64::from(size) != end {
        return Err(ZipError::End);
    }
    if u64::from(counts.0) > limits.entries {
        let limit = limits.entries;
        return Err(crate::archive::ArchiveError::TooManyEntries { limit }.into());
    }
    if size > DIRECTORY_BYTES {
        return Err(ZipError::Directory);
    }
    let directory = bytes_at(from, u64::from(offset), u64::from(size))?;
    let mut fields = Fields(&directory);
    let entries = (0..counts.0)
        .map(|_| entry(&mut fields))
        .collect::<Result<Vec<_>, _>>()?;
    if !fields.0.is_empty() {
        return Err(ZipError::Directory);
    }
    Ok((entries, u64::from(offset)))
}

/// Reads `count` bytes from a place on.
pub(super) fn bytes_at(
    from: &mut (impl Read + Seek),
    offset: u64,
    count: u64,
) -> Result<Vec<u8>, ZipError> {
    from.seek(SeekFrom::Start(offset)).map_err(ZipError::Io)?;
    let mut bytes = Vec::new();
    from.take(count)
        .read_to_end(&mut bytes)
        .map_err(ZipError::Io)?;
    Ok(bytes)
}

fn entry(fields: &mut Fields<'_>) -> Result<Listed, ZipError> {
    fields.signature(ENTRY_SIGNATURE)?;
    let made_by = fields.u16()?;
    let _needed = fields.u16()?;
    let (flags, method) = (fields.u16()?, fields.u16()?);
    let _time_and_day = fields.u32()?;
    let (crc, packed, size) = (fields.u32()?, fields.u32()?, fields.u32()?);
    let (name, extra, comment) = (fields.u16()?, fields.u16()?, fields.u16()?);
    let (disk, _internal, attributes) = (fields.u16()?, fields.u16()?, fields.u32()?);
    let offset = fields.u32()?;
    let name = fields.bytes(usize::from(name))?;
    let extra = fields.bytes(usize::from(extra))?;
    fields.bytes(usize::from(comment))?;
    let escaped_name = || EscapedName::bytes(name);
    if disk != 0 || packed == u32::MAX || size == u32::MAX || offset == u32::MAX {
        return Err(ZipError::Form);
    }
    if flags & flags::SECRET != 0 {
        return Err(ZipError::Encrypted(escaped_name()));
    }
    match repeats_itself(extra) {
        Some(false) => {}
        Some(true) => return Err(ZipError::Extra(escaped_name())),
        None => return Err(ZipError::Directory),
    }
    let method = Method::of(method).ok_or_else(|| ZipError::Method(escaped_name()))?;
    if !name.is_ascii() && flags & flags::UTF8 == 0 {
        return Err(ZipError::NameEncoding(escaped_name()));
    }
    let text = std::str::from_utf8(name).map_err(|_| ZipError::NameEncoding(escaped_name()))?;
    let listed = Listed {
        name: text.to_owned(),
        flags,
        method,
        crc,
        packed,
        size,
        offset,
        mode: (made_by >> 8 == UNIX).then_some(attributes >> 16),
    };
    check_kind(&listed)?;
    Ok(listed)
}

/// The number of the system that writes its file types into the attributes.
const UNIX: u16 = 3;

/// Checks that name, type and size agree whether the entry is a file or a folder.
fn check_kind(listed: &Listed) -> Result<(), ZipError> {
    const TYPE: u32 = 0o170_000;
    const FILE: u32 = 0o100_000;
    const FOLDER: u32 = 0o040_000;
    let kind = listed.mode.unwrap_or(0) & TYPE;
    let fits = match (listed.is_folder(), kind) {
        (_, 0) | (false, FILE) | (true, FOLDER) => !listed.is_folder() || listed.size == 0,
        _ => false,
    };
    fits.then_some(())
        .ok_or_else(|| ZipError::Kind(listed.escaped_name()))
}
