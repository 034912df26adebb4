//! HashiCorp's registry protocols: what `terraform` and `tofu` speak.
//!
//! The module registry protocol is one set of endpoints mounted at three bases: where the TFE API
//! has it, where its public variant has it, and where the public registry and Terrareg have it.

pub mod archives;
mod details;
pub mod discovery;
pub mod listing;
pub mod lock;
pub mod mirror;
pub mod modules;
pub mod provider_files;
pub mod providers;
mod view;

use crate::http::PlainProblem as Problem;

/// Where the module registry protocol is mounted; discovery names the first.
pub const MODULE_BASES: [&str; 3] = [
    "/api/registry/v1/modules",
    "/api/registry/public/v1/modules",
    "/v1/modules",
];

/// Where the provider registry protocol is mounted; discovery names the first.
pub const PROVIDER_BASES: [&str; 3] = [
    "/api/registry/v1/providers",
    "/api/registry/public/v1/providers",
    "/v1/providers",
];
