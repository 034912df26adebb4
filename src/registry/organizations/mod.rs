//! Organizations: their settings, teams and members, keys, history and end.
//!
//! | file | what |
//! |---|---|
//! | `organization.rs` | creates, finds, lists and changes organizations |
//! | `teams.rs` | teams: what their members may do |
//! | `memberships.rs` | who belongs to an organization and to its teams |
//! | `ssh_keys.rs` | SSH keys, shown by name only |
//! | `secrets.rs` | secrets that lie in files of their own, and go with their rows |
//! | `audit.rs` | who did what: the journal as people read it |
//! | `delete.rs` | deletes an organization with everything in it |
//!
//! Accounts use from here the rule that an organization keeps an owner.

mod audit;
mod delete;
mod memberships;
mod organization;
mod secrets;
mod ssh_keys;
mod teams;

pub use audit::{AuditQuery, AuditScope};
pub use memberships::{Member, TeamChange, TeamMembers};
pub use organization::{NewOrganization, OrganizationChange};
pub(in crate::registry) use teams::another_owner;
