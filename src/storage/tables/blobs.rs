//! One row per stored file: its size and how many rows name it.

use serde::{Deserialize, Serialize};

use crate::domain::Sha256;
use crate::storage::{Prefix, Store, StoreError, Table, Tx};

/// References by checksum.
#[derive(Debug)]
pub enum BlobReferences {}

impl Table for BlobReferences {
    const ID: u8 = 16;
    const NAME: &'static str = "blobs";
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

/// Whether any row names the file.
pub fn is_named(store: &Store, sum: &Sha256) -> Result<bool, StoreError> {
    Ok(store.get::<BlobReferences>(sum)?.is_some())
}

/// Every named file.
pub fn all(store: &Store) -> impl Iterator<Item = Result<Sha256, StoreError>> + use<> {
    store.scan_keys::<BlobReferences>(&Prefix::all())
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
        Some(_) => tx.remove::<BlobReferences>(sum).map(|_| ()),
        None => Ok(()),
    }
}
