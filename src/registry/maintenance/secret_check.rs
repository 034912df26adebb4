//! Checks the secrets that rows need: each is there, can be read, and is the private half of the
//! key that its row describes.

use std::collections::HashSet;
use std::io::ErrorKind;

use crate::auth::{PublicKey, SigningKey};
use crate::domain::{GpgKey, KeyHolder, SshKey};
use crate::registry::base::{Error, Registry};
use crate::storage::tables::{gpg_keys, ssh_keys};
use crate::storage::{Secrets, StoreError, StoreFault};

/// What is signed to try out a key.
const TRIAL: &[u8] = b"terrakeep: a trial of this key";

/// The result of a check of secrets.
#[derive(Debug, Default)]
pub(super) struct SecretsChecked {
    /// What is wrong.
    pub(super) faults: Vec<StoreFault>,
    /// Secrets that no row needs.
    pub(super) notes: Vec<String>,
}

impl Registry {
    /// Returns what is wrong with the secrets of the running registry.
    pub(super) fn secret_faults(&self) -> Result<Vec<StoreFault>, StoreError> {
        // No key is made or removed meanwhile: a key that is being made has a secret and no row.
        let _keeping = self.keeping_secrets();
        let secrets = self.blobs.secrets();
        let check = || {
            let keys = gpg_keys::all(&self.store);
            check_secrets(secrets, keys, ssh_keys::all(&self.store))
        };
        let mut faults = check()?.faults;
        if !faults.is_empty() {
            // A key may have been deleted while it was looked at. Then it has no row any more.
            let again = check()?.faults;
            faults.retain(|fault| again.contains(fault));
        }
        Ok(faults)
    }

    /// Writes the checksums of secrets that an older program kept without them.
    pub fn complete_secret_sums(&self) -> Result<(), Error> {
        let _keeping = self.keeping_secrets();
        Ok(self.blobs.secrets().complete_sums()?)
    }
}

/// Checks the secrets of all keys.
pub(super) fn check_secrets(
    secrets: Secrets<'_>,
    keys: impl Iterator<Item = Result<GpgKey, StoreError>>,
    ssh_keys: impl Iterator<Item = Result<SshKey, StoreError>>,
) -> Result<SecretsChecked, StoreError> {
    let mut checked = SecretsChecked::default();
    let mut needed = HashSet::new();
    for key in keys {
        let key = key?;
        if key.holder == KeyHolder::Registry {
            let row = format!("the signing key {}", key.key_id);
            let fault = fault_of(secrets, key.id.as_str(), &row, |secret| {
                signing_fault(&key, secret)
            });
            checked.faults.extend(fault?);
            needed.insert(key.id.to_string());
        }
    }
    for key in ssh_keys {
        let key = key?;
        let row = format!("the SSH key `{}` ({})", key.name, key.id);
        let fault = fault_of(secrets, key.id.as_str(), &row, |secret| {
            secret.is_empty().then_some("is empty")
        });
        checked.faults.extend(fault?);
        needed.insert(key.id.to_string());
    }
    for id in secrets.ids()? {
        if !needed.contains(&id) {
            let path = secrets.path(&id);
            let note = format!(
                "no row needs the secret `{}`; it may be removed",
                path.display()
            );
            checked.notes.push(note);
        }
    }
    Ok(checked)
}

/// Returns what is wrong with the secret of one row; `None` if nothing is. `judge` says in words
/// what is wrong with its content.
fn fault_of(
    secrets: Secrets<'_>,
    id: &str,
    row: &str,
    judge: impl FnOnce(&[u8]) -> Option<&'static str>,
) -> Result<Option<StoreFault>, StoreError> {
    let path = secrets.path(id);
    let text = match secrets.read(id) {
        Ok(secret) => match judge(&secret) {
            None => return Ok(None),
            Some(words) => format!("it {words}, and {row} needs it"),
        },
        Err(StoreError::DamagedSecret { .. }) => {
            format!("its content is not what its checksum says, and {row} needs it")
        }
        Err(StoreError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {
            format!("it is missing, and {row} needs it")
        }
        Err(StoreError::Io { source, .. }) => {
            format!("it cannot be read ({source}), and {row} needs it")
        }
        Err(other) => return Err(other),
    };
    let text = format!("{text}; restore it from a backup, or replace the key");
    Ok(Some(StoreFault::new(path, text)))
}

/// Says what is wrong with the private half of a signing key; `None` if nothing is.
fn signing_fault(key: &GpgKey, secret: &[u8]) -> Option<&'static str> {
    let Ok(private) = SigningKey::from_bytes(secret) else {
        return Some("is not a private key");
    };
    if private.public().fingerprint() != key.fingerprint {
        return Some("is the private half of another key");
    }
    let signs = || {
        let public = PublicKey::parse(&key.armor).ok()?;
        let signature = private.sign(TRIAL).ok()?;
        public.verify(TRIAL, &signature).ok()
    };
    signs().is_none().then_some("makes wrong signatures")
}
