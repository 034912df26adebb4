//! A package of a provider, as large as the largest ones there are.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::archives::Noise;
use crate::failure::Failure;

const PROGRAM: &str = "terraform-provider-large_v1.0.0";
const LOCAL_SIGNATURE: u32 = 0x0403_4b50;
const CENTRAL_SIGNATURE: u32 = 0x0201_4b50;
const END_SIGNATURE: u32 = 0x0605_4b50;
/// The offsets of the time in bytes, from the start of an entry and of its line in the directory.
const TIME_OF_ENTRY: u64 = 10;
const TIME_OF_LINE: u64 = 12;

/// A zip file with one program that is stored uncompressed: its bytes would not compress, so that
/// every step handles all of them.
pub(crate) struct LargePackage {
    path: PathBuf,
    directory: u64,
    /// The size of the file in bytes.
    pub(crate) length: u64,
}

impl LargePackage {
    /// Writes a package with a program of `bytes` bytes into a folder.
    pub(crate) fn write(folder: &Path, bytes: u32) -> Result<Self, Failure> {
        let path = folder.join("large.zip");
        let mut file = BufWriter::new(File::create(&path)?);
        let (mut noise, mut crc, mut left) = (Noise::of(7), crc32fast::Hasher::new(), bytes);
        file.write_all(&entry(0, bytes)?)?;
        while left > 0 {
            let word = noise.next().to_le_bytes();
            let count = left.min(8);
            let word = word.get(..count.try_into()?).unwrap_or_default();
            crc.update(word);
            file.write_all(word)?;
            left -= count;
        }
        let crc = crc.finalize();
        let directory = file.stream_position()?;
        file.write_all(&directory_of(crc, bytes, directory.try_into()?)?)?;
        let length = file.stream_position()?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&entry(crc, bytes)?)?;
        file.into_inner()?.sync_all()?;
        Ok(Self {
            path,
            directory,
            length,
        })
    }

    /// Returns the file with a time in it that it never had before: the time of an entry is free to
    /// choose.
    pub(crate) fn restamped(&self, stamp: u32) -> Result<File, Failure> {
        let mut file = OpenOptions::new().read(true).write(true).open(&self.path)?;
        for at in [TIME_OF_ENTRY, self.directory + TIME_OF_LINE] {
            file.seek(SeekFrom::Start(at))?;
            file.write_all(&stamp.to_le_bytes())?;
        }
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }

    /// Gives the file a second name.
    pub(crate) fn link(&self, to: &Path) -> std::io::Result<()> {
        std::fs::hard_link(&self.path, to)
    }

    /// Opens the file without changing it.
    pub(crate) fn open(&self) -> Result<File, Failure> {
        Ok(File::open(&self.path)?)
    }
}

/// Returns the fields that an entry begins with, from the version on; a line of the directory
/// repeats them.
fn description(crc: u32, bytes: u32) -> Result<Vec<u8>, Failure> {
    let name: u16 = PROGRAM.len().try_into()?;
    let mut record = Vec::new();
    // The version needed to extract it; no flags, stored; a time and a day.
    for word in [10_u16, 0, 0, 0, 33] {
        record.extend(word.to_le_bytes());
    }
    for number in [crc, bytes, bytes] {
        record.extend(number.to_le_bytes());
    }
    record.extend(name.to_le_bytes());
    record.extend(0_u16.to_le_bytes());
    Ok(record)
}

fn entry(crc: u32, bytes: u32) -> Result<Vec<u8>, Failure> {
    let mut record = LOCAL_SIGNATURE.to_le_bytes().to_vec();
    record.extend(description(crc, bytes)?);
    record.extend(PROGRAM.as_bytes());
    Ok(record)
}

fn directory_of(crc: u32, bytes: u32, at: u32) -> Result<Vec<u8>, Failure> {
    let mut line = CENTRAL_SIGNATURE.to_le_bytes().to_vec();
    // The system that made it has permissions, so that the program may be started.
    line.extend((3_u16 << 8 | 0x000a).to_le_bytes());
    line.extend(description(crc, bytes)?);
    for word in [0_u16; 3] {
        line.extend(word.to_le_bytes());
    }
    for number in [0o100_755_u32 << 16, 0] {
        line.extend(number.to_le_bytes());
    }
    line.extend(PROGRAM.as_bytes());
    let length: u32 = line.len().try_into()?;
    line.extend(END_SIGNATURE.to_le_bytes());
    for word in [0_u16, 0, 1, 1] {
        line.extend(word.to_le_bytes());
    }
    for number in [length, at] {
        line.extend(number.to_le_bytes());
    }
    line.extend(0_u16.to_le_bytes());
    Ok(line)
}
