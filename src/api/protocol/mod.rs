//! HashiCorp's registry protocols, which `terraform` and `tofu` speak.
//!
//! The module registry protocol is one set of endpoints mounted at three bases: those of the TFE
//! API, of its public variant, and of the public registry and Terrareg.

pub mod archives;
mod details;
pub mod discovery;
pub mod listing;
pub mod lock;
pub mod mirror;
pub mod modules;
mod needs;
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

/// The endpoints of the module registry protocol, which several bases share.
pub const MODULES: &[&[Route]] = &[modules::TABLE, listing::TABLE];

/// The endpoints of the provider registry protocol, which several bases share.
pub const PROVIDERS: &[&[Route]] = &[providers::TABLE, lock::TABLE];

/// The endpoints at addresses of their own.
pub const AT_ROOT: &[&[Route]] = &[
    discovery::TABLE,
    archives::TABLE,
    provider_files::TABLE,
    mirror::TABLE,
];
