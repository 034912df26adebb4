//! Secrets that must stay readable: each is in a file of its own and is removed with its row.

use std::sync::MutexGuard;

use crate::domain::{GpgKeyId, SshKeyId};
use crate::registry::base::{Error, Registry, lock};
use crate::storage::tables::{gpg_keys, ssh_keys};

impl Registry {
    /// Stores a secret, then runs the write that stores its row. If the write is refused, the
    /// secret is removed.
    pub(in crate::registry) fn keep_secret_then<T>(
        &self,
        id: &str,
        secret: &[u8],
        write: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        let _keeping = self.keeping_secrets();
        // The secret is written before the row, so that no row is without its secret.
        self.blobs.secrets().keep(id, secret)?;
        let written = write();
        if written.is_err() {
            self.forget_secret(id);
        }
        written
    }

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
        lock(&self.state.organizations.keeping_secrets)
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
