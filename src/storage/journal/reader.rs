//! Reads a segment record by record and checks that each follows from the one before.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::domain::Sha256;
use crate::storage::{Disk, JournalError, StoreError};

use super::JournalPosition;
use super::record::{HEADER_BYTES, Record, json_length};

/// What was found at a place of a segment.
#[derive(Debug)]
pub(in crate::storage) enum Found<'a> {
    /// A record, and its place.
    Record(JournalPosition, Record<'a>),
    /// The end of the segment.
    End,
    /// Bytes that are not a record.
    Damage(JournalError),
}

/// Reads one segment from a place on.
#[derive(Debug)]
pub(in crate::storage) struct SegmentReader {
    path: PathBuf,
    file: BufReader<File>,
    position: JournalPosition,
    line: Vec<u8>,
}

impl SegmentReader {
    /// Opens `path` for reading after the record that ends at `position`.
    pub(in crate::storage) fn open(
        disk: &dyn Disk,
        path: &Path,
        position: JournalPosition,
    ) -> Result<Self, StoreError> {
        let open = || -> io::Result<File> {
            let mut file = disk.open(path)?;
            file.seek(SeekFrom::Start(position.end))?;
            Ok(file)
        };
        Ok(Self {
            path: path.to_owned(),
            file: BufReader::with_capacity(
                256 * 1024,
                open().map_err(|error| StoreError::io("read", path, error))?,
            ),
            position,
            line: Vec::new(),
        })
    }

    /// Returns the place of the last record that was read.
    pub(in crate::storage) fn position(&self) -> JournalPosition {
        self.position
    }

    /// Reads the next record and checks that it follows from the one before.
    pub(in crate::storage) fn next(&mut self) -> Result<Found<'_>, StoreError> {
        let sequence = self.position.sequence + 1;
        if !self.read_line()? {
            return Ok(Found::End);
        }
        let record = match Record::parse(&self.line) {
            Ok((record, _)) => record,
            Err(fault) => return Ok(Found::Damage(self.damage(fault.to_string()))),
        };
        if record.sequence != sequence {
            let fault = format!("record {} stands there", record.sequence);
            return Err(self.damage(fault).into());
        }
        if record.previous != self.position.chain {
            let fault = "it does not follow from the record before it".to_owned();
            return Err(self.damage(fault).into());
        }
        self.position = JournalPosition {
            sequence,
            chain: Sha256::of(&self.line),
            segment: self.position.segment,
            start: self.position.end,
            end: self.position.end + length(&self.line),
        };
        Ok(Found::Record(self.position, record))
    }

    /// Returns all bytes that follow the last record that was read.
    pub(in crate::storage) fn rest(&self, disk: &dyn Disk) -> Result<Vec<u8>, StoreError> {
        let mut rest = Vec::new();
        let mut read = || -> io::Result<()> {
            let mut file = disk.open(&self.path)?;
            file.seek(SeekFrom::Start(self.position.end))?;
            file.read_to_end(&mut rest).map(drop)
        };
        read().map_err(|error| StoreError::io("read", &self.path, error))?;
        Ok(rest)
    }

    /// Makes the error about the place after the last record that was read.
    pub(in crate::storage) fn damage(&self, fault: String) -> JournalError {
        JournalError {
            file: self.path.clone(),
            offset: self.position.end,
            sequence: self.position.sequence + 1,
            fault,
        }
    }

    /// Reads as many bytes as the next record should have; returns `false` at the end of the file.
    fn read_line(&mut self) -> Result<bool, StoreError> {
        self.line.clear();
        self.read_up_to(HEADER_BYTES)?;
        if let Ok(json) = json_length(&self.line) {
            self.read_up_to(HEADER_BYTES + json + 1)?;
        }
        Ok(!self.line.is_empty())
    }

    fn read_up_to(&mut self, bytes: usize) -> Result<(), StoreError> {
        let missing = length(&self.line).abs_diff(u64::try_from(bytes).unwrap_or(u64::MAX));
        self.file
            .by_ref()
            .take(missing)
            .read_to_end(&mut self.line)
            .map_err(|error| StoreError::io("read", &self.path, error))?;
        Ok(())
    }
}

/// Returns whether the bytes from a damaged place to the end of the last segment can be
/// unacknowledged records that a crash interrupted.
///
/// Records that are not synced may reach the disk in any order, or as zeroes. But no later record
/// may say that the damaged one was synced: then it was on the disk, and a client may rely on it.
pub(in crate::storage) fn tail_is_torn(rest: &[u8], damaged: u64) -> bool {
    (0..rest.len()).all(|start| {
        let bytes = rest.get(start..).unwrap_or_default();
        // The space after the length is missing nearly everywhere, and cheap to look for.
        bytes.get(8) != Some(&b' ')
            || Record::parse(bytes).map_or(true, |(record, _)| record.synced < damaged)
    })
}

fn length(line: &[u8]) -> u64 {
    u64::try_from(line.len()).unwrap_or(u64::MAX)
}
