//! Endpoints about providers, their versions and packages, and the keys that sign them.

mod body;
pub mod gpg_keys;
mod links;
mod path;
pub mod public_gpg_keys;
pub mod registry_provider_versions;
pub mod registry_providers;
pub(crate) mod view;

use crate::http::route::Route;

/// Every endpoint of this room, except those of keys, which have base paths of their own.
pub const TABLES: &[&[Route]] = &[registry_provider_versions::TABLE, registry_providers::TABLE];
