//! The clock: the system's, or one that a test holds in its hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::domain::Timestamp;

/// Tells the time. It never goes back while the program runs, so that what has expired stays
/// expired when somebody sets the system's clock.
#[derive(Debug, Clone)]
pub struct Clock {
    latest_micros: Arc<AtomicI64>,
    follows_system: bool,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self {
            latest_micros: Arc::new(AtomicI64::new(i64::MIN)),
            follows_system: true,
        }
    }

    /// A clock that stands at `start` until it is moved.
    pub fn standing_at(start: Timestamp) -> Self {
        Self {
            latest_micros: Arc::new(AtomicI64::new(start.as_micros())),
            follows_system: false,
        }
    }

    /// Moves a standing clock forward.
    pub fn advance_seconds(&self, seconds: i64) {
        self.latest_micros
            .fetch_add(seconds.saturating_mul(1_000_000), Ordering::SeqCst);
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        if !self.follows_system {
            return Timestamp::from_micros(self.latest_micros.load(Ordering::SeqCst));
        }
        let system = jiff::Timestamp::now().as_microsecond();
        let before = self.latest_micros.fetch_max(system, Ordering::Relaxed);
        Timestamp::from_micros(system.max(before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r8_a_standing_clock_moves_only_by_hand_and_the_system_s_never_goes_back() {
        let clock = Clock::standing_at(Timestamp::from_micros(5));
        clock.advance_seconds(2);
        assert_eq!(clock.now(), Timestamp::from_micros(2_000_005));
        let system = Clock::system();
        let first = system.now();
        assert!(system.now() >= first);
    }
}
