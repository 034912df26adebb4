//! What the members of a team may do in its organization.

use serde::{Deserialize, Serialize};

use super::Right;

/// One kind of access that a team can give, for lists of all of them.
#[derive(Debug)]
pub struct AccessKind {
    /// Its name in the TFE API, such as `manage-modules`.
    pub name: &'static str,
    /// What the members of the team may do, in words that follow "may".
    pub words: &'static str,
    get: fn(&OrganizationAccess) -> bool,
    set: fn(&mut OrganizationAccess, bool),
}

impl AccessKind {
    /// Returns whether `access` gives this.
    pub fn is_in(&self, access: OrganizationAccess) -> bool {
        (self.get)(&access)
    }

    /// Gives this with `access`, or takes it away.
    pub fn put(&self, access: &mut OrganizationAccess, is_given: bool) {
        (self.set)(access, is_given);
    }
}

/// Declares the kinds of access: one table makes the fields, the comparisons and the list.
macro_rules! kinds {
    ($($(#[$doc:meta])* $field:ident = $name:literal, $words:literal;)+) => {
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
            $($(#[$doc])* pub $field: bool,)+
        }

        impl OrganizationAccess {
            /// The access of the owners team.
            pub const OWNER: Self = Self { $($field: true,)+ };

            /// Every kind of access.
            pub const KINDS: &[AccessKind] = &[$(AccessKind {
                name: $name,
                words: $words,
                get: |access| access.$field,
                set: |access, is_given| access.$field = is_given,
            },)+];

            /// Returns everything that one of the two gives.
            #[must_use]
            pub fn union(self, other: Self) -> Self {
                Self { $($field: self.$field || other.$field,)+ }
            }
        }
    };
}

kinds! {
    /// Create modules and publish versions.
    manage_modules = "manage-modules", "publish modules";
    /// Publish and delete providers.
    manage_providers = "manage-providers", "publish providers";
    /// Invite and remove members.
    manage_membership = "manage-membership", "manage members";
    /// Create, change and delete teams.
    manage_teams = "manage-teams", "manage teams";
    /// Change what teams may do.
    manage_organization_access = "manage-organization-access", "change what teams may do";
    /// See all projects.
    read_projects = "read-projects", "see all projects";
    /// Create, change and delete projects.
    manage_projects = "manage-projects", "manage projects";
}

impl OrganizationAccess {
    /// Returns whether a member with this access, who does not own the organization, has the right.
    pub fn gives(self, right: Right) -> bool {
        match right {
            Right::Read | Right::ReadModules | Right::ReadProviders | Right::ReadMembers => true,
            Right::PublishModules => self.manage_modules,
            Right::PublishProviders | Right::ManageProviders => self.manage_providers,
            Right::ManageMembership => self.manage_membership,
            Right::ReadProjects => self.read_projects || self.manage_projects,
            Right::ManageProjects => self.manage_projects,
            Right::ManageTeams => self.manage_teams,
            // Only owners delete and change modules, and manage tokens and settings.
            Right::AdministerModules
            | Right::ManageTokens
            | Right::ManageOrganization
            | Right::ReadAuditLog
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
        for kind in OrganizationAccess::KINDS {
            let mut one = OrganizationAccess::default();
            kind.put(&mut one, true);
            assert!(kind.is_in(one), "{}", kind.name);
            assert!(OrganizationAccess::OWNER.covers(one), "{}", kind.name);
            assert!(!one.covers(OrganizationAccess::OWNER), "{}", kind.name);
            assert!(one.covers(OrganizationAccess::default()), "{}", kind.name);
            assert!(!OrganizationAccess::default().covers(one), "{}", kind.name);
        }
    }

    #[test]
    fn rows_write_each_kind_by_its_name() {
        for kind in OrganizationAccess::KINDS {
            let mut one = OrganizationAccess::default();
            kind.put(&mut one, true);
            let row = serde_json::to_value(one).expect("JSON");
            assert_eq!(row[kind.name], true, "{row}");
        }
    }

    #[test]
    fn a_member_without_teams_may_only_look() {
        let given: Vec<_> = Right::ALL
            .into_iter()
            .filter(|right| OrganizationAccess::default().gives(*right))
            .collect();
        let reading = [Right::Read, Right::ReadModules, Right::ReadProviders];
        assert_eq!(given[..3], reading);
        assert_eq!(given[3..], [Right::ReadMembers]);
    }
}
