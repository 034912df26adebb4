//! Codes of `terraform login`, by the hash of their secret.

use crate::domain::{LoginCode, Sha256, Timestamp, UserId};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// How long a code is known after its end, in seconds: so long is somebody noticed who brings one
/// that was used.
const KNOWN_AFTER_SECONDS: i64 = 600;

/// How late a code may end, in seconds; one that ends later was made while the clock was wrong.
const AHEAD_SECONDS: i64 = 3600;

/// Codes by the SHA-256 of their secret.
#[derive(Debug)]
pub enum LoginCodes {}

impl Table for LoginCodes {
    const ID: u8 = 89;
    const NAME: &'static str = "login_codes";
    const OWNER: Ownership = Ownership::User;
    type Key = Sha256;
    type Row = LoginCode;
}

/// Returns the code whose secret has this hash.
pub fn by_hash(store: &Store, hash: &Sha256) -> Result<Option<LoginCode>, StoreError> {
    store.get::<LoginCodes>(hash)
}

/// Returns the code whose secret has this hash, as the running write sees it.
pub fn by_hash_in(tx: &Tx<'_>, hash: &Sha256) -> Result<Option<LoginCode>, StoreError> {
    tx.get::<LoginCodes>(hash)
}

/// Adds a code, or changes it.
pub fn put(tx: &mut Tx<'_>, hash: &Sha256, code: &LoginCode) -> Result<(), StoreError> {
    tx.put::<LoginCodes>(hash, code)
}

/// Removes the codes that ended a while ago, and those that end later than any code may; returns how
/// many.
pub fn remove_expired(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize, StoreError> {
    remove_those(tx, |code| {
        code.expires_at.plus_seconds(KNOWN_AFTER_SECONDS) <= now
            || code.expires_at > now.plus_seconds(AHEAD_SECONDS)
    })
}

/// Removes the codes of a user.
pub fn remove_all_of_user(tx: &mut Tx<'_>, user: &UserId) -> Result<usize, StoreError> {
    remove_those(tx, |code| code.user == *user)
}

fn remove_those(
    tx: &mut Tx<'_>,
    is_over: impl Fn(&LoginCode) -> bool,
) -> Result<usize, StoreError> {
    let mut over = Vec::new();
    for entry in tx.scan::<LoginCodes>(&Prefix::all()) {
        let (hash, code) = entry?;
        if is_over(&code) {
            over.push(hash);
        }
    }
    for hash in &over {
        tx.remove::<LoginCodes>(hash)?;
    }
    Ok(over.len())
}
