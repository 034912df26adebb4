//! API tokens by the hash of their secret, by owner and by id, and the time each was last used.

use crate::domain::{ApiToken, Sha256, Timestamp, TokenId, TokenOwner};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// Tokens by the SHA-256 of their secret: one look-up per request, and no secret is stored.
#[derive(Debug)]
pub enum Tokens {}

impl Table for Tokens {
    const ID: u8 = 9;
    const NAME: &'static str = "tokens";
    const OWNER: Ownership = Ownership::TokenOwner;
    type Key = Sha256;
    type Row = ApiToken;
}

/// Hashes of secrets by owner id and token id.
#[derive(Debug)]
pub enum TokensByOwner {}

impl Table for TokensByOwner {
    const ID: u8 = 10;
    const NAME: &'static str = "tokens_by_owner";
    const OWNER: Ownership = Ownership::TokenOwner;
    type Key = (String, String);
    type Row = Sha256;
}

/// Hashes of secrets by token id.
#[derive(Debug)]
pub enum TokenIds {}

impl Table for TokenIds {
    const ID: u8 = 18;
    const NAME: &'static str = "token_ids";
    const OWNER: Ownership = Ownership::Index;
    type Key = String;
    type Row = Sha256;
}

/// The time each token was last used, to the minute. A crash may lose the last minutes.
#[derive(Debug)]
pub enum TokenUses {}

impl Table for TokenUses {
    const ID: u8 = 11;
    const NAME: &'static str = "token_uses";
    const OWNER: Ownership = Ownership::Index;
    type Key = String;
    type Row = Timestamp;
}

fn owner_id(owner: &TokenOwner) -> &str {
    match owner {
        TokenOwner::User(id) => id.as_str(),
        TokenOwner::Team(id) => id.as_str(),
        TokenOwner::Organization(id) => id.as_str(),
    }
}

fn owner_key(token: &ApiToken) -> (String, String) {
    (owner_id(&token.owner).to_owned(), token.id.to_string())
}

/// Returns the token whose secret has this hash.
pub fn by_hash(store: &Store, hash: &Sha256) -> Result<Option<ApiToken>, StoreError> {
    store.get::<Tokens>(hash)
}

/// Returns the tokens of all owners.
pub fn all(store: &Store) -> Result<Vec<ApiToken>, StoreError> {
    let entries = store.scan::<Tokens>(&Prefix::all());
    entries.map(|entry| Ok(entry?.1)).collect()
}

/// Returns the tokens of one owner.
pub fn of_owner(store: &Store, owner: &TokenOwner) -> Result<Vec<ApiToken>, StoreError> {
    let mut tokens = Vec::new();
    for entry in store.scan::<TokensByOwner>(&Prefix::of(|key| key.text(owner_id(owner)))) {
        let (_, hash) = entry?;
        tokens.extend(by_hash(store, &hash)?);
    }
    Ok(tokens)
}

/// Returns the tokens of one owner with their hashes, as the running write sees them.
pub fn of_owner_in(tx: &Tx<'_>, owner: &TokenOwner) -> Result<Vec<(Sha256, ApiToken)>, StoreError> {
    let mut tokens = Vec::new();
    for entry in tx.scan::<TokensByOwner>(&Prefix::of(|key| key.text(owner_id(owner)))) {
        let (_, hash) = entry?;
        let token = tx.get::<Tokens>(&hash)?;
        tokens.extend(token.map(|token| (hash, token)));
    }
    Ok(tokens)
}

/// Returns the token with an id, and the hash of its secret.
pub fn by_id(store: &Store, id: &TokenId) -> Result<Option<(Sha256, ApiToken)>, StoreError> {
    let Some(hash) = store.get::<TokenIds>(&id.to_string())? else {
        return Ok(None);
    };
    Ok(by_hash(store, &hash)?.map(|token| (hash, token)))
}

/// Returns when a token was last used; `None` if it never was.
pub fn last_used(store: &Store, id: &TokenId) -> Result<Option<Timestamp>, StoreError> {
    store.get::<TokenUses>(&id.to_string())
}

/// Adds a token.
pub fn insert(tx: &mut Tx<'_>, hash: &Sha256, token: &ApiToken) -> Result<(), StoreError> {
    tx.put::<TokensByOwner>(&owner_key(token), hash)?;
    tx.put::<TokenIds>(&token.id.to_string(), hash)?;
    tx.put::<Tokens>(hash, token)
}

/// Removes a token.
pub fn remove(tx: &mut Tx<'_>, hash: &Sha256, token: &ApiToken) -> Result<(), StoreError> {
    tx.remove::<TokensByOwner>(&owner_key(token))?;
    tx.remove::<TokenIds>(&token.id.to_string())?;
    tx.remove::<TokenUses>(&token.id.to_string())?;
    tx.remove::<Tokens>(hash)?;
    Ok(())
}

/// Removes every token of an owner.
pub fn revoke_all_of(tx: &mut Tx<'_>, owner: &TokenOwner) -> Result<(), StoreError> {
    for (hash, token) in of_owner_in(tx, owner)? {
        remove(tx, &hash, &token)?;
    }
    Ok(())
}

/// Returns the hashes of the tokens that must be ended for good.
pub fn to_end(store: &Store, now: Timestamp) -> Result<Vec<Sha256>, StoreError> {
    let mut hashes = Vec::new();
    for entry in store.scan::<Tokens>(&Prefix::all()) {
        let (hash, token) = entry?;
        if token.is_to_end(now) {
            hashes.push(hash);
        }
    }
    Ok(hashes)
}

/// Ends tokens for good, those that still must be; returns how many.
pub fn end(tx: &mut Tx<'_>, hashes: &[Sha256], now: Timestamp) -> Result<usize, StoreError> {
    let mut ended = 0;
    for hash in hashes {
        if let Some(mut token) = tx.get::<Tokens>(hash)?
            && token.is_to_end(now)
        {
            token.has_expired = true;
            tx.put::<Tokens>(hash, &token)?;
            ended += 1;
        }
    }
    Ok(ended)
}

/// Writes when tokens were last used.
pub fn note_uses(
    tx: &mut Tx<'_>,
    uses: impl IntoIterator<Item = (TokenId, Timestamp)>,
) -> Result<(), StoreError> {
    for (id, at) in uses {
        tx.put::<TokenUses>(&id.to_string(), &at)?;
    }
    Ok(())
}
