//! `terrakeep publish`: folder or archive → a published version.
//!
//! [`folder`] lists the files of a folder that belong to the module, by the rules of
//! [`exclusions`]; [`packed_module`] packs them, or takes a finished archive, and examines it like
//! the registry before anything is sent; [`release`] publishes it; [`command`] holds the arguments.

mod command;
mod exclusions;
mod folder;
mod packed_module;
mod release;

pub(super) use command::{PublishArgs, run, source_host};
pub(super) use packed_module::packed;
