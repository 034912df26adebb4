//! A strict gzip reader: it reads one member, makes every check of RFC 1952, refuses what follows,
//! and enforces limits.
//!
//! `flate2::read::GzDecoder` stops after the first member and other readers go on. What is
//! inspected must be what is installed, so a second member is refused.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use crc32fast::Hasher as Crc;
use flate2::{Decompress, FlushDecompress, Status};

use super::{ArchiveError, ArchiveLimits};

/// The bytes that are decompressed at a time.
const CHUNK: usize = 64 * 1024;

/// The bytes of the upload that are read to recognise its format.
const HEAD: u64 = 512;

/// The most bytes of a file name or comment in a gzip header, as in Go's reader.
const TEXT_BYTES: usize = 511;

const MAGIC: [u8; 2] = [0x1f, 0x8b];
const DEFLATE: u8 = 8;
const HEADER_CRC: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// A reader of the content of a gzip stream. It reports the end only if the whole stream is valid.
///
/// Refusals travel as [`io::Error`]; `ArchiveError::from` restores them.
pub(super) struct Gzip<R> {
    input: BufReader<Chain<Cursor<Vec<u8>>, R>>,
    inflater: Decompress,
    crc: Crc,
    chunk: Vec<u8>,
    start: usize,
    end: usize,
    done: bool,
    limits: ArchiveLimits,
}

impl<R: Read> Gzip<R> {
    /// Opens `upload` and checks its header.
    pub(super) fn open(mut upload: R, limits: &ArchiveLimits) -> Result<Self, ArchiveError> {
        let mut head = Vec::new();
        upload.by_ref().take(HEAD).read_to_end(&mut head)?;
        if head.is_empty() {
            return Err(ArchiveError::Empty);
        }
        if !head.starts_with(&MAGIC) {
            return Err(ArchiveError::NotGzip {
                looks_like: looks_like(&head),
            });
        }
        let mut input = BufReader::with_capacity(CHUNK, Cursor::new(head).chain(upload));
        read_header(&mut input)?;
        Ok(Self {
            input,
            inflater: Decompress::new(false),
            crc: Crc::new(),
            chunk: vec![0; CHUNK],
            start: 0,
            end: 0,
            done: false,
            limits: limits.clone(),
        })
    }

    /// Returns how many more bytes the limit allows.
    pub(super) fn allowance(&self) -> u64 {
        let held = u64::try_from(self.end - self.start).unwrap_or(u64::MAX);
        let given = self.inflater.total_out().saturating_sub(held);
        self.limits.unpacked_bytes.saturating_sub(given)
    }

    fn refill(&mut self) -> Result<(), ArchiveError> {
        self.start = 0;
        self.end = 0;
        while self.end == 0 && !self.done {
            let compressed = self.input.fill_buf()?;
            if compressed.is_empty() {
                return Err(ArchiveError::Truncated);
            }
            let (before_in, before_out) = (self.inflater.total_in(), self.inflater.total_out());
            let status = self
                .inflater
                .decompress(compressed, &mut self.chunk, FlushDecompress::None)
                .map_err(|_| ArchiveError::GzipDamaged)?;
            let used = moved(before_in, self.inflater.total_in());
            self.end = moved(before_out, self.inflater.total_out());
            self.input.consume(used);
            self.crc
                .update(self.chunk.get(..self.end).unwrap_or_default());
            self.check_limits()?;
            match status {
                Status::StreamEnd => self.finish()?,
                Status::Ok | Status::BufError if used == 0 && self.end == 0 => {
                    return Err(ArchiveError::GzipDamaged);
                }
                Status::Ok | Status::BufError => {}
            }
        }
        Ok(())
    }

    fn check_limits(&self) -> Result<(), ArchiveError> {
        let (compressed, unpacked) = (self.inflater.total_in(), self.inflater.total_out());
        let limits = &self.limits;
        if unpacked > limits.unpacked_bytes {
            return Err(ArchiveError::UnpackedTooLarge {
                limit: limits.unpacked_bytes,
            });
        }
        if unpacked > limits.ratio_after_bytes && unpacked / limits.ratio.max(1) > compressed {
            return Err(ArchiveError::RatioTooHigh {
                limit: limits.ratio,
            });
        }
        Ok(())
    }

    /// Checks the trailer, and that nothing follows it.
    fn finish(&mut self) -> Result<(), ArchiveError> {
        self.done = true;
        let [c0, c1, c2, c3, l0, l1, l2, l3] = read_array::<8>(&mut self.input)?;
        if u32::from_le_bytes([c0, c1, c2, c3]) != self.crc.clone().finalize() {
            return Err(ArchiveError::GzipChecksum);
        }
        // The trailer has the length modulo 2^32.
        let length = u64::from(u32::from_le_bytes([l0, l1, l2, l3]));
        if length != self.inflater.total_out() % (1 << 32) {
            return Err(ArchiveError::GzipLength);
        }
        match self.input.fill_buf()? {
            [] => Ok(()),
            [0x1f, 0x8b, ..] => Err(ArchiveError::GzipMembers),
            _ => Err(ArchiveError::GzipTrailing),
        }
    }
}

impl<R: Read> BufRead for Gzip<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            self.refill()?;
        }
        Ok(self.chunk.get(self.start..self.end).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.start = self.end.min(self.start.saturating_add(amount));
    }
}

impl<R: Read> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut available = self.fill_buf()?;
        let read = available.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

fn moved(before: u64, after: u64) -> usize {
    usize::try_from(after.saturating_sub(before)).unwrap_or(usize::MAX)
}

/// Reads the header of a member. Its file name is skipped, because it is not used.
fn read_header(input: &mut impl Read) -> Result<(), ArchiveError> {
    let mut header = Checked {
        input,
        crc: Crc::new(),
    };
    let [_, _, method, flags, ..] = header.array::<10>()?;
    if method != DEFLATE {
        return Err(ArchiveError::GzipHeader("unknown compression method"));
    }
    if flags & RESERVED != 0 {
        return Err(ArchiveError::GzipHeader("reserved flags are set"));
    }
    if flags & EXTRA != 0 {
        for _ in 0..u16::from_le_bytes(header.array()?) {
            header.array::<1>()?;
        }
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            header.skip_text()?;
        }
    }
    if flags & HEADER_CRC != 0 {
        let [_, _, high, low] = header.crc.clone().finalize().to_be_bytes();
        if u16::from_le_bytes(header.array()?) != u16::from_be_bytes([high, low]) {
            return Err(ArchiveError::GzipHeader("its checksum does not match"));
        }
    }
    Ok(())
}

/// A reader of the header that computes the checksum of the bytes it has read.
struct Checked<'r, R> {
    input: &'r mut R,
    crc: Crc,
}

impl<R: Read> Checked<'_, R> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], ArchiveError> {
        let bytes = read_array(self.input)?;
        self.crc.update(&bytes);
        Ok(bytes)
    }

    fn skip_text(&mut self) -> Result<(), ArchiveError> {
        for _ in 0..=TEXT_BYTES {
            if self.array()? == [0] {
                return Ok(());
            }
        }
        Err(ArchiveError::GzipHeader(
            "its file name or comment is too long",
        ))
    }
}

fn read_array<const N: usize>(input: &mut impl Read) -> Result<[u8; N], ArchiveError> {
    let mut bytes = Vec::with_capacity(N);
    let wanted = u64::try_from(N).unwrap_or(u64::MAX);
    input.take(wanted).read_to_end(&mut bytes)?;
    bytes.try_into().map_err(|_| ArchiveError::Truncated)
}

/// Returns the format of a file with these first bytes, in words for people.
fn looks_like(head: &[u8]) -> &'static str {
    let text = head.trim_ascii_start().to_ascii_lowercase();
    match head {
        [b'P', b'K', 3 | 5 | 7, ..] => "a zip archive",
        [b'B', b'Z', b'h', ..] => "a bzip2 archive",
        [0xfd, b'7', b'z', b'X', b'Z', ..] => "an xz archive",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "a zstd archive",
        [b'7', b'z', 0xbc, 0xaf, ..] => "a 7-Zip archive",
        _ if head.get(257..262) == Some(b"ustar") => "a plain tar archive without gzip",
        _ if text.starts_with(b"<!doctype html") || text.starts_with(b"<html") => "an HTML page",
        _ if text.starts_with(b"{") => "JSON",
        _ if std::str::from_utf8(head).is_ok() && !head.contains(&0) => "a text file",
        _ => "something else",
    }
}
