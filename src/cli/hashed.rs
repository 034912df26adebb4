//! Counts and hashes bytes while they are read or written.

use std::io::{self, Read, Write};

use sha2::Digest;

use crate::domain::Sha256;

/// A writer that counts and hashes what is written through it.
pub(super) struct Hashed<W> {
    out: W,
    hasher: sha2::Sha256,
    bytes: u64,
}

impl<W> Hashed<W> {
    /// Writes to `out`.
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            hasher: sha2::Sha256::new(),
            bytes: 0,
        }
    }

    /// Returns the checksum of what was written.
    pub(super) fn sum(self) -> Sha256 {
        self.finish().1
    }

    /// Returns the number of bytes that were written, and their checksum.
    pub(super) fn finish(self) -> (u64, Sha256) {
        (self.bytes, Sha256::finish(self.hasher))
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or_default());
        self.bytes += u64::try_from(written).unwrap_or(0);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Reads everything, and returns the number of bytes and their checksum.
pub(super) fn size_and_sum(mut from: impl Read) -> io::Result<(u64, Sha256)> {
    let mut hashed = Hashed::new(io::sink());
    io::copy(&mut from, &mut hashed)?;
    Ok(hashed.finish())
}
