//! A tar and gzip builder without any checks: every field can be set to anything, so that tests can
//! make the archives that no honest tool makes.

use std::io::Write;

use flate2::write::GzEncoder;
use flate2::{Compress, Compression, Crc, FlushCompress, GzBuilder};

/// The size of a tar block in bytes.
pub(crate) const BLOCK: usize = 512;

const MIB: usize = 1024 * 1024;

/// One header block with its content.
#[derive(Clone)]
pub(crate) struct RawEntry {
    header: [u8; BLOCK],
    content: Vec<u8>,
    sum: bool,
}

impl RawEntry {
    /// Makes an entry with this type flag, an honest size, and nothing else set but its name.
    pub(crate) fn new(type_flag: u8, name: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> Self {
        let content = content.as_ref().to_vec();
        let entry = Self {
            header: [0; BLOCK],
            sum: true,
            content,
        };
        let size = format!("{:011o}", entry.content.len());
        entry
            .set(0, name)
            .set(100, "0000644")
            .set(108, "0000000")
            .set(116, "0000000")
            .set(124, size)
            .set(136, "00000000000")
            .set(156, [type_flag])
            .set(257, b"ustar\x0000")
    }

    /// Makes a regular file.
    pub(crate) fn file(name: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> Self {
        Self::new(b'0', name, content)
    }

    /// Makes a folder.
    pub(crate) fn folder(name: impl AsRef<[u8]>) -> Self {
        Self::new(b'5', name, "").set(100, "0000755")
    }

    /// Makes a symbolic link.
    pub(crate) fn link(name: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> Self {
        Self::new(b'2', name, "").set(157, target)
    }

    /// Makes a hard link.
    pub(crate) fn hard_link(name: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> Self {
        Self::new(b'1', name, "").set(157, target)
    }

    /// Makes a PAX header with these records.
    pub(crate) fn pax(records: &[(&str, &[u8])]) -> Self {
        let body: Vec<u8> = records.iter().flat_map(|(k, v)| pax_record(k, v)).collect();
        Self::new(b'x', "PaxHeader", body)
    }

    /// Makes a global PAX header with these records.
    pub(crate) fn global(records: &[(&str, &[u8])]) -> Self {
        let body: Vec<u8> = records.iter().flat_map(|(k, v)| pax_record(k, v)).collect();
        Self::new(b'g', "pax_global_header", body)
    }

    /// Makes a GNU long-name header.
    pub(crate) fn long_name(name: impl AsRef<[u8]>) -> Self {
        Self::new(b'L', "././@LongLink", [name.as_ref(), b"\0"].concat())
    }

    /// Makes a GNU long-link header.
    pub(crate) fn long_link(target: impl AsRef<[u8]>) -> Self {
        Self::new(b'K', "././@LongLink", [target.as_ref(), b"\0"].concat())
    }

    /// Overwrites header bytes from `offset` on.
    #[must_use]
    pub(crate) fn set(mut self, offset: usize, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        self.header[offset..offset + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// Announces a size that need not be the content's.
    #[must_use]
    pub(crate) fn announcing(self, size: u64) -> Self {
        self.set(124, format!("{size:011o}"))
    }

    /// Sets the permission bits.
    #[must_use]
    pub(crate) fn mode(self, mode: u32) -> Self {
        self.set(100, format!("{mode:07o}"))
    }

    /// Leaves the checksum field as it is.
    #[must_use]
    pub(crate) fn without_checksum(mut self) -> Self {
        self.sum = false;
        self
    }

    /// Returns the checksum of the header as readers compute it, with bytes as signed numbers if
    /// `signed`.
    pub(crate) fn checksum(&self, signed: bool) -> i64 {
        let byte = |b: &u8| {
            if signed {
                i64::from(i8::from_ne_bytes([*b]))
            } else {
                i64::from(*b)
            }
        };
        let sum = |bytes: &[u8]| bytes.iter().map(byte).sum::<i64>();
        sum(&self.header) - sum(&self.header[148..156]) + 8 * i64::from(b' ')
    }

    fn write(&self, out: &mut Vec<u8>) {
        let mut header = self.header;
        if self.sum {
            let sum = format!("{:06o}\0 ", self.checksum(false));
            header[148..156].copy_from_slice(sum.as_bytes());
        }
        out.extend_from_slice(&header);
        out.extend_from_slice(&self.content);
        out.resize(out.len().next_multiple_of(BLOCK), 0);
    }
}

/// Makes the record `key=value` of a PAX header.
pub(crate) fn pax_record(key: &str, value: &[u8]) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    // The length counts its own digits.
    let one = rest + rest.to_string().len();
    let length = rest + one.to_string().len();
    let start = format!("{length} {key}=");
    [start.as_bytes(), value, b"\n"].concat()
}

/// Returns the blocks of an archive without its end marker.
pub(crate) fn blocks(entries: &[RawEntry]) -> Vec<u8> {
    let mut out = Vec::new();
    for entry in entries {
        entry.write(&mut out);
    }
    out
}

/// Returns a whole tar archive.
pub(crate) fn tar(entries: &[RawEntry]) -> Vec<u8> {
    let mut out = blocks(entries);
    out.resize(out.len() + 2 * BLOCK, 0);
    out
}

/// Returns a whole .tar.gz archive.
pub(crate) fn tar_gz(entries: &[RawEntry]) -> Vec<u8> {
    gzip(&tar(entries))
}

/// Returns one gzip member.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Returns one gzip member that names a file in its header.
pub(crate) fn gzip_named(bytes: &[u8], name: &str) -> Vec<u8> {
    let builder = GzBuilder::new().filename(name);
    let mut encoder = builder.write(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Returns a gzip member made of parts, each repeated; each part is compressed only once, so that
/// bombs are made quickly.
pub(crate) fn gzip_repeated(parts: &[(&[u8], usize)]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut crc = Crc::new();
    let mut length = 0_usize;
    for (part, times) in parts {
        // After a full flush, bytes refer to nothing before them and end on a byte.
        let mut compressed = Vec::with_capacity(part.len() + 1024);
        let mut compress = Compress::new(Compression::best(), false);
        compress
            .compress_vec(part, &mut compressed, FlushCompress::Full)
            .unwrap();
        let mut part_crc = Crc::new();
        part_crc.update(part);
        for _ in 0..*times {
            out.extend_from_slice(&compressed);
            crc.combine(&part_crc);
        }
        length += part.len() * times;
    }
    // An empty last block.
    out.extend_from_slice(&[3, 0]);
    out.extend_from_slice(&crc.sum().to_le_bytes());
    let length = u32::try_from(length % (1 << 32)).unwrap();
    out.extend_from_slice(&length.to_le_bytes());
    out
}

/// Returns one MiB of zeros, to be repeated.
pub(crate) fn mebibyte() -> Vec<u8> {
    vec![0; MIB]
}

/// Returns a module with a file entry of this many MiB of zeros.
pub(crate) fn zeros_gz(name: &str, mebibytes: usize) -> Vec<u8> {
    let size = u64::try_from(mebibytes * MIB).unwrap();
    let before = blocks(&[
        RawEntry::file("main.tf", "# a module\n"),
        RawEntry::file(name, "").announcing(size),
    ]);
    gzip_repeated(&[(&before, 1), (&mebibyte(), mebibytes), (&[0; 2 * BLOCK], 1)])
}
