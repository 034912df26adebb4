//! Organizations: their settings, teams, members, keys, audit events, and deletion.
//!
//! | file | what |
//! |---|---|
//! | `organization.rs` | creates, finds, lists and changes organizations |
//! | `administration.rs` | with whom an organization shares, and whether it is disabled |
//! | `access_rules.rs` | what an organization demands of tokens and sessions |
//! | `budget.rs` | how much an organization stores and may store |
//! | `teams.rs` | teams by id, and which caller may give which rights |
//! | `people.rs` | members and people who are invited, as one list |
//! | `invitations.rs` | invitations: who may invite whom, and how one becomes a membership |
//! | `team_visibility.rs` | which teams a caller may see |
//! | `memberships.rs` | members, and which caller may add and remove which member |
//! | `projects.rs` | projects and their tags |
//! | `ssh_keys.rs` | SSH keys, shown by name only |
//! | `secrets.rs` | secrets in files of their own, which are removed with their rows |
//! | `audit.rs` | audit events: who did what, read from the journal |
//! | `delete.rs` | deletes an organization with everything in it |
//!
//! Accounts use from here the rule that an organization always has an owner, and that a user who is
//! given an address takes its invitations.

mod access_rules;
mod administration;
mod audit;
mod audit_pages;
mod budget;
mod delete;
mod invitations;
mod memberships;
mod organization;
mod people;
mod projects;
mod publishers;
mod secrets;
mod ssh_keys;
mod team_visibility;
mod teams;

pub use access_rules::AccessRulesChange;
pub use administration::{AdministrativeChange, SharedOrganization};
pub use audit::{AuditQuery, AuditScope};
pub(in crate::registry) use invitations::{id_for_new_user, take_invitations};
pub(in crate::registry) use memberships::another_owner;
pub use memberships::{Member, MemberRef, TeamMembers};
pub use organization::{NewOrganization, OrganizationChange};
pub use people::Person;
pub use projects::{NewProject, ProjectChange};
pub use teams::{NewTeam, TeamChange};
