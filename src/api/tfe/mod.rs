//! The private registry of Terraform Enterprise and HCP Terraform (JSON:API), all generations.
//!
//! A folder is a room: the resource types that belong together, one file for each, which is called
//! as the type is in documents and holds its routes and handlers. Beside them, `body.rs` is what is
//! sent, and `view.rs` what is answered. What all rooms need is in `kit/`.
//!
//! What differs between the generations is in `ApiGeneration` of `modules/view.rs`; the registry's
//! operations are the same for all.

#![expect(
    clippy::struct_excessive_bools,
    reason = "documents have the members that the API has"
)]

pub mod accounts;
pub mod admin;
mod kit;
pub mod meta;
pub mod modules;
pub mod organizations;
pub mod providers;
pub mod teams;

use crate::http::route::Route;

pub use kit::{BASE, MEDIA_TYPE, REFUSALS};

/// The endpoints below [`BASE`], room by room.
pub const TABLES: &[&[&[Route]]] = &[
    modules::TABLES,
    providers::TABLES,
    organizations::TABLES,
    teams::TABLES,
    accounts::TABLES,
    admin::TABLES,
    meta::TABLES,
];
