//! Writes the end of the journal again, after a sync may have failed.
//!
//! After a failed sync the system may keep what was written in its memory, forget that it is not on
//! the disk, and report success for the next sync. The next start reads those records from memory.
//! If it only appended to them, a power loss could leave a hole before records that were
//! acknowledged since. So it makes a new file of the same bytes.

use std::path::Path;

use crate::storage::backup::{CopyError, copy};
use crate::storage::data_dir::remove_if_there;
use crate::storage::{Disk, StoreError};

use super::{JournalPosition, segment_path};

/// Replaces the segment of a record by a copy up to the end of the record, which is on the disk
/// when this returns.
///
/// Earlier segments were synced before the next one began.
pub(in crate::storage) fn rewrite_segment(
    disk: &dyn Disk,
    journal: &Path,
    end: JournalPosition,
) -> Result<(), StoreError> {
    let path = segment_path(journal, end.segment);
    // What a stop leaves of it is removed by the next start.
    let new = path.with_extension("log.new");
    remove_if_there(disk, &new)
        .and_then(|()| copy(disk, &path, &new, end.end).map_err(CopyError::into_inner))
        .and_then(|_| disk.rename(&new, &path))
        .and_then(|()| disk.sync_dir(journal))
        .map_err(|error| StoreError::io("write again", &path, error))
}
