//! One row per stored file: its size and how many rows name it. And a list of those that no row
//! names any more, until they are removed: a kill between the two loses none.

use serde::{Deserialize, Serialize};

use crate::domain::Sha256;
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// References by checksum.
#[derive(Debug)]
pub enum BlobReferences {}

impl Table for BlobReferences {
    const ID: u8 = 16;
    const NAME: &'static str = "blobs";
    const OWNER: Ownership = Ownership::Site;
    type Key = Sha256;
    type Row = BlobReference;
}

/// A stored file and how often it is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobReference {
    /// Its size in bytes.
    pub size: u64,
    /// How many rows name it: at least one.
    pub references: u64,
}

/// Files that lost their last row and may still be there, with their sizes in bytes.
#[derive(Debug)]
pub enum FreedBlobs {}

impl Table for FreedBlobs {
    const ID: u8 = 70;
    const NAME: &'static str = "freed_blobs";
    const OWNER: Ownership = Ownership::Site;
    type Key = Sha256;
    type Row = u64;
}

/// Whether any row names the file.
pub fn is_named(store: &Store, sum: &Sha256) -> Result<bool, StoreError> {
    Ok(store.get::<BlobReferences>(sum)?.is_some())
}

/// Every named file.
pub fn all(store: &Store) -> impl Iterator<Item = Result<Sha256, StoreError>> + use<> {
    store.scan_keys::<BlobReferences>(&Prefix::all())
}

/// Files that no row names any more, so many at the most; some may have gone already, or have a
/// row again.
pub fn freed(store: &Store, most: usize) -> Result<Vec<Sha256>, StoreError> {
    store
        .scan_keys::<FreedBlobs>(&Prefix::all())
        .take(most)
        .collect()
}

/// Takes files off the list of the freed ones.
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

/// Counts one row less; with the last one the file is no longer named.
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
