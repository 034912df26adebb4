//! Published versions are read a moment later, off the way of whoever published them.
//!
//! Which ones is only kept in memory: what a stop takes out of the list is found again, since
//! whoever misses what is read out of a version puts it back.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::indexing::lock;
use super::{Error, Registry};
use crate::domain::ModuleVersionAddress;
use crate::storage::tables::modules;

/// How many versions wait at the most; more are found when they are asked for.
const MOST_WAITING: usize = 100_000;

/// How long nothing must have been published before versions are read: a burst of publishing
/// keeps the processors for itself, and whoever asks for a version has it read at once.
const PAUSE: Duration = Duration::from_millis(250);

/// How often versions are read at the least, however long a burst goes on.
const AT_LEAST_EVERY: Duration = Duration::from_secs(1);

/// Versions that nobody has read yet.
#[derive(Debug, Default)]
pub(super) struct Unread(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    versions: BTreeSet<ModuleVersionAddress>,
    published: Option<Instant>,
    read: Option<Instant>,
}

impl Unread {
    /// Has a version read in a moment.
    pub(super) fn note(&self, address: &ModuleVersionAddress) {
        lock(&self.0).add(address);
    }

    /// The same for one that was published just now, and may not be the last.
    pub(super) fn note_published(&self, address: &ModuleVersionAddress, now: Instant) {
        let mut waiting = lock(&self.0);
        waiting.add(address);
        waiting.published = Some(now);
    }

    /// Whether it is time to read some.
    fn begin(&self, now: Instant) -> bool {
        let mut waiting = lock(&self.0);
        let is_past = |at: Option<Instant>, by| at.is_none_or(|at| now.duration_since(at) >= by);
        let is_due = is_past(waiting.published, PAUSE) || is_past(waiting.read, AT_LEAST_EVERY);
        if is_due {
            waiting.read = Some(now);
        }
        is_due
    }

    fn take_one(&self) -> Option<ModuleVersionAddress> {
        lock(&self.0).versions.pop_first()
    }
}

impl Waiting {
    fn add(&mut self, address: &ModuleVersionAddress) {
        if self.versions.len() < MOST_WAITING {
            self.versions.insert(address.clone());
        }
    }
}

impl Registry {
    /// Reads versions that nobody has read yet, for about as long as it is given; nothing yet while
    /// more are being published.
    pub fn read_noted(&self, at_most: Duration) -> Result<(), Error> {
        let started = Instant::now();
        if !self.unread.begin(started) {
            return Ok(());
        }
        while started.elapsed() < at_most
            && let Some(address) = self.unread.take_one()
        {
            let Some(version) = modules::find_version(&self.store, &address)? else {
                continue;
            };
            if let Err(error) = self.module_digest(&version) {
                // Deleted meanwhile, or damaged; both are told where they are found.
                tracing::debug!(version = %address, %error, "a version could not be read");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_publishing_is_waited_for_but_not_for_ever() {
        let (unread, start) = (Unread::default(), Instant::now());
        let after = |milliseconds| start + Duration::from_millis(milliseconds);
        let address = ModuleVersionAddress {
            module: "acme/vpc/aws".parse().expect("an address"),
            version: "1.0.0".parse().expect("a version"),
        };
        assert!(unread.begin(start), "nothing was published yet");
        unread.note_published(&address, after(100));
        assert!(!unread.begin(after(200)));
        assert!(unread.begin(after(350)), "it was the last for a while");
        for moment in [400, 700, 1000, 1300] {
            unread.note_published(&address, after(moment));
            assert!(!unread.begin(after(moment)), "{moment}");
        }
        unread.note_published(&address, after(1400));
        assert!(unread.begin(after(1400)), "the burst has gone on for long");
        // Whoever misses one does not make it wait.
        unread.note(&address);
        assert!(unread.begin(after(1700)));
        assert_eq!(unread.take_one(), Some(address));
        assert_eq!(unread.take_one(), None);
    }
}
