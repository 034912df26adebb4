//! `terrakeep publish-provider`: zip files, or a folder of them as release tools leave it → a
//! published version of a provider.
//!
//! [`command`] is what is typed; [`files`] finds out what lies there; [`release`] sends it.

mod command;
mod files;
mod release;

pub(super) use command::{PublishProviderArgs, run};
