//! SSH keys that an organization stores for access to repositories. The private key is a secret and
//! not here.

use serde::{Deserialize, Serialize};

use super::{OrganizationId, ShortText, SshKeyId, Timestamp};

/// An SSH key without its private part, which is in a file of its own; see `storage::secrets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SshKey {
    /// The id.
    pub id: SshKeyId,
    /// The organization that the key belongs to.
    pub organization: OrganizationId,
    /// The name.
    pub name: ShortText,
    /// When the key was stored.
    pub created_at: Timestamp,
}
