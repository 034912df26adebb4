//! The documentation of a provider's version: an archive of Markdown pages, and what is known of
//! each page.

use serde::{Deserialize, Serialize};

use super::{Actor, ProviderVersionAddress, Sha256, Timestamp};

/// The archive that a version's pages are read from. Unlike packages it may be replaced: nobody
/// runs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderDocs {
    /// The version.
    pub version: ProviderVersionAddress,
    /// The archive, a flat `.tar.gz`.
    pub sha256: Sha256,
    /// Its bytes.
    pub size: u64,
    /// When it came.
    pub uploaded_at: Timestamp,
    /// Who sent it.
    pub uploaded_by: Actor,
}

/// What a page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocsCategory {
    /// The provider as a whole.
    Overview,
    /// How to do something.
    Guides,
    /// Something that it makes.
    Resources,
    /// Something that it looks up.
    DataSources,
    /// Something that it opens and closes again.
    EphemeralResources,
    /// A function.
    Functions,
    /// What it can list.
    ListResources,
    /// Something that it does.
    Actions,
}

impl DocsCategory {
    /// All of them, in the order of a table of contents.
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

    /// The name of its folder, which is also its part of an address.
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

    /// The category of a folder, by its name or the one that older layouts give it.
    pub fn of_folder(name: &str) -> Option<Self> {
        match name {
            "r" => Some(Self::Resources),
            "d" => Some(Self::DataSources),
            _ => Self::ALL
                .into_iter()
                .find(|it| *it != Self::Overview && it.folder() == name),
        }
    }

    /// What a reader sees above its pages.
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

/// What is known of a page without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocsPage {
    /// What it is about.
    pub category: DocsCategory,
    /// Its name among those of its category, from its file's name.
    pub slug: String,
    /// Where it lies in the archive.
    pub path: String,
    /// Its title.
    pub title: String,
    /// What it is grouped under, or nothing.
    pub subcategory: String,
    /// What it says in a sentence, or nothing.
    pub description: String,
}
