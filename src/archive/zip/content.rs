//! The bytes of an entry: unpacked, counted, and compared with what is said of them.

use std::io::{BufReader, ErrorKind, Read, Seek, SeekFrom};

use crc32fast::Hasher;
use flate2::bufread::DeflateDecoder;
use sha2::Digest;

use super::ZipError;
use super::central::{Listed, Method};
use crate::domain::Sha256;

const PIECE_BYTES: usize = 64 * 1024;

/// Unpacks an entry into nothing; gives the SHA-256 of its content.
///
/// Not a byte more is unpacked than the entry says it has.
pub(super) fn hash(
    from: &mut (impl Read + Seek),
    entry: &Listed,
    at: u64,
) -> Result<Sha256, ZipError> {
    from.seek(SeekFrom::Start(at)).map_err(ZipError::Io)?;
    let packed = u64::from(entry.packed);
    let mut bytes = BufReader::with_capacity(PIECE_BYTES, from.take(packed));
    let (sum, crc, size, rest) = match entry.method {
        Method::Stored => {
            let (sum, crc, size) = drain(&mut bytes, entry)?;
            (sum, crc, size, 0)
        }
        Method::Deflate => {
            let mut decoder = DeflateDecoder::new(bytes);
            let (sum, crc, size) = drain(&mut decoder, entry)?;
            (sum, crc, size, packed.saturating_sub(decoder.total_in()))
        }
    };
    if size != u64::from(entry.size) || crc != entry.crc || rest != 0 {
        return Err(ZipError::Damaged(entry.shown()));
    }
    Ok(sum)
}

/// Reads to the end, or one byte beyond what the entry may have.
fn drain(from: &mut impl Read, entry: &Listed) -> Result<(Sha256, u32, u64), ZipError> {
    let (mut sum, mut crc, mut size) = (sha2::Sha256::new(), Hasher::new(), 0);
    let mut from = from.take(u64::from(entry.size) + 1);
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let read = match from.read(&mut piece) {
            Ok(0) => return Ok((Sha256::finish(sum), crc.finalize(), size)),
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) if is_of_content(error.kind()) => {
                return Err(ZipError::Damaged(entry.shown()));
            }
            Err(error) => return Err(ZipError::Io(error)),
        };
        let bytes = piece.get(..read).unwrap_or_default();
        sum.update(bytes);
        crc.update(bytes);
        size += u64::try_from(read).unwrap_or(u64::MAX);
    }
}

/// Whether an error is one of unpacking, and not of the disk.
fn is_of_content(kind: ErrorKind) -> bool {
    kind == ErrorKind::InvalidInput
        || kind == ErrorKind::InvalidData
        || kind == ErrorKind::UnexpectedEof
}
