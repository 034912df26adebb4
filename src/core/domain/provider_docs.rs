//! The documentation of a provider's version: an archive of Markdown pages, and the headings of
//! each page.

use serde::{Deserialize, Serialize};

use super::{Actor, ProviderVersionAddress, Sha256, Timestamp};

/// The archive with the pages of a version. It may be replaced, unlike packages, since nobody runs
/// it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderDocs {
    /// The version.
    pub version: ProviderVersionAddress,
    /// The SHA-256 of the archive, a `.tar.gz` without a wrapping folder.
    pub sha256: Sha256,
    /// The size in bytes.
    pub size: u64,
    /// When it was uploaded.
    pub uploaded_at: Timestamp,
    /// Who uploaded it.
    pub uploaded_by: Actor,
}

/// The category of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocsCategory {
    /// The provider as a whole.
    Overview,
    /// A guide to a task.
    Guides,
    /// A resource that the provider manages.
    Resources,
    /// A data source.
    DataSources,
    /// An ephemeral resource.
    EphemeralResources,
    /// A function.
    Functions,
    /// A list resource, which finds existing infrastructure.
    ListResources,
    /// An action, which the provider performs on request.
    Actions,
}

impl DocsCategory {
    /// All categories, in the order of the table of contents.
    pub const ALL: [Self; 8] = [
        Self::Overview,
        Self::Guides,
        Self::Resources,
        Self::DataSources,
        Self::EphemeralResources,
        Self::Functions,
        Self::ListResources,
        Self::Actions,
    ];

    /// Returns the name of the category's folder, which is also its part of an address.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Guides => "guides",
            Self::Resources => "resources",
            Self::DataSources => "data-sources",
            Self::EphemeralResources => "ephemeral-resources",
            Self::Functions => "functions",
            Self::ListResources => "list-resources",
            Self::Actions => "actions",
        }
    }

    /// Finds the category of a folder, by its current name or by the name in older layouts.
    pub fn of_folder(name: &str) -> Option<Self> {
        match name {
            "r" => Some(Self::Resources),
            "d" => Some(Self::DataSources),
            _ => Self::ALL
                .into_iter()
                .find(|it| *it != Self::Overview && it.folder() == name),
        }
    }

    /// Returns the heading above the category's pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Guides => "Guides",
            Self::Resources => "Resources",
            Self::DataSources => "Data sources",
            Self::EphemeralResources => "Ephemeral resources",
            Self::Functions => "Functions",
            Self::ListResources => "List resources",
            Self::Actions => "Actions",
        }
    }
}

/// A page without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocsPage {
    /// The category.
    pub category: DocsCategory,
    /// The name within the category, taken from the file's name.
    pub slug: String,
    /// The path in the archive.
    pub path: String,
    /// Its title.
    pub title: String,
    /// The group that the page belongs to; empty if there is none.
    pub subcategory: String,
    /// The description in one sentence; empty if there is none.
    pub description: String,
}
