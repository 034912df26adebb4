//! Rows in a journal and its index, archives in files.
//!
//! ```text
//! journal/000001.log …         one line for each write: the truth
//! journal/000002.checkpoint    all rows as they were just before 000002.log begins
//! blobs/sha256/ab/ab12…        module archives and provider packages, named by their content
//! index/                       sled: rows by key; delete it and it comes back
//! index/boot, index/clean      whether the index can be trusted at the next start
//! index.unusable/              an index that could not, kept until there is another
//! incoming/                    uploads in flight; emptied at start
//! quarantine/                  blobs that no longer are what their name says
//! secrets/                     keys (0600, directory 0700)
//! format                       the data format's number; an older program refuses a newer one
//! lock                         held by the one process that uses the directory
//! ```
//!
//! # Why two copies of each row
//!
//! An acknowledged write must survive pulling the plug. The journal is a file that is only ever
//! appended to and synced, simple enough to be right and to be tested against every failure of
//! the disk. sled finds rows fast, but does not promise as much about power loss and full disks.
//! So the journal is the truth, and the index is made from it. As records are chained by their
//! hashes and say who did what when, the journal is the audit log as well.
//!
//! # How a write becomes durable
//!
//! 1. Writers take turns. The closure given to [`Store::write`] sees the rows and its own changes.
//! 2. The changes are appended to the journal as one record, then applied to the index as one
//!    batch. The turn ends here.
//! 3. The writer waits until one thread, the committer, has synced the journal beyond the record.
//!    One sync serves all who wait. Only then does `write` return `Ok`.
//!
//! A reader may see a row in the moment before its record is synced. Whoever decides by such a row
//! inside of `write`, even to change nothing, returns only after that record was synced too.
//!
//! # When the index is trusted
//!
//! At open `index/boot` is written: which start of the machine this is. A killed process loses
//! nothing that it wrote, the system holds it; so while the machine has not been restarted, the
//! index is as sled left it, at most a little behind, and the journal's tail brings it up to date.
//! After a power loss anything in it may be missing: a different start of the machine means that
//! it is rebuilt. A clean stop syncs the index and leaves `index/clean`, which is trusted across
//! restarts and removed at open.
//!
//! # Blobs
//!
//! A blob is complete, synced and under its final name before the first row names it, and goes
//! only when no row does. A kill leaves at most a blob without a row, of which there is a note or
//! a row that lists it as freed; a power loss also others, and then every blob is looked at.

mod arrival;
mod backup;
mod blob_files;
mod blobs;
mod checkpoint;
mod commit;
mod counters;
mod data_dir;
mod derived;
mod disk;
mod engine;
mod error;
mod health;
mod history;
mod incoming;
mod journal;
mod key;
mod key_text;
mod manifest;
mod options;
mod progress;
mod recovery;
mod restore;
mod restore_error;
mod revisions;
mod rows;
mod scan;
mod secrets;
mod shared;
mod since;
mod store;
mod table;
mod trust;
mod tx;
mod unsettled;
mod verify;
mod version_key;
mod write;

pub use arrival::Arriving;
pub use backup::{BackupReport, backup};
pub use blob_files::BlobFile;
pub use blobs::{Blobs, KeptBlob, RemovalPause, Swept};
pub use counters::Counter;
pub use data_dir::{DataDir, FORMAT};
pub use derived::{DerivedFiles, remove_derived};
pub use disk::{Disk, DiskFile, RealDisk};
pub use error::{JournalError, OpenError, StoreError};
pub use history::{AuditEvent, AuditFilter, AuditPage, ChangeFilter, RowChange};
pub use incoming::IncomingBlob;
pub use journal::JournalPosition;
pub use key::{Key, KeyReader, KeyWriter, Prefix};
pub use options::{SEGMENT_BYTES, StoreOptions};
pub use progress::{Progress, Step};
pub use recovery::Recovery;
pub use restore::restore;
pub use restore_error::RestoreError;
pub use rows::JournalRows;
pub use scan::{Scan, ScanKeys};
pub use secrets::Secrets;
pub use since::JournalPositionError;
pub use store::{Stamp, Store, rebuild_index};
pub use table::{MAX_ROW_BYTES, Ownership, Table, TableInfo};
pub use tx::Tx;
pub use verify::{NamedBlobs, StoreFault, VerifyReport, verify};

pub mod tables;
