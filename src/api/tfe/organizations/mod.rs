//! Endpoints about organizations: settings, relationships, SSH keys.

mod body;
pub mod organization_relationships;
#[expect(
    clippy::module_inception,
    reason = "a file is named after the resource type that it answers for"
)]
pub mod organizations;
pub mod ssh_keys;
pub(crate) mod view;

use crate::http::route::Route;

/// Every endpoint of this room.
pub const TABLES: &[&[Route]] = &[
    organization_relationships::TABLE,
    organizations::TABLE,
    ssh_keys::TABLE,
];
