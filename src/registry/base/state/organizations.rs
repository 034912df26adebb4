//! What the registry keeps in memory about organizations.

use std::sync::Mutex;

use crate::domain::Organization;
use crate::registry::base::RevisionCache;

const ORGANIZATIONS_KEPT: usize = 4096;

/// A cache of organizations, and the lock around secrets.
#[derive(Debug)]
pub(in crate::registry) struct OrganizationsState {
    /// Organizations by folded name or id, valid while no organization changes.
    pub(in crate::registry) by_name: RevisionCache<String, u64, Organization>,
    /// Held from before a secret is stored until its row is written, and while secrets without a
    /// row are removed, so that none is removed in between.
    pub(in crate::registry) keeping_secrets: Mutex<()>,
}

impl OrganizationsState {
    pub(in crate::registry) fn new() -> Self {
        Self {
            by_name: RevisionCache::new(ORGANIZATIONS_KEPT),
            keeping_secrets: Mutex::default(),
        }
    }
}
