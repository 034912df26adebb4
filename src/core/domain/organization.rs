//! Organizations, which own all modules and providers. Their names begin each address.

use serde::{Deserialize, Serialize};

use super::{
    AccessRules, KeptAttributes, Namespace, OrganizationId, ProjectId, SharedKind, Sharing,
    ShortText, Timestamp,
};

/// An organization. Its name is the namespace of its modules and providers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a set of independent switches, that its owners see"
)]
pub struct Organization {
    /// The id that the TFE API calls `external-id`.
    pub id: OrganizationId,
    /// The name, in the case it was created with.
    pub name: Namespace,
    /// The contact email address; empty if there is none.
    #[serde(default)]
    pub email: ShortText,
    /// Whether anybody may read the organization's modules without a token.
    #[serde(default)]
    pub public: bool,
    /// Whether a deleted version number may be published again with other content.
    #[serde(default)]
    pub allow_version_reuse: bool,
    /// Whether archives of revoked versions are still served.
    #[serde(default)]
    pub allow_revoked_downloads: bool,
    /// Whether semantic versioning is enforced: a breaking release needs a new major version.
    #[serde(default)]
    pub enforce_semver: bool,
    /// Whether versions are refused if some of their code cannot be read.
    #[serde(default)]
    pub enforce_valid_configuration: bool,
    /// Whether the organization keeps a curated list of public modules.
    #[serde(default = "enabled_by_default")]
    pub public_curation: bool,
    /// The most bytes that it may store; `None` for the limit of the registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_limit: Option<u64>,
    /// Whether its owners have said that no data is ever deleted automatically. Nothing is, whatever
    /// they say; clients show what was said.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keeps_all_data: bool,
    /// Whether nobody but the administrators of the registry may use it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
    /// Which other organizations may read its modules.
    #[serde(default, skip_serializing_if = "Sharing::is_nobody")]
    pub module_sharing: Sharing,
    /// Which other organizations may read its providers.
    #[serde(default, skip_serializing_if = "Sharing::is_nobody")]
    pub provider_sharing: Sharing,
    /// Settings for features that are not here yet.
    #[serde(default, skip_serializing_if = "KeptAttributes::is_empty")]
    pub kept: KeptAttributes,
    /// What it demands of tokens and sessions.
    #[serde(default)]
    pub access_rules: AccessRules,
    /// The project for what names no project, which cannot be deleted; `None` only in rows of an
    /// earlier release, until the first start.
    #[serde(default)]
    pub default_project: Option<ProjectId>,
    /// When it was created.
    pub created_at: Timestamp,
}

impl Organization {
    /// Returns which other organizations may read what is of this kind.
    pub fn sharing(&self, kind: SharedKind) -> &Sharing {
        match kind {
            SharedKind::Modules => &self.module_sharing,
            SharedKind::Providers => &self.provider_sharing,
        }
    }

    /// Returns which other organizations may read what is of this kind, to change it.
    pub fn sharing_mut(&mut self, kind: SharedKind) -> &mut Sharing {
        match kind {
            SharedKind::Modules => &mut self.module_sharing,
            SharedKind::Providers => &mut self.provider_sharing,
        }
    }
}

/// Returns the default for organizations that an earlier release stored: enabled.
fn enabled_by_default() -> bool {
    true
}
