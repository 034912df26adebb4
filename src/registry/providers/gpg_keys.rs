//! The keys that an organization's providers are signed with. Those that publishers add; the
//! registry's own are in `registry_key.rs`.

use crate::auth::{
    Action, Grant, KeyError, ManageProviders, PublicKey, PublishProviders, ReadProviders,
    random_bits,
};
use crate::domain::{
    GpgKey, GpgKeyId, KeyHolder, KeyId, KeyNote, KeyNotes, Organization, OrganizationId,
    ProviderVersionAddress,
};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::Tx;
use crate::storage::tables::{gpg_keys, providers};

impl Registry {
    /// Adds a publisher's public key; `armor` is its armored text, which is kept as it was sent.
    pub fn add_gpg_key(
        &self,
        grant: &Grant<PublishProviders>,
        armor: &str,
        notes: KeyNotes,
    ) -> Result<GpgKey, Error> {
        let organization = organization_of(grant)?;
        let key = PublicKey::parse(armor)?;
        let mut row = self.row_of(
            &organization.id,
            &key,
            armor.to_owned(),
            KeyHolder::Publisher,
        );
        notes.put_into(&mut row);
        self.write(&grant.actor(), "add GPG key", |tx| {
            if add_key(tx, &row)? {
                Ok(row)
            } else {
                Err(Error::AlreadyExists(format!("the key `{}`", row.key_id)))
            }
        })
    }

    /// Returns the keys of an organization, by id.
    pub fn gpg_keys_of(&self, grant: &Grant<ReadProviders>) -> Result<Vec<GpgKey>, Error> {
        let organization = &organization_of(grant)?.id;
        Ok(gpg_keys::list(&self.store, organization).collect::<Result<_, _>>()?)
    }

    /// Returns one key of an organization.
    pub fn gpg_key<A: Action>(&self, grant: &Grant<A>, key_id: &KeyId) -> Result<GpgKey, Error> {
        let organization = &organization_of(grant)?.id;
        gpg_keys::find(&self.store, organization, key_id)?.ok_or_else(|| no_key(key_id))
    }

    /// Changes what is said of a key, and moves it to another organization, if no version is bound
    /// to it. It stays where it is if both grants are for its own organization.
    pub fn change_gpg_key(
        &self,
        (from, to): (&Grant<ManageProviders>, &Grant<PublishProviders>),
        key_id: &KeyId,
        notes: KeyNotes,
    ) -> Result<GpgKey, Error> {
        let (source, target) = (organization_of(from)?, organization_of(to)?);
        let now = self.now();
        self.write(&from.actor(), "change GPG key", |tx| {
            let mut key = gpg_keys::in_tx(tx, &source.id, key_id)?.ok_or_else(|| no_key(key_id))?;
            if source.id == target.id {
                if notes.put_into(&mut key) {
                    key.updated_at = now;
                    gpg_keys::put(tx, &key)?;
                }
                return Ok(key);
            }
            if key.holder != KeyHolder::Publisher {
                let reason = "this key belongs to this registry and stays where it is";
                return Err(Error::invalid("namespace", reason));
            }
            refuse_used(tx, source, key_id)?;
            if gpg_keys::in_tx(tx, &target.id, key_id)?.is_some() {
                return Err(Error::AlreadyExists(format!("the key `{key_id}`")));
            }
            gpg_keys::remove(tx, &key)?;
            notes.put_into(&mut key);
            key.organization = target.id.clone();
            key.updated_at = now;
            gpg_keys::put(tx, &key)?;
            Ok(key)
        })
    }

    /// Deletes a key, if no version is bound to it.
    pub fn delete_gpg_key(
        &self,
        grant: &Grant<ManageProviders>,
        key_id: &KeyId,
    ) -> Result<GpgKey, Error> {
        let organization = organization_of(grant)?;
        let key = self.write(&grant.actor(), "delete GPG key", |tx| {
            let key =
                gpg_keys::in_tx(tx, &organization.id, key_id)?.ok_or_else(|| no_key(key_id))?;
            refuse_used(tx, organization, key_id)?;
            gpg_keys::remove(tx, &key)?;
            Ok::<_, Error>(key)
        })?;
        self.forget_secret(key.id.as_str());
        Ok(key)
    }

    /// Returns the row of a key.
    pub(super) fn row_of(
        &self,
        organization: &OrganizationId,
        key: &PublicKey,
        armor: String,
        holder: KeyHolder,
    ) -> GpgKey {
        let now = self.now();
        GpgKey {
            id: GpgKeyId::from_random(random_bits()),
            organization: organization.clone(),
            key_id: key.key_id(),
            fingerprint: key.fingerprint(),
            algorithm: key.algorithm(),
            for_all_clients: key.is_for_all_clients(),
            source: KeyNote::default(),
            trust_signature: KeyNote::default(),
            armor,
            holder,
            created_at: now,
            updated_at: now,
        }
    }
}

/// Adds a publisher's key, as part of a write; returns whether it is new.
pub(super) fn add_key(tx: &mut Tx<'_>, row: &GpgKey) -> Result<bool, Error> {
    match gpg_keys::in_tx(tx, &row.organization, &row.key_id)? {
        None => {
            gpg_keys::put(tx, row)?;
            Ok(true)
        }
        // With two keys of one id, a signature would not say which of them made it.
        Some(before) if before.fingerprint != row.fingerprint => Err(Error::Conflict(format!(
            "another key with the id {} is there already",
            row.key_id
        ))),
        Some(_) => Ok(false),
    }
}

/// Refuses to remove a key while a version is bound to it (T71).
fn refuse_used(tx: &Tx<'_>, organization: &Organization, key_id: &KeyId) -> Result<(), Error> {
    match user_of(tx, organization, key_id)? {
        None => Ok(()),
        Some(version) => Err(Error::invalid(
            "key-id",
            format!(
                "`{version}` is signed with the key {key_id}, so the key stays; delete the versions that it signs first"
            ),
        )),
    }
}

fn user_of(
    tx: &Tx<'_>,
    organization: &Organization,
    key_id: &KeyId,
) -> Result<Option<ProviderVersionAddress>, Error> {
    for provider in providers::all_in_tx(tx, &organization.name)? {
        let versions = providers::versions_in_tx(tx, &provider.address)?;
        let user = versions
            .into_iter()
            .find(|it| it.key_id.as_ref() == Some(key_id));
        if let Some(version) = user {
            return Ok(Some(version.address));
        }
    }
    Ok(None)
}

pub(super) fn no_key(key_id: &KeyId) -> Error {
    Error::NotFound(format!("the key `{key_id}`"))
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        Self::invalid("ascii-armor", error)
    }
}
