//! What lists say of a version of a module: the few lines of its documentation that are short.

use serde::{Deserialize, Serialize};

use super::{FolderDocs, ModuleCall, ModuleDocs, ProviderRequirement};

/// The short of a version's documentation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleOutline {
    /// What it is, in one sentence; empty where its README does not say.
    pub summary: String,
    /// What the module itself needs.
    pub root: FolderNeeds,
    /// What its submodules need, sorted by path.
    pub submodules: Vec<FolderNeeds>,
}

/// What one folder with Terraform code needs of others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderNeeds {
    /// The path from the archive's root; empty for the root.
    pub path: String,
    /// Providers.
    pub providers: Vec<ProviderRequirement>,
    /// Modules of other packages, as called.
    pub modules: Vec<ModuleCall>,
}

impl ModuleOutline {
    /// The short of `docs`, whose README says `summary` first.
    pub fn new(docs: &ModuleDocs, summary: Option<String>) -> Self {
        Self {
            summary: summary.unwrap_or_default(),
            root: FolderNeeds::from(&docs.root),
            submodules: docs.submodules.iter().map(FolderNeeds::from).collect(),
        }
    }
}

impl From<&FolderDocs> for FolderNeeds {
    fn from(folder: &FolderDocs) -> Self {
        Self {
            path: folder.path.clone(),
            providers: folder.provider_requirements.clone(),
            modules: folder.outside_calls().cloned().collect(),
        }
    }
}
