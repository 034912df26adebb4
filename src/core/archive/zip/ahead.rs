//! Reads a package while it arrives, before its directory at the end is there: the content of each
//! entry, by the place where its bytes begin.
//!
//! Nothing read here is trusted. The gate reads the directory later; for an entry that the
//! directory describes with the same place, method and length, the work of unpacking is already
//! done. Anything unexpected here is left to the gate.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read};

use super::central::{Listed, Method, flags};
use super::content::{Content, PIECE_BYTES, unpack};
use super::fields::Fields;
use super::local::{DESCRIPTOR_BYTES, ENTRY_BYTES, ENTRY_SIGNATURE};
use super::{PackageLimits, ZipError};

/// The contents of entries, by the place where their bytes begin.
#[derive(Debug, Default)]
pub struct ReadAhead(HashMap<u64, Content>);

impl ReadAhead {
    /// Reads entries until one cannot be read or the limits are reached.
    pub fn of(from: impl Read, limits: &PackageLimits) -> Self {
        let mut reader = Reader {
            from: BufReader::with_capacity(PIECE_BYTES, from),
            at: 0,
            unpacked: 0,
        };
        let mut found = HashMap::new();
        while let Ok(Some((begin, content))) = reader.entry(limits) {
            found.insert(begin, content);
            if u64::try_from(found.len()).is_ok_and(|count| count > limits.names.entries) {
                break;
            }
        }
        Self(found)
    }

    /// Returns the content of an entry whose bytes begin at `begin`; `None` if it was not read
    /// ahead.
    pub(super) fn content(&self, begin: u64, entry: &Listed) -> Option<&Content> {
        let is_its =
            |it: &&Content| it.method == entry.method && it.packed == u64::from(entry.packed);
        self.0.get(&begin).filter(is_its)
    }
}

struct Reader<R> {
    from: R,
    at: u64,
    unpacked: u64,
}

impl<R: BufRead> Reader<R> {
    /// Reads the next entry; `None` if there is none, or if its end cannot be known yet.
    fn entry(&mut self, limits: &PackageLimits) -> Result<Option<(u64, Content)>, ZipError> {
        let header = self.bytes(ENTRY_BYTES)?;
        let mut fields = Fields(&header);
        fields.signature(ENTRY_SIGNATURE)?;
        let _needed = fields.u16()?;
        let (flags, method) = (fields.u16()?, fields.u16()?);
        let (_time_and_day, _crc) = (fields.u32()?, fields.u32()?);
        let (packed, _size) = (fields.u32()?, fields.u32()?);
        let (name, extra) = (fields.u16()?, fields.u16()?);
        self.bytes(u64::from(name) + u64::from(extra))?;
        let (begin, before) = (self.at, self.unpacked);
        let (free, ratio) = (limits.names.ratio_after_bytes, limits.ratio);
        let goes_on = |size: u64, packed: u64| {
            before + size <= limits.unpacked_bytes && (size <= free || size / packed.max(1) < ratio)
        };
        let ends_later = flags & flags::DESCRIPTOR != 0;
        let content = match (Method::of(method), ends_later) {
            (Some(method), false) => {
                let packed = u64::from(packed);
                let mut bytes = self.from.by_ref().take(packed);
                let content = unpack(&mut bytes, method, goes_on).map_err(ZipError::Io)?;
                if bytes.limit() != 0 {
                    return Ok(None);
                }
                content
            }
            (Some(method @ Method::Deflate), true) => {
                unpack(&mut self.from, method, goes_on).map_err(ZipError::Io)?
            }
            (Some(Method::Stored) | None, _) => return Ok(None),
        };
        self.at += content.packed;
        self.unpacked += content.size;
        if !goes_on(content.size, content.packed) {
            return Ok(None);
        }
        if ends_later {
            self.bytes(DESCRIPTOR_BYTES)?;
        }
        Ok(Some((begin, content)))
    }

    fn bytes(&mut self, count: u64) -> Result<Vec<u8>, ZipError> {
        let mut bytes = Vec::new();
        let read = self.from.by_ref().take(count).read_to_end(&mut bytes);
        let read = u64::try_from(read.map_err(ZipError::Io)?).unwrap_or(u64::MAX);
        self.at += read;
        if read == count {
            Ok(bytes)
        } else {
            Err(ZipError::Io(io::ErrorKind::UnexpectedEof.into()))
        }
    }
}
