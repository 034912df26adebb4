//! The rules that decide who may do what.
//!
//! A caller has a [`Right`] in an organization if the [`TokenScope`] of the token includes it *and*
//! one of these holds: a team gives the right, the caller owns the organization, or the caller
//! administers the site. Source: `tests/fixtures/contracts/json-api.toml#who-may`.

use serde::{Deserialize, Serialize};

use super::SharedKind;

/// What a token may be used for, independent of its owner. Each scope includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// Read and install.
    Read,
    /// Read, install, and publish new versions.
    Publish,
    /// Everything that the token's owner may do.
    Admin,
}

/// A kind of action that needs permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// See the organization itself and its settings.
    Read,
    /// Read and install its modules.
    ReadModules,
    /// Read and install its providers.
    ReadProviders,
    /// Create modules and publish versions of them.
    PublishModules,
    /// Delete modules and versions, and change the settings of modules.
    AdministerModules,
    /// Create providers, publish versions of them, and add signing keys.
    PublishProviders,
    /// Delete providers, versions and keys.
    ManageProviders,
    /// See the members of the organization.
    ReadMembers,
    /// Invite and remove members.
    ManageMembership,
    /// See the projects of the organization.
    ReadProjects,
    /// Create, change and delete projects.
    ManageProjects,
    /// See the secret teams of the organization.
    ReadSecretTeams,
    /// Create, change and delete teams, and change their members.
    ManageTeams,
    /// Change what teams may do.
    ManageOrganizationAccess,
    /// Manage the SSH keys of the organization.
    ManageVcsSettings,
    /// Issue and revoke the tokens of teams and of the organization.
    ManageTokens,
    /// Change the organization's settings.
    ManageOrganization,
    /// Read the organization's audit log.
    ReadAuditLog,
    /// Administer the whole registry: users, organizations, metrics.
    AdministerSite,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 19] = [
        Self::Read,
        Self::ReadModules,
        Self::ReadProviders,
        Self::PublishModules,
        Self::AdministerModules,
        Self::PublishProviders,
        Self::ManageProviders,
        Self::ReadMembers,
        Self::ManageMembership,
        Self::ReadProjects,
        Self::ManageProjects,
        Self::ReadSecretTeams,
        Self::ManageTeams,
        Self::ManageOrganizationAccess,
        Self::ManageVcsSettings,
        Self::ManageTokens,
        Self::ManageOrganization,
        Self::ReadAuditLog,
        Self::AdministerSite,
    ];

    /// Returns what this right reads, if an organization can share that with others; `None` for all
    /// other rights.
    ///
    /// An organization that shares its modules or providers shows nothing else of itself.
    pub fn shared_kind(self) -> Option<SharedKind> {
        match self {
            Self::ReadModules => Some(SharedKind::Modules),
            Self::ReadProviders => Some(SharedKind::Providers),
            Self::Read
            | Self::PublishModules
            | Self::AdministerModules
            | Self::PublishProviders
            | Self::ManageProviders
            | Self::ReadMembers
            | Self::ManageMembership
            | Self::ReadProjects
            | Self::ManageProjects
            | Self::ManageTeams
            | Self::ManageTokens
            | Self::ManageOrganization
            | Self::ReadAuditLog
            | Self::ReadSecretTeams
            | Self::ManageOrganizationAccess
            | Self::ManageVcsSettings
            | Self::AdministerSite => None,
        }
    }

    /// Returns whether everybody has this right in a public organization.
    pub fn is_public(self) -> bool {
        self == Self::Read || self.shared_kind().is_some()
    }

    /// Returns the least scope that a token needs for this right.
    pub fn scope(self) -> TokenScope {
        match self {
            Self::Read
            | Self::ReadModules
            | Self::ReadProviders
            | Self::ReadMembers
            | Self::ReadProjects
            | Self::ReadSecretTeams => TokenScope::Read,
            Self::PublishModules | Self::PublishProviders => TokenScope::Publish,
            Self::AdministerModules
            | Self::ManageProviders
            | Self::ManageMembership
            | Self::ManageProjects
            | Self::ManageTeams
            | Self::ManageOrganizationAccess
            | Self::ManageVcsSettings
            | Self::ManageTokens
            | Self::ManageOrganization
            | Self::ReadAuditLog
            | Self::AdministerSite => TokenScope::Admin,
        }
    }

    /// Returns the action in words, to follow "you may not" in an error message.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Read => "see this organization",
            Self::ReadModules => "read the modules of this organization",
            Self::ReadProviders => "read the providers of this organization",
            Self::PublishModules => "publish modules in this organization",
            Self::AdministerModules => "delete or change modules of this organization",
            Self::PublishProviders => "publish providers in this organization",
            Self::ManageProviders => "manage the providers of this organization",
            Self::ReadMembers => "see the members of this organization",
            Self::ManageMembership => "manage the members of this organization",
            Self::ReadProjects => "see the projects of this organization",
            Self::ManageProjects => "manage the projects of this organization",
            Self::ReadSecretTeams => "see the secret teams of this organization",
            Self::ManageTeams => "manage the teams of this organization",
            Self::ManageOrganizationAccess => "say what the teams of this organization may do",
            Self::ManageVcsSettings => "manage the SSH keys of this organization",
            Self::ManageTokens => "manage the tokens of this organization",
            Self::ManageOrganization => "change the settings of this organization",
            Self::ReadAuditLog => "read the audit log of this organization",
            Self::AdministerSite => "administer this registry",
        }
    }
}
