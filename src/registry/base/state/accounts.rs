//! What the registry keeps in memory about accounts.

use std::collections::HashMap;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex};

use super::sign_in_limits::SignInLimits;
use crate::auth::Authenticated;
use crate::domain::{Sha256, Timestamp, TokenId, UserId};
use crate::registry::base::RevisionCache;

const CALLERS_KEPT: usize = 4096;

/// A cache of callers, failed sign-ins, links that sign in once, and last uses of tokens and
/// sessions that are not written yet.
#[derive(Debug)]
pub(in crate::registry) struct AccountsState {
    /// Callers by the hash of their token, valid while no token, user, team, membership or organization
    /// changes.
    pub(in crate::registry) callers: RevisionCache<Sha256, IdentityRevision, CachedCaller>,
    /// Failed sign-ins of the last minutes.
    pub(in crate::registry) sign_ins: Arc<SignInLimits>,
    /// Links that sign a user in once, by the hash of their secret.
    pub(in crate::registry) sign_in_links: Mutex<HashMap<Sha256, SignInLink>>,
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
            sign_ins: Arc::default(),
            sign_in_links: Mutex::default(),
            token_uses: Mutex::default(),
            session_uses: Mutex::default(),
        }
    }
}

/// A link that signs a user in once.
#[derive(Debug, Clone)]
pub(in crate::registry) struct SignInLink {
    /// Whom it signs in.
    pub(in crate::registry) user: UserId,
    /// When it stops working.
    pub(in crate::registry) expires_at: Timestamp,
}

/// When sessions were last used, by the hash of their secret, until the next write of these times.
pub(in crate::registry) type SessionUses = Mutex<HashMap<Sha256, Timestamp>>;

/// The revisions of the tables that a caller's rights are read from: they name the state that a
/// cached caller was made from.
pub(in crate::registry) type IdentityRevision = (u64, u64, u64, u64, u64);

/// A caller in the cache.
#[derive(Debug)]
pub(in crate::registry) struct CachedCaller {
    pub(in crate::registry) holder: Arc<Authenticated>,
    pub(in crate::registry) noted_at_seconds: AtomicI64,
}
