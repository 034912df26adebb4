//! `terrakeep publish`: folder or archive → a published version.
//!
//! [`folder`] lists the files of a folder that belong to the module, by the rules of
//! [`exclusions`], which are [`patterns`]; [`packed_module`] packs them, or takes a finished archive,
//! and examines it like the registry before anything is sent; [`release`] publishes it, and
//! [`unreadable`] says what the registry could not read of it; [`command`] holds the arguments, and
//! [`contents`] says what is in the module.

mod command;
mod contents;
mod exclusions;
mod folder;
mod packed_module;
mod patterns;
mod release;
mod unreadable;

pub(super) use command::{PublishArgs, run};
pub(super) use packed_module::{PackedFolder, pack_folder};
