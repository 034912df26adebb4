//! The storage: rows in a journal with an index, and archives in files.
//!
//! ```text
//! journal/000001.log …         one line for each write: the truth
//! journal/000002.checkpoint    all rows as they were just before 000002.log begins
//! blobs/sha256/ab/ab12…        module archives and provider packages, named by their content
//! index/                       sled: rows by key; delete it and the next start rebuilds it
//! index/boot, index/clean      tell whether the index can be trusted at the next start
//! index.unusable/              the last index that could not be trusted or opened
//! derived/                     what was read out of blobs; delete it and it is read again
//! incoming/                    unfinished uploads, and notes of blobs without a row
//! quarantine/                  damaged blobs: their content does not match their name
//! secrets/                     keys (0600, directory 0700), each with its checksum beside it
//! reserve                      space that is freed when the disk is full
//! clock                        a time that is known to have passed; time never goes back behind it
//! format                       the data format's number; an older program refuses a newer one
//! lock                         held by the one process that uses the directory
//! ```
//!
//! # Why two copies of each row
//!
//! An acknowledged write must survive pulling the plug. The journal is a file that is only appended
//! to and synced. It is simple enough to be correct and to be tested against every failure of the
//! disk. sled finds rows fast, but guarantees less about power loss and full disks. So the journal
//! is the truth, and the index is built from it. Records are chained by their hashes and say who
//! did what and when, so the journal is also the audit log.
//!
//! # How a write becomes durable
//!
//! 1. One writer writes at a time. The closure given to [`Store::write`] sees the rows and its own
//!    changes.
//! 2. The changes are appended to the journal as one record, then applied to the index as one
//!    batch. Then the next writer may write.
//! 3. The writer waits until one thread, the committer, has synced the journal beyond the record.
//!    One sync serves all who wait. Only then does `write` return `Ok`.
//!
//! A reader may see a row in the moment before its record is synced. A `write` whose closure read
//! such a row returns only after that record was synced too, even if it changes nothing.
//!
//! # When the disk fails
//!
//! A record that could not be appended is cut off again: the write is refused, and nothing is left
//! of it. If anything fails after that, the outcome of the write is open: its record may be in the
//! journal and come back with the next start. The writer gets [`StoreError::OutcomeUnknown`], and
//! the store is read-only from then on. While it is, readers see the rows as they were before that
//! write, and no blob, note or secret is removed, because the index may not name what the journal
//! names. The next start rebuilds the index.
//!
//! # When the index is trusted
//!
//! At open the id of the machine's current boot is written to `index/boot`. What a process wrote
//! before it was killed is not lost, because the system holds it. So while the machine has not been
//! restarted, the index is as sled left it, at most a little behind, and the last records of the
//! journal bring it up to date. After a power loss anything in it may be missing: if the boot id
//! differs, the index is rebuilt. A clean stop syncs the index and writes `index/clean`, which is
//! trusted across restarts and removed at open.
//!
//! # Full and read-only disks
//!
//! Uploads leave a part of the disk free, and a file holds a reserve, which is given up when others
//! fill the disk. The journal and the index have some space of their own ahead of them. So what
//! needs little space goes on. If the index cannot be opened where it lies, because the disk is full
//! or read-only, a copy of it is opened in the scratch space, outside the data directory. On a
//! read-only disk nothing is ever written; on a full one the journal is, as soon as there is room.
//!
//! # Blobs
//!
//! A blob is complete, synced and under its final name before the first row names it, and is
//! removed only when no row names it and no outcome is open. A kill leaves at most blobs without a row, each with a note
//! or in the list of freed blobs. A power loss can also leave others, and then every blob is looked
//! at.

mod arrival;
mod backup;
mod blob_checks;
mod blob_files;
mod blobs;
mod checkpoint;
mod clock_floor;
mod commit;
mod counters;
mod data_dir;
mod derived;
mod disk;
mod engine;
mod error;
mod fault;
mod health;
mod hidden;
mod history;
mod incoming;
mod index_place;
mod journal;
mod journal_faults;
mod key;
mod key_text;
mod lock;
mod lost_journal;
mod manifest;
mod open_write;
mod options;
mod owner;
mod pace;
mod progress;
mod recovery;
mod reserve;
mod restore;
mod restore_error;
mod revisions;
mod rows;
mod scan;
mod scratch;
mod secret_sums;
mod secrets;
mod shared;
mod since;
mod small_files;
mod space;
mod store;
mod table;
mod trust;
mod tx;
mod unsettled;
mod verify;
mod version_key;
mod write;

pub use arrival::Arriving;
pub use backup::{
    BackupError, BackupReport, BackupSource, FurtherFaults, backup, remove_interrupted,
};
pub use blob_files::BlobFile;
pub use blobs::{Blobs, KeptBlob, RemovalPause, RemovedBlobs};
pub use clock_floor::read_clock_floor;
pub use counters::Counter;
pub use data_dir::{DataDir, FORMAT};
pub use derived::{DerivedFiles, remove_derived};
pub use disk::{Disk, DiskFile, DiskSpace, RealDisk};
pub use error::{JournalError, OpenError, StoreError};
pub use fault::StoreFault;
pub use health::StoreOutage;
pub use history::{AuditEvent, AuditFilter, AuditPage, ChangeFilter, RowChange};
pub use incoming::IncomingBlob;
pub use journal::JournalPosition;
pub use key::{Key, KeyReader, KeyWriter, Prefix};
pub use options::{SEGMENT_BYTES, StoreOptions};
pub use pace::Pace;
pub use progress::{Progress, Step};
pub use recovery::Recovery;
pub use restore::restore;
pub use restore_error::RestoreError;
pub use rows::JournalRows;
pub use scan::{Scan, ScanKeys};
pub use secrets::{Secrets, remove_secret_sum, write_secret_sum};
pub use since::JournalPositionError;
pub use store::{Stamp, Store, rebuild_index};
pub use table::{MAX_ROW_BYTES, Ownership, Table, TableInfo};
pub use tx::Tx;
pub use verify::{RowNeeds, RowNeedsOf, VerifyReport, verify};

pub mod tables;
