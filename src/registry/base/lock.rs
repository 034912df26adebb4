//! A lock that stays usable: whoever panicked while holding it has changed nothing by halves.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The lock, also after a panic of another holder: none leaves a half-made value behind.
pub(in crate::registry) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
