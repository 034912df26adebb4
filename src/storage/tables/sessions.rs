//! Sessions of signed-in users, by the hash of their secret and by user.

use crate::domain::{Session, SessionId, Sha256, Timestamp, UserId};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// Sessions by the SHA-256 of their secret.
#[derive(Debug)]
pub enum Sessions {}

impl Table for Sessions {
    const ID: u8 = 40;
    const NAME: &'static str = "sessions";
    const OWNER: Ownership = Ownership::User;
    type Key = Sha256;
    type Row = Session;
}

/// Hashes of secrets by user id and session id.
#[derive(Debug)]
pub enum SessionsByUser {}

impl Table for SessionsByUser {
    const ID: u8 = 41;
    const NAME: &'static str = "sessions_by_user";
    const OWNER: Ownership = Ownership::User;
    type Key = (String, String);
    type Row = Sha256;
}

fn user_key(user: &UserId, id: &SessionId) -> (String, String) {
    (user.to_string(), id.to_string())
}

/// Returns the session whose secret has this hash.
pub fn by_hash(store: &Store, hash: &Sha256) -> Result<Option<Session>, StoreError> {
    store.get::<Sessions>(hash)
}

/// Returns a user's session with an id.
pub fn by_id(store: &Store, user: &UserId, id: &SessionId) -> Result<Option<Session>, StoreError> {
    match store.get::<SessionsByUser>(&user_key(user, id))? {
        Some(hash) => by_hash(store, &hash),
        None => Ok(None),
    }
}

/// Adds a session.
pub fn insert(tx: &mut Tx<'_>, hash: &Sha256, session: &Session) -> Result<(), StoreError> {
    tx.put::<SessionsByUser>(&user_key(&session.user, &session.id), hash)?;
    tx.put::<Sessions>(hash, session)
}

/// Removes a session, if it is there.
pub fn remove(tx: &mut Tx<'_>, hash: &Sha256) -> Result<(), StoreError> {
    if let Some(session) = tx.get::<Sessions>(hash)? {
        tx.remove::<SessionsByUser>(&user_key(&session.user, &session.id))?;
        tx.remove::<Sessions>(hash)?;
    }
    Ok(())
}

/// Removes all sessions of a user.
pub fn remove_all_of_user(tx: &mut Tx<'_>, user: &UserId) -> Result<(), StoreError> {
    let hashes = tx
        .scan::<SessionsByUser>(&Prefix::of(|key| key.text(user.as_str())))
        .map(|entry| entry.map(|(_, hash)| hash))
        .collect::<Result<Vec<_>, _>>()?;
    hashes.iter().try_for_each(|hash| remove(tx, hash))
}

/// Writes when sessions were last used; those that ended meanwhile are not written again.
pub fn note_uses(
    tx: &mut Tx<'_>,
    uses: impl IntoIterator<Item = (Sha256, Timestamp)>,
) -> Result<(), StoreError> {
    for (hash, at) in uses {
        if let Some(mut session) = tx.get::<Sessions>(&hash)? {
            session.last_used_at = at;
            tx.put::<Sessions>(&hash, &session)?;
        }
    }
    Ok(())
}

/// Returns every session.
pub fn all(store: &Store) -> impl Iterator<Item = Result<(Sha256, Session), StoreError>> + use<> {
    store.scan::<Sessions>(&Prefix::all())
}
