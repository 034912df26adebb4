//! The private registry of Terraform Enterprise and HCP Terraform (JSON:API), all generations.
//!
//! What differs between the generations is said by [`view_module::ApiGeneration`]; the registry's
//! operations are the same for all.

pub mod account;
mod admin;
pub mod admin_organizations;
pub mod admin_users;
pub mod authentication_tokens;
mod body;
mod body_modules;
mod body_providers;
mod body_teams;
pub mod gpg_keys;
mod json_api;
mod module_parameters;
pub mod organization_memberships;
pub mod organization_relationships;
pub mod organizations;
pub mod ping;
pub mod primary_tokens;
pub mod problem;
mod provider_links;
mod provider_parameters;
pub mod public_gpg_keys;
mod public_modules;
pub mod registry_module_deletion;
pub mod registry_module_versions;
pub mod registry_modules;
pub mod registry_provider_versions;
pub mod registry_providers;
mod resource;
pub mod ssh_keys;
pub mod team_members;
pub mod teams;
pub mod uploads;
pub mod users;
mod view_admin;
mod view_module;
mod view_organization;
mod view_provider;
mod view_team;
mod view_user;
mod view_version;

pub use problem::Problem;

/// Where the JSON:API is mounted.
pub const BASE: &str = "/api/v2";

/// What its documents are.
pub const MEDIA_TYPE: &str = "application/vnd.api+json";
