//! The rules that decide who may do what.
//!
//! A caller has a [`Right`] in an organization if the [`TokenScope`] of the token includes it *and*
//! one of these holds: a team gives the right, the caller owns the organization, or the caller
//! administers the site. Source: `tests/fixtures/contracts/json-api.toml#who-may`.

use serde::{Deserialize, Serialize};

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
    /// Read and install the organization's modules and providers.
    Read,
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
    /// Create, change and delete teams, and change their members.
    ManageTeams,
    /// Issue and revoke the tokens of teams and of the organization.
    ManageTokens,
    /// Change the organization's settings.
    ManageOrganization,
    /// Administer the whole registry: users, organizations, metrics.
    AdministerSite,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 11] = [
        Self::Read,
        Self::PublishModules,
        Self::AdministerModules,
        Self::PublishProviders,
        Self::ManageProviders,
        Self::ReadMembers,
        Self::ManageMembership,
        Self::ManageTeams,
        Self::ManageTokens,
        Self::ManageOrganization,
        Self::AdministerSite,
    ];

    /// Returns the least scope that a token needs for this right.
    pub fn scope(self) -> TokenScope {
        match self {
            Self::Read | Self::ReadMembers => TokenScope::Read,
            Self::PublishModules | Self::PublishProviders => TokenScope::Publish,
            Self::AdministerModules
            | Self::ManageProviders
            | Self::ManageMembership
            | Self::ManageTeams
            | Self::ManageTokens
            | Self::ManageOrganization
            | Self::AdministerSite => TokenScope::Admin,
        }
    }

    /// Returns the action in words, to follow "you may not" in an error message.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Read => "read the modules of this organization",
            Self::PublishModules => "publish modules in this organization",
            Self::AdministerModules => "delete or change modules of this organization",
            Self::PublishProviders => "publish providers in this organization",
            Self::ManageProviders => "manage the providers of this organization",
            Self::ReadMembers => "see the members of this organization",
            Self::ManageMembership => "manage the members of this organization",
            Self::ManageTeams => "manage the teams of this organization",
            Self::ManageTokens => "manage the tokens of this organization",
            Self::ManageOrganization => "change the settings of this organization",
            Self::AdministerSite => "administer this registry",
        }
    }
}

/// What the members of a team may do in the organization, in addition to reading.
///
/// The fields have the names of the TFE API's `organization-access`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a set of independent switches, spelled as the TFE API spells it"
)]
pub struct OrganizationAccess {
    /// Create modules and publish versions.
    pub manage_modules: bool,
    /// Publish and delete providers.
    pub manage_providers: bool,
    /// Invite and remove members.
    pub manage_membership: bool,
    /// Create, change and delete teams.
    pub manage_teams: bool,
    /// Change what teams may do.
    pub manage_organization_access: bool,
}

impl OrganizationAccess {
    /// The access of the owners team.
    pub const OWNER: Self = Self {
        manage_modules: true,
        manage_providers: true,
        manage_membership: true,
        manage_teams: true,
        manage_organization_access: true,
    };

    /// Returns everything that one of the two gives.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            manage_modules: self.manage_modules || other.manage_modules,
            manage_providers: self.manage_providers || other.manage_providers,
            manage_membership: self.manage_membership || other.manage_membership,
            manage_teams: self.manage_teams || other.manage_teams,
            manage_organization_access: self.manage_organization_access
                || other.manage_organization_access,
        }
    }

    /// Returns whether a member with this access, who does not own the organization, has the right.
    pub fn gives(self, right: Right) -> bool {
        match right {
            Right::Read | Right::ReadMembers => true,
            Right::PublishModules => self.manage_modules,
            Right::PublishProviders | Right::ManageProviders => self.manage_providers,
            Right::ManageMembership => self.manage_membership,
            Right::ManageTeams => self.manage_teams,
            // Only owners delete and change modules, and manage tokens and settings.
            Right::AdministerModules
            | Right::ManageTokens
            | Right::ManageOrganization
            | Right::AdministerSite => false,
        }
    }

    /// Returns whether this includes all of `other`. Nobody may grant more than they have.
    pub fn covers(self, other: Self) -> bool {
        self.union(other) == self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t40_nobody_grants_more_than_they_hold() {
        let modules = OrganizationAccess {
            manage_modules: true,
            ..Default::default()
        };
        assert!(OrganizationAccess::OWNER.covers(modules));
        assert!(!modules.covers(OrganizationAccess::OWNER));
        assert!(modules.covers(OrganizationAccess::default()));
    }

    #[test]
    fn a_member_without_teams_may_only_look() {
        let given: Vec<_> = Right::ALL
            .into_iter()
            .filter(|right| OrganizationAccess::default().gives(*right))
            .collect();
        assert_eq!(given, [Right::Read, Right::ReadMembers]);
    }
}
