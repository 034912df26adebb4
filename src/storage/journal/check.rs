//! Checks the journal's chain up to one place, while records may still be added behind it.

use std::path::Path;

use crate::storage::{Disk, JournalError, StoreError};

use super::reader::{Found, SegmentReader};
use super::{JournalPosition, files, segment_path};

/// Reads every record from the first to the one at `end` and checks that each follows from the one
/// before. `read` gets the length in bytes of each record and can end the check with an error.
///
/// # Errors
///
/// [`StoreError::Journal`] at the first record that is damaged or missing.
pub(in crate::storage) fn check_chain(
    disk: &dyn Disk,
    journal: &Path,
    end: JournalPosition,
    mut read: impl FnMut(u64) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut position = JournalPosition::genesis();
    let missing = |position: JournalPosition, segment, fault: &str| JournalError {
        file: segment_path(journal, segment),
        offset: position.end,
        sequence: position.sequence + 1,
        fault: fault.to_owned(),
    };
    for (expected, segment) in (1..).zip(files(disk, journal)?.segments) {
        if segment > end.segment {
            break;
        }
        if segment != expected {
            let start = position.at_start_of(expected);
            return Err(missing(start, expected, "the file is missing").into());
        }
        if segment > position.segment {
            position = position.at_start_of(segment);
        }
        let path = segment_path(journal, segment);
        let mut reader = SegmentReader::open(disk, &path, position)?;
        while position.sequence < end.sequence {
            match reader.next()? {
                Found::Record(place, _) => {
                    read(place.end - place.start)?;
                    position = place;
                }
                Found::End => break,
                Found::Damage(error) => return Err(error.into()),
            }
        }
    }
    if position.sequence < end.sequence {
        let fault = format!(
            "the journal ends there, but records up to {} were written",
            end.sequence
        );
        return Err(missing(position, position.segment, &fault).into());
    }
    if position.chain != end.chain {
        let fault = "the record before it is not the one that was written";
        return Err(missing(position, position.segment, fault).into());
    }
    Ok(())
}
