//! Organizations: the owners of everything, and the first part of each address.

use serde::{Deserialize, Serialize};

use super::{Namespace, OrganizationId, ShortText, Timestamp};

/// An organization; its name is the namespace of its modules and providers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a set of independent switches, as its owners see them"
)]
pub struct Organization {
    /// The id that the TFE API calls `external-id`.
    pub id: OrganizationId,
    /// The name, in the case it was created with.
    pub name: Namespace,
    /// Whom to write to; empty where nobody was named.
    #[serde(default)]
    pub email: ShortText,
    /// Whether anybody may read its modules without a token.
    #[serde(default)]
    pub public: bool,
    /// Whether a deleted version number may be published again with other content.
    #[serde(default)]
    pub allow_version_reuse: bool,
    /// Whether revoked versions are still handed out.
    #[serde(default)]
    pub allow_revoked_downloads: bool,
    /// Whether a version that breaks callers must say so by its number.
    #[serde(default)]
    pub enforce_semver: bool,
    /// Whether it has a list of public modules that it recommends.
    #[serde(default = "yes")]
    pub public_curation: bool,
    /// When it was created.
    pub created_at: Timestamp,
}

/// What organizations of earlier programs, too, allow.
fn yes() -> bool {
    true
}
