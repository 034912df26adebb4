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
use crate::http::route::Route;

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

/// The module registry protocol, which several bases have.
pub const MODULES: &[&[Route]] = &[modules::TABLE, listing::TABLE];

/// The provider registry protocol, which several bases have.
pub const PROVIDERS: &[&[Route]] = &[providers::TABLE, lock::TABLE];

/// What is at addresses of its own.
pub const AT_ROOT: &[&[Route]] = &[
    discovery::TABLE,
    archives::TABLE,
    provider_files::TABLE,
    mirror::TABLE,
];
