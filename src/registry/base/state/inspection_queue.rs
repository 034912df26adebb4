//! The queue of published versions whose documentation has not been read yet.
//!
//! A version is inspected a moment after its publication, so that the publisher does not wait. The
//! queue is in memory only: a version that is lost from it by a stop is inspected when somebody
//! reads its documentation or a list that shows some of it.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::domain::ModuleVersionAddress;
use crate::registry::base::lock;

/// The most versions in the queue; further ones are inspected when somebody reads them.
const MOST_WAITING: usize = 100_000;

/// How long no version must have been published before the queue is worked on, so that a burst of
/// publishing has the processors for itself.
const PAUSE: Duration = Duration::from_millis(250);

/// The longest time without work on the queue, however long a burst of publishing lasts.
const AT_LEAST_EVERY: Duration = Duration::from_secs(1);

/// The queue of versions that wait for their inspection.
#[derive(Debug, Default)]
pub(in crate::registry) struct InspectionQueue(Mutex<PendingVersions>);

#[derive(Debug, Default)]
struct PendingVersions {
    versions: BTreeSet<ModuleVersionAddress>,
    published: Option<Instant>,
    read: Option<Instant>,
}

impl InspectionQueue {
    /// Adds a version that was published at `now`; others may follow at once, so work on the queue
    /// waits a little. A full queue stays as it is.
    pub(in crate::registry) fn push_published(&self, address: &ModuleVersionAddress, now: Instant) {
        let mut waiting = lock(&self.0);
        if waiting.versions.len() < MOST_WAITING {
            waiting.versions.insert(address.clone());
        }
        waiting.published = Some(now);
    }

    /// Tells whether it is time to work on the queue, and if so records that work begins.
    pub(in crate::registry) fn begin(&self, now: Instant) -> bool {
        let mut waiting = lock(&self.0);
        let is_past = |at: Option<Instant>, by| at.is_none_or(|at| now.duration_since(at) >= by);
        let is_due = is_past(waiting.published, PAUSE) || is_past(waiting.read, AT_LEAST_EVERY);
        if is_due {
            waiting.read = Some(now);
        }
        is_due
    }

    pub(in crate::registry) fn take_one(&self) -> Option<ModuleVersionAddress> {
        lock(&self.0).versions.pop_first()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_publishing_is_waited_for_but_not_for_ever() {
        let (inspection_queue, start) = (InspectionQueue::default(), Instant::now());
        let after = |milliseconds| start + Duration::from_millis(milliseconds);
        let address = ModuleVersionAddress {
            module: "acme/vpc/aws".parse().expect("an address"),
            version: "1.0.0".parse().expect("a version"),
        };
        assert!(inspection_queue.begin(start), "nothing was published yet");
        inspection_queue.push_published(&address, after(100));
        assert!(!inspection_queue.begin(after(200)));
        assert!(
            inspection_queue.begin(after(350)),
            "it was the last for a while"
        );
        for moment in [400, 700, 1000, 1300] {
            inspection_queue.push_published(&address, after(moment));
            assert!(!inspection_queue.begin(after(moment)), "{moment}");
        }
        inspection_queue.push_published(&address, after(1400));
        assert!(
            inspection_queue.begin(after(1400)),
            "the burst has gone on for long"
        );
        assert_eq!(inspection_queue.take_one(), Some(address));
        assert_eq!(inspection_queue.take_one(), None);
    }
}
