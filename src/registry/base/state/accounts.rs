//! What the registry keeps in memory about accounts.

use std::collections::HashMap;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, PoisonError};

use crate::auth::Authenticated;
use crate::domain::{Sha256, Timestamp, TokenId};
use crate::registry::base::RevisionCache;

const CALLERS_KEPT: usize = 4096;

/// A cache of callers, failed sign-ins, and last uses of tokens and sessions that are not written
/// yet.
#[derive(Debug)]
pub(in crate::registry) struct AccountsState {
    /// Callers by the hash of their token, valid while no token, user, team or membership changes.
    pub(in crate::registry) callers: RevisionCache<Sha256, IdentityRevision, CachedCaller>,
    /// Failed sign-ins of the last minutes.
    pub(in crate::registry) failures: SignInFailures,
    /// When tokens were last used, until the next write of these times.
    pub(in crate::registry) token_uses: Mutex<HashMap<TokenId, Timestamp>>,
    /// When sessions were last used, by the hash of their secret, until the next write of these
    /// times.
    pub(in crate::registry) session_uses: SessionUses,
}

impl AccountsState {
    pub(in crate::registry) fn new() -> Self {
        Self {
            callers: RevisionCache::new(CALLERS_KEPT),
            failures: SignInFailures::default(),
            token_uses: Mutex::default(),
            session_uses: Mutex::default(),
        }
    }
}

/// When sessions were last used, by the hash of their secret, until the next write of these times.
pub(in crate::registry) type SessionUses = Mutex<HashMap<Sha256, Timestamp>>;

/// The revisions of the tables that a caller's rights are read from: they name the state that a
/// cached caller was made from.
pub(in crate::registry) type IdentityRevision = (u64, u64, u64, u64);

/// A caller in the cache.
#[derive(Debug)]
pub(in crate::registry) struct CachedCaller {
    pub(in crate::registry) holder: Arc<Authenticated>,
    pub(in crate::registry) noted_at_seconds: AtomicI64,
}

/// Times of recent failed sign-ins, by folded username, with and without the place they came from.
#[derive(Debug, Default)]
pub(in crate::registry) struct SignInFailures(Mutex<HashMap<String, Vec<Timestamp>>>);

impl SignInFailures {
    /// Counts one try under each key, unless a key has reached its limit of tries since `since`;
    /// then returns the time of the failure that must first grow older than that.
    pub(in crate::registry) fn admit(
        &self,
        tries: &[(&String, u32)],
        now: Timestamp,
        since: Timestamp,
    ) -> Result<(), Timestamp> {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, limit) in tries {
            let recent = failures.get(*key).map(Vec::as_slice).unwrap_or_default();
            let recent: Vec<_> = recent.iter().filter(|at| **at > since).collect();
            let limit = usize::try_from(*limit).unwrap_or(usize::MAX);
            let blocking = recent
                .len()
                .checked_sub(limit)
                .and_then(|first| recent.get(first));
            if let Some(oldest) = blocking {
                return Err(**oldest);
            }
        }
        for (key, _) in tries {
            failures.entry((*key).clone()).or_default().push(now);
        }
        Ok(())
    }

    pub(in crate::registry) fn forget(&self, keys: &[&String]) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            failures.remove(*key);
        }
    }

    /// Removes failures at or before `since`, which no longer count.
    pub(in crate::registry) fn forget_before(&self, since: Timestamp) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures.retain(|_, times| {
            times.retain(|at| *at > since);
            !times.is_empty()
        });
    }
}
