//! The private registry of Terraform Enterprise and HCP Terraform (JSON:API), all generations.
//!
//! A folder is a room: the resource types that belong together. Each type has a file that is named
//! after the `type` in documents, with its routes and handlers. In the same folder, `body.rs` holds
//! the bodies of requests, and `view.rs` those of responses. What all rooms need is in `kit/`, and
//! what this registry does not do is in `not_served/`.
//!
//! `ApiGeneration` in `modules/view.rs` holds the differences between the generations; the
//! registry's operations are the same for all.

#![expect(
    clippy::struct_excessive_bools,
    reason = "documents have the members that the API has"
)]

pub mod accounts;
pub mod admin;
mod kit;
pub mod meta;
pub mod modules;
mod not_served;
pub mod organizations;
pub mod projects;
pub mod providers;
pub mod teams;

use crate::http::route::Route;

pub use kit::{BASE, MEDIA_TYPE, REFUSALS};
pub use not_served::{NOT_SERVED, NotServed};

/// The endpoints below [`BASE`], room by room.
pub const TABLES: &[&[&[Route]]] = &[
    modules::TABLES,
    providers::TABLES,
    organizations::TABLES,
    projects::TABLES,
    teams::TABLES,
    accounts::TABLES,
    admin::TABLES,
    meta::TABLES,
];
