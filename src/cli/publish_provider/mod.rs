//! `terrakeep publish-provider`: zip files, or a folder of them from release tools → a published
//! version of a provider.
//!
//! [`command`] holds the arguments; [`files`] finds the files; [`signature`] decides who signs;
//! [`release`] sends them.

mod command;
mod files;
mod release;
mod signature;

pub(super) use command::{PublishProviderArgs, run};
