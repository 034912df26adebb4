//! Compares two versions of a module as their callers see them.
//!
//! There is no IO and no clock. [`compare()`] goes folder by folder; one file for each kind of
//! object judges its changes. [`version_step()`] tells which changes the version numbers allow.

mod calls;
mod change;
mod constraint;
mod difference;
mod folder;
mod inputs;
mod module;
mod outputs;
mod pair;
mod providers;
mod resources;
mod source_text;
#[cfg(test)]
mod tests;
mod type_expression;
mod type_parser;
mod version_step;

pub use change::{Change, ChangeKind, Impact, Subject, Verdict};
pub use difference::{Difference, FolderDifference};
pub use module::compare;
pub use version_step::{VersionStep, version_step};
