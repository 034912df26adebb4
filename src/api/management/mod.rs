//! Terrakeep's own API: what `terrakeep org|user|team|token|login|backup|publish-provider` asks of a running
//! registry. One endpoint takes every administrative command, since the command line has each of
//! them as a value already; its right is asked for where it is carried out.

pub mod backup;
pub mod commands;
pub mod mirror;
pub mod providers;
pub mod sign_in;
pub mod view;

use crate::http::route::Route;

/// Where it is mounted.
pub const BASE: &str = "/api/terrakeep/v1";

/// Every endpoint of this wing.
pub const TABLES: &[&[Route]] = &[
    commands::TABLE,
    providers::TABLE,
    mirror::TABLE,
    sign_in::TABLE,
    backup::TABLE,
];
