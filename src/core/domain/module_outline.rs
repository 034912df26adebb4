//! The outline of a module's version: the short part of its documentation, kept for lists.

use serde::{Deserialize, Serialize};

use super::{FolderDocs, ModuleCall, ModuleDocs, ProviderRequirement};

/// The outline of a version's documentation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleOutline {
    /// What the module is, in one sentence; empty if its README does not say.
    pub summary: String,
    /// The requirements of the root folder.
    pub root: FolderNeeds,
    /// The requirements of the submodules, sorted by path.
    pub submodules: Vec<FolderNeeds>,
}

/// The providers and modules that one folder with Terraform code needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderNeeds {
    /// The path from the archive's root; empty for the root.
    pub path: String,
    /// The providers that the folder needs.
    pub providers: Vec<ProviderRequirement>,
    /// The modules of other packages that the folder calls.
    pub modules: Vec<ModuleCall>,
}

impl ModuleOutline {
    /// Makes the outline of `docs`; `summary` is the first sentence of its README.
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
