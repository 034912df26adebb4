//! SSH keys: what an organization would fetch repositories with. The key itself is a secret and not
//! here.

use serde::{Deserialize, Serialize};

use super::{OrganizationId, ShortText, SshKeyId, Timestamp};

/// What is told of an SSH key. Its private key is in a file of its own, see `storage::secrets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SshKey {
    /// Its id.
    pub id: SshKeyId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// What it is called.
    pub name: ShortText,
    /// When it was kept.
    pub created_at: Timestamp,
}
