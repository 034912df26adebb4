//! The clock: the system's, or one that a test moves by hand.
//!
//! What has expired must stay expired when somebody sets the system's clock back, while the program
//! runs and across restarts. Yet one wrong jump into the future must not stay for ever. So:
//!
//! - While the program runs, the time is a beginning plus the time that has passed since, measured by
//!   a clock that nobody can set. The beginning is the latest one that the system's clock implied, so
//!   the time follows the system's clock forward at once and never goes back.
//! - A floor is written to the disk, and a start begins no earlier. The floor follows the system's
//!   clock, too, but a step of more than [`LONGEST_STEP_SECONDS`] only once it has lasted for
//!   [`LASTING_SECONDS`]. So a wrong clock can drag it forward by a month at most.
//! - If such a long step is undone before, the clock was wrong. Then what expired meanwhile is ended
//!   for good ([`Registry::follow_clock`](super::Registry)), and the time goes on from the floor.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::lock;
use crate::domain::Timestamp;

/// The longest step of the system's clock that the floor follows at once, in seconds: machines may
/// be off or suspended for weeks.
const LONGEST_STEP_SECONDS: i64 = 31 * 24 * 3600;
/// How long a longer step must last until the floor follows it, in seconds.
const LASTING_SECONDS: i64 = 24 * 3600;
const SECOND: i64 = 1_000_000;

/// A source of the current time. All clones share it.
#[derive(Debug, Clone)]
pub struct Clock {
    times: Arc<Times>,
    /// The instant of the beginning; `None` makes a clock that stands still.
    running_since: Option<Instant>,
}

/// Times in microseconds since 1970.
#[derive(Debug)]
struct Times {
    /// The time at the beginning. It only grows, unless a step turns out to have been wrong.
    beginning: AtomicI64,
    /// The time at the beginning according to the floor.
    floor_beginning: AtomicI64,
    /// What had passed since the beginning when a long step was seen first; `None` without one.
    step_seen: Mutex<Option<i64>>,
    /// The floor on the disk.
    written: AtomicI64,
    /// Whether something has expired that the floor on the disk does not cover.
    is_floor_due: AtomicBool,
}

impl Clock {
    /// Returns a clock that follows the system's clock.
    pub fn system() -> Self {
        Self::system_from(None)
    }

    /// Returns a clock that follows the system's clock but shows at least `floor`, a time that is
    /// known to have passed; `None` if none is known.
    pub fn system_from(floor: Option<Timestamp>) -> Self {
        let clock = Self {
            running_since: Some(Instant::now()),
            ..Self::standing_at(floor.unwrap_or(Timestamp::from_micros(i64::MIN)))
        };
        if floor.is_none() {
            let now = clock.now().as_micros();
            clock.times.floor_beginning.store(now, Ordering::SeqCst);
        }
        clock
    }

    /// Returns a clock that stands at `start` until it is moved.
    pub fn standing_at(start: Timestamp) -> Self {
        let start = start.as_micros();
        Self {
            times: Arc::new(Times {
                beginning: AtomicI64::new(start),
                floor_beginning: AtomicI64::new(start),
                step_seen: Mutex::default(),
                written: AtomicI64::new(i64::MIN),
                is_floor_due: AtomicBool::new(false),
            }),
            running_since: None,
        }
    }

    /// Moves the clock forward.
    pub fn advance_seconds(&self, seconds: i64) {
        let by = seconds.saturating_mul(SECOND);
        self.times.beginning.fetch_add(by, Ordering::SeqCst);
        self.times.floor_beginning.fetch_add(by, Ordering::SeqCst);
    }

    /// Returns the current time.
    pub fn now(&self) -> Timestamp {
        let Some((system, passed)) = self.read() else {
            return Timestamp::from_micros(self.times.beginning.load(Ordering::SeqCst));
        };
        self.times.reading(system, passed)
    }

    /// Looks at the system's clock; called every second. Returns whether a long step was undone: then
    /// the time is wrong until [`Clock::undo_step`].
    pub(in crate::registry) fn is_step_undone(&self) -> bool {
        let Some((system, passed)) = self.read() else {
            return false;
        };
        self.times.is_step_undone(system, passed)
    }

    /// Goes back to the floor, after a long step was undone.
    pub(in crate::registry) fn undo_step(&self) {
        let floor = self.times.floor_beginning.load(Ordering::SeqCst);
        self.times.beginning.store(floor, Ordering::SeqCst);
    }

    /// Returns the floor to write: a time that has passed, even if the system's clock is wrong.
    pub(in crate::registry) fn floor(&self) -> Timestamp {
        let passed = self.read().map_or(0, |(_, passed)| passed);
        Timestamp::from_micros(self.times.trusted_beginning().saturating_add(passed))
    }

    /// Records that a floor is on the disk.
    pub(in crate::registry) fn floor_is_written(&self, floor: Timestamp) {
        self.times
            .written
            .store(floor.as_micros(), Ordering::SeqCst);
    }

    /// Records that something was refused because `end` has passed, so that the floor on the disk
    /// covers it soon.
    pub(in crate::registry) fn note_passed(&self, end: Timestamp) {
        if end.as_micros() > self.times.written.load(Ordering::Relaxed) && end <= self.floor() {
            self.times.is_floor_due.store(true, Ordering::SeqCst);
        }
    }

    /// Returns whether the floor must be written soon, and forgets it.
    pub(in crate::registry) fn take_floor_due(&self) -> bool {
        self.times.is_floor_due.swap(false, Ordering::SeqCst)
    }

    /// Returns what the system's clock shows, and what has passed since the beginning, both in
    /// microseconds; `None` for a clock that stands still.
    fn read(&self) -> Option<(i64, i64)> {
        let start = self.running_since?;
        // The system's clock is read first: a pause between the two readings must not be taken for
        // a jump of the system's clock.
        let system = jiff::Timestamp::now().as_microsecond();
        let passed = i64::try_from(start.elapsed().as_micros()).unwrap_or(i64::MAX);
        Some((system, passed))
    }
}

impl Times {
    /// Returns the time, given that the system's clock shows `system` and that `passed` has gone by
    /// since the beginning.
    fn reading(&self, system: i64, passed: i64) -> Timestamp {
        let beginning = system.saturating_sub(passed);
        let latest = beginning.max(self.beginning.fetch_max(beginning, Ordering::SeqCst));
        Timestamp::from_micros(latest.saturating_add(passed))
    }

    /// Returns the beginning that the floor goes by: the one that is shown, unless a long step lies
    /// between.
    fn trusted_beginning(&self) -> i64 {
        let floor = self.floor_beginning.load(Ordering::SeqCst);
        let shown = self.beginning.load(Ordering::SeqCst);
        if shown > floor.saturating_add(LONGEST_STEP_SECONDS * SECOND) {
            floor
        } else {
            floor.max(shown)
        }
    }

    /// Moves the floor, given the same; returns whether a long step was undone.
    fn is_step_undone(&self, system: i64, passed: i64) -> bool {
        let implied = system.saturating_sub(passed);
        let longest = LONGEST_STEP_SECONDS * SECOND;
        let mut step_seen = lock(&self.step_seen);
        // What was shown for a moment counts, even if nobody looked at that moment.
        let floor = self.trusted_beginning();
        if implied <= floor.saturating_add(longest) {
            *step_seen = None;
            let floor = floor.max(implied);
            self.floor_beginning.store(floor, Ordering::SeqCst);
            let shown = self.beginning.load(Ordering::SeqCst);
            return shown > floor.saturating_add(longest);
        }
        let since = *step_seen.get_or_insert(passed);
        if passed.saturating_sub(since) >= LASTING_SECONDS * SECOND {
            *step_seen = None;
            self.floor_beginning.store(implied, Ordering::SeqCst);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 3600 * SECOND;
    const TEN_YEARS: i64 = 3_653 * DAY;

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
        let clock = Clock::standing_at(Timestamp::from_micros(i64::MIN));
        let at = |system, passed| clock.times.reading(system, passed).as_micros();
        assert_eq!(at(1_000, 0), 1_000);
        assert_eq!(at(1_010, 10), 1_010);
        assert_eq!(at(9_020, 20), 9_020, "the system's clock jumps");
        assert_eq!(at(1_030, 30), 9_030, "it is put right, and time goes on");
        assert_eq!(at(1_040, 40), 9_040);
        assert_eq!(at(9_900, 50), 9_900, "it is past the jump again");
    }

    #[test]
    fn p14_a_start_begins_no_earlier_than_its_floor() {
        let future = Clock::system().now().plus_seconds(1_000);
        let clock = Clock::system_from(Some(future));
        assert!(clock.now() >= future);
        assert!(!clock.is_step_undone());
        assert!(clock.floor() >= future);
        let past = Timestamp::from_micros(0);
        let clock = Clock::system_from(Some(past));
        assert!(clock.now() > past.plus_seconds(1_000));
    }

    /// A clock whose system's clock was right at the time 0.
    fn started() -> Clock {
        let clock = Clock::standing_at(Timestamp::from_micros(0));
        assert_eq!(clock.times.reading(0, 0).as_micros(), 0);
        assert!(!clock.times.is_step_undone(0, 0));
        clock
    }

    fn floor(clock: &Clock) -> i64 {
        clock.times.floor_beginning.load(Ordering::SeqCst)
    }

    #[test]
    fn p14_ten_years_that_are_undone_leave_nothing_behind() {
        let clock = started();
        let wrong = TEN_YEARS + SECOND;
        assert_eq!(clock.times.reading(wrong, SECOND).as_micros(), wrong);
        assert!(!clock.times.is_step_undone(wrong, SECOND));
        assert_eq!(floor(&clock), 0, "it waits");
        let right = 2 * SECOND;
        let shown = clock.times.reading(right, right).as_micros();
        assert_eq!(shown, TEN_YEARS + right, "what has expired stays expired");
        assert!(clock.times.is_step_undone(right, right));
        clock.undo_step();
        assert_eq!(clock.times.reading(right, right).as_micros(), right);
        assert!(!clock.times.is_step_undone(right, right));
    }

    #[test]
    fn p14_a_step_that_lasts_is_the_time() {
        let clock = started();
        let at = |passed: i64| {
            clock.times.reading(TEN_YEARS + passed, passed);
            clock.times.is_step_undone(TEN_YEARS + passed, passed)
        };
        assert!(!at(SECOND));
        assert!(!at(DAY));
        assert_eq!(floor(&clock), 0);
        assert!(!at(DAY + SECOND));
        assert_eq!(floor(&clock), TEN_YEARS);
    }

    #[test]
    fn p14_a_step_of_weeks_moves_the_floor_at_once_and_it_never_goes_back() {
        let clock = started();
        let weeks = 20 * DAY;
        clock.times.reading(weeks, 0);
        assert!(!clock.times.is_step_undone(weeks, 0));
        assert_eq!(floor(&clock), weeks);
        assert!(!clock.times.is_step_undone(0, 0), "a month late at most");
        assert_eq!(floor(&clock), weeks);
        assert_eq!(clock.times.reading(0, 0).as_micros(), weeks);
    }

    #[test]
    fn p14_a_step_that_nobody_looked_at_moves_the_floor_too() {
        let clock = started();
        let hours = 5 * 3600 * SECOND;
        clock.times.reading(hours, 0);
        assert_eq!(
            clock.floor().as_micros(),
            hours,
            "it covers what is refused at once"
        );
        assert!(!clock.times.is_step_undone(0, 0));
        assert_eq!(floor(&clock), hours);
    }

    #[test]
    fn p14_the_floor_is_due_when_something_expired_that_it_does_not_cover() {
        let clock = Clock::standing_at(Timestamp::from_micros(10 * SECOND));
        let at = |seconds| Timestamp::from_micros(0).plus_seconds(seconds);
        clock.floor_is_written(at(5));
        clock.note_passed(at(5));
        assert!(!clock.take_floor_due());
        clock.note_passed(at(6));
        assert!(clock.take_floor_due() && !clock.take_floor_due());
        clock.note_passed(at(11));
        assert!(!clock.take_floor_due(), "no floor covers the future");
    }
}
