//! What was written since a place of the journal: for whatever follows the rows and keeps, with
//! what it made of them, up to where it knows them.

use std::fmt;
use std::str::FromStr;

use super::journal::{
    Found, Payload, Position, SegmentReader, Walk, files, key_bytes, segment_path,
};
use super::{Store, StoreError};

/// A place of the journal, behind one of its records. As text it can be kept anywhere: it holds
/// the record's hash, so a place of another journal is found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalPlace(Position);

impl JournalPlace {
    /// How many records were written up to there.
    pub fn sequence(&self) -> u64 {
        self.0.sequence
    }
}

impl Store {
    /// The end of what is written; the rows show all of it.
    pub fn place(&self) -> JournalPlace {
        JournalPlace(self.inner().lock_turn().writer.position())
    }

    /// Whether a place is one of this journal.
    ///
    /// One that a power loss took the record of is not, nor is one of before a restoration.
    pub fn has_place(&self, place: JournalPlace) -> Result<bool, StoreError> {
        let inner = self.inner();
        let journal = inner.dir.journal();
        let walk = Walk {
            disk: &*inner.disk,
            journal: &journal,
            segments: &files(&*inner.disk, &journal)?.segments,
            known_synced: 0,
        };
        Ok(place.0.sequence <= self.place().0.sequence && walk.has(place.0)?)
    }

    /// Hands the table and key of every row that was written or removed behind `from` to `each`,
    /// oldest first; returns up to where.
    ///
    /// The rows that a reader finds afterwards are those of the returned place, or newer.
    pub fn changes_since(
        &self,
        from: JournalPlace,
        mut each: impl FnMut(&str, &[u8]),
    ) -> Result<JournalPlace, StoreError> {
        let inner = self.inner();
        // Behind it, a record may be half written, or not be in the index yet.
        let end = self.place().0;
        let mut at = from.0;
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
        Ok(JournalPlace(end))
    }
}

impl fmt::Display for JournalPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = &self.0;
        let Position {
            sequence,
            segment,
            start,
            end,
            chain,
        } = at;
        write!(f, "{sequence} {segment} {start} {end} {chain}")
    }
}

/// The text is not a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a place of a journal")]
pub struct NoPlace;

impl FromStr for JournalPlace {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let mut fields = text.split(' ');
        let mut field = || fields.next().ok_or(NoPlace);
        let place = Self(Position {
            sequence: field()?.parse().map_err(|_| NoPlace)?,
            segment: field()?.parse().map_err(|_| NoPlace)?,
            start: field()?.parse().map_err(|_| NoPlace)?,
            end: field()?.parse().map_err(|_| NoPlace)?,
            chain: field()?.parse().map_err(|_| NoPlace)?,
        });
        fields.next().is_none().then_some(place).ok_or(NoPlace)
    }
}
