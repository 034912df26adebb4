//! Appends records to the newest segment, and begins new segments.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::domain::Sha256;
use crate::storage::{Disk, DiskFile, StoreError};

use super::record::{MAX_JSON_BYTES, Record, genesis};
use super::segment_path;

/// The place of a record in the journal.
///
/// It can be stored anywhere as text. It has the record's hash, so a place of another journal is
/// recognized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalPosition {
    /// The record's sequence number; 0 before the first record.
    pub(in crate::storage) sequence: u64,
    /// The SHA-256 of the record's line.
    pub(in crate::storage) chain: Sha256,
    /// The number of its segment.
    pub(in crate::storage) segment: u32,
    /// The byte offset in the segment at which it starts.
    pub(in crate::storage) start: u64,
    /// The byte offset at which it ends.
    pub(in crate::storage) end: u64,
}

impl JournalPosition {
    /// Returns the place before the first record.
    pub(in crate::storage) fn genesis() -> Self {
        Self {
            sequence: 0,
            chain: genesis(),
            segment: 1,
            start: 0,
            end: 0,
        }
    }

    /// Returns the same place in the chain, at the beginning of a segment.
    pub(in crate::storage) fn at_start_of(self, segment: u32) -> Self {
        Self {
            segment,
            start: 0,
            end: 0,
            ..self
        }
    }
}

/// The reason why a record was not appended.
#[derive(Debug)]
pub(in crate::storage) enum AppendError {
    /// The journal is unchanged.
    Undone(StoreError),
    /// The journal may end in a part of the record.
    Stuck(StoreError),
}

/// Appends to the newest segment.
pub(in crate::storage) struct Writer {
    disk: Arc<dyn Disk>,
    journal: PathBuf,
    file: Arc<dyn DiskFile>,
    position: JournalPosition,
}

impl Writer {
    /// Opens the segment of `position` for appending; creates it if it does not exist.
    pub(in crate::storage) fn open(
        disk: Arc<dyn Disk>,
        journal: &Path,
        position: JournalPosition,
    ) -> Result<Self, StoreError> {
        let path = segment_path(journal, position.segment);
        let file = open_segment(&*disk, journal, &path)?;
        Ok(Self {
            disk,
            journal: journal.to_owned(),
            file,
            position,
        })
    }

    /// Makes a writer that refuses every record, for a journal that cannot be written.
    pub(in crate::storage) fn refusing(
        disk: Arc<dyn Disk>,
        journal: &Path,
        position: JournalPosition,
    ) -> Self {
        Self {
            disk,
            journal: journal.to_owned(),
            file: Arc::new(ReadOnlyFile),
            position,
        }
    }

    /// Returns the path of the segment that records are appended to.
    pub(in crate::storage) fn path(&self) -> PathBuf {
        segment_path(&self.journal, self.position.segment)
    }

    /// Returns the place of the last record, or of the segment's beginning.
    pub(in crate::storage) fn position(&self) -> JournalPosition {
        self.position
    }

    /// Returns the segment's file, to be synced.
    pub(in crate::storage) fn file(&self) -> Arc<dyn DiskFile> {
        Arc::clone(&self.file)
    }

    /// Appends a record. It is not durable until the file is synced.
    pub(in crate::storage) fn append(
        &mut self,
        json: &str,
        synced: u64,
    ) -> Result<JournalPosition, AppendError> {
        let path = segment_path(&self.journal, self.position.segment);
        if json.len() > MAX_JSON_BYTES {
            let error = io::Error::new(io::ErrorKind::FileTooLarge, "the write is too large");
            return Err(AppendError::Undone(StoreError::io(
                "append to",
                &path,
                error,
            )));
        }
        let record = Record {
            sequence: self.position.sequence + 1,
            synced,
            previous: self.position.chain,
            json,
        };
        let line = record.to_line();
        if let Err(error) = self.file.append(&line) {
            let error = StoreError::io("append to", &path, error);
            return Err(match self.file.set_len(self.position.end) {
                Ok(()) => AppendError::Undone(error),
                Err(_) => AppendError::Stuck(error),
            });
        }
        self.position = JournalPosition {
            sequence: record.sequence,
            chain: Sha256::of(&line),
            segment: self.position.segment,
            start: self.position.end,
            end: self.position.end + u64::try_from(line.len()).unwrap_or(u64::MAX),
        };
        Ok(self.position)
    }

    /// Begins a new segment. Everything in the current one must have been synced.
    pub(in crate::storage) fn rotate(&mut self) -> Result<(), StoreError> {
        let next = self.position.at_start_of(self.position.segment + 1);
        let path = segment_path(&self.journal, next.segment);
        let finished = std::mem::replace(
            &mut self.file,
            open_segment(&*self.disk, &self.journal, &path)?,
        );
        // The space that was kept behind its end is free again.
        if let Err(error) = finished.set_len(self.position.end) {
            tracing::debug!(%error, "a finished segment keeps more space than it needs");
        }
        self.position = next;
        Ok(())
    }
}

/// A file that nothing can be written to.
struct ReadOnlyFile;

impl ReadOnlyFile {
    fn refuse() -> io::Result<()> {
        Err(io::Error::from(io::ErrorKind::ReadOnlyFilesystem))
    }
}

impl DiskFile for ReadOnlyFile {
    fn append(&self, _bytes: &[u8]) -> io::Result<()> {
        Self::refuse()
    }

    fn sync_data(&self) -> io::Result<()> {
        Self::refuse()
    }

    fn sync_all(&self) -> io::Result<()> {
        Self::refuse()
    }

    fn set_len(&self, _length: u64) -> io::Result<()> {
        Self::refuse()
    }
}

/// Opens a segment, or creates it, and makes its name durable.
///
/// A new segment that could not be made durable stays empty, and the next try uses it.
fn open_segment(
    disk: &dyn Disk,
    journal: &Path,
    path: &Path,
) -> Result<Arc<dyn DiskFile>, StoreError> {
    let open = || -> io::Result<Arc<dyn DiskFile>> {
        let file = match disk.create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => disk.append(path)?,
            other => other?,
        };
        file.sync_all()?;
        disk.sync_dir(journal)?;
        Ok(file)
    };
    open().map_err(|error| StoreError::io("open", path, error))
}
