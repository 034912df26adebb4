//! SSH keys of organizations, for fetching repositories. Answers show their names only.

use crate::auth::{Caller, Grant, ManageVcsSettings, random_bits};
use crate::domain::{ShortText, SshKey, SshKeyDefect, SshKeyId};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::tables::ssh_keys;

/// The longest private key, in bytes: an RSA key of 16,384 bits has about 12,000.
const MAX_BYTES: usize = 16 * 1024;

impl Registry {
    /// Returns the right to an organization's SSH keys. The organization's own token has none: it
    /// gets the answer that there is nothing.
    pub fn ssh_keys_grant(
        &self,
        caller: &Caller,
        organization: &str,
    ) -> Result<Grant<ManageVcsSettings>, Error> {
        let grant = self.grant::<ManageVcsSettings>(caller, organization);
        if caller.is_organization() {
            return Err(Error::NotFound(format!(
                "the organization `{organization}`"
            )));
        }
        grant
    }

    /// Returns the key with an id, and the right to it.
    pub fn ssh_key_grant(
        &self,
        caller: &Caller,
        id: &SshKeyId,
    ) -> Result<(Grant<ManageVcsSettings>, SshKey), Error> {
        self.require_authenticated(caller)?;
        let missing = || Error::NotFound(format!("the SSH key `{id}`"));
        let key = ssh_keys::by_id(&self.store, id)?.ok_or_else(missing)?;
        let grant = self.ssh_keys_grant(caller, key.organization.as_str());
        Ok((grant.map_err(|error| error.hidden_as(missing()))?, key))
    }

    /// Stores a private key. No answer ever shows it again.
    pub fn create_ssh_key(
        &self,
        grant: &Grant<ManageVcsSettings>,
        name: ShortText,
        value: &str,
    ) -> Result<SshKey, Error> {
        check(&name, value)?;
        let key = SshKey {
            id: SshKeyId::from_random(random_bits()),
            organization: organization_of(grant)?.id.clone(),
            name,
            defect: SshKeyDefect::of(value),
            created_at: self.now(),
        };
        self.keep_secret_then(key.id.as_str(), value.as_bytes(), || {
            self.write(&grant.actor(), "create SSH key", |tx| {
                ssh_keys::put(tx, &key)?;
                Ok(())
            })
        })?;
        Ok(key)
    }

    /// Returns an organization's keys, oldest first.
    pub fn list_ssh_keys(&self, grant: &Grant<ManageVcsSettings>) -> Result<Vec<SshKey>, Error> {
        let organization = &organization_of(grant)?.id;
        let mut keys = ssh_keys::all(&self.store).collect::<Result<Vec<_>, _>>()?;
        keys.retain(|key| key.organization == *organization);
        keys.sort_by_key(|key| key.created_at);
        Ok(keys)
    }

    /// Renames a key.
    pub fn rename_ssh_key(
        &self,
        grant: &Grant<ManageVcsSettings>,
        id: &SshKeyId,
        name: ShortText,
    ) -> Result<SshKey, Error> {
        named(&name)?;
        self.write(&grant.actor(), "rename SSH key", |tx| {
            let key = ssh_keys::in_tx(tx, id)?
                .ok_or_else(|| Error::NotFound(format!("the SSH key `{id}`")))?;
            let key = SshKey { name, ..key };
            ssh_keys::put(tx, &key)?;
            Ok(key)
        })
    }

    /// Deletes a key and its secret.
    pub fn delete_ssh_key(
        &self,
        grant: &Grant<ManageVcsSettings>,
        id: &SshKeyId,
    ) -> Result<(), Error> {
        self.write(&grant.actor(), "delete SSH key", |tx| {
            ssh_keys::in_tx(tx, id)?
                .ok_or_else(|| Error::NotFound(format!("the SSH key `{id}`")))?;
            ssh_keys::remove(tx, id)?;
            Ok::<_, Error>(())
        })?;
        self.forget_secret(id.as_str());
        Ok(())
    }
}

fn named(name: &ShortText) -> Result<(), Error> {
    if name.as_str().trim().is_empty() {
        return Err(Error::invalid("name", "give the key a name"));
    }
    Ok(())
}

/// Refuses a text that is empty or too long. Any other one is taken, as clients expect; what ssh
/// cannot read is marked in the row.
fn check(name: &ShortText, value: &str) -> Result<(), Error> {
    named(name)?;
    if value.trim().is_empty() {
        return Err(Error::invalid("value", "it must not be empty"));
    }
    if value.len() > MAX_BYTES {
        let reason = format!("a private key has {MAX_BYTES} bytes at the most");
        return Err(Error::invalid("value", reason));
    }
    Ok(())
}
