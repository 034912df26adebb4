//! The content of an entry: it is unpacked, counted, and compared with the entry's description.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};

use crc32fast::Hasher;
use flate2::bufread::DeflateDecoder;
use sha2::Digest;

use super::ZipError;
use super::central::{Listed, Method};
use crate::domain::Sha256;

pub(super) const PIECE_BYTES: usize = 64 * 1024;

/// The result of unpacking an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) method: Method,
    /// The number of packed bytes that were read.
    pub(super) packed: u64,
    pub(super) size: u64,
    pub(super) crc: u32,
    pub(super) sha256: Sha256,
}

/// Unpacks an entry without storing it, and returns the SHA-256 of its content.
///
/// Unpacking stops soon after the entry exceeds its announced size.
pub(super) fn hash(
    from: &mut (impl Read + Seek),
    entry: &Listed,
    at: u64,
) -> Result<Sha256, ZipError> {
    from.seek(SeekFrom::Start(at)).map_err(ZipError::Io)?;
    let packed = u64::from(entry.packed);
    let mut bytes = BufReader::with_capacity(PIECE_BYTES, from.take(packed));
    let most = u64::from(entry.size) + 1;
    let content = unpack(&mut bytes, entry.method, |size, _| size < most);
    let content = content.map_err(|error| match error {
        error if is_of_content(error.kind()) => ZipError::Damaged(entry.escaped_name()),
        error => ZipError::Io(error),
    })?;
    accept(&content, entry)
}

/// Returns the content's SHA-256 if the content fits the entry's description.
pub(super) fn accept(content: &Content, entry: &Listed) -> Result<Sha256, ZipError> {
    let is_said = content.size == u64::from(entry.size)
        && content.crc == entry.crc
        && content.packed == u64::from(entry.packed);
    is_said
        .then_some(content.sha256)
        .ok_or_else(|| ZipError::Damaged(entry.escaped_name()))
}

/// Unpacks without storing, as long as `goes_on` agrees; it gets the bytes so far, unpacked and
/// packed.
pub(super) fn unpack(
    from: &mut impl BufRead,
    method: Method,
    goes_on: impl Fn(u64, u64) -> bool,
) -> io::Result<Content> {
    match method {
        Method::Stored => drain(from, method, |_, size| size, goes_on),
        Method::Deflate => {
            let mut decoder = DeflateDecoder::new(from);
            drain(&mut decoder, method, |it, _| it.total_in(), goes_on)
        }
    }
}

fn drain<R: Read>(
    from: &mut R,
    method: Method,
    packed: impl Fn(&R, u64) -> u64,
    goes_on: impl Fn(u64, u64) -> bool,
) -> io::Result<Content> {
    let (mut sum, mut crc, mut size) = (sha2::Sha256::new(), Hasher::new(), 0);
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let read = match from.read(&mut piece) {
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let bytes = piece.get(..read).unwrap_or_default();
        sum.update(bytes);
        crc.update(bytes);
        size += u64::try_from(read).unwrap_or(u64::MAX);
        if read == 0 || !goes_on(size, packed(from, size)) {
            return Ok(Content {
                method,
                packed: packed(from, size),
                size,
                crc: crc.finalize(),
                sha256: Sha256::finish(sum),
            });
        }
    }
}

/// Returns whether an error means bad content, and not a failure of the disk.
fn is_of_content(kind: ErrorKind) -> bool {
    kind == ErrorKind::InvalidInput
        || kind == ErrorKind::InvalidData
        || kind == ErrorKind::UnexpectedEof
}
