//! The pages about providers.

use askama::Template;

use super::Html;
use super::{NamedLink, Tab, TagRow};

/// The list of all providers, `/providers`, or of those of one organization.
#[derive(Template)]
#[template(path = "providers/list.html", config = "assets/askama.toml")]
pub(in crate::ui) struct ProvidersPage {
    pub(in crate::ui) namespace: Option<String>,
    pub(in crate::ui) none: &'static str,
    pub(in crate::ui) providers: Vec<ProviderRow>,
    pub(in crate::ui) recommended: Vec<String>,
    pub(in crate::ui) mirrored: Vec<MirroredRow>,
    pub(in crate::ui) mirror: Html,
}

/// A provider in a list.
pub(in crate::ui) struct ProviderRow {
    pub(in crate::ui) href: String,
    pub(in crate::ui) address: String,
    pub(in crate::ui) version: String,
    pub(in crate::ui) published_at: String,
    pub(in crate::ui) published_day: String,
    pub(in crate::ui) platforms: String,
}

/// An imported provider of another registry.
pub(in crate::ui) struct MirroredRow {
    pub(in crate::ui) address: String,
    pub(in crate::ui) versions: usize,
}

/// The head of all pages about a provider version.
pub(in crate::ui) struct ProviderHead {
    pub(in crate::ui) namespace: String,
    pub(in crate::ui) name: String,
    pub(in crate::ui) version: String,
    pub(in crate::ui) latest: String,
    pub(in crate::ui) is_latest: bool,
    pub(in crate::ui) is_prerelease: bool,
    pub(in crate::ui) base: String,
    pub(in crate::ui) tabs: Vec<Tab>,
}

/// The page of a provider version.
#[derive(Template)]
#[template(path = "providers/provider.html", config = "assets/askama.toml")]
pub(in crate::ui) struct ProviderPage {
    pub(in crate::ui) head: ProviderHead,
    pub(in crate::ui) warning: Option<&'static str>,
    pub(in crate::ui) block: Html,
    pub(in crate::ui) mirror: Html,
    pub(in crate::ui) lock: Html,
    pub(in crate::ui) packages: Vec<PackageRow>,
    pub(in crate::ui) sums: String,
    pub(in crate::ui) signature: String,
    pub(in crate::ui) key: Option<KeyFacts>,
    pub(in crate::ui) published_at: String,
    pub(in crate::ui) published_day: String,
    pub(in crate::ui) publisher: String,
    pub(in crate::ui) protocols: String,
    pub(in crate::ui) downloads: String,
    pub(in crate::ui) downloads_of_this: String,
    /// Where its documentation begins, and its categories.
    pub(in crate::ui) docs: Vec<NamedLink>,
    /// A constraint that allows this version and later compatible ones.
    pub(in crate::ui) constraint: String,
    pub(in crate::ui) versions: Vec<ProviderVersionRow>,
    pub(in crate::ui) tags: Vec<TagRow>,
}

/// A version in the list beside a provider.
pub(in crate::ui) struct ProviderVersionRow {
    pub(in crate::ui) version: String,
    pub(in crate::ui) href: String,
    pub(in crate::ui) at: String,
    pub(in crate::ui) day: String,
}

/// A package in the table of platforms.
pub(in crate::ui) struct PackageRow {
    pub(in crate::ui) href: String,
    pub(in crate::ui) platform: String,
    pub(in crate::ui) size: String,
    pub(in crate::ui) hashes: Vec<String>,
}

/// The key that a version is signed with.
pub(in crate::ui) struct KeyFacts {
    pub(in crate::ui) id: String,
    pub(in crate::ui) fingerprint: String,
    pub(in crate::ui) algorithm: String,
    pub(in crate::ui) holder: &'static str,
    pub(in crate::ui) armor: String,
}
