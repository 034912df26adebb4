//! Endpoints for the administrators of the registry.

pub mod admin_organizations;
pub mod admin_users;
pub mod consumers;
pub(crate) mod view;

use crate::http::route::Route;

/// Every endpoint of this room.
pub const TABLES: &[&[Route]] = &[
    admin_organizations::TABLE,
    admin_users::TABLE,
    consumers::TABLE,
];
