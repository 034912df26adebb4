//! `terrakeep import-mirror`: imports the packages that `terraform providers mirror` wrote, under
//! the addresses that they have in their own registries.
//!
//! [`find`] lists what lies in the folder; [`index_files`] reads what the folder says about itself;
//! [`check`] compares both; [`command`] sends the packages if nothing is wrong.

mod check;
mod command;
mod find;
mod index_files;

pub(super) use command::{ImportMirrorArgs, run};
