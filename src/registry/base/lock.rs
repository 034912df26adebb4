//! Taking a lock even after a panic of another holder.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Takes the lock, even after another holder has panicked: no holder leaves a half-changed value
/// behind.
pub(in crate::registry) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
