//! Periodic work: writing counters, removing expired rows; health and the end.

use crate::domain::Actor;
use crate::registry::base::{Error, Registry};
use crate::storage::StoreOutage;
use crate::storage::tables::{credentials, login_codes, sessions, uploads};

impl Registry {
    /// Writes the counters that wait in memory, as one record; called every few seconds.
    pub fn write_counters(&self) -> Result<(), Error> {
        self.store.flush_counters(self.now())?;
        Ok(())
    }

    /// Removes expired upload tickets, codes for `terraform login` and sessions, ends expired tokens
    /// for good, and removes old failed sign-ins from memory; returns how many rows were changed.
    pub fn remove_expired(&self) -> Result<usize, Error> {
        let now = self.now();
        let latest = now.plus_seconds(self.settings().upload_url_seconds);
        self.forget_old_failures();
        let tokens = credentials::to_end(&self.store, now)?;
        let over = self.sessions_over()?;
        self.write(
            &Actor::System,
            "remove expired tickets and sessions",
            |tx| {
                let tickets = uploads::remove_expired(tx, now, latest)?;
                let codes = login_codes::remove_expired(tx, now)?;
                over.iter()
                    .try_for_each(|hash| sessions::remove(tx, hash))?;
                Ok(tickets + codes + over.len() + credentials::end(tx, &tokens, now)?)
            },
        )
    }

    /// Writes a checkpoint if the journal has grown enough since the last one.
    pub fn checkpoint_if_due(&self) -> Result<(), Error> {
        self.store.checkpoint_if_due(self.now())?;
        Ok(())
    }

    /// Checks that the registry can do all of its work; the error says why it cannot.
    pub fn health(&self) -> Result<(), StoreOutage> {
        self.store.health()
    }

    /// Returns whether nothing can be written until the next start.
    pub fn is_read_only(&self) -> bool {
        self.store.is_read_only().is_some()
    }

    /// Keeps space for the time when the disk is full, and gives it up when the disk is.
    pub fn look_after_space(&self) {
        self.store.look_after_space();
    }

    /// Returns whether the disk has room for uploads.
    pub fn has_room(&self) -> bool {
        self.store.has_room()
    }

    /// Returns how many bytes are free on the disk of the data directory; `None` if it does not
    /// say.
    pub fn free_bytes(&self) -> Option<u64> {
        self.store.free_bytes()
    }

    /// Returns the sequence number of the last journal record.
    pub fn sequence(&self) -> u64 {
        self.store.sequence()
    }

    /// Writes counters and last uses that wait in memory, and closes the store.
    pub fn close(&self) -> Result<(), Error> {
        if !self.is_read_only() {
            self.settle_clock();
            self.write_token_uses()?;
            self.write_counters()?;
        }
        self.store.close()?;
        Ok(())
    }
}
