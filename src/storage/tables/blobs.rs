//! One row per stored file: its size and how many rows name it.
//!
//! A second table lists the files that no row names any more, until they are removed from the disk:
//! a kill between the two steps loses none.

use serde::{Deserialize, Serialize};

use crate::domain::Sha256;
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// Reference counts by checksum.
#[derive(Debug)]
pub enum BlobReferences {}

impl Table for BlobReferences {
    const ID: u8 = 16;
    const NAME: &'static str = "blobs";
    const OWNER: Ownership = Ownership::Site;
    type Key = Sha256;
    type Row = BlobReference;
}

/// The size of a stored file and the number of rows that name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobReference {
    /// Its size in bytes.
    pub size: u64,
    /// How many rows name it: at least one.
    pub references: u64,
}

/// Files that lost their last row and may still be on the disk, with their sizes in bytes.
#[derive(Debug)]
pub enum FreedBlobs {}

impl Table for FreedBlobs {
    const ID: u8 = 70;
    const NAME: &'static str = "freed_blobs";
    const OWNER: Ownership = Ownership::Site;
    type Key = Sha256;
    type Row = u64;
}

/// Returns whether any row names the file.
pub fn is_named(store: &Store, sum: &Sha256) -> Result<bool, StoreError> {
    Ok(store.get::<BlobReferences>(sum)?.is_some())
}

/// Returns every file that a row names.
pub fn all(store: &Store) -> impl Iterator<Item = Result<Sha256, StoreError>> + use<> {
    store.scan_keys::<BlobReferences>(&Prefix::all())
}

/// Returns at most `most` files from the list of those that lost their last row.
///
/// Some of them may have been removed already, or may have a row again.
pub fn freed(store: &Store, most: usize) -> Result<Vec<Sha256>, StoreError> {
    store
        .scan_keys::<FreedBlobs>(&Prefix::all())
        .take(most)
        .collect()
}

/// Removes files from the list of those that lost their last row.
pub fn forget_freed(tx: &mut Tx<'_>, sums: &[Sha256]) -> Result<(), StoreError> {
    for sum in sums {
        tx.remove::<FreedBlobs>(sum)?;
    }
    Ok(())
}

/// Counts one more row that names the file.
pub(super) fn refer(tx: &mut Tx<'_>, sum: &Sha256, size: u64) -> Result<(), StoreError> {
    let references = tx
        .get::<BlobReferences>(sum)?
        .map_or(0, |row| row.references);
    tx.put::<BlobReferences>(
        sum,
        &BlobReference {
            size,
            references: references.saturating_add(1),
        },
    )
}

/// Counts one row less. When it was the last one, the file moves to the list of freed files.
pub(super) fn forget(tx: &mut Tx<'_>, sum: &Sha256) -> Result<(), StoreError> {
    match tx.get::<BlobReferences>(sum)? {
        Some(BlobReference { size, references }) if references > 1 => tx.put::<BlobReferences>(
            sum,
            &BlobReference {
                size,
                references: references - 1,
            },
        ),
        Some(BlobReference { size, .. }) => {
            tx.remove::<BlobReferences>(sum)?;
            tx.put::<FreedBlobs>(sum, &size)
        }
        None => Ok(()),
    }
}
