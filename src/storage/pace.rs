//! The pace of work in the background: so many bytes a second, until it is stopped.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long one sleep lasts at most: a stop waits no longer than that.
const NAP: Duration = Duration::from_millis(50);

/// The pace of reading. All clones are stopped together, and each keeps the pace for itself.
#[derive(Debug, Clone)]
pub struct Pace {
    bytes_per_second: u64,
    began: Instant,
    read: u64,
    stopped: Arc<AtomicBool>,
}

impl Pace {
    /// Makes a pace; with 0 bytes a second, it is as fast as the disk.
    pub fn new(bytes_per_second: u64) -> Self {
        Self {
            bytes_per_second,
            began: Instant::now(),
            read: 0,
            stopped: Arc::default(),
        }
    }

    /// Begins to count bytes and time again.
    pub fn begin_again(&mut self) {
        self.began = Instant::now();
        self.read = 0;
    }

    /// Stops the work of all clones soon.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Returns whether the work was stopped.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Notes that `bytes` were read, and sleeps for as long as that was too fast.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::Other`] if the work was stopped.
    pub fn keep(&mut self, bytes: u64) -> io::Result<()> {
        self.read = self.read.saturating_add(bytes);
        loop {
            if self.is_stopped() {
                return Err(io::Error::other("the program is stopping"));
            }
            let early = self.due().saturating_sub(self.began.elapsed());
            if early.is_zero() {
                return Ok(());
            }
            thread::sleep(early.min(NAP));
        }
    }

    /// Returns how long it should have taken to read what was read.
    fn due(&self) -> Duration {
        let Some(seconds) = self.read.checked_div(self.bytes_per_second) else {
            return Duration::ZERO;
        };
        let rest = self.read % self.bytes_per_second;
        let nanoseconds = u128::from(rest) * 1_000_000_000 / u128::from(self.bytes_per_second);
        Duration::new(seconds, u32::try_from(nanoseconds).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p9_reading_keeps_to_the_pace_and_ends_when_it_is_stopped() {
        let mut pace = Pace::new(100_000);
        let began = Instant::now();
        for _ in 0..10 {
            pace.keep(2_000).expect("it goes on");
        }
        assert!(began.elapsed() >= Duration::from_millis(200));
        let mut unbounded = Pace::new(0);
        unbounded.keep(u64::MAX).expect("at once");
        let mut slow = Pace::new(1);
        let handle = slow.clone();
        let waiting = thread::spawn(move || slow.keep(1_000_000).is_err());
        handle.stop();
        assert!(waiting.join().expect("it ends"), "the stop ends it");
        assert!(handle.is_stopped());
    }
}
