//! Endpoints about projects, their tags, and what belongs to them.

mod body;
#[expect(
    clippy::module_inception,
    reason = "a file is named after the resource type that it answers for"
)]
pub mod projects;
pub mod tag_bindings;
pub(in crate::api::tfe) mod view;
pub mod workspaces;

use crate::http::route::Route;

/// Every endpoint of this room.
pub const TABLES: &[&[Route]] = &[projects::TABLE, tag_bindings::TABLE, workspaces::TABLE];
