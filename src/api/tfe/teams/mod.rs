//! Endpoints about teams, their members, and the memberships of organizations.

mod access;
mod body;
pub mod organization_memberships;
pub mod team_members;
#[expect(
    clippy::module_inception,
    reason = "a file is named after the resource type that it answers for"
)]
pub mod teams;
pub(crate) mod view;

use crate::http::route::Route;

/// Every endpoint of this room.
pub const TABLES: &[&[Route]] = &[
    organization_memberships::TABLE,
    team_members::TABLE,
    teams::TABLE,
];
