//! The JSON that the module registry protocol answers with.
//!
//! Source: the samples of the TFE API and the public registry's documents.

use serde::Serialize;

use crate::domain::{ModuleAddress, ModuleVersion, Timestamp};
use crate::registry::{ModuleListing, ModulePage};

/// A module in a list: the details of its latest version.
#[derive(Debug, Serialize)]
pub(super) struct ModuleSummary {
    id: String,
    owner: String,
    namespace: String,
    name: String,
    version: String,
    provider: String,
    description: String,
    source: String,
    published_at: String,
    downloads: u64,
    verified: bool,
}

impl From<&ModuleListing> for ModuleSummary {
    fn from(listing: &ModuleListing) -> Self {
        let (module, version) = (&listing.module, &listing.latest);
        Self {
            description: module.description.clone(),
            downloads: listing.downloads,
            ..Self::of_version(version)
        }
    }
}

impl ModuleSummary {
    fn of_version(version: &ModuleVersion) -> Self {
        let address = &version.address.module;
        let archive = version.archive.as_ref();
        Self {
            id: format!("{address}/{}", version.address.version),
            owner: archive
                .map(|archive| publisher(&archive.published_by))
                .unwrap_or_default(),
            namespace: address.namespace.to_string(),
            name: address.name.to_string(),
            version: version.address.version.to_string(),
            provider: address.system.to_string(),
            description: String::new(),
            source: String::new(),
            published_at: published_at(version).to_string(),
            downloads: 0,
            verified: false,
        }
    }
}

fn publisher(actor: &crate::domain::Actor) -> String {
    match actor {
        crate::domain::Actor::Token { name, .. } | crate::domain::Actor::Session { name, .. } => {
            name.clone()
        }
        crate::domain::Actor::Operator | crate::domain::Actor::System => String::new(),
    }
}

fn published_at(version: &ModuleVersion) -> Timestamp {
    version
        .archive
        .as_ref()
        .map_or(version.created_at, |archive| archive.published_at)
}

/// One version in detail.
#[derive(Debug, Serialize)]
pub(super) struct ModuleDetail {
    #[serde(flatten)]
    summary: ModuleSummary,
    /// Every system that there is a module of this name for.
    providers: Vec<String>,
    /// Every published version, lowest first.
    versions: Vec<String>,
}

impl ModuleDetail {
    pub(super) fn new(
        listing: &ModuleListing,
        shown: &ModuleVersion,
        providers: &[ModuleListing],
        versions: &[ModuleVersion],
    ) -> Self {
        let summary = ModuleSummary {
            description: listing.module.description.clone(),
            downloads: listing.downloads,
            ..ModuleSummary::of_version(shown)
        };
        let providers = providers
            .iter()
            .map(|other| other.module.address.system.to_string())
            .collect();
        let versions = versions
            .iter()
            .map(|version| version.address.version.to_string())
            .collect();
        Self {
            summary,
            providers,
            versions,
        }
    }
}

/// A page of modules.
#[derive(Debug, Serialize)]
pub(super) struct ModuleList {
    meta: ListMeta,
    modules: Vec<ModuleSummary>,
}

#[derive(Debug, Serialize)]
struct ListMeta {
    limit: usize,
    current_offset: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_offset: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prev_offset: Option<usize>,
}

impl ModuleList {
    /// `here` is the path of the list with its filters, for the link to the next page.
    pub(super) fn new(page: &ModulePage, offset: usize, limit: usize, here: &str) -> Self {
        let next_offset = page.more.then(|| offset.saturating_add(limit));
        let joint = if here.contains('?') { '&' } else { '?' };
        let meta = ListMeta {
            limit,
            current_offset: offset,
            next_offset,
            next_url: next_offset.map(|next| format!("{here}{joint}limit={limit}&offset={next}")),
            prev_offset: (offset > 0).then(|| offset.saturating_sub(limit)),
        };
        Self {
            meta,
            modules: page.listings.iter().map(ModuleSummary::from).collect(),
        }
    }
}

/// The versions of a module: all that terraform reads before it chooses one.
#[derive(Debug, Serialize)]
pub(super) struct ModuleVersions {
    modules: [VersionsOfModule; 1],
}

#[derive(Debug, Serialize)]
struct VersionsOfModule {
    source: String,
    versions: Vec<VersionEntry>,
}

#[derive(Debug, Serialize)]
struct VersionEntry {
    version: String,
}

impl ModuleVersions {
    pub(super) fn new(address: &ModuleAddress, versions: &[ModuleVersion]) -> Self {
        let versions = versions
            .iter()
            .map(|version| VersionEntry {
                version: version.address.version.to_string(),
            })
            .collect();
        Self {
            modules: [VersionsOfModule {
                source: address.to_string(),
                versions,
            }],
        }
    }
}

/// Where an archive is, for clients that read the body instead of the header (OpenTofu).
#[derive(Debug, Serialize)]
pub(super) struct DownloadLocation {
    pub(super) location: String,
}
