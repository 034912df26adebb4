//! Terrakeep's own API, which `terrakeep org|user|team|token|login|backup|publish-provider` calls
//! on a running registry. One endpoint takes every administrative command, since the command line
//! has each as a value already; the right is checked where the command is carried out.

pub mod backup;
pub mod commands;
pub mod mirror;
pub mod providers;
pub mod registry;
pub mod sign_in;
pub mod view;

use crate::http::route::Route;

/// The path where this API is mounted.
pub const BASE: &str = "/api/terrakeep/v1";

/// Every endpoint of this wing.
pub const TABLES: &[&[Route]] = &[
    commands::TABLE,
    providers::TABLE,
    mirror::TABLE,
    sign_in::TABLE,
    backup::TABLE,
    registry::TABLE,
];
