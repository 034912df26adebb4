//! Secrets that must stay readable: each is in a file of its own and is removed with its row.

use std::sync::{MutexGuard, PoisonError};

use crate::domain::{GpgKeyId, SshKeyId};
use crate::registry::base::{Error, Registry};
use crate::storage::tables::{gpg_keys, ssh_keys};

impl Registry {
    /// Removes a secret whose row is gone. A failure is logged, and the next collection tries
    /// again.
    pub(in crate::registry) fn forget_secret(&self, id: &str) {
        if let Err(error) = self.blobs.secrets().remove(id) {
            tracing::warn!(%id, %error, "a secret without a row could not be removed");
        }
    }

    /// Takes the lock that is held from before a secret is stored until its row is written, and
    /// while secrets without rows are removed.
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
