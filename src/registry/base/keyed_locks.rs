//! A lock for each thing that is worked on: work on one thing is done by one caller after the other,
//! and work on other things beside it.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex};

use super::lock::lock;

/// The things that somebody works on or waits for now, each with its lock.
pub(in crate::registry) struct KeyedLocks<K>(Mutex<HashMap<K, Arc<Mutex<()>>>>);

/// The lock of one thing; when its last user drops it, it is forgotten.
struct KeyedLock<'a, K: Hash + Eq> {
    locks: &'a KeyedLocks<K>,
    key: &'a K,
    lock: Arc<Mutex<()>>,
}

impl<K> Default for KeyedLocks<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K> fmt::Debug for KeyedLocks<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedLocks").finish_non_exhaustive()
    }
}

impl<K: Hash + Eq + Clone> KeyedLocks<K> {
    /// Does `work` on a thing while nobody else works on it. Whoever comes second should first look
    /// whether the work is done.
    pub(in crate::registry) fn run_alone<T>(&self, key: &K, work: impl FnOnce() -> T) -> T {
        let own = KeyedLock {
            locks: self,
            key,
            lock: Arc::clone(lock(&self.0).entry(key.clone()).or_default()),
        };
        let _alone = lock(&own.lock);
        work()
    }
}

impl<K: Hash + Eq> Drop for KeyedLock<'_, K> {
    fn drop(&mut self) {
        let mut locks = lock(&self.locks.0);
        // Two hold it: the map and this caller. Others can come only through the map.
        if Arc::strong_count(&self.lock) == 2 {
            locks.remove(self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn p10_callers_for_one_thing_follow_each_other_and_those_for_another_do_not_wait() {
        let (locks, done, work) = (
            KeyedLocks::default(),
            Mutex::new(false),
            AtomicUsize::new(0),
        );
        let start = Barrier::new(8);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    locks.run_alone(&1, || {
                        let mut done = lock(&done);
                        if !*done {
                            work.fetch_add(1, Ordering::SeqCst);
                            // Another thing has a lock of its own.
                            locks.run_alone(&2, || *done = true);
                        }
                    });
                });
            }
        });
        assert_eq!(work.load(Ordering::SeqCst), 1);
        assert!(lock(&locks.0).is_empty(), "nothing is left behind");
    }
}
