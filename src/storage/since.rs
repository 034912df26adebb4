//! Reads what was written since a place of the journal.
//!
//! A journal follower, such as the search index, stores the place up to which it has processed all
//! changes, and continues from there.

use std::fmt;
use std::str::FromStr;

use super::journal::{Found, JournalPosition, Payload, SegmentReader, Walk, files, segment_path};
use super::key_text::key_bytes;
use super::{Store, StoreError};

impl JournalPosition {
    /// Returns the sequence number of the record.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }
}

impl Store {
    /// Returns the place of the last record whose changes the rows show; waits for no writer.
    pub fn place(&self) -> JournalPosition {
        self.inner().applied()
    }

    /// Returns whether a place is in this journal.
    ///
    /// It is not if a power loss took its record, or if a backup was restored meanwhile.
    pub fn has_place(&self, place: JournalPosition) -> Result<bool, StoreError> {
        let inner = self.inner();
        let journal = inner.dir.journal();
        let walk = Walk {
            disk: &*inner.disk,
            journal: &journal,
            segments: &files(&*inner.disk, &journal)?.segments,
            known_synced: 0,
        };
        Ok(place.sequence <= self.place().sequence && walk.has(place)?)
    }

    /// Calls `each` with the table and key of every row that was written or removed after `from`,
    /// oldest first; returns the place up to which it has read.
    ///
    /// Rows that are read afterwards are as new as the returned place, or newer.
    pub fn changes_since(
        &self,
        from: JournalPosition,
        mut each: impl FnMut(&str, &[u8]),
    ) -> Result<JournalPosition, StoreError> {
        let inner = self.inner();
        // A record after it may be half written, or not be in the index yet.
        let end = self.place();
        let mut at = from;
        while at.sequence < end.sequence {
            let path = segment_path(&inner.dir.journal(), at.segment);
            let mut reader = SegmentReader::open(&*inner.disk, &path, at)?;
            while at.sequence < end.sequence {
                match reader.next()? {
                    Found::Record(place, record) => {
                        at = place;
                        let payload = Payload::parse(record.json)?;
                        let puts = payload.puts.iter().map(|(table, key, _)| (table, key));
                        let removes = payload.removes.iter().map(|(table, key)| (table, key));
                        for (table, key) in puts.chain(removes) {
                            each(table, &key_bytes(key));
                        }
                    }
                    Found::End if at.segment < end.segment => {
                        at = at.at_start_of(at.segment + 1);
                        break;
                    }
                    Found::End => {
                        return Err(reader.damage("the file ends there".to_owned()).into());
                    }
                    Found::Damage(error) => return Err(error.into()),
                }
            }
        }
        Ok(end)
    }
}

impl fmt::Display for JournalPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            sequence,
            segment,
            start,
            end,
            chain,
        } = self;
        write!(f, "{sequence} {segment} {start} {end} {chain}")
    }
}

/// An error: the text is not a position in a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a position in a journal")]
pub struct JournalPositionError;

impl FromStr for JournalPosition {
    type Err = JournalPositionError;

    fn from_str(text: &str) -> Result<Self, JournalPositionError> {
        let mut fields = text.split(' ');
        let mut field = || fields.next().ok_or(JournalPositionError);
        let place = Self {
            sequence: field()?.parse().map_err(|_| JournalPositionError)?,
            segment: field()?.parse().map_err(|_| JournalPositionError)?,
            start: field()?.parse().map_err(|_| JournalPositionError)?,
            end: field()?.parse().map_err(|_| JournalPositionError)?,
            chain: field()?.parse().map_err(|_| JournalPositionError)?,
        };
        fields
            .next()
            .is_none()
            .then_some(place)
            .ok_or(JournalPositionError)
    }
}
