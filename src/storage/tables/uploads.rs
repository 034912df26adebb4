//! Upload tickets: each allows to send the archive of one version until a point in time.

use serde::{Deserialize, Serialize};

use crate::domain::{
    Actor, ModuleVersionAddress, ModuleVersionId, OrganizationId, Sha256, Timestamp,
};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// Tickets by the SHA-256 of the secret in the upload link.
#[derive(Debug)]
pub enum UploadTickets {}

impl Table for UploadTickets {
    const ID: u8 = 15;
    const NAME: &'static str = "upload_tickets";
    const OWNER: Ownership = Ownership::Organization;
    type Key = Sha256;
    type Row = UploadTicket;
}

/// The right to send the archive of one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadTicket {
    /// The organization that the version belongs to.
    pub organization: OrganizationId,
    /// The version whose archive may be sent.
    pub address: ModuleVersionAddress,
    /// The version's id: a version that is deleted and created again has another one.
    pub version: ModuleVersionId,
    /// The actor who created the version and publishes it by sending the archive.
    pub publisher: Actor,
    /// The time from which on the ticket is refused.
    pub expires_at: Timestamp,
}

/// Returns the ticket whose secret has this hash.
pub fn by_hash(store: &Store, hash: &Sha256) -> Result<Option<UploadTicket>, StoreError> {
    store.get::<UploadTickets>(hash)
}

/// Adds a ticket.
pub fn insert(tx: &mut Tx<'_>, hash: &Sha256, ticket: &UploadTicket) -> Result<(), StoreError> {
    tx.put::<UploadTickets>(hash, ticket)
}

/// Removes the tickets that have expired, and those that expire later than any ticket may; returns
/// how many.
pub fn remove_expired(
    tx: &mut Tx<'_>,
    now: Timestamp,
    latest: Timestamp,
) -> Result<usize, StoreError> {
    remove_those(tx, |ticket| {
        ticket.expires_at <= now || ticket.expires_at > latest
    })
}

/// Removes the tickets of an organization, and returns how many.
pub fn remove_of(tx: &mut Tx<'_>, organization: &OrganizationId) -> Result<usize, StoreError> {
    remove_those(tx, |ticket| ticket.organization == *organization)
}

fn remove_those(
    tx: &mut Tx<'_>,
    is_over: impl Fn(&UploadTicket) -> bool,
) -> Result<usize, StoreError> {
    let mut over = Vec::new();
    for entry in tx.scan::<UploadTickets>(&Prefix::all()) {
        let (hash, ticket) = entry?;
        if is_over(&ticket) {
            over.push(hash);
        }
    }
    for hash in &over {
        tx.remove::<UploadTickets>(hash)?;
    }
    Ok(over.len())
}
