//! The table of features that are not served. A row says why, what to do instead, and which
//! attributes belong to the feature.
//!
//! Clients decode most of these attributes, and some fail without them, so documents have them with
//! the value that is true. `tests/fixtures/contracts/` has what each document must have.

mod modules;
mod organizations;
mod people;
mod runs;
mod settings;

pub(crate) use modules::{PUBLIC_PROVIDER_KEYS, REPOSITORIES};
pub(crate) use organizations::RETENTION;

use modules::{KEY_ORIGINS, MODULE_TESTS, NO_CODE};
use organizations::{AUDIT_TRAILS, OWN_KEYS};
use people::{HCP_ACCOUNTS, PICTURES, SINGLE_SIGN_ON, TWO_FACTOR};
use runs::{PLANS, RUNS};
use settings::{BETA_TOOLS, REPOSITORY_SETTINGS, RUN_SETTINGS, TEAMS_OF_SIGN_ON};

use super::NotServed;

/// Every feature that is not served.
pub const NOT_SERVED: &[&NotServed] = &[
    &REPOSITORIES,
    &MODULE_TESTS,
    &NO_CODE,
    &PUBLIC_PROVIDER_KEYS,
    &KEY_ORIGINS,
    &TWO_FACTOR,
    &SINGLE_SIGN_ON,
    &PICTURES,
    &HCP_ACCOUNTS,
    &OWN_KEYS,
    &AUDIT_TRAILS,
    &RETENTION,
    &RUNS,
    &RUN_SETTINGS,
    &REPOSITORY_SETTINGS,
    &TEAMS_OF_SIGN_ON,
    &PLANS,
    &BETA_TOOLS,
];
