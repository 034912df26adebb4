//! The clock: the system's, or one that a test moves by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use crate::domain::Timestamp;

/// A source of the current time. It never goes back, so that what has expired stays expired when
/// somebody sets the system's clock; and it never stands still, so that what is valid expires even
/// then.
///
/// The time is a beginning plus the time that has passed since, measured by a clock that nobody can
/// set. The beginning is the latest one that the system's clock has ever implied.
#[derive(Debug, Clone)]
pub struct Clock {
    /// The time at the beginning, in microseconds since 1970. It only grows.
    beginning: Arc<AtomicI64>,
    /// The instant of the beginning; `None` makes a clock that stands still.
    running_since: Option<Instant>,
}

impl Clock {
    /// Returns a clock that follows the system's clock.
    pub fn system() -> Self {
        Self::system_from(Timestamp::from_micros(i64::MIN))
    }

    /// Returns a clock that follows the system's clock but shows at least `floor`, a time that is
    /// known to have passed.
    pub fn system_from(floor: Timestamp) -> Self {
        Self {
            running_since: Some(Instant::now()),
            ..Self::standing_at(floor)
        }
    }

    /// Returns a clock that stands at `start` until it is moved.
    pub fn standing_at(start: Timestamp) -> Self {
        Self {
            beginning: Arc::new(AtomicI64::new(start.as_micros())),
            running_since: None,
        }
    }

    /// Moves the clock forward.
    pub fn advance_seconds(&self, seconds: i64) {
        self.beginning
            .fetch_add(seconds.saturating_mul(1_000_000), Ordering::SeqCst);
    }

    /// Returns the current time.
    pub fn now(&self) -> Timestamp {
        let Some(start) = self.running_since else {
            return Timestamp::from_micros(self.beginning.load(Ordering::SeqCst));
        };
        // The system's clock is read first: a pause between the two readings must not be taken for
        // a jump of the system's clock.
        let system = jiff::Timestamp::now().as_microsecond();
        let passed = i64::try_from(start.elapsed().as_micros()).unwrap_or(i64::MAX);
        self.reading(system, passed)
    }

    /// Returns the time, given that the system's clock shows `system` and that `passed` has gone by
    /// since the beginning, both in microseconds.
    fn reading(&self, system: i64, passed: i64) -> Timestamp {
        let beginning = system.saturating_sub(passed);
        let latest = beginning.max(self.beginning.fetch_max(beginning, Ordering::SeqCst));
        Timestamp::from_micros(latest.saturating_add(passed))
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

    #[test]
    fn a_jump_that_is_corrected_neither_goes_back_nor_stops_the_clock() {
        let clock = Clock::system();
        let at = |system, passed| clock.reading(system, passed).as_micros();
        assert_eq!(at(1_000, 0), 1_000);
        assert_eq!(at(1_010, 10), 1_010);
        assert_eq!(at(9_020, 20), 9_020, "the system's clock jumps");
        assert_eq!(at(1_030, 30), 9_030, "it is put right, and time goes on");
        assert_eq!(at(1_040, 40), 9_040);
        assert_eq!(at(9_900, 50), 9_900, "it is past the jump again");
    }

    #[test]
    fn a_clock_begins_no_earlier_than_its_floor() {
        let future = Clock::system().now().plus_seconds(1_000);
        assert!(Clock::system_from(future).now() >= future);
        let past = Timestamp::from_micros(0);
        assert!(Clock::system_from(past).now() > past.plus_seconds(1_000));
    }
}
