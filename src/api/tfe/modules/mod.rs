//! Modules, their versions, and the public modules of an organization.

mod body;
mod body_version;
mod path;
mod public_modules;
pub mod registry_module_deletion;
pub mod registry_module_versions;
pub mod registry_modules;
pub(crate) mod view;
mod view_version;

use crate::http::route::Route;

/// Every endpoint of this room.
pub const TABLES: &[&[Route]] = &[
    registry_module_deletion::TABLE,
    registry_module_versions::TABLE,
    registry_modules::TABLE,
];
