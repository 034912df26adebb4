//! Endpoints about organizations: settings, relationships, policies about tokens, the audit log, SSH
//! keys.

mod access_rules;
pub mod audit_configuration;
pub mod audit_trail;
mod body;
pub mod organization_relationships;
pub mod organization_token_ttl_policies;
#[expect(
    clippy::module_inception,
    reason = "a file is named after the resource type that it answers for"
)]
pub mod organizations;
pub mod ssh_keys;
pub(crate) mod view;

use crate::http::route::Route;

/// Every endpoint of this room.
pub const TABLES: &[&[Route]] = &[
    audit_configuration::TABLE,
    audit_trail::TABLE,
    organization_relationships::TABLE,
    organization_token_ttl_policies::TABLE,
    organizations::TABLE,
    ssh_keys::TABLE,
];
