//! Modules of public registries that an organization recommends. Only the recommendation is stored,
//! nothing of the module itself.

use serde::{Deserialize, Serialize};

use super::{KeptAttributes, ModuleAddress, ModuleId, OrganizationId, TagBinding, Timestamp};

/// A module of a public registry in an organization's curated list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicModule {
    /// The id of this record.
    pub id: ModuleId,
    /// The organization that keeps the list.
    pub organization: OrganizationId,
    /// The address in the public registry. Its namespace is not an organization here.
    pub address: ModuleAddress,
    /// Settings for features that are not here yet.
    #[serde(default, skip_serializing_if = "KeptAttributes::is_empty")]
    pub kept: KeptAttributes,
    /// The organization's own tags of it, by key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<TagBinding>,
    /// When it was added.
    pub created_at: Timestamp,
}
