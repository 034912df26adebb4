//! The pages of organizations: their list, and the settings of one, a page for each subject.
//!
//! | file | what |
//! |---|---|
//! | `list.rs` | the visitor's organizations, and the form that creates one |
//! | `page.rs` | what all pages of one organization share: their address, their tabs, their forms |
//! | `settings.rs` | the first page: switches, storage, leaving and deleting |
//! | `members.rs` | members, and people who are invited |
//! | `teams.rs` | all teams, and the form that creates one |
//! | `team.rs` | one team: its rights, members and tokens |
//! | `tokens.rs` | the tokens of the organization and of its teams |
//! | `projects.rs` | projects and their tags |
//! | `sharing.rs` | what others may read of it, and what it may read of others |
//! | `rules.rs` | what it demands of tokens and sessions |
//! | `ssh_keys.rs` | private keys for fetching code |
//! | `rows.rs` | the rows of teams and tokens |
//!
//! Each form is one operation of the registry, which checks the right that it needs. The pages offer
//! only what the visitor may do.

pub mod list;
pub mod members;
mod page;
pub mod projects;
mod rows;
pub mod rules;
pub mod settings;
pub mod sharing;
pub mod ssh_keys;
pub mod team;
pub mod teams;
pub mod tokens;

pub(super) use page::{Section, frame};
