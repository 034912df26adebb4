//! Reads numbers and texts from the records of a zip file, which are little-endian.

use super::ZipError;

/// A reader of the fields of a record, from its beginning on.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    /// Returns the next `count` bytes.
    pub(super) fn bytes(&mut self, count: usize) -> Result<&'a [u8], ZipError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(ZipError::Directory)?;
        self.0 = rest;
        Ok(taken)
    }

    /// Returns the next 16-bit number.
    pub(super) fn u16(&mut self) -> Result<u16, ZipError> {
        self.array().map(u16::from_le_bytes)
    }

    /// Returns the next 32-bit number.
    pub(super) fn u32(&mut self) -> Result<u32, ZipError> {
        self.array().map(u32::from_le_bytes)
    }

    /// Checks that the next 32 bits are the signature of a record.
    pub(super) fn signature(&mut self, expected: u32) -> Result<(), ZipError> {
        (self.u32()? == expected)
            .then_some(())
            .ok_or(ZipError::Directory)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ZipError> {
        let (bytes, rest) = self.0.split_first_chunk().ok_or(ZipError::Directory)?;
        self.0 = rest;
        Ok(*bytes)
    }
}

/// Returns whether an extra field repeats something that the record says, too: a 64-bit size, or a
/// name in another encoding. Returns `None` if the fields do not fill their space.
pub(super) fn repeats_itself(extra: &[u8]) -> Option<bool> {
    const ZIP64: u16 = 0x0001;
    const UNICODE_PATH: u16 = 0x7075;
    let (mut fields, mut repeats) = (Fields(extra), false);
    while !fields.0.is_empty() {
        let kind = fields.u16().ok()?;
        let length = fields.u16().ok()?;
        fields.bytes(usize::from(length)).ok()?;
        repeats |= kind == ZIP64 || kind == UNICODE_PATH;
    }
    Some(repeats)
}
