//! Reads the journal's segments in order, as one sequence of records.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::domain::Sha256;
use crate::storage::{Disk, JournalError, Progress, Step, StoreError};

use super::reader::{Found, SegmentReader, tail_is_torn};
use super::record::Record;
use super::{JournalPosition, segment_path};

/// The end of a walk over the journal.
#[derive(Debug)]
pub(in crate::storage) struct WalkEnd {
    /// The place of the last record.
    pub(in crate::storage) position: JournalPosition,
    /// The unfinished bytes after it; `None` if a crash left none.
    pub(in crate::storage) torn: Option<TornTail>,
}

/// The bytes that a crash left of unfinished records.
#[derive(Debug)]
pub(in crate::storage) struct TornTail {
    /// The segment.
    pub(in crate::storage) path: PathBuf,
    /// The byte offset at which the last whole record ends.
    pub(in crate::storage) length: u64,
    /// The error about the bytes there.
    pub(in crate::storage) error: JournalError,
}

/// A walk over the journal.
pub(in crate::storage) struct Walk<'a> {
    /// The disk that the files are on.
    pub(in crate::storage) disk: &'a dyn Disk,
    /// The journal's directory.
    pub(in crate::storage) journal: &'a Path,
    /// The numbers of all segments, ascending.
    pub(in crate::storage) segments: &'a [u32],
    /// Records up to this one are known to have been on the disk; if one is missing, the journal is
    /// damaged.
    pub(in crate::storage) known_synced: u64,
}

impl Walk<'_> {
    /// Calls `each` with every record after `from` and its place; returns where the journal ends.
    pub(in crate::storage) fn run(
        &self,
        from: JournalPosition,
        mut progress: impl FnMut(Progress),
        mut each: impl FnMut(JournalPosition, &Record<'_>) -> Result<(), StoreError>,
    ) -> Result<WalkEnd, StoreError> {
        let mut position = from;
        let mut torn = None;
        let total = self.bytes_from(from)?;
        let mut done = 0;
        for &segment in self
            .segments
            .iter()
            .filter(|number| **number >= from.segment)
        {
            if segment > position.segment {
                self.check_follows(position, segment)?;
                position = position.at_start_of(segment);
            }
            let path = segment_path(self.journal, segment);
            let mut reader = SegmentReader::open(self.disk, &path, position)?;
            loop {
                match reader.next()? {
                    Found::Record(place, record) => each(place, &record)?,
                    Found::End => break,
                    Found::Damage(error) => {
                        torn = Some(self.torn_tail(&reader, error)?);
                        break;
                    }
                }
                done += reader.position().end - position.end;
                position = reader.position();
                progress(Progress {
                    step: Step::Journal,
                    done,
                    total,
                });
            }
        }
        if position.sequence < self.known_synced {
            return Err(self.missing(position).into());
        }
        Ok(WalkEnd { position, torn })
    }

    /// Returns whether the journal has the record that `place` describes.
    pub(in crate::storage) fn has(&self, place: JournalPosition) -> Result<bool, StoreError> {
        if !self.segments.contains(&place.segment) {
            return Ok(place == JournalPosition::genesis());
        }
        if place.start == place.end {
            return Ok(true);
        }
        let path = segment_path(self.journal, place.segment);
        let mut file = self
            .disk
            .open(&path)
            .map_err(|error| StoreError::io("read", &path, error))?;
        let mut line = Vec::new();
        let mut read = || -> io::Result<()> {
            file.seek(SeekFrom::Start(place.start))?;
            let length = place.end.saturating_sub(place.start);
            file.by_ref().take(length).read_to_end(&mut line).map(drop)
        };
        read().map_err(|error| StoreError::io("read", &path, error))?;
        let sequence = Record::parse(&line).map(|(record, _)| record.sequence);
        Ok(sequence == Ok(place.sequence) && Sha256::of(&line) == place.chain)
    }

    /// Returns how many bytes all segments have after a place.
    pub(in crate::storage) fn bytes_from(&self, from: JournalPosition) -> Result<u64, StoreError> {
        let mut bytes = 0;
        for segment in self
            .segments
            .iter()
            .filter(|number| **number >= from.segment)
        {
            let length = self.length(*segment)?;
            let before = if *segment == from.segment {
                from.end
            } else {
                0
            };
            bytes += length.saturating_sub(before);
        }
        Ok(bytes)
    }

    fn length(&self, segment: u32) -> Result<u64, StoreError> {
        let path = segment_path(self.journal, segment);
        let metadata = self
            .disk
            .metadata(&path)
            .map_err(|error| StoreError::io("look at", &path, error))?;
        Ok(metadata.len())
    }

    /// Returns damage as a torn tail, if it is the end of a write that a crash interrupted.
    ///
    /// It is an error unless it is in the last segment that has records, and nothing says that the
    /// record there was on the disk.
    fn torn_tail(
        &self,
        reader: &SegmentReader,
        error: JournalError,
    ) -> Result<TornTail, StoreError> {
        let place = reader.position();
        for later in self
            .segments
            .iter()
            .filter(|number| **number > place.segment)
        {
            if self.length(*later)? > 0 {
                return Err(error.into());
            }
        }
        if place.sequence < self.known_synced
            || !tail_is_torn(&reader.rest(self.disk)?, place.sequence + 1)
        {
            return Err(error.into());
        }
        Ok(TornTail {
            path: segment_path(self.journal, place.segment),
            length: place.end,
            error,
        })
    }

    fn check_follows(&self, position: JournalPosition, segment: u32) -> Result<(), StoreError> {
        if segment == position.segment + 1 {
            return Ok(());
        }
        let error = JournalError {
            file: segment_path(self.journal, position.segment + 1),
            offset: 0,
            sequence: position.sequence + 1,
            fault: "the file is missing".to_owned(),
        };
        Err(error.into())
    }

    fn missing(&self, position: JournalPosition) -> JournalError {
        JournalError {
            file: segment_path(self.journal, position.segment),
            offset: position.end,
            sequence: position.sequence + 1,
            fault: format!(
                "the journal ends there, but records up to {} were written",
                self.known_synced
            ),
        }
    }
}
