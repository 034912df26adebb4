//! What the members of a team may do in its organization.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Right;

/// One kind of access that a team can give, for lists of all of them.
#[derive(Debug)]
pub struct AccessKind {
    /// Its name in the TFE API, such as `manage-modules`.
    pub name: &'static str,
    /// What the members of the team may do, in words that follow "may".
    pub words: &'static str,
    /// Whether it has an effect. The others concern what this registry does not have yet: they are
    /// kept, and guarded as if they had one.
    pub has_effect: bool,
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
    (
        with_effect {
            $($(#[$doc:meta])* $field:ident = $name:literal, $words:literal;)+
        }
        without_effect {
            $($(#[$later_doc:meta])* $later:ident = $later_name:literal, $later_words:literal;)+
        }
    ) => {
        /// What the members of a team may do in the organization, in addition to reading.
        ///
        /// The fields have the names of the TFE API's `organization-access`.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, rename_all = "kebab-case")]
        pub struct OrganizationAccess {
            $($(#[$doc])* pub $field: bool,)+
            $($(#[$later_doc])* pub $later: bool,)+
        }

        impl OrganizationAccess {
            /// The access of the owners team.
            pub const OWNER: Self = Self { $($field: true,)+ $($later: true,)+ };

            /// Every kind of access.
            pub const KINDS: &[AccessKind] = &[
                $(AccessKind {
                    name: $name,
                    words: $words,
                    has_effect: true,
                    get: |access| access.$field,
                    set: |access, is_given| access.$field = is_given,
                },)+
                $(AccessKind {
                    name: $later_name,
                    words: $later_words,
                    has_effect: false,
                    get: |access| access.$later,
                    set: |access, is_given| access.$later = is_given,
                },)+
            ];

            /// Returns everything that one of the two gives.
            #[must_use]
            pub fn union(self, other: Self) -> Self {
                Self {
                    $($field: self.$field || other.$field,)+
                    $($later: self.$later || other.$later,)+
                }
            }
        }
    };
}

kinds! {
    with_effect {
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
        /// See the secret teams of the organization.
        access_secret_teams = "access-secret-teams", "see secret teams";
        /// Manage the keys with which repositories are read.
        manage_vcs_settings = "manage-vcs-settings", "manage SSH keys";
        /// See all projects.
        read_projects = "read-projects", "see all projects";
        /// Create, change and delete projects.
        manage_projects = "manage-projects", "manage projects";
    }
    without_effect {
        /// See all workspaces.
        read_workspaces = "read-workspaces", "see all workspaces";
        /// Create, change and delete workspaces.
        manage_workspaces = "manage-workspaces", "manage workspaces";
        /// Create, change and delete policies.
        manage_policies = "manage-policies", "manage policies";
        /// Let runs go on that a policy has stopped.
        manage_policy_overrides = "manage-policy-overrides", "override policies";
        /// Let the managers of a workspace override policies in it.
        delegate_policy_overrides = "delegate-policy-overrides", "let others override policies";
        /// Create, change and delete run tasks.
        manage_run_tasks = "manage-run-tasks", "manage run tasks";
        /// Create, change and delete agent pools.
        manage_agent_pools = "manage-agent-pools", "manage agent pools";
    }
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
            Right::ReadSecretTeams => {
                self.access_secret_teams
                    || self.manage_teams
                    || self.manage_membership
                    || self.manage_organization_access
            }
            Right::ManageTeams => self.manage_teams,
            Right::ManageOrganizationAccess => self.manage_organization_access,
            Right::ManageVcsSettings => self.manage_vcs_settings,
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

/// A change of what the members of a team may do: what it does not name stays as it is.
#[derive(Debug, Clone, Default)]
pub struct AccessChange(Vec<(&'static AccessKind, bool)>);

impl AccessChange {
    /// Returns a change that gives one kind of access or takes it away, after this one.
    #[must_use]
    pub fn and(mut self, kind: &'static AccessKind, is_given: bool) -> Self {
        self.0.push((kind, is_given));
        self
    }

    /// Returns the access after the change, where it was `now` before.
    pub fn over(&self, mut now: OrganizationAccess) -> OrganizationAccess {
        for (kind, is_given) in &self.0 {
            kind.put(&mut now, *is_given);
        }
        now
    }
}

impl From<OrganizationAccess> for AccessChange {
    /// Returns the change that names every kind of access.
    fn from(access: OrganizationAccess) -> Self {
        let kinds = OrganizationAccess::KINDS.iter();
        Self(kinds.map(|kind| (kind, kind.is_in(access))).collect())
    }
}

impl Serialize for AccessChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(kind, is_given)| (kind.name, is_given)))
    }
}

impl<'de> Deserialize<'de> for AccessChange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let sent = BTreeMap::<String, serde_json::Value>::deserialize(deserializer)?;
        let mut change = Self::default();
        for kind in OrganizationAccess::KINDS {
            // Some clients write `_` for `-`.
            let value = sent.get(kind.name);
            match value.or_else(|| sent.get(&kind.name.replace('-', "_"))) {
                None | Some(serde_json::Value::Null) => {}
                Some(serde_json::Value::Bool(is_given)) => change = change.and(kind, *is_given),
                Some(_) => {
                    let name = kind.name;
                    return Err(D::Error::custom(format!("`{name}` must be true or false")));
                }
            }
        }
        Ok(change)
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
    fn a_change_changes_only_what_it_names() {
        let read = |text: &str| serde_json::from_str::<AccessChange>(text);
        let now = OrganizationAccess {
            manage_teams: true,
            manage_workspaces: true,
            ..Default::default()
        };
        let change =
            read(r#"{"manage_modules":true,"manage-teams":false,"manage-providers":null,"x":1}"#);
        let expected = OrganizationAccess {
            manage_modules: true,
            manage_workspaces: true,
            ..Default::default()
        };
        let change = change.expect("a change");
        assert_eq!(change.over(now), expected);
        let written = serde_json::to_string(&change).expect("JSON");
        assert_eq!(read(&written).expect("a change").over(now), expected);
        let wrong = read(r#"{"manage-teams":"yes"}"#).expect_err("no switch");
        assert!(
            wrong
                .to_string()
                .contains("`manage-teams` must be true or false")
        );
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
