//! The keys with which this registry signs for organizations.
//!
//! An RSA key takes some seconds of processor time to make. So one spare key is made in the
//! background when a publication is to be expected, and waits in memory until an organization needs
//! it. A publication that comes even before that waits for the same work, and makes no second key.

use crate::auth::{
    Grant, ManageProviders, PublishProviders, SigningKey, SigningKeyError, UnnamedKey,
};
use crate::domain::{GpgKey, KeyHolder, Organization, OrganizationId};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::Tx;
use crate::storage::tables::{gpg_keys, organizations};

impl Registry {
    /// Makes a spare key if one is expected to be needed and there is none; called every second.
    pub fn make_spare_key(&self) -> Result<(), Error> {
        let spare = &self.state.providers.spare_key;
        if spare.take_wish() {
            let mut key = spare.lock();
            if key.is_none() {
                *key = Some(UnnamedKey::generate()?);
            }
        }
        Ok(())
    }

    /// Asks for a spare key if any organization has no key yet; called every minute.
    pub fn expect_first_keys(&self) -> Result<(), Error> {
        for organization in organizations::all(&self.store) {
            if self.current_key(&organization?.id)?.is_none() {
                self.state.providers.spare_key.wish();
                break;
            }
        }
        Ok(())
    }

    /// Asks for a spare key if this organization has no key: it begins to publish a provider.
    pub(super) fn expect_first_key(&self, grant: &Grant<PublishProviders>) -> Result<(), Error> {
        if self.current_key(&organization_of(grant)?.id)?.is_none() {
            self.state.providers.spare_key.wish();
        }
        Ok(())
    }

    /// Returns a new key: the spare one, or one that is made now.
    fn new_key(&self) -> Result<UnnamedKey, Error> {
        // Whoever holds the lock makes a key, so that one processor at most is busy with that.
        let mut spare = self.state.providers.spare_key.lock();
        match spare.take() {
            Some(key) => Ok(key),
            None => Ok(UnnamedKey::generate()?),
        }
    }

    /// Does `work`, which may make the organization's first key: one caller at a time, so that not
    /// each of them makes one.
    pub(super) fn run_for_first_key<T>(
        &self,
        organization: &OrganizationId,
        work: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.current_key(organization)?.is_some() {
            return work();
        }
        let first_keys = &self.state.providers.first_keys;
        first_keys.run_alone(organization, work)
    }

    /// Replaces the key with which this registry signs for an organization by a new one. Versions
    /// signed with the old key stay valid; nothing is signed with it again.
    pub fn rotate_registry_key(&self, grant: &Grant<ManageProviders>) -> Result<GpgKey, Error> {
        let organization = organization_of(grant)?;
        let new = self.new_registry_key(organization)?;
        let mut retired = Vec::new();
        self.keep_new_key_then(Some(&new), || {
            self.write(&grant.actor(), "make signing key", |tx| {
                for mut before in gpg_keys::list_in_tx(tx, &organization.id)? {
                    if is_current(&before) {
                        before.holder = KeyHolder::Retired;
                        before.updated_at = new.row.created_at;
                        gpg_keys::put(tx, &before)?;
                        retired.push(before.id);
                    }
                }
                gpg_keys::put(tx, &new.row)?;
                Ok(())
            })
        })?;
        for id in retired {
            self.forget_secret(id.as_str());
        }
        Ok(new.row)
    }

    /// Returns the key with which this registry signs for an organization; `None` if it has none
    /// yet.
    pub(super) fn current_key(
        &self,
        organization: &OrganizationId,
    ) -> Result<Option<GpgKey>, Error> {
        let mut keys = gpg_keys::list(&self.store, organization);
        let current = keys.find(|key| key.as_ref().map_or(true, is_current));
        Ok(current.transpose()?)
    }

    /// Makes a key with which this registry may sign for an organization, which takes some seconds
    /// where no spare key is there. Nothing is stored.
    pub(super) fn new_registry_key(
        &self,
        organization: &Organization,
    ) -> Result<NewRegistryKey, Error> {
        let name = &organization.name;
        let owner = format!("Terrakeep for {name} <{name}@terrakeep.invalid>");
        let secret = self.new_key()?.named(&owner)?;
        let public = secret.public();
        let armor = public
            .armored()
            .ok_or_else(|| Error::internal("a key that was made cannot be written"))?;
        let row = self.row_of(&organization.id, &public, armor, KeyHolder::Registry);
        Ok(NewRegistryKey { row, secret })
    }

    /// Stores the secret of a new key, if there is one, then runs the write that stores its row.
    pub(super) fn keep_new_key_then<T>(
        &self,
        new: Option<&NewRegistryKey>,
        write: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        let Some(new) = new else {
            return write();
        };
        self.keep_secret_then(new.row.id.as_str(), &new.secret.to_bytes()?, write)
    }

    /// Returns the private part of a key with which this registry signs.
    pub(super) fn signing_key(&self, key: &GpgKey) -> Result<SigningKey, Error> {
        if !is_current(key) {
            return Err(Error::Conflict(format!(
                "this version is bound to the key {}, with which this registry does not sign any more; publish a new version",
                key.key_id
            )));
        }
        let secret = self.blobs.secrets().read(key.id.as_str());
        let read = secret
            .map_err(Error::from)
            .and_then(|secret| Ok(SigningKey::from_bytes(&secret)?));
        read.map_err(|error| {
            tracing::error!(
                %error,
                cause = ?std::error::Error::source(&error),
                key = %key.key_id,
                "a signing key cannot be used"
            );
            Error::Conflict(format!(
                "the private half of the key {}, with which this registry signs, is damaged or \
                 missing; an administrator of the registry finds more with `terrakeep verify`, and \
                 can restore the key from a backup or replace it with `terrakeep key rotate`",
                key.key_id
            ))
        })
    }
}

/// A key of this registry before its row is stored.
pub(super) struct NewRegistryKey {
    pub(super) row: GpgKey,
    pub(super) secret: SigningKey,
}

/// Refuses a new key of this registry if another request has made one meanwhile.
pub(super) fn refuse_second_current(tx: &Tx<'_>, new: &GpgKey) -> Result<(), Error> {
    let keys = gpg_keys::list_in_tx(tx, &new.organization)?;
    if keys.iter().any(is_current) {
        let reason = "a signing key was made at the same time; publish it again";
        return Err(Error::Conflict(reason.to_owned()));
    }
    Ok(())
}

fn is_current(key: &GpgKey) -> bool {
    key.holder == KeyHolder::Registry
}

impl From<SigningKeyError> for Error {
    fn from(error: SigningKeyError) -> Self {
        Self::internal(error)
    }
}
