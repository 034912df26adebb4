//! The JSON that the module registry protocol answers with.
//!
//! Source: `tests/fixtures/contracts/module-registry-protocol.toml`.

use schemars::JsonSchema;
use serde::Serialize;

use super::needs::{Dependency, Deprecation, ProviderDependency};
use crate::domain::{FolderNeeds, ModuleAddress, ModuleOutline, ModuleVersion, Timestamp};
use crate::registry::{DownloadCounts, ModuleListing, ModulePage, OutlinedVersion};

/// A module in a list: the details of its latest version.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ModuleSummary {
    id: String,
    owner: String,
    namespace: String,
    name: String,
    version: String,
    provider: String,
    description: String,
    /// The address of its repository: empty, since versions are uploaded.
    source: String,
    published_at: String,
    downloads: u64,
    /// Whether others than its owner have checked it: false, since nobody does that here.
    verified: bool,
}

impl From<&ModuleListing> for ModuleSummary {
    fn from(listing: &ModuleListing) -> Self {
        Self::of_listing(listing, &listing.latest)
    }
}

impl ModuleSummary {
    /// Creates the summary of a version of the module that `listing` lists.
    pub(super) fn of_listing(listing: &ModuleListing, version: &ModuleVersion) -> Self {
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
            description: listing.description.clone(),
            source: String::new(),
            published_at: published_at(version).to_string(),
            downloads: listing.downloads,
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

/// A page of modules.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ModuleList {
    meta: ListMeta,
    modules: Vec<ModuleSummary>,
}

#[derive(Debug, Serialize, JsonSchema)]
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
    /// Creates the page; `here` is the path of the list with its filters, for the link to the next
    /// page.
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

/// The versions of a module: all that terraform reads before it selects one.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ModuleVersions<'a> {
    modules: [VersionsOfModule<'a>; 1],
}

#[derive(Debug, Serialize, JsonSchema)]
struct VersionsOfModule<'a> {
    source: String,
    versions: Vec<VersionEntry<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct VersionEntry<'a> {
    version: String,
    #[serde(flatten)]
    needs: Option<Needs<'a>>,
    deprecation: Option<Deprecation<'a>>,
}

/// The providers and modules that a version needs; absent until the version has been inspected.
#[derive(Debug, Serialize, JsonSchema)]
struct Needs<'a> {
    root: NeedsOfFolder<'a>,
    submodules: Vec<NeedsOfFolder<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct NeedsOfFolder<'a> {
    path: &'a str,
    providers: Vec<ProviderDependency<'a>>,
    dependencies: Vec<Dependency<'a>>,
}

impl<'a> ModuleVersions<'a> {
    pub(super) fn new(address: &ModuleAddress, versions: &'a [OutlinedVersion]) -> Self {
        let versions = versions
            .iter()
            .map(|(version, outline)| VersionEntry {
                version: version.address.version.to_string(),
                needs: outline.as_deref().map(Needs::of),
                deprecation: Deprecation::of(version),
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

impl<'a> Needs<'a> {
    fn of(outline: &'a ModuleOutline) -> Self {
        Self {
            root: NeedsOfFolder::of(&outline.root),
            submodules: outline.submodules.iter().map(NeedsOfFolder::of).collect(),
        }
    }
}

impl<'a> NeedsOfFolder<'a> {
    fn of(folder: &'a FolderNeeds) -> Self {
        Self {
            path: &folder.path,
            providers: folder
                .providers
                .iter()
                .map(ProviderDependency::of)
                .collect(),
            dependencies: folder.modules.iter().map(Dependency::of).collect(),
        }
    }
}

/// The address of an archive, for clients that read the body instead of the header (OpenTofu).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DownloadLocation {
    pub(super) location: String,
}

/// How often a module was downloaded
/// (`tests/fixtures/contracts/module-registry-protocol.toml#counts`).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DownloadsSummary {
    data: DownloadsData,
}

#[derive(Debug, Serialize, JsonSchema)]
struct DownloadsData {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
    attributes: DownloadsAttributes,
}

#[derive(Debug, Serialize, JsonSchema)]
struct DownloadsAttributes {
    week: u64,
    month: u64,
    year: u64,
    total: u64,
}

impl DownloadsSummary {
    pub(super) fn new(address: &ModuleAddress, counts: &DownloadCounts) -> Self {
        let attributes = DownloadsAttributes {
            week: counts.in_last(7),
            month: counts.in_last(31),
            year: counts.in_last(365),
            total: counts.total(),
        };
        let data = DownloadsData {
            kind: "module-downloads-summary",
            id: address.to_string(),
            attributes,
        };
        Self { data }
    }
}
