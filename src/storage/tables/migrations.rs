//! Migration steps that have been done: changes to rows that earlier programs wrote.

use crate::domain::Timestamp;
use crate::storage::{Ownership, Store, StoreError, Table, Tx};

/// The time each migration step was done, by the step's name.
#[derive(Debug)]
pub enum Migrations {}

impl Table for Migrations {
    const ID: u8 = 51;
    const NAME: &'static str = "migrations";
    const OWNER: Ownership = Ownership::Site;
    type Key = String;
    type Row = Timestamp;
}

/// Returns whether a migration step has been done.
pub fn is_done(store: &Store, step: &str) -> Result<bool, StoreError> {
    store.contains::<Migrations>(&step.to_owned())
}

/// Records that a migration step has been done.
pub fn done(tx: &mut Tx<'_>, step: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.put::<Migrations>(&step.to_owned(), &at)
}
