//! The clock's floor on the disk, and what happens when the system's clock turns out to have been
//! wrong.

use crate::registry::base::{Error, Registry};

impl Registry {
    /// Looks at the system's clock, and writes the floor if something has expired that it does not
    /// cover; called every second.
    ///
    /// If a long step of the system's clock was undone, what expired meanwhile stays expired; what
    /// was made meanwhile ends, since it would live for as long as the step was.
    pub fn follow_clock(&self) -> Result<(), Error> {
        if self.clock.is_step_undone() {
            let wrong = self.now();
            self.remove_expired()?;
            self.clock.undo_step();
            self.remove_expired()?;
            tracing::warn!(
                %wrong,
                now = %self.now(),
                "the system's clock was set back after a long step; tokens and sessions that expired meanwhile stay expired"
            );
        }
        if self.clock.take_floor_due() {
            self.write_clock_floor()?;
        }
        Ok(())
    }

    /// Writes the time that the next start begins at, at the earliest; called every minute.
    pub fn write_clock_floor(&self) -> Result<(), Error> {
        if self.store.is_read_only().is_some() {
            return Ok(());
        }
        let floor = self.clock.floor();
        self.blobs.write_clock_floor(floor)?;
        self.clock.floor_is_written(floor);
        Ok(())
    }

    /// Ends what has expired, and writes the floor: at the start, and before a stop. A failure is
    /// logged: with a full disk, too, a registry starts and stops.
    pub fn settle_clock(&self) {
        if self.store.is_read_only().is_some() {
            return;
        }
        let settled = self
            .remove_expired()
            .and_then(|_ended| self.write_clock_floor());
        if let Err(error) = settled {
            tracing::warn!(%error, "what has expired could not be written down");
        }
    }
}
