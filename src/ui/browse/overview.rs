//! The first tab of a module version: README, usage block, and facts.

use std::sync::Arc;

use super::version_page::{VersionPage, path, version_base};
use crate::domain::{
    Actor, Day, FolderDocs, Lifecycle, ModuleDocs, ModuleVersion, ModuleVersionAddress, Timestamp,
    Version, bytes_in_words, find_version, number,
};
use crate::drawing::{ChartOptions, chart_svg};
use crate::http::content::Content;
use crate::markup::{
    Argument, ContentsLine, Html, Language, MarkupLimits, contents, highlight, markdown,
    module_block,
};
use crate::registry::{DownloadCounts, Error, Registry};
use crate::ui::views::{Drawn, NamedLink, Overview, TagRow};

/// How many days the chart covers.
const CHART_DAYS: u32 = 42;

/// Renders the tab; `host` is what callers write before the address, and `origin` the public URL.
pub(super) fn content(
    shown: &VersionPage,
    counts: &DownloadCounts,
    instead: Option<&Instead>,
    (host, origin): (&str, &str),
) -> Result<Content, Error> {
    let (version, docs, base) = (&shown.version, &shown.docs, shown.base());
    let root = &docs.root;
    let archive = version.archive.as_ref();
    let published_at = published_at(version);
    let link = |file: &str| format!("{base}/files/{}", path(file));
    let (readme, contents) = readme(shown, root, host);
    let called = called(shown, instead, host);
    let page = Overview {
        head: &shown.head("Overview"),
        readme: readme.map(Into::into),
        contents,
        block: called.block.into(),
        origin,
        instead: called.instead,
        constraint: called.constraint,
        published_at: published_at.to_string(),
        published_day: day(published_at),
        publisher: archive
            .map(|archive| publisher(&archive.published_by))
            .unwrap_or_default(),
        size: bytes_in_words(archive.map_or(0, |archive| archive.size)),
        downloads: number(shown.listing.downloads),
        license: docs.license.as_ref().map(|license| NamedLink {
            label: license.spdx.as_ref().unwrap_or(&license.path).clone(),
            href: link(&license.path),
        }),
        required_versions: &root.required_versions,
        providers: &root.provider_requirements,
        commit: version.commit_sha.clone(),
        sha256: archive.map_or_else(String::new, |archive| archive.sha256.to_string()),
        tags: shown
            .listing
            .module
            .settings
            .tags
            .iter()
            .map(TagRow::of)
            .collect(),
        archive_notes: archive.map_or(&[][..], |archive| archive.notes.as_slice()),
        changelog: docs.changelog.as_deref().map(link),
        chart: chart(counts),
    };
    Content::render(shown.title("Overview"), &page)
}

/// Draws the downloads of the last weeks.
fn chart(counts: &DownloadCounts) -> Drawn {
    let first = counts.today.0.saturating_sub(CHART_DAYS - 1);
    let days: Vec<(Day, u64)> = (first..=counts.today.0)
        .map(Day)
        .map(|day| (day, counts.by_day.get(&day).copied().unwrap_or(0)))
        .collect();
    let options = ChartOptions {
        title: "Downloads".to_owned(),
        id_prefix: "downloads-".to_owned(),
    };
    Drawn(chart_svg(&days, &options))
}

/// Renders a folder's README, and its table of contents.
/// Sources in it that mean the module become its address on `host`.
pub(super) fn readme(
    shown: &VersionPage,
    folder: &FolderDocs,
    host: &str,
) -> (Option<Html>, Vec<ContentsLine>) {
    let Some(readme) = &folder.readme else {
        return (None, Vec::new());
    };
    let links = shown.links(&folder.path, host);
    let rendered = markdown(&readme.text, &links, MarkupLimits::default());
    (Some(rendered.html), contents(&rendered.contents))
}

/// A block to paste, and what it calls.
struct Called {
    block: Html,
    instead: Option<NamedLink>,
    constraint: Option<String>,
}

/// The version that is called instead of a revoked one, and what is in it.
pub(super) type Instead = (Version, Arc<ModuleDocs>);

/// Returns the version to call instead of this one; `None` if this one can be called, or if there
/// is none.
pub(super) fn instead(registry: &Registry, shown: &VersionPage) -> Result<Option<Instead>, Error> {
    // A deprecated version still works; a revoked one must not be used.
    let is_revoked = shown.version.lifecycle() == Lifecycle::Revoked;
    let Some(number) = shown.instead.as_ref().filter(|_| is_revoked) else {
        return Ok(None);
    };
    let found = find_version(&shown.versions, number);
    let docs = found.map(|found| registry.module_docs(found)).transpose()?;
    Ok(docs.map(|docs| (number.clone(), docs)))
}

/// Returns the block that calls the module: this version, or the one to use instead of it.
fn called(shown: &VersionPage, instead: Option<&Instead>, host: &str) -> Called {
    let (version, root) = match instead {
        Some((version, docs)) => (version, &docs.root),
        None => (&shown.version.address.version, &shown.docs.root),
    };
    Called {
        block: block_of(shown, version, root, host),
        instead: instead.map(|(version, _)| NamedLink {
            label: version.to_string(),
            href: version_base(&ModuleVersionAddress {
                module: shown.version.address.module.clone(),
                version: version.clone(),
            }),
        }),
        constraint: (!version.is_prerelease()).then(|| version.compatible()),
    }
}

/// Returns the block that calls a folder of the module.
pub(super) fn block(shown: &VersionPage, folder: &FolderDocs, host: &str) -> Html {
    block_of(shown, &shown.version.address.version, folder, host)
}

fn block_of(shown: &VersionPage, version: &Version, folder: &FolderDocs, host: &str) -> Html {
    let address = &shown.version.address;
    let mut source = shown.source(host);
    let mut name = address.module.name.as_str();
    if !folder.path.is_empty() {
        source = format!("{source}//{}", folder.path);
        name = folder.path.rsplit('/').next().unwrap_or(name);
    }
    let required: Vec<Argument<'_>> = folder
        .inputs
        .iter()
        .filter(|input| input.is_required())
        .map(|input| Argument {
            name: &input.name,
            kind: input.type_expression.as_deref().unwrap_or("any"),
            default: None,
        })
        .collect();
    let text = module_block(name, &source, &version.to_string(), &required);
    highlight(Language::Hcl, &text)
}

/// Returns when a version was published.
pub(super) fn published_at(version: &ModuleVersion) -> Timestamp {
    version
        .archive
        .as_ref()
        .map_or(version.created_at, |archive| archive.published_at)
}

/// Returns the day of a time, in UTC.
pub(super) fn day(time: Timestamp) -> String {
    let text = time.to_string();
    text.get(..10).unwrap_or(&text).to_owned()
}

/// Returns the name of an actor; empty for the operator and the system.
pub(super) fn publisher(actor: &Actor) -> String {
    match actor {
        Actor::Token { name, .. } | Actor::Session { name, .. } => name.clone(),
        Actor::Operator | Actor::System => String::new(),
    }
}
