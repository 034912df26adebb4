//! Checkpoints: all rows in one file, so that the index can be rebuilt without the whole journal.
//!
//! A checkpoint is taken while writers continue. At record N a new segment begins. Then the index
//! is read, and each row is taken as it is at that time, at the latest at record M. So the rows are
//! not those of one moment. But a record says what a row becomes, not how it changes. So the
//! records after N, applied in order to the rows of the checkpoint, lead to the same rows as all
//! records from the first, once M is reached. A checkpoint is complete only after M was synced, so
//! a journal that ends before M is damaged.
//!
//! ```text
//! 1f2e3d4c {"checkpoint":1,"at":…,"sequence":N,"chain":SHA-256 of record N,"segment":…}
//! 9a8b7c6d ["modules","acme%00vpc%00aws%00",{"description":"…"}]
//! 0badc0de {"rows":1,"complete_at":M,"sha256":SHA-256 of all lines above}
//! ```
//! Each line begins with the CRC-32C of its JSON.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::Digest;

use crate::domain::{Sha256, Timestamp};

use super::engine::Range;
use super::journal::{JournalPosition, checkpoint_path};
use super::key_text::{key_bytes, key_text};
use super::table::{Tables, index_key};
use super::{Disk, DiskFile, StoreError};

const VERSION: u32 = 1;
const WRITE_BYTES: usize = 256 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    checkpoint: u32,
    at: Timestamp,
    sequence: u64,
    chain: Sha256,
    segment: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Trailer {
    rows: u64,
    complete_at: u64,
    sha256: Sha256,
}

/// A checkpoint that has been read and is undamaged.
#[derive(Debug)]
pub(super) struct Checkpoint {
    path: PathBuf,
    /// The place in the journal after which records must be applied.
    pub(super) position: JournalPosition,
    /// The record that the journal must reach for the rows to be those of one moment: M above.
    pub(super) complete_at: u64,
    /// How many rows it has.
    pub(super) rows: u64,
}

/// Writes a checkpoint, which gets its name only when it is finished.
pub(super) struct CheckpointWriter<'a> {
    disk: &'a dyn Disk,
    journal: &'a Path,
    segment: u32,
    new: PathBuf,
    file: Arc<dyn DiskFile>,
    buffer: Vec<u8>,
    hasher: sha2::Sha256,
    rows: u64,
}

/// Returns the path that a checkpoint has until it is finished.
pub(super) fn unfinished_path(journal: &Path, segment: u32) -> PathBuf {
    checkpoint_path(journal, segment).with_extension("checkpoint.new")
}

impl<'a> CheckpointWriter<'a> {
    /// Begins the checkpoint for `position`, which is the beginning of a segment.
    pub(super) fn begin(
        disk: &'a dyn Disk,
        journal: &'a Path,
        position: JournalPosition,
        at: Timestamp,
    ) -> Result<Self, StoreError> {
        let new = unfinished_path(journal, position.segment);
        let file = super::data_dir::remove_if_there(disk, &new)
            .and_then(|()| disk.create(&new))
            .map_err(|error| StoreError::io("make", &new, error))?;
        let mut writer = Self {
            disk,
            journal,
            segment: position.segment,
            new,
            file,
            buffer: Vec::with_capacity(WRITE_BYTES * 2),
            hasher: sha2::Sha256::new(),
            rows: 0,
        };
        writer.line(&Header {
            checkpoint: VERSION,
            at,
            sequence: position.sequence,
            chain: position.chain,
            segment: position.segment,
        })?;
        Ok(writer)
    }

    /// Writes all rows that are journalled.
    pub(super) fn rows(&mut self, tables: Tables, rows: Range) -> Result<(), StoreError> {
        for found in rows {
            let (key, row) = found?;
            let Some((id, key)) = key.split_first() else {
                continue;
            };
            let table = tables
                .with_id(*id)
                .ok_or_else(|| StoreError::UnknownTable {
                    table: format!("number {id}"),
                })?;
            if table.derived {
                continue;
            }
            let row: &RawValue =
                serde_json::from_slice(&row).map_err(|source| StoreError::Row {
                    table: table.name,
                    source,
                })?;
            self.line(&(table.name, key_text(key), row))?;
            self.rows += 1;
        }
        Ok(())
    }

    /// Finishes the checkpoint and makes it durable. Record `complete_at` must have been synced.
    pub(super) fn finish(mut self, complete_at: u64) -> Result<(), StoreError> {
        let trailer = Trailer {
            rows: self.rows,
            complete_at,
            sha256: Sha256::finish(self.hasher.clone()),
        };
        self.line(&trailer)?;
        self.write_out()?;
        let path = checkpoint_path(self.journal, self.segment);
        let publish = || -> io::Result<()> {
            self.file.sync_all()?;
            self.disk.rename(&self.new, &path)?;
            self.disk.sync_dir(self.journal)
        };
        publish().map_err(|error| StoreError::io("write", &path, error))
    }

    fn line(&mut self, value: &impl Serialize) -> Result<(), StoreError> {
        let json = serde_json::to_string(value).map_err(|source| StoreError::Row {
            table: "checkpoint",
            source,
        })?;
        let line = format!("{:08x} {json}\n", crc32c::crc32c(json.as_bytes()));
        self.hasher.update(line.as_bytes());
        self.buffer.extend_from_slice(line.as_bytes());
        if self.buffer.len() < WRITE_BYTES {
            return Ok(());
        }
        self.write_out()
    }

    fn write_out(&mut self) -> Result<(), StoreError> {
        self.file
            .append(&self.buffer)
            .map_err(|error| StoreError::io("write", &self.new, error))?;
        self.buffer.clear();
        Ok(())
    }
}

impl Checkpoint {
    /// Reads a whole checkpoint and checks it.
    pub(super) fn check(disk: &dyn Disk, journal: &Path, segment: u32) -> Result<Self, StoreError> {
        let path = checkpoint_path(journal, segment);
        let mut lines = Lines::open(disk, &path)?;
        let header: Header = lines
            .next()?
            .and_then(|json| serde_json::from_str(json).ok())
            .filter(|header: &Header| header.checkpoint == VERSION && header.segment == segment)
            .ok_or_else(|| damaged(&path, "its first line is damaged"))?;
        let mut rows = 0;
        loop {
            let above = lines.hash_so_far();
            let json = lines
                .next()?
                .ok_or_else(|| damaged(&path, "it is cut off"))?;
            if json.starts_with('[') {
                rows += 1;
                continue;
            }
            let trailer: Option<Trailer> = serde_json::from_str(json).ok();
            let complete_at = trailer
                .filter(|trailer| trailer.rows == rows && trailer.sha256 == above)
                .map(|trailer| trailer.complete_at)
                .ok_or_else(|| damaged(&path, "its last line is damaged"))?;
            if lines.next()?.is_some() {
                return Err(damaged(&path, "something follows its last line"));
            }
            let position = JournalPosition {
                sequence: header.sequence,
                chain: header.chain,
                segment,
                start: 0,
                end: 0,
            };
            return Ok(Self {
                path,
                position,
                complete_at,
                rows,
            });
        }
    }

    /// Calls `each` with each row, as index key and JSON.
    pub(super) fn each_row(
        &self,
        disk: &dyn Disk,
        tables: Tables,
        mut each: impl FnMut(Vec<u8>, &str) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut lines = Lines::open(disk, &self.path)?;
        while let Some(json) = lines.next()? {
            if !json.starts_with('[') {
                continue;
            }
            let (name, key, row): (Cow<'_, str>, Cow<'_, str>, &RawValue) =
                serde_json::from_str(json).map_err(|source| StoreError::Row {
                    table: "checkpoint",
                    source,
                })?;
            let table = tables.named(&name)?;
            each(index_key(table.id, &key_bytes(&key)), row.get())?;
        }
        Ok(())
    }
}

/// Reads lines and checks the checksum of each.
struct Lines {
    path: PathBuf,
    file: BufReader<File>,
    line: Vec<u8>,
    hasher: sha2::Sha256,
}

impl Lines {
    fn open(disk: &dyn Disk, path: &Path) -> Result<Self, StoreError> {
        let file = disk
            .open(path)
            .map_err(|error| StoreError::io("read", path, error))?;
        Ok(Self {
            path: path.to_owned(),
            file: BufReader::with_capacity(WRITE_BYTES, file),
            line: Vec::new(),
            hasher: sha2::Sha256::new(),
        })
    }

    fn hash_so_far(&self) -> Sha256 {
        Sha256::finish(self.hasher.clone())
    }

    fn next(&mut self) -> Result<Option<&str>, StoreError> {
        self.line.clear();
        self.file
            .read_until(b'\n', &mut self.line)
            .map_err(|error| StoreError::io("read", &self.path, error))?;
        if self.line.is_empty() {
            return Ok(None);
        }
        self.hasher.update(&self.line);
        let json = std::str::from_utf8(&self.line)
            .ok()
            .and_then(|line| line.strip_suffix('\n'))
            .and_then(|line| line.split_once(' '))
            .filter(|(sum, json)| *sum == format!("{:08x}", crc32c::crc32c(json.as_bytes())))
            .map(|(_, json)| json);
        match json {
            Some(json) => Ok(Some(json)),
            None => Err(damaged(&self.path, "a line's checksum is wrong")),
        }
    }
}

fn damaged(path: &Path, fault: &'static str) -> StoreError {
    StoreError::Checkpoint {
        path: path.to_owned(),
        fault,
    }
}
