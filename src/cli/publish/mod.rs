//! `terrakeep publish`: folder or archive → a published version.
//!
//! [`folder`] lists what of a folder belongs into the module, by the rules of [`exclusions`];
//! [`packed_module`] packs it, or takes an archive as it is, and sends it through the archive gate here
//! before anything is sent; [`release`] brings it to the registry; [`command`] is what is typed.

mod command;
mod exclusions;
mod folder;
mod packed_module;
mod release;

pub(super) use command::{PublishArgs, run, source_host};
pub(super) use packed_module::packed;
