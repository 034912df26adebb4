//! Organizations: their settings, teams and members, keys, history and end.
//!
//! | file | what |
//! |---|---|
//! | `organization.rs` | creates, finds, lists and changes organizations |
//! | `teams.rs` | teams by id, and who may give which rights |
//! | `memberships.rs` | members, and who may make and remove whom |
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
pub(in crate::registry) use memberships::another_owner;
pub use memberships::{Member, TeamMembers};
pub use organization::{NewOrganization, OrganizationChange};
pub use teams::TeamChange;
