//! Endpoints about users and tokens.

pub mod account;
pub mod authentication_tokens;
mod body;
pub mod primary_tokens;
pub mod team_tokens;
pub mod users;
pub(crate) mod view;

use crate::http::route::Route;

/// Every endpoint of this room.
pub const TABLES: &[&[Route]] = &[
    account::TABLE,
    authentication_tokens::TABLE,
    primary_tokens::TABLE,
    team_tokens::TABLE,
    users::TABLE,
];
