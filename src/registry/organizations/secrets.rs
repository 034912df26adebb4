//! Secrets that must stay readable: each lies in a file of its own and goes with its row.

use std::sync::{MutexGuard, PoisonError};

use crate::domain::{GpgKeyId, SshKeyId};
use crate::registry::base::{Error, Registry};
use crate::storage::tables::{gpg_keys, ssh_keys};

impl Registry {
    /// Removes a secret whose row is gone. What fails is left to the next collection.
    pub(in crate::registry) fn forget_secret(&self, id: &str) {
        if let Err(error) = self.blobs.secrets().remove(id) {
            tracing::warn!(%id, %error, "a secret that is not needed any more could not be removed");
        }
    }

    /// The turn of whoever keeps a secret or looks for those without a row.
    pub(in crate::registry) fn keeping_secrets(&self) -> MutexGuard<'_, ()> {
        self.state
            .organizations
            .keeping_secrets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes secrets that a crash left without their rows.
    pub(in crate::registry) fn collect_secrets(&self) -> Result<(), Error> {
        let _keeping = self.keeping_secrets();
        for id in self.blobs.secrets().ids()? {
            let is_needed = match (id.parse::<SshKeyId>(), id.parse::<GpgKeyId>()) {
                (Ok(id), _) => ssh_keys::by_id(&self.store, &id)?.is_some(),
                (_, Ok(id)) => gpg_keys::is_known(&self.store, &id)?,
                _ => true,
            };
            if !is_needed {
                self.forget_secret(&id);
            }
        }
        Ok(())
    }
}
