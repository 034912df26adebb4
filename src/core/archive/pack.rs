//! Writes a reproducible .tar.gz: the same files always give the same bytes.

use std::io::{self, Read, Write};

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use tar::{EntryType, Header};

use super::ArchivePath;
use super::header::BLOCK;

/// The operating system field of a gzip header for an unknown system.
const UNKNOWN_SYSTEM: u8 = 255;

const ZEROS: [u8; BLOCK] = [0; BLOCK];

/// A writer of reproducible .tar.gz archives.
///
/// It writes files and links, with a fixed time, owner and mode, in the order in which they are added.
#[derive(Debug)]
pub struct ArchiveWriter<W: Write> {
    out: GzEncoder<W>,
}

impl<W: Write> ArchiveWriter<W> {
    /// Begins an archive.
    pub fn new(out: W) -> io::Result<Self> {
        let builder = GzBuilder::new().mtime(0).operating_system(UNKNOWN_SYSTEM);
        Ok(Self {
            out: builder.write(out, Compression::default()),
        })
    }

    /// Writes a file that has exactly `size` bytes of `content`.
    pub fn file(
        &mut self,
        path: &ArchivePath,
        executable: bool,
        size: u64,
        content: impl Read,
    ) -> io::Result<()> {
        let mode = if executable { 0o755 } else { 0o644 };
        let mut header = header(EntryType::Regular, size, mode);
        if header.set_path(path.as_str()).is_err() {
            self.records(&pax_record("path", path.as_str()))?;
            // A failed attempt may leave a part of the path in the header.
            header = self::header(EntryType::Regular, size, mode);
            header.set_path(short_name(path))?;
        }
        header.set_cksum();
        self.out.write_all(header.as_bytes())?;
        let copied = io::copy(&mut content.take(size), &mut self.out)?;
        if copied != size {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("`{path}` is shorter than announced"),
            ));
        }
        self.pad(size)
    }

    /// Writes a symbolic link. The archive gate makes a copy of what it leads to, or leaves it out.
    pub fn link(&mut self, path: &ArchivePath, target: &str) -> io::Result<()> {
        let mut header = header(EntryType::Symlink, 0, 0o777);
        let fits =
            header.set_path(path.as_str()).is_ok() && header.set_link_name_literal(target).is_ok();
        if !fits {
            let records = [("path", path.as_str()), ("linkpath", target)];
            self.records(&records.map(|(key, value)| pax_record(key, value)).concat())?;
            header = self::header(EntryType::Symlink, 0, 0o777);
            header.set_path(short_name(path))?;
        }
        header.set_cksum();
        self.out.write_all(header.as_bytes())
    }

    /// Ends the archive and returns the writer below it.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(&ZEROS)?;
        self.out.write_all(&ZEROS)?;
        self.out.finish()
    }

    /// Writes a PAX header with what does not fit into a ustar header.
    fn records(&mut self, records: &str) -> io::Result<()> {
        let size = u64::try_from(records.len()).unwrap_or(u64::MAX);
        let mut header = header(EntryType::XHeader, size, 0o644);
        header.set_path("PaxHeader")?;
        header.set_cksum();
        self.out.write_all(header.as_bytes())?;
        self.out.write_all(records.as_bytes())?;
        self.pad(size)
    }

    fn pad(&mut self, size: u64) -> io::Result<()> {
        let missing = size.next_multiple_of(512) - size;
        let missing = usize::try_from(missing).unwrap_or(0);
        self.out.write_all(ZEROS.get(..missing).unwrap_or_default())
    }
}

fn header(entry_type: EntryType, size: u64, mode: u32) -> Header {
    let mut header = Header::new_ustar();
    header.set_entry_type(entry_type);
    header.set_size(size);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header
}

/// Returns `<length> <key>=<value>
/// `, where the length includes its own digits.
fn pax_record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len();
    while length != rest.len() + length.to_string().len() {
        length = rest.len() + length.to_string().len();
    }
    format!("{length}{rest}")
}

/// Returns a name for readers that do not know PAX: the start of the path.
fn short_name(path: &ArchivePath) -> &str {
    let name = path.file_name();
    (0..=100)
        .rev()
        .find_map(|end| name.get(..end))
        .unwrap_or(name)
}
