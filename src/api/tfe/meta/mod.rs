//! Endpoints that belong to no resource type: ping, IP ranges, upload links.

pub mod ip_ranges;
pub mod ping;
pub mod uploads;

use crate::http::route::Route;

/// The endpoints below the JSON:API's base.
pub const TABLES: &[&[Route]] = &[ping::TABLE];

/// The endpoints at addresses of their own.
pub const AT_ROOT: &[&[Route]] = &[ip_ranges::TABLE, uploads::TABLE];
