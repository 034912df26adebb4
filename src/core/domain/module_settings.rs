//! Settings of a module as a whole: its tags, and what is kept for later features.
//!
//! Rows of earlier programs also have a repository, a test configuration and a flag for use without
//! code. Nothing ever used them, so they are not read.
//!
//! Source: `tests/fixtures/contracts/registry-modules.toml`.

use serde::{Deserialize, Serialize};

use super::{KeptAttributes, TagBinding};

/// The most tags that a module or a provider can have.
pub const MOST_MODULE_TAGS: usize = 50;

/// The settings of a module as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModuleSettings {
    /// The tags, by key.
    pub tags: Vec<TagBinding>,
    /// Settings for features that are not here yet.
    #[serde(skip_serializing_if = "KeptAttributes::is_empty")]
    pub kept: KeptAttributes,
}
